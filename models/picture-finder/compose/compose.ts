/**
 * One composition: photos in a layout, finished like something that people send, with every picture's box known.
 * @module
 */
import type { Picture } from '../../../bench/recall/picture.js';
import { seededRandom } from '../../../bench/recall/random.js';
import { Dice } from './dice.js';
import type { Rect } from './drawing.js';
import { type Family, familyOf } from './families/index.js';
import { boxOf, cornersOf, photograph, randomSending, send } from './finish.js';
import { Page, type SourcePhoto } from './page.js';
import { render } from './render.js';
import type { Point } from './warp.js';

/** What is to be composed. */
export interface ComposeOptions {
  /** Name of a family of layouts. */
  readonly family: string;
  /** Equal seeds and photos give the same composition, on machines with the same fonts. */
  readonly seed: string;
  /** Shown whole in the picture; without it any photo takes its part. */
  readonly subject?: SourcePhoto;
  /** To fill the rest: at least two; {@link Family.photos} of them for a page without repeats. */
  readonly others: readonly SourcePhoto[];
  /** Factor on the size of everything, for small pictures in a hurry. Default 1: the size of real screens. */
  readonly reduce?: number;
  /** Longest side of the page in pixels, where it would be longer. Default: the size of real screens. */
  readonly longest?: number;
}

/** A picture in a composition. */
export interface PictureBox {
  /** Which of the others, or -1 for the subject. */
  readonly photo: number;
  /** In pixels of the composition, not always whole ones; cut to the picture. */
  readonly box: Rect;
  /** Its corners, clockwise from the upper left: those of the box, unless it was photographed at an angle. */
  readonly corners: readonly Point[];
  /** The part of the photo that is seen, in shares of its width and height. */
  readonly shown: Rect;
}

/** A finished composition. */
export interface Composition {
  readonly family: string;
  /** JPEG, PNG or WebP. */
  readonly file: Uint8Array<ArrayBuffer>;
  /** The file opened. */
  readonly picture: Picture;
  /** Every picture in it, backdrops and avatars left out. */
  readonly boxes: readonly PictureBox[];
}

/**
 * @param options - see {@link ComposeOptions}
 * @returns the composition
 * @throws RangeError for an unknown family or too few photos
 */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const family = familyOf(options.family);
  const page = drawPage(family, options);
  const seen = page.placed.filter((placed) => placed.counts);
  const rects = seen.map((placed) => placed.visible);
  const flat = await render(page);
  const dice = new Dice(seededRandom(`${options.seed}/${family.name}/sending`));
  const shot = family.tilted
    ? await photograph(flat, rects, dice)
    : { picture: flat, quads: rects.map((rect) => cornersOf(rect)) };
  const sent = await send(
    shot,
    randomSending(dice, shot.picture, (options.reduce ?? 1) < 1 || options.longest !== undefined),
  );
  const { width, height } = sent.picture;
  const boxes = sent.quads.map((corners, i): PictureBox => {
    const { photo, slot, visible, source } = seen[i];
    const shown = {
      left: source.left + (source.width * (visible.left - slot.left)) / slot.width,
      top: source.top + (source.height * (visible.top - slot.top)) / slot.height,
      width: (source.width * visible.width) / slot.width,
      height: (source.height * visible.height) / slot.height,
    };
    return { photo: photo.index, box: boxOf(corners, width, height), corners, shown };
  });
  return { family: family.name, file: sent.file, picture: sent.picture, boxes };
}

function drawPage(
  family: Family,
  { seed, subject, others, reduce = 1, longest = Number.POSITIVE_INFINITY }: ComposeOptions,
): Page {
  if (others.length < 2) throw new RangeError("'others' must be two photos at least");
  const dice = new Dice(seededRandom(`${seed}/${family.name}/page`));
  const picked = others.map((photo, index) => withIndex(photo, index, false));
  const photos = subject ? [withIndex(subject, -1, true), ...picked] : picked;
  const format = family.format(dice, photos[0].width / photos[0].height);
  const density = Math.min(format.density * reduce, longest / Math.max(format.width, format.height));
  const page = new Page(dice, { ...format, density }, photos);
  family.draw(page);
  return page;
}

function withIndex(photo: SourcePhoto, index: number, isSubject: boolean) {
  return { width: photo.width, height: photo.height, pixels: () => photo.pixels(), index, isSubject };
}

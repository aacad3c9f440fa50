/**
 * What a layout draws on: shapes below, pictures, shapes above.
 * @module
 */
import type { Picture } from '../../../bench/recall/picture.js';
import type { Dice } from './dice.js';
import { Drawing, type Rect } from './drawing.js';
import { FONTS, Writer } from './words.js';

/** A photo that may be pasted. */
export interface SourcePhoto {
  /** Upright, in pixels. */
  readonly width: number;
  readonly height: number;
  /** @returns its pixels, of this size or, where only a smaller copy is at hand, of another size of the same shape */
  pixels(): Promise<Picture>;
}

/** A photo that a layout may place. */
export interface PickedPhoto extends SourcePhoto {
  /** Place among the photos that the composition was given. */
  readonly index: number;
  /** The photo that must be shown whole. */
  readonly isSubject: boolean;
}

/** A photo on the page. */
export interface Placed {
  readonly photo: PickedPhoto;
  /** Whole pixels; may reach beyond the page. */
  readonly slot: Rect;
  /** The part of the slot that is seen, in whole pixels. */
  readonly visible: Rect;
  /** The part of the photo that fills the slot, each number a share of the photo's width or height. */
  readonly source: Rect;
  /** Of the corners, in pixels. */
  readonly radius: number;
  /** Standard deviation in pixels; 0 for none. */
  readonly blur: number;
  /** Whether it counts as a picture to be found: backdrops and avatars do not. */
  readonly counts: boolean;
}

/** How a photo is placed. */
export interface PlaceOptions {
  /** Of the corners, in points. */
  readonly radius?: number;
  /** Standard deviation in points. */
  readonly blur?: number;
  /** False for backdrops and avatars. */
  readonly counts?: boolean;
  /** What can be seen, in points: a scrolled area between bars. Default: the page. */
  readonly clip?: Rect;
}

/** Colours of an app. */
export interface Theme {
  readonly dark: boolean;
  readonly page: string;
  readonly surface: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly accent: string;
}

/** Size of a page, and its pixels a point. */
export interface Format {
  readonly width: number;
  readonly height: number;
  readonly density: number;
}

/** Phones held upright. */
export const PHONES: readonly Format[] = [
  { width: 390, height: 844, density: 3 },
  { width: 375, height: 667, density: 2 },
  { width: 430, height: 932, density: 3 },
  { width: 360, height: 800, density: 3 },
  { width: 393, height: 873, density: 2.75 },
  { width: 412, height: 732, density: 2.625 },
];

/** Screens of computers and tablets. */
export const DESKTOPS: readonly Format[] = [
  { width: 1366, height: 768, density: 1 },
  { width: 1440, height: 900, density: 1 },
  { width: 1280, height: 1024, density: 1 },
  { width: 1024, height: 768, density: 1.5 },
  { width: 1536, height: 864, density: 1.25 },
];

/** The most that a subject's slot may differ from the subject's own shape. */
const SHAPE_TOLERANCE = 1.03;

/** One page. */
export class Page {
  readonly dice: Dice;
  readonly writer: Writer;
  readonly width: number;
  readonly height: number;
  readonly density: number;
  readonly font: string;
  readonly under: Drawing;
  readonly over: Drawing;
  readonly placed: Placed[] = [];
  readonly #photos: readonly PickedPhoto[];
  #next = 0;

  /**
   * @param dice - makes all choices
   * @param format - size
   * @param photos - the subject first, where there is one
   */
  constructor(dice: Dice, format: Format, photos: readonly PickedPhoto[]) {
    this.dice = dice;
    this.writer = new Writer(dice);
    this.width = format.width;
    this.height = format.height;
    this.density = format.density;
    this.font = dice.one(FONTS);
    this.under = new Drawing(format.density, this.font);
    this.over = new Drawing(format.density, this.font);
    this.#photos = photos;
  }

  /** The whole page. */
  get bounds(): Rect {
    return { left: 0, top: 0, width: this.width, height: this.height };
  }

  /** The photo that must be seen whole, or the one that takes its part. */
  get subject(): PickedPhoto {
    return this.#photos[0];
  }

  /**
   * @param count - photos wanted
   * @returns the subject somewhere among others
   */
  pick(count: number): PickedPhoto[] {
    return this.dice.shuffle([this.subject, ...this.others(count - 1)]);
  }

  /** @returns photos that are not the subject, other ones each time until all were there */
  others(count: number): PickedPhoto[] {
    const rest = this.#photos.length - 1;
    if (rest < 1 && count > 0) throw new RangeError("'photos' has too few for this layout");
    return Array.from({ length: count }, () => this.#photos[1 + (this.#next++ % rest)]);
  }

  /**
   * Puts a photo into a slot; what doesn't fit the slot's shape is cut off on both sides.
   * @throws RangeError for a subject that would be cut
   */
  place(photo: PickedPhoto, slot: Rect, options: PlaceOptions = {}): void {
    const pixels = this.#inPixels(slot);
    if (pixels.width < 1 || pixels.height < 1) return;
    const visible = intersection(
      pixels,
      intersection(this.#inPixels(this.bounds), this.#inPixels(options.clip ?? this.bounds)),
    );
    if (visible.width < 1 || visible.height < 1) return;
    const shape = pixels.width / pixels.height / (photo.width / photo.height);
    if (
      photo.isSubject &&
      options.counts !== false &&
      Math.max(shape, 1 / shape) > SHAPE_TOLERANCE + 2 / Math.min(pixels.width, pixels.height)
    ) {
      throw new RangeError(`'slot' of shape ${shape} would cut the subject`);
    }
    const width = Math.min(1, shape);
    const height = Math.min(1, 1 / shape);
    this.placed.push({
      photo,
      slot: pixels,
      visible,
      source: { left: (1 - width) / 2, top: (1 - height) / 2, width, height },
      radius: (options.radius ?? 0) * this.density,
      blur: (options.blur ?? 0) * this.density,
      counts: options.counts ?? true,
    });
  }

  /** @returns the largest rectangle of the photo's shape in a frame, in the frame's middle */
  fit(photo: SourcePhoto, frame: Rect): Rect {
    const scale = Math.min(frame.width / photo.width, frame.height / photo.height);
    const width = photo.width * scale;
    const height = photo.height * scale;
    return {
      left: frame.left + (frame.width - width) / 2,
      top: frame.top + (frame.height - height) / 2,
      width,
      height,
    };
  }

  #inPixels({ left, top, width, height }: Rect): Rect {
    const at = (points: number) => Math.round(points * this.density);
    return {
      left: at(left),
      top: at(top),
      width: at(left + width) - at(left),
      height: at(top + height) - at(top),
    };
  }
}

/** @returns what both rectangles cover; width or height may be below 0 where they don't touch */
export function intersection(a: Rect, b: Rect): Rect {
  const left = Math.max(a.left, b.left);
  const top = Math.max(a.top, b.top);
  return {
    left,
    top,
    width: Math.min(a.left + a.width, b.left + b.width) - left,
    height: Math.min(a.top + a.height, b.top + b.height) - top,
  };
}

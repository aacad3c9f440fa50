/**
 * The pictures that a finder saw inside a picture, hashed as if each were a file of its own.
 *
 * They are hashed from the survey's luma: read-back is slow, and PDQ looks at nothing but luma.
 * @module
 */

import type { LumaPlane, Survey } from '../kernels/survey.js';
import type { PdqKernel } from '../kernels/types.js';
import type { Rectangle } from './borders.js';
import { type FoundRectangle, MAX_FOUND_PICTURES, type PictureFinder } from './finder.js';
import type { HashedPicture } from './hash-image.js';
import { uprighted } from './slanted.js';

/** Pixels of a side from which a picture is worth a look. */
const LEAST_SIDE = 24;
/** Share of a rectangle that lies in another one inside which it is; share of the outer one that it hides at most. */
const LEAST_INSIDE = 0.8;
const MOST_HIDDEN = 0.4;
/** Rows of a picture from which on every second, third, … one is hashed, so that at least so many are. */
const HASHED_ROWS = 256;

/** A picture that was found. */
export interface FoundPicture extends HashedPicture {
  /** How many are likelier. */
  readonly rank: number;
  /** Whether it is all that there is. */
  readonly isWhole: boolean;
}

/**
 * @param survey - of the whole picture
 * @param finder - finds the pictures in it
 * @param kernel - hashes them
 * @param whole - the picture itself, which need not be hashed again where it is one of them
 * @returns the pictures, one after the other; each is valid until the next
 * @throws Error if the finder could not be run
 */
export async function* foundPictures(
  survey: Survey,
  finder: PictureFinder,
  kernel: PdqKernel,
  whole?: HashedPicture,
): AsyncGenerator<FoundPicture, void, void> {
  const rectangles = await finder.find(survey);
  for (const [rank, rectangle] of rectangles.slice(0, MAX_FOUND_PICTURES).entries()) {
    const { left, top, right, bottom } = rectangle;
    if (right - left < LEAST_SIDE || bottom - top < LEAST_SIDE) continue;
    const isWhole =
      rectangle.slopes === undefined &&
      right - left === survey.luma.width &&
      bottom - top === survey.luma.height;
    const picture =
      isWhole && whole !== undefined
        ? { ...whole, squashed: null, inner: [] }
        : hashFound(survey.luma, rectangle, kernel);
    const scale = picture.width / (right - left);
    yield { ...picture, rank, isWhole, inside: insideOf(rectangle, rectangles, scale) };
  }
}

/** Those of the rectangles that lie in one and leave most of it to be seen, in its own pixels. */
function insideOf(outer: Rectangle, rectangles: readonly Rectangle[], scale: number): Rectangle[] {
  return rectangles
    .filter((inner) => {
      const seen = areaOf({
        left: Math.max(inner.left, outer.left),
        top: Math.max(inner.top, outer.top),
        right: Math.min(inner.right, outer.right),
        bottom: Math.min(inner.bottom, outer.bottom),
      });
      return seen > LEAST_INSIDE * areaOf(inner) && areaOf(inner) < MOST_HIDDEN * areaOf(outer);
    })
    .map(({ left, top, right, bottom }) => ({
      left: (left - outer.left) * scale,
      top: (top - outer.top) * scale,
      right: (right - outer.left) * scale,
      bottom: (bottom - outer.top) * scale,
    }));
}

function areaOf({ left, top, right, bottom }: Rectangle): number {
  return Math.max(0, right - left) * Math.max(0, bottom - top);
}

function hashFound(luma: LumaPlane, found: FoundRectangle, kernel: PdqKernel): HashedPicture {
  if (found.slopes === undefined) return hashPart(luma, found, kernel);
  const upright = uprighted(luma, found, found.slopes);
  const page = { left: 0, top: 0, right: upright.width, bottom: upright.height };
  return hashPart(upright, page, kernel);
}

function hashPart(
  luma: LumaPlane,
  { left, top, right, bottom }: Rectangle,
  kernel: PdqKernel,
): HashedPicture {
  const width = right - left;
  const height = bottom - top;
  const step = Math.max(1, Math.floor(height / HASHED_ROWS));
  const rows = Math.floor(height / step);
  kernel.begin(width, rows, { plane: true });
  kernel.lumaRows(luma.data.subarray(top * luma.width + left), luma.width * step, rows);
  const hash = kernel.end();
  return { width, height, hash, plane: kernel.plane(), squashed: null, inner: [] };
}

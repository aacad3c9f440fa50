/**
 * The pictures that a finder saw inside a picture, hashed as if each were a file of its own.
 *
 * They are hashed from the survey's luma: read-back is slow, and PDQ looks at nothing but luma.
 * @module
 */
import type { PdqKernel } from '../kernels/types.js';
import type { Rectangle } from './borders.js';
import { MAX_FOUND_PICTURES, type PictureFinder } from './finder.js';
import type { HashedPicture } from './hash-image.js';
import type { LumaPlane, Survey } from './survey.js';

/** Pixels that are handed to the kernel at once. */
const STRIP_PIXELS = 64 * 1024;
/** Pixels of a side from which a picture is worth a look. */
const LEAST_SIDE = 24;
/** Share of a rectangle that lies in another one inside which it is; share of the outer one that it hides at most. */
const LEAST_INSIDE = 0.8;
const MOST_HIDDEN = 0.4;

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
): AsyncGenerator<HashedPicture, void, void> {
  const rectangles = await finder.find(survey);
  for (const rectangle of rectangles.slice(0, MAX_FOUND_PICTURES)) {
    const { left, top, right, bottom } = rectangle;
    if (right - left < LEAST_SIDE || bottom - top < LEAST_SIDE) continue;
    const isWhole = right - left === survey.luma.width && bottom - top === survey.luma.height;
    const picture =
      isWhole && whole !== undefined
        ? { ...whole, squashed: null, inner: [] }
        : hashPart(survey.luma, rectangle, kernel);
    const scale = picture.width / (right - left);
    yield { ...picture, inside: insideOf(rectangle, rectangles, scale) };
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

function hashPart(
  luma: LumaPlane,
  { left, top, right, bottom }: Rectangle,
  kernel: PdqKernel,
): HashedPicture {
  const width = right - left;
  const height = bottom - top;
  const rows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  const strip = new Uint32Array(width * rows);
  const bytes = new Uint8Array(strip.buffer);
  kernel.begin(width, height, { plane: true });
  for (let y = top; y < bottom; y += rows) {
    const count = Math.min(rows, bottom - y);
    for (let row = 0, to = 0; row < count; row++) {
      const from = (y + row) * luma.width + left;
      // Grey in all channels, opaque: its luma is the same value again.
      for (let x = 0; x < width; x++) strip[to++] = 0xff000000 | (luma.data[from + x] * 0x010101);
    }
    kernel.rows(bytes.subarray(0, width * count * 4), count);
  }
  const hash = kernel.end();
  return { width, height, hash, plane: kernel.plane(), squashed: null, inner: [] };
}

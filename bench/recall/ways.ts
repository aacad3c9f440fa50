/**
 * The ways in which lists of PDQ hashes were made: the programs in use prepare a picture differently.
 * @module
 */
import type { PdqHash, PdqKernel } from '../../src/kernels/types.js';
import { imageOf, type Picture, pixelsOf } from './picture.js';

/**
 * `full` hashes the decoded picture as it is. `squashed`: Meta's C++ tool first brings a picture with a side above 512
 * to 512x512, whatever its shape, by nearest neighbour. `thumbnail`: Meta's Python port first shrinks it to fit into
 * 512x512 (Pillow's `thumbnail`: bicubic, antialiased).
 */
export type Way = 'full' | 'squashed' | 'thumbnail';

/** All of them. */
export const WAYS: readonly Way[] = ['full', 'squashed', 'thumbnail'];

/** Pictures whose sides are no longer are hashed alike in all ways. */
export const PREPARED_SIDE = 512;

/**
 * @param picture - decoded
 * @param way - how it is prepared
 * @param kernel - computes the hash
 * @returns the hash that a list would have
 */
export async function listedHash(picture: Picture, way: Way, kernel: PdqKernel): Promise<PdqHash> {
  return hashOf(await prepare(picture, way), kernel);
}

/**
 * @param picture - decoded
 * @param way - how it is prepared
 * @returns what is hashed
 */
export async function prepare(picture: Picture, way: Way): Promise<Picture> {
  if (way === 'full' || !isPrepared(picture)) return picture;
  if (way === 'squashed') return squash(picture);
  const image = imageOf(picture);
  return pixelsOf(image.resize(PREPARED_SIDE, PREPARED_SIDE, { fit: 'inside', kernel: 'cubic' }));
}

/** @returns whether the ways differ for this picture */
export function isPrepared({ width, height }: Pick<Picture, 'width' | 'height'>): boolean {
  return Math.max(width, height) > PREPARED_SIDE;
}

/** To 512x512 by nearest neighbour as the CImg library does it: column i is column floor(i·width/512). */
function squash({ data, width, height }: Picture): Picture {
  const out = new Uint8Array(PREPARED_SIDE * PREPARED_SIDE * 3);
  for (let y = 0, at = 0; y < PREPARED_SIDE; y++) {
    const row = Math.floor((y * height) / PREPARED_SIDE) * width;
    for (let x = 0; x < PREPARED_SIDE; x++, at += 3) {
      const from = (row + Math.floor((x * width) / PREPARED_SIDE)) * 3;
      out[at] = data[from];
      out[at + 1] = data[from + 1];
      out[at + 2] = data[from + 2];
    }
  }
  return { data: out, width: PREPARED_SIDE, height: PREPARED_SIDE };
}

function hashOf({ data, width, height }: Picture, kernel: PdqKernel): PdqHash {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from];
    rgba[to + 1] = data[from + 1];
    rgba[to + 2] = data[from + 2];
  }
  kernel.begin(width, height);
  kernel.rows(rgba, height);
  return kernel.end();
}

/**
 * From a decoded picture to its PDQ hashes.
 *
 * A transparent picture looks different on every background, so it is hashed twice: composited on white and
 * on black. Alpha is only looked for where the format can have it.
 * @module
 */
import { fitsKernel } from '../kernels/pdq-limits.js';
import type { PdqHash, PdqKernel } from '../kernels/types.js';
import { CheckFailure, type DecodedImage } from './types.js';

/** Bytes of pixels in one strip; with the read-back copy, what a picture adds to the worker's memory. */
const STRIP_BYTES = 1024 * 1024;

/** Hashes of one picture. */
export interface HashedImage {
  /** The picture itself, or composited on white, then on black if it has transparent pixels. */
  hashes: PdqHash[];
  /** True where all pixels are the same. */
  uniform: boolean;
}

/**
 * @param image - the picture
 * @param kernel - the PDQ kernel
 * @param isCancelled - asked between strips
 * @returns the hashes, or null when cancelled
 * @throws CheckFailure `too-large` beyond the kernel's bounds
 */
export function hashImage(
  image: DecodedImage,
  kernel: PdqKernel,
  isCancelled: () => boolean = () => false,
): HashedImage | null {
  if (!fitsKernel(image.width, image.height)) {
    throw new CheckFailure('too-large', `${image.width} x ${image.height} pixels`);
  }
  const opaque = hashPass(image, kernel, isCancelled, null);
  if (opaque !== 'transparent') return opaque;
  const onWhite = hashPass(image, kernel, isCancelled, 255);
  const onBlack = hashPass(image, kernel, isCancelled, 0);
  if (onWhite === null || onBlack === null || onWhite === 'transparent' || onBlack === 'transparent')
    return null;
  return {
    hashes: [...onWhite.hashes, ...onBlack.hashes],
    uniform: onWhite.uniform && onBlack.uniform,
  };
}

/** One pass over the pixels; without a background it gives up at the first transparent pixel. */
function hashPass(
  image: DecodedImage,
  kernel: PdqKernel,
  isCancelled: () => boolean,
  background: number | null,
): HashedImage | 'transparent' | null {
  const { width, height } = image;
  const stripRows = Math.max(1, Math.floor(STRIP_BYTES / (width * 4)));
  let first: number | undefined;
  let uniform = true;
  kernel.begin(width, height);
  for (let y = 0; y < height; y += stripRows) {
    if (isCancelled()) return null;
    const count = Math.min(stripRows, height - y);
    let pixels = image.readRows(y, count);
    if (image.mayHaveAlpha) {
      if (background === null) {
        if (hasTransparency(pixels)) return 'transparent';
      } else {
        pixels = composite(pixels, background);
      }
    }
    const words = new Uint32Array(pixels.buffer, pixels.byteOffset, width * count);
    first ??= words[0];
    if (uniform) uniform = allEqual(words, first);
    kernel.rows(pixels, count);
  }
  return { hashes: [kernel.end()], uniform };
}

function allEqual(words: Uint32Array, value: number): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] !== value) return false;
  return true;
}

function hasTransparency(rgba: Uint8Array | Uint8ClampedArray): boolean {
  const words = new Uint32Array(rgba.buffer, rgba.byteOffset, rgba.length >> 2);
  let all = 0xffffffff;
  for (let i = 0; i < words.length; i++) all &= words[i];
  // Alpha is the fourth byte in memory, the highest of a word on every platform of today (little-endian).
  return all >>> 24 !== 255;
}

/** Source over an opaque grey, rounded: (c·a + background·(255 − a)) / 255. */
function composite(rgba: Uint8Array | Uint8ClampedArray, background: number): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    const under = background * (255 - alpha) + 127;
    out[i] = Math.floor((rgba[i] * alpha + under) / 255);
    out[i + 1] = Math.floor((rgba[i + 1] * alpha + under) / 255);
    out[i + 2] = Math.floor((rgba[i + 2] * alpha + under) / 255);
    out[i + 3] = 255;
  }
  return out;
}

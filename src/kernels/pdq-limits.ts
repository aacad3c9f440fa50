/**
 * Which pictures the PDQ kernels can take (docs/kernels.md, section 3).
 * @module
 */
import { windowLength } from './pdq-geometry.js';

/** The reference gives a picture with a shorter side an all-zero hash of quality 0. */
export const MIN_HASHED_SIDE = 5;

/** Largest product of the two windows whose sums fit 32 bits: 255 · 4104² = 4,294,918,080 < 2³². */
export const MAX_WINDOW_PRODUCT = 4104;

/**
 * The longest side that any picture may have, in pixels: a window of 4104 along it, and of 1 (a side of 128
 * or fewer) along the other.
 */
export const MAX_SIDE = MAX_WINDOW_PRODUCT * 128;

/**
 * Tells whether the kernels can hash a picture of this size:
 * `ceil(width / 128) * ceil(height / 128) <= 4104`. That is at most 67,239,936 pixels, and no side above
 * {@link MAX_SIDE}.
 * @param width - columns
 * @param height - rows
 * @returns false also for sizes that are no positive integers
 */
export function fitsKernel(width: number, height: number): boolean {
  return (
    Number.isSafeInteger(width) &&
    Number.isSafeInteger(height) &&
    width >= 1 &&
    height >= 1 &&
    windowLength(width) * windowLength(height) <= MAX_WINDOW_PRODUCT
  );
}

/**
 * Where PDQ samples a picture and how long its averaging window is, along one axis (docs/kernels.md,
 * section 1), and which pictures the kernels can take.
 * @module
 */

/** PDQ reduces a picture to this many samples along each axis. */
export const SAMPLES = 64;

/** The reference gives a picture with a shorter side an all-zero hash of quality 0. */
export const MIN_HASHED_SIDE = 5;

/**
 * Largest product of the two windows whose sums fit 32 bits: 255 · 4104² = 4,294,918,080 < 2³²
 * (docs/kernels.md, section 3).
 */
export const MAX_WINDOW_PRODUCT = 4104;

/**
 * The longest side that any picture may have: a window of 4104 along it, and of 1 (128 pixels or fewer)
 * along the other.
 */
export const MAX_SIDE = MAX_WINDOW_PRODUCT * 128;

/**
 * Length of the averaging window along an axis.
 * @param pixels - length of the side
 * @returns `ceil(pixels / 128)`, in pixels
 */
export function windowLength(pixels: number): number {
  return Math.ceil(pixels / (2 * SAMPLES));
}

/**
 * The pixel that a sample stands on.
 * @param sample - 0 to 63
 * @param pixels - length of the side
 * @returns a pixel index
 */
export function sampleCentre(sample: number, pixels: number): number {
  return Math.floor(((2 * sample + 1) * pixels) / (2 * SAMPLES));
}

/**
 * The first pixel that contributes to a sample. It is never negative (docs/kernels.md, section 2).
 * @param sample - 0 to 63
 * @param pixels - length of the side
 * @returns a pixel index
 */
export function sampleStart(sample: number, pixels: number): number {
  return sampleCentre(sample, pixels) - 2 * Math.floor((windowLength(pixels) - 1) / 2);
}

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

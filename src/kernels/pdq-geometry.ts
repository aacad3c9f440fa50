/**
 * Where PDQ samples a picture and how long its averaging window is, along one axis (docs/kernels.md,
 * sections 1 and 2).
 * @module
 */

/** PDQ reduces a picture to this many samples along each axis. */
export const SAMPLES = 64;

/**
 * Length of the averaging window along an axis.
 * @param pixels - length of the side
 * @returns `ceil(pixels / 128)`, in pixels
 */
export function windowLength(pixels: number): number {
  return Math.ceil(pixels / (2 * SAMPLES));
}

/**
 * The first pixel that contributes to a sample. It is never negative.
 * @param sample - 0 to 63
 * @param pixels - length of the side
 * @returns a pixel index
 */
export function sampleStart(sample: number, pixels: number): number {
  const centre = Math.floor(((2 * sample + 1) * pixels) / (2 * SAMPLES));
  // Each of the two passes reaches this far back.
  const reach = Math.floor((windowLength(pixels) - 1) / 2);
  return centre - 2 * reach;
}

/**
 * Whether a picture begins with a plain line at any side, as a bar for a caption, a border or a page does.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';

/** Standard deviation of luma along a line, in steps of 255, up to which it is plain (as src/scan/borders.ts has it). */
const PLAIN = 9;

/**
 * @param luma - of the whole picture
 * @returns true where the outermost line of a side is plain
 */
export function hasPlainSide({ width, height, data }: LumaPlane): boolean {
  return (
    deviation(data, 0, 1, width) <= PLAIN ||
    deviation(data, (height - 1) * width, 1, width) <= PLAIN ||
    deviation(data, 0, width, height) <= PLAIN ||
    deviation(data, width - 1, width, height) <= PLAIN
  );
}

function deviation(data: Uint8Array, start: number, stride: number, count: number): number {
  let [sum, squares] = [0, 0];
  for (let i = 0, at = start; i < count; i++, at += stride) {
    sum += data[at];
    squares += data[at] * data[at];
  }
  const mean = sum / count;
  return Math.sqrt(Math.max(0, squares / count - mean * mean));
}

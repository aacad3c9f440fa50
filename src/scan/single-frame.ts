/**
 * How near one frame of a video has to be to an entry to be a match by itself.
 *
 * A video tries a list once for each frame. All of these together shall match by accident no more often than one file may; the
 * more frames there are and the coarser the list's sketches, the nearer a frame has to be (docs/video.md has the arithmetic).
 * @module
 */
import { distanceThreshold } from '../snapshot/acceptance.js';
import { nearFalsePositiveRate } from '../snapshot/rates.js';
import type { NearSize } from './lists.js';

/** False matches that all frames of a file may come to, expected: what one file may. */
export const MOST_FALSE_MATCHES = 1e-6;

/** Never further: PDQ's usual threshold, bits of 256. */
export const SINGLE_FRAME_DISTANCE = 31;

/**
 * @param size - of a list's PDQ section
 * @param budgets - guesses of each form of a frame
 * @param frames - frames that are looked up at most
 * @returns the largest whole estimated distance at which one frame is enough; -1 where none is
 */
export function singleFrameDistance(size: NearSize, budgets: readonly number[], frames: number): number {
  const { parameters, entries } = size;
  let enough = -1;
  let tooFar = Math.min(SINGLE_FRAME_DISTANCE, distanceThreshold(parameters.sketchBits)) + 1;
  while (tooFar - enough > 1) {
    const distance = (enough + tooFar) >> 1;
    const rate = nearFalsePositiveRate(parameters, entries, budgets, distance);
    if (rate * frames <= MOST_FALSE_MATCHES) enough = distance;
    else tooFar = distance;
  }
  return enough;
}

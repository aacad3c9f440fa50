/**
 * How an animation's further frames are looked up, and how many of them: so few guesses that the whole file stays within
 * the false positives that one file may have (docs/animations.md has the arithmetic).
 * @module
 */
import type { PlanStep } from '../search-plan.js';

/**
 * Forms of a further frame, the same for every search preset: as it is, as other tools prepare it, without its border,
 * mirrored and turned. Some 2^15.5 guesses.
 */
export const FRAME_PLAN: readonly PlanStep[] = [
  { kind: 'as-is', log2Probes: 14 },
  { kind: 'pads', x: [0, 0], y: [0, 0], log2Probes: 13 },
  { kind: 'prepared', log2Probes: 12 },
  { kind: 'borders', log2Probes: 11, planeLog2Probes: 9 },
  { kind: 'turned', log2Probes: 9, planeLog2Probes: 10 },
];

/** Different pictures of further frames that are looked up in a file at most. */
export const MAX_FRAME_LOOKUPS = 128;

/** Look-ups that may be spent ahead of the even pace over the whole length. */
const AHEAD = 32;

/** A hash within so many bits of one that was looked up shows the same picture. */
export const SAME_PICTURE_BITS = 8;

/**
 * Which frames of an animation are looked at: all, or as many as the limit allows, from the first to the last.
 * @param count - frames there are
 * @param limit - frames that may be looked at
 * @returns their indexes, ascending
 */
export function chooseFrames(count: number, limit: number): number[] {
  const chosen = Math.max(0, Math.min(count, Math.floor(limit)));
  if (chosen === 1) return [0];
  return Array.from({ length: chosen }, (_, i) => Math.round((i * (count - 1)) / (chosen - 1)));
}

/**
 * Look-ups that may have been made by a point of the animation, so that a long one spends them over its whole length and
 * not on its start.
 * @param fraction - of the chosen frames that have passed, 0 to 1
 * @returns number of look-ups
 */
export function lookupsBy(fraction: number): number {
  return AHEAD + Math.floor((MAX_FRAME_LOOKUPS - AHEAD) * fraction);
}

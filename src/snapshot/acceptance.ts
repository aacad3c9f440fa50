/**
 * When is a candidate a match? The only place that knows (docs/snapshot-format.md, 6.4).
 * @module
 */

/** A listed entry whose fingerprint was met by a pattern, and how well its opened sketch agrees. */
export interface Candidate {
  /** Key bits that were flipped to meet it. */
  flips: number;
  /** Index of the pattern that flipped them. */
  rank: number;
  /** Bits in which its sketch differs from the query's. */
  sketchDistance: number;
  keyBits: number;
  sketchBits: number;
}

/** Decides on a candidate. */
export type AcceptanceRule = (candidate: Candidate) => boolean;

/**
 * @param sketchBits - bits of a sketch
 * @returns the largest accepted sketch distance: 10 of 64, 14 of 96
 */
export function sketchThreshold(sketchBits: number): number {
  return 10 + Math.floor((sketchBits - 64) / 8);
}

/**
 * The rule in force.
 * @param candidate - what was found
 * @returns whether it is a match
 */
export function accept(candidate: Candidate): boolean {
  return candidate.sketchDistance <= sketchThreshold(candidate.sketchBits);
}

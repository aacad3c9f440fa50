/**
 * When is a candidate a match? The only place that knows (docs/snapshot-format.md, 6.4).
 *
 * The key's flips are known exactly, and the sketch is a sample of the other bits; together they estimate the
 * full PDQ distance. One rule for both finds more, at the same false positives, than a threshold for each (docs/near-match.md).
 * @module
 */
import { PDQ_BITS } from './layouts.js';

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
 * Largest accepted estimate, by bits of the sketch. A shorter sketch is a coarser sample and meets more entries by
 * chance, so it has to agree better: each row keeps unrelated pictures below 10^-6 false matches a file at a
 * million entries, all forms of the normal search counted.
 */
const MOST_DISTANCE: readonly (readonly [sketchBits: number, distance: number])[] = [
  [96, 37],
  [80, 35],
  [64, 33],
  [48, 22],
  [32, 8],
];

/**
 * The estimated PDQ distance of a candidate.
 * @param candidate - flips and sketch distance
 * @returns bits of 256
 */
export function estimatedDistance({
  flips,
  sketchDistance,
  keyBits,
  sketchBits,
}: Omit<Candidate, 'rank'>): number {
  return flips + (sketchDistance * (PDQ_BITS - keyBits)) / sketchBits;
}

/**
 * @param sketchBits - bits of a sketch, 32 or more
 * @returns the largest accepted {@link estimatedDistance}
 */
export function distanceThreshold(sketchBits: number): number {
  const row = MOST_DISTANCE.find(([bits]) => bits <= sketchBits);
  if (row === undefined) throw new RangeError(`'sketchBits' must be 32 or more, not ${sketchBits}`);
  return row[1];
}

/**
 * The rule in force.
 * @param candidate - what was found
 * @returns whether it is a match
 */
export function accept(candidate: Candidate): boolean {
  return estimatedDistance(candidate) <= distanceThreshold(candidate.sketchBits);
}

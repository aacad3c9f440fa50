/**
 * Expected false positives, computed from a list's widths alone (docs/snapshot-format.md, 8.2).
 * @module
 */
import { distanceThreshold } from './acceptance.js';
import { requireSection } from './exact-set.js';
import { PDQ_BITS } from './layouts.js';
import type { Signal, Snapshot } from './types.js';

/**
 * Flips that the rate counts for each guess. Most guesses have 3 to 6; fewer flips leave the sketch more room, so
 * this overstates the rate.
 */
const FLIPS_OF_A_GUESS = 2;

/**
 * The probability that a look-up of something that has nothing to do with the list gives a match.
 * @param snapshot - that was read
 * @param signal - one that the snapshot has a section of
 * @param probes - patterns tried for a file, all its variants together; only for `pdq`
 * @returns the expected number of false matches a look-up, which for small values is their probability
 * @throws RangeError where the snapshot has no such section
 */
export function expectedFalsePositiveRate(snapshot: Snapshot, signal: Signal, probes = 2 ** 18): number {
  const { count, fingerprintBits } = requireSection(snapshot, signal);
  const fingerprintRate = count / 2 ** fingerprintBits;
  if (signal !== 'pdq') return fingerprintRate;
  const { keyBits, sketchBits } = snapshot.header;
  const distance = distanceThreshold(sketchBits) - FLIPS_OF_A_GUESS;
  const most = Math.floor((distance * sketchBits) / (PDQ_BITS - keyBits));
  return probes * fingerprintRate * binomialTail(sketchBits, most);
}

/** P(X <= most), X binomial with `trials` trials of probability 1/2. */
function binomialTail(trials: number, most: number): number {
  let term = 2 ** -trials;
  let sum = 0;
  for (let i = 0; i <= most; i++) {
    sum += term;
    term *= (trials - i) / (i + 1);
  }
  return sum;
}

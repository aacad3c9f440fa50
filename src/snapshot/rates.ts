/**
 * Expected false positives, computed from a list's widths alone (docs/snapshot-format.md, 8.2).
 * @module
 */
import { sketchThreshold } from './acceptance.js';
import { requireSection } from './exact-set.js';
import type { Signal, Snapshot } from './types.js';

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
  const { sketchBits } = snapshot.header;
  return probes * fingerprintRate * binomialTail(sketchBits, sketchThreshold(sketchBits));
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

/**
 * Expected false positives, computed from a list's widths alone (docs/snapshot-format.md, 8.2).
 * @module
 */
import { accept, estimatedDistance } from './acceptance.js';
import { requireSection } from './exact-set.js';
import { makeSchedule, patternAt } from './schedule.js';
import type { ListParameters, Signal, Snapshot } from './types.js';

/**
 * The probability that a look-up of something that has nothing to do with the list gives a match.
 * @param snapshot - that was read
 * @param signal - one that the snapshot has a section of
 * @param budgets - probes of each search that a file takes, one for each form of it; only for `pdq`
 * @returns the expected number of false matches a look-up, which for small values is their probability
 * @throws RangeError where the snapshot has no such section
 */
export function expectedFalsePositiveRate(
  snapshot: Snapshot,
  signal: Signal,
  budgets: readonly number[] = [],
): number {
  const { count, fingerprintBits } = requireSection(snapshot, signal);
  if (signal === 'pdq') return nearFalsePositiveRate(snapshot.header, count, budgets);
  return count / 2 ** fingerprintBits;
}

/**
 * The same for near searches of a list that need not exist.
 * @param parameters - of the list
 * @param entries - PDQ entries
 * @param budgets - probes of each search, at most 2^22
 * @param maxDistance - largest estimated distance that counts, where the rule in force would accept more
 * @returns the expected number of false matches of all the searches together
 */
export function nearFalsePositiveRate(
  parameters: Pick<ListParameters, 'keyBits' | 'sketchBits' | 'nearFingerprintBits'>,
  entries: number,
  budgets: readonly number[],
  maxDistance = Number.POSITIVE_INFINITY,
): number {
  const { keyBits, sketchBits, nearFingerprintBits } = parameters;
  if (budgets.length === 0) return 0;
  const schedule = makeSchedule(keyBits, Math.max(1, ...budgets));
  const { start, rank } = schedule;
  const times = new Map<number, number>();
  for (const budget of budgets) times.set(budget, (times.get(budget) ?? 0) + 1);
  const acceptedByFlips: number[] = [];
  let matches = 0;
  for (let run = 0; run < rank.length; run++) {
    const flips = patternAt(schedule, start[run]).length;
    acceptedByFlips[flips] ??= acceptedShare(flips, keyBits, sketchBits, maxDistance);
    for (const [budget, searches] of times) {
      const probes = Math.max(0, Math.min(budget, start[run + 1]) - start[run]);
      matches += searches * probes * acceptedByFlips[flips];
    }
  }
  return (matches * entries) / 2 ** nearFingerprintBits;
}

/** The chance that a sketch of random bits is accepted: its distance is binomial, each bit differing with 1/2. */
function acceptedShare(flips: number, keyBits: number, sketchBits: number, maxDistance: number): number {
  let term = 2 ** -sketchBits;
  let share = 0;
  for (let sketchDistance = 0; sketchDistance <= sketchBits; sketchDistance++) {
    const candidate = { flips, rank: 0, sketchDistance, keyBits, sketchBits };
    if (accept(candidate) && estimatedDistance(candidate) <= maxDistance) share += term;
    term *= (sketchBits - sketchDistance) / (sketchDistance + 1);
  }
  return share;
}

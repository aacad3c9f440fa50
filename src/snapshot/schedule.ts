/**
 * The ORBGRAND schedule: which doubtful bits are flipped, in which order (docs/snapshot-format.md, 6.2).
 *
 * Patterns of one weight and one number of ranks make a class, which this order splits into runs of one highest rank.
 * All but the highest rank of a run's patterns are, in the same order, the first patterns of an earlier class: those
 * of a weight and a number less by that rank, whose own ranks are lower. So a run is an earlier stretch of the schedule
 * with one bit flipped throughout, and nothing is stored but the runs (some thousands), whatever the budget.
 * @module
 */

/** Most patterns of a search. */
export const MAX_BUDGET = 2 ** 22;

/** Consecutive patterns with the same weight, number of ranks, and highest rank. */
export interface Schedule {
  /** Patterns: indices 0 to size - 1. A multiple of nothing; at least what was asked for. */
  readonly size: number;
  /** Index of the first pattern of each run, and behind the last run `size`. Run 0 is the empty pattern. */
  readonly start: Uint32Array;
  /** Index of the pattern that the first pattern of each run adds a rank to. */
  readonly parent: Uint32Array;
  /** That rank, the highest of all the run's patterns; 0 for run 0. */
  readonly rank: Uint8Array;
  /** Index behind the last pattern that one of this run, or of a run before it, adds a rank to. */
  readonly reach: Uint32Array;
}

/**
 * Computes a schedule.
 * @param keyBits - ranks that there are
 * @param budget - patterns wanted, 1 to {@link MAX_BUDGET}
 * @returns the schedule, which has all patterns of each weight that it has one of
 * @throws RangeError for a budget out of bounds
 */
export function makeSchedule(keyBits: number, budget: number): Schedule {
  if (!Number.isInteger(budget) || budget < 1 || budget > MAX_BUDGET) {
    throw new RangeError(`'budget' must be a whole number from 1 to ${MAX_BUDGET}`);
  }
  const start: number[] = [0];
  const parent: number[] = [0];
  const rank: number[] = [0];
  const reach: number[] = [1];
  // classes[weight][ranks]: where it starts, and how many of its patterns have a highest rank up to each rank.
  const classes: { start: number; upTo: Float64Array }[][] = [
    [{ start: 0, upTo: new Float64Array(keyBits + 1).fill(1) }],
  ];
  let size = 1;
  for (let weight = 1; size < budget; weight++) {
    const ofWeight: (typeof classes)[number] = [{ start: size, upTo: new Float64Array(keyBits + 1) }];
    for (let ranks = 1; (ranks * (ranks + 1)) / 2 <= weight; ranks++) {
      const made = { start: size, upTo: new Float64Array(keyBits + 1) };
      for (let highest = 1; highest <= keyBits; highest++) {
        const below = highest <= weight ? classes[weight - highest][ranks - 1] : undefined;
        const length = below === undefined ? 0 : below.upTo[highest - 1];
        if (length > 0) {
          start.push(size);
          parent.push(below!.start);
          rank.push(highest);
          reach.push(Math.max(reach[reach.length - 1], below!.start + length));
          size += length;
        }
        made.upTo[highest] = size - made.start;
      }
      ofWeight.push(made);
    }
    classes.push(ofWeight);
  }
  start.push(size);
  return {
    size,
    start: Uint32Array.from(start),
    parent: Uint32Array.from(parent),
    rank: Uint8Array.from(rank),
    reach: Uint32Array.from(reach),
  };
}

/**
 * @param schedule - with this index
 * @param index - of a pattern
 * @returns the run that has it
 */
export function runOf(schedule: Schedule, index: number): number {
  let from = 0;
  let to = schedule.start.length - 1;
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if (schedule.start[middle] <= index) from = middle;
    else to = middle;
  }
  return from;
}

/**
 * @param schedule - with this index
 * @param index - of a pattern
 * @returns its ranks, from the highest down
 */
export function patternAt(schedule: Schedule, index: number): number[] {
  const ranks: number[] = [];
  for (let at = index; at > 0; ) {
    const run = runOf(schedule, at);
    ranks.push(schedule.rank[run]);
    at = schedule.parent[run] + at - schedule.start[run];
  }
  return ranks;
}

/**
 * @param schedule - of at least `end` patterns
 * @param end - index behind the last pattern wanted, 1 or more
 * @returns the index behind the last pattern that one before `end` adds a rank to
 */
export function parentsEnd(schedule: Schedule, end: number): number {
  const run = runOf(schedule, end - 1);
  if (run === 0) return 1;
  return Math.max(schedule.reach[run - 1], schedule.parent[run] + end - schedule.start[run]);
}

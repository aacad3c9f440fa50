import { describe, expect, it } from 'vitest';
import { MAX_BUDGET, makeSchedule, parentsEnd, patternAt } from '../../src/snapshot/schedule.js';

/** Every pattern up to a weight, by trying all sets, in the order of 6.2. */
function patternsByDefinition(keyBits: number, maxWeight: number): number[][] {
  const all: number[][] = [];
  const extend = (ranks: number[], weight: number, below: number): void => {
    all.push(ranks);
    for (let rank = Math.min(below - 1, maxWeight - weight); rank >= 1; rank--) {
      extend([...ranks, rank], weight + rank, rank);
    }
  };
  extend([], 0, keyBits + 1);
  const weightOf = (ranks: number[]) => ranks.reduce((sum, rank) => sum + rank, 0);
  return all.sort(
    (a, b) =>
      weightOf(a) - weightOf(b) ||
      a.length - b.length ||
      a[a.findIndex((rank, i) => rank !== b[i])] - b[a.findIndex((rank, i) => rank !== b[i])],
  );
}

describe('the schedule', () => {
  it.each([32, 40, 64, 96])('is the one defined, for keys of %i bits', (keyBits) => {
    const expected = patternsByDefinition(keyBits, 40);
    const schedule = makeSchedule(keyBits, expected.length);
    expect(schedule.size).toBe(expected.length);
    expect(Array.from({ length: schedule.size }, (_, i) => patternAt(schedule, i))).toEqual(expected);
  });

  it('has the example of the format for weight 10', () => {
    const schedule = makeSchedule(64, 100);
    const all = Array.from({ length: schedule.size }, (_, i) => patternAt(schedule, i));
    expect(
      all.filter((ranks) => ranks.reduce((a, b) => a + b, 0) === 10).map((ranks) => ranks.join()),
    ).toEqual(['10', '6,4', '7,3', '8,2', '9,1', '5,3,2', '5,4,1', '6,3,1', '7,2,1', '4,3,2,1']);
  });

  it('begins the same whatever the budget', () => {
    const short = makeSchedule(64, 1000);
    const long = makeSchedule(64, MAX_BUDGET);
    expect(long.size).toBeGreaterThanOrEqual(MAX_BUDGET);
    for (let run = 0; run < short.rank.length; run++) {
      expect([long.start[run], long.parent[run], long.rank[run]]).toEqual([
        short.start[run],
        short.parent[run],
        short.rank[run],
      ]);
    }
  });

  it('has the parents of each run before it, and all of them below what parentsEnd tells', () => {
    const schedule = makeSchedule(64, 2 ** 16);
    for (const end of [1, 2, 3, 4, 5, 100, 5000, 2 ** 16]) {
      const limit = parentsEnd(schedule, end);
      for (let run = 1; schedule.start[run] < end; run++) {
        const last = Math.min(schedule.start[run + 1], end) - 1;
        const parent = schedule.parent[run] + last - schedule.start[run];
        expect(parent).toBeLessThan(schedule.start[run]);
        expect(parent).toBeLessThan(limit);
      }
    }
  });

  it.each([0, -1, 1.5, MAX_BUDGET + 1, Number.NaN])('refuses a budget of %d', (budget) => {
    expect(() => makeSchedule(64, budget)).toThrow(RangeError);
  });
});

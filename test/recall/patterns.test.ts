import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PatternCounter } from '../../bench/recall/patterns.js';
import { makeSchedule, patternAt } from '../../src/snapshot/schedule.js';

describe('PatternCounter', () => {
  it.each([8, 32, 64])('agrees with the schedule of %i ranks, pattern by pattern', (keyBits) => {
    const budget = keyBits === 8 ? 200 : 20_000;
    const schedule = makeSchedule(keyBits, budget);
    const counter = new PatternCounter(keyBits, budget);
    for (let index = 0; index < budget; index++) {
      expect(counter.indexOf(patternAt(schedule, index))).toBe(index);
    }
  });

  it('agrees far out', () => {
    const schedule = makeSchedule(64, 2 ** 22);
    const counter = new PatternCounter(64, 2 ** 32);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 22 - 1 }), (index) => {
        expect(counter.indexOf(patternAt(schedule, index))).toBe(index);
      }),
    );
  });

  it('counts as far as it was told, and says when it does not know', () => {
    const counter = new PatternCounter(64, 2 ** 32);
    // All of the first 21 ranks weigh 231; a weight far beyond what 2^32 patterns reach:
    expect(counter.indexOf([64, 63, 62, 61, 60])).toBe(Number.POSITIVE_INFINITY);
    expect(counter.indexOf([])).toBe(0);
    expect(counter.indexOf([1])).toBe(1);
  });

  it('tells how many patterns flip how many bits', () => {
    const counter = new PatternCounter(64, 5000);
    const schedule = makeSchedule(64, 5000);
    for (const end of [0, 1, 2, 777, 5000]) {
      const counts = new Array(counter.maxRanks + 1).fill(0);
      for (let index = 0; index < end; index++) counts[patternAt(schedule, index).length]++;
      expect(counter.byFlips(end)).toEqual(counts);
    }
  });
});

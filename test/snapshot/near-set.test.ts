import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accept,
  type Candidate,
  distanceThreshold,
  estimatedDistance,
} from '../../src/snapshot/acceptance.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import { type NearQuery, openNearSet } from '../../src/snapshot/near-set.js';
import { expectedFalsePositiveRate } from '../../src/snapshot/rates.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { makeSchedule, patternAt } from '../../src/snapshot/schedule.js';
import type { ListParameters } from '../../src/snapshot/types.js';
import { flipBits, queryOf, reliabilityOrder } from './queries.js';
import { buildSnapshot, headerOf, type Listed, parametersOf, randomList } from './support.js';

const SCHEDULE = makeSchedule(64, 2 ** 16);

/** The index of the pattern with these ranks. */
function indexOf(ranks: readonly number[]): number {
  const wanted = [...ranks].sort((a, b) => b - a).join();
  for (let i = 0; i < SCHEDULE.size; i++) if (patternAt(SCHEDULE, i).join() === wanted) return i;
  throw new Error(`no pattern ${wanted}`);
}

function open(parameters: ListParameters, list: readonly Listed[]) {
  return openNearSet(readSnapshot(buildSnapshot(headerOf(parameters), { pdq: list })));
}

describe('a near set', () => {
  const parameters = parametersOf({ capacity: 20_000 });
  const list = randomList('pdq', 20_000, 41);
  const set = open(parameters, list);
  const { key, sketch } = bitPositions(1, 64, 64);

  it('finds a listed hash at the first probe', () => {
    for (const { hash } of list.slice(0, 300)) {
      expect(set.search(queryOf(hash, 1), { from: 0, to: 1 })).toMatchObject({ labels: [0], probes: 1 });
    }
  });

  it('finds it at the index of the pattern that undoes the flips of doubtful key bits', () => {
    for (const [i, ranks] of [
      [1],
      [3],
      [2, 1],
      [5, 3, 2],
      [9, 4],
      [12, 3, 1],
      [20],
      [7, 6, 5, 4],
    ].entries()) {
      const { hash } = list[i];
      const query = queryOf(hash, i + 5);
      const flips = ranks.map((rank) => reliabilityOrder(query, key)[rank - 1]);
      const edited = { ...query, bits: flipBits(query.bits, flips) };
      const index = indexOf(ranks);
      expect(set.search(edited, { from: 0, to: 2 ** 16 })).toMatchObject({ labels: [0], probes: index + 1 });
      expect(set.search(edited, { from: 0, to: index })).toMatchObject({ labels: [], probes: index });
      expect(set.search(edited, { from: index, to: index + 1 })).toMatchObject({ labels: [0], probes: 1 });
      expect(set.search(edited, { from: index + 1, to: 2 ** 12 }).labels).toEqual([]);
    }
  });

  it('accepts a sketch up to the threshold and none beyond it', () => {
    const query = queryOf(list[0].hash, 3);
    const bitsOfDistance = 192 / sketch.length;
    const threshold = Math.floor(distanceThreshold(sketch.length) / bitsOfDistance);
    const accepted = { ...query, bits: flipBits(query.bits, [...sketch.subarray(0, threshold)]) };
    const refused = { ...query, bits: flipBits(query.bits, [...sketch.subarray(0, threshold + 1)]) };
    expect(set.search(accepted, { from: 0, to: 1 }).labels).toEqual([0]);
    expect(set.search(refused, { from: 0, to: 1 }).labels).toEqual([]);
  });

  it('ignores bits that are in neither key nor sketch', () => {
    const used = new Set([...key, ...sketch]);
    const unused = Array.from({ length: 256 }, (_, j) => j).filter((j) => !used.has(j));
    expect(unused.length).toBe(256 - key.length - sketch.length);
    const query = queryOf(list[0].hash, 3);
    expect(set.search({ ...query, bits: flipBits(query.bits, unused) }, { from: 0, to: 1 }).labels).toEqual([
      0,
    ]);
  });

  it('finds none of 200 unlisted hashes', () => {
    for (const [i, { hash }] of randomList('pdq', 200, 42).entries()) {
      expect(set.search(queryOf(hash, i + 1), { from: 0, to: 2000 })).toMatchObject({
        labels: [],
        probes: 2000,
      });
    }
  });

  it('breaks ties of reliability by the place in the key', () => {
    const { hash } = list[5];
    const query: NearQuery = { coefficients: new Float32Array(256).fill(1), median: 1, bits: hash };
    const edited = { ...query, bits: flipBits(hash, [key[2]]) };
    expect(set.search(edited, { from: 0, to: 100 }).probes).toBe(indexOf([3]) + 1);
  });

  it('ranks in single precision', () => {
    const { hash } = list[6];
    const coefficients = new Float32Array(256).fill(1000);
    // In units of 2^-23 beyond 1, single precision has -0.5, 0 and 1, and the median becomes 0.
    coefficients[key[0]] = 1 + 2 ** -23;
    coefficients[key[1]] = 1 - 2 ** -24;
    const query: NearQuery = { coefficients, median: 1 + 0.45 * 2 ** -23, bits: flipBits(hash, [key[0]]) };
    // In double precision the first is the nearer one: 0.55 units, the second 0.95.
    expect(coefficients[key[0]] - query.median).toBeLessThan(query.median - coefficients[key[1]]);
    expect(set.search(query, { from: 0, to: 10 }).probes).toBe(indexOf([2]) + 1);
  });

  it('collects every label at the pattern that decides, and none from later ones', () => {
    const { hash } = list[0];
    const other = flipBits(hash, [sketch[0], sketch[5]]);
    const far = flipBits(hash, [...sketch.subarray(0, 30)]);
    const later = flipBits(hash, [key[0]]);
    const labelled = open(parametersOf(), [
      { hash, label: 'a' },
      { hash, label: 'b' },
      { hash: other, label: 'c' },
      { hash: other, label: 'a' },
      { hash: far, label: 'd' },
      { hash: later, label: 'e' },
    ]);
    expect(labelled.search(queryOf(hash, 9), { from: 0, to: 5000 })).toMatchObject({
      labels: [0, 1, 2],
      probes: 1,
    });
  });

  it('goes on for every entry, each once, where it is asked to, within a distance', () => {
    const { hash } = list[0];
    const flips = [...sketch.subarray(0, 8)];
    const labelled = open(parametersOf(), [
      { hash, label: 'a' },
      { hash: flipBits(hash, flips), label: 'b' },
      { hash: flipBits(hash, [key[0]]), label: 'c' },
    ]);
    const query = queryOf(hash, 9);
    const all = labelled.search(query, { from: 0, to: 5000 }, { every: true });
    expect(all).toMatchObject({ labels: [0, 1, 2], probes: 5000 });
    expect(new Set(all.entries.map(({ ordinal }) => ordinal)).size).toBe(3);
    expect(all.entries).toHaveLength(3);
    const [first] = labelled.search(query, { from: 0, to: 1 }).entries;
    expect(all.entries).toContainEqual(first);
    const near = labelled.search(query, { from: 0, to: 5000 }, { every: true, maxDistance: 1 });
    expect(near.labels).toEqual([0, 2]);
  });

  it('lets a rule of the caller decide, and shows it every candidate', () => {
    const seen: Candidate[] = [];
    const snapshot = readSnapshot(buildSnapshot(headerOf(parameters), { pdq: list }));
    const measuring = openNearSet(snapshot, {
      accept: (candidate) => {
        seen.push(candidate);
        return false;
      },
    });
    const query = queryOf(list[3].hash, 8);
    const order = reliabilityOrder(query, key);
    const bits = flipBits(query.bits, [order[1], order[3], ...sketch.subarray(0, 4)]);
    expect(measuring.search({ ...query, bits }, { from: 0, to: 2 ** 14 }).labels).toEqual([]);
    expect(seen).toContainEqual({
      flips: 2,
      rank: indexOf([4, 2]),
      sketchDistance: 4,
      keyBits: 64,
      sketchBits: 64,
    });
    // Others come by chance: 20,000 of 2^29 keys of each pattern, so about 0.6 in 2^14.
    expect(seen.length).toBeLessThan(8);
  });

  it('works with any parameters, any labels', () => {
    const choice = fc.record({
      layout: fc.integer({ min: 1, max: 5 }),
      keyBits: fc.constantFrom(32, 40, 56, 64, 72, 80, 88, 96),
      sketchBits: fc.constantFrom(32, 48, 64, 80, 96, 112, 128),
      nearGuardBits: fc.integer({ min: 10, max: 16 }),
      capacity: fc.constantFrom(1024, 5000, 2 ** 21, 2 ** 30),
    });
    fc.assert(
      fc.property(choice, fc.integer({ min: 1, max: 200 }), fc.nat(), (widths, count, nat) => {
        const some = parametersOf(widths);
        const entries = randomList('pdq', count, nat + 1).map((entry, i) => ({
          ...entry,
          label: `${i % 5}`,
        }));
        const near = open(some, entries);
        const at = nat % count;
        const query = queryOf(entries[at].hash, nat + 1);
        const order = reliabilityOrder(query, bitPositions(some.layout, some.keyBits, some.sketchBits).key);
        const bits = flipBits(query.bits, [order[0], order[4], order[6]]);
        const hit = near.search({ ...query, bits }, { from: 0, to: 500 });
        expect(hit).toMatchObject({ labels: [at % 5], probes: indexOf([7, 5, 1]) + 1 });
      }),
      { numRuns: 60 },
    );
  });

  it('of no entries finds nothing', () => {
    const empty = open(parameters, []);
    expect(empty.search(queryOf(list[0].hash, 1), { from: 0, to: 1000 })).toMatchObject({
      labels: [],
      probes: 1000,
    });
  });

  it('refuses arguments that are no query or no budget', () => {
    const query = queryOf(list[0].hash, 1);
    const budget = { from: 0, to: 1 };
    expect(() => set.search({ ...query, bits: new Uint8Array(31) }, budget)).toThrow(RangeError);
    expect(() => set.search({ ...query, coefficients: new Float32Array(64) }, budget)).toThrow(RangeError);
    expect(() => set.search({ ...query, bits: 'ff' as unknown as Uint8Array }, budget)).toThrow(TypeError);
    for (const wrong of [
      { from: -1, to: 1 },
      { from: 2, to: 1 },
      { from: 0, to: 2 ** 22 + 1 },
      { from: 0, to: 1.5 },
      { from: Number.NaN, to: 1 },
    ]) {
      expect(() => set.search(query, wrong), JSON.stringify(wrong)).toThrow(RangeError);
    }
    const digests = readSnapshot(buildSnapshot(headerOf(parameters), { md5: randomList('md5', 1, 1) }));
    expect(() => openNearSet(digests)).toThrow(RangeError);
  });

  it('has the false-positive rate that chance gives it', () => {
    // Shortest fingerprints, and a rule that lets every opened sketch pass: chance alone decides.
    const some = parametersOf({ nearGuardBits: 10 });
    const snapshot = readSnapshot(buildSnapshot(headerOf(some), { pdq: randomList('pdq', 1024, 51) }));
    let candidates = 0;
    const counting = openNearSet(snapshot, {
      accept: () => {
        candidates++;
        return false;
      },
    });
    const probes = 2 ** 14;
    for (const [i, { hash }] of randomList('pdq', 100, 52).entries()) {
      counting.search(queryOf(hash, i + 1), { from: 0, to: probes });
    }
    // 100 x 2^14 x 1024 / 2^20 = 1600, standard deviation 40.
    expect(candidates).toBeGreaterThan(1400);
    expect(candidates).toBeLessThan(1800);
    // One by one: 16 sketches of 64 random bits, of which those within 33 - flips bits at 3 to a bit pass.
    const { keyBits, sketchBits } = snapshot.header;
    let passing = 0;
    for (let index = 0; index < probes; index++) {
      const most = Math.floor((33 - patternAt(SCHEDULE, index).length) / 3);
      for (let d = 0, ways = 1; d <= most; ways = (ways * (64 - d)) / ++d) passing += ways / 2 ** 64;
    }
    expect([keyBits, sketchBits]).toEqual([64, 64]);
    const rate = (...budgets: number[]) => expectedFalsePositiveRate(snapshot, 'pdq', budgets);
    expect(rate(probes) / ((passing * 1024) / 2 ** 20)).toBeCloseTo(1, 9);
    expect(rate(probes, 100, probes)).toBeCloseTo(2 * rate(probes) + rate(100), 15);
    expect(rate()).toBe(0);
    expect(rate(0)).toBe(0);
  });
});

describe('the rule in force', () => {
  it.each([
    [32, 8],
    [48, 22],
    [64, 33],
    [80, 35],
    [96, 37],
    [128, 37],
  ])('of %i bits: an estimated distance of %i', (bits, threshold) => {
    expect(distanceThreshold(bits)).toBe(threshold);
  });

  it('counts flips of the key and a sample of the rest as one distance', () => {
    const candidate = { rank: 0, keyBits: 64, sketchBits: 96 };
    expect(estimatedDistance({ ...candidate, flips: 5, sketchDistance: 16 })).toBe(37);
    expect(accept({ ...candidate, flips: 5, sketchDistance: 16 })).toBe(true);
    expect(accept({ ...candidate, flips: 6, sketchDistance: 16 })).toBe(false);
    expect(accept({ ...candidate, flips: 4, sketchDistance: 17 })).toBe(false);
    expect(estimatedDistance({ flips: 1, sketchDistance: 3, keyBits: 56, sketchBits: 50 })).toBe(13);
  });
});

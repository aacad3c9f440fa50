import { describe, expect, it } from 'vitest';
import { buildList, listParameters } from '../../bench/recall/lists.js';
import { hashDistance, PairFinder } from '../../bench/recall/pairs.js';
import { seededRandom } from '../../bench/recall/random.js';
import { UnrelatedRate } from '../../bench/recall/unrelated.js';
import { ExhaustingNearSet, type Form } from '../../bench/recall/watch.js';
import { openNearSet } from '../../src/snapshot/near-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';

const random = seededRandom('pairs test');

function randomForm(to = 2 ** 14): Form {
  const coefficients = Float32Array.from({ length: 256 }, () => random() - 0.5);
  const bits = new Uint8Array(32);
  coefficients.forEach((value, j) => {
    if (value > 0) bits[j >> 3] |= 1 << (j & 7);
  });
  return { coefficients, median: 0, bits, budget: { from: 0, to } };
}

/** The form's hash with its `count` most doubtful bits flipped, but for the first `skip`. */
function edited({ coefficients, bits }: Form, count: number, skip = 0): Uint8Array {
  const order = [...coefficients.keys()].sort(
    (a, b) => Math.abs(coefficients[a]) - Math.abs(coefficients[b]),
  );
  const copy = Uint8Array.from(bits);
  for (const j of order.slice(skip, skip + count)) copy[j >> 3] ^= 1 << (j & 7);
  return copy;
}

const NONE = () => false;

describe('PairFinder', () => {
  const form = randomForm();
  const hashes = [edited(form, 0), edited(form, 9), edited(form, 16, 3), edited(form, 60), randomForm().bits];
  const listed = hashes.map((bits, i) => ({ name: `photos/${i}`, bits }));
  const snapshot = readSnapshot(buildList('list', listed, new Uint8Array(0)));
  const finder = new PairFinder(snapshot.header, hashes);

  it('meets a key at the pattern at which a search meets it', () => {
    const pairs = finder.find([form], NONE);
    expect(pairs.map(({ entry }) => entry)).toEqual(expect.arrayContaining([0, 1, 2]));
    expect(pairs.map(({ entry }) => entry)).not.toContain(4);
    for (const [i, bits] of hashes.entries()) {
      const one = readSnapshot(buildList('one', [{ name: 'x', bits }], new Uint8Array(0)));
      let met: object | null = null;
      const near = openNearSet(one, {
        accept: ({ flips, rank, sketchDistance }) => {
          met = { flips, rank, sketchDistance };
          return true;
        },
      });
      near.search(form, form.budget);
      const inBudget = pairs.find(({ entry }) => entry === i)?.inBudget ?? null;
      if (met === null) expect(inBudget).toBeNull();
      else expect(inBudget).toMatchObject(met as object);
    }
  });

  it('says whether the rule in force accepts', () => {
    const near = openNearSet(snapshot);
    const accepted = new ExhaustingNearSet(near);
    accepted.search(form, form.budget);
    const names = new Set(accepted.accepted.map(({ label }) => snapshot.labels[label]));
    const pairs = finder
      .find([form], NONE)
      .filter(({ inBudget }) => inBudget !== null && inBudget.excess <= 0);
    expect(new Set(pairs.map(({ entry }) => listed[entry].name))).toEqual(names);
    expect(names.size).toBeGreaterThan(1);
  });

  it('gives distances of the whole hash, of the first form and of the nearest', () => {
    const others = [randomForm(), form];
    const [first] = finder.find(others, (entry) => entry === 0);
    expect(first).toMatchObject({ entry: 0, asIs: hashDistance(others[0].bits, hashes[0]), least: 0 });
  });

  it('keeps to each budget, both ends', () => {
    const [within] = finder.find([form], (entry) => entry === 1).filter(({ entry }) => entry === 1);
    const { rank } = within.inBudget!;
    const budgets = [
      { from: 0, to: rank },
      { from: rank, to: rank + 1 },
      { from: rank + 1, to: rank + 2 },
    ];
    const met = budgets.map((budget) => {
      const pairs = finder.find([{ ...form, budget }], (entry) => entry === 1);
      return pairs.find(({ entry }) => entry === 1)!.inBudget !== null;
    });
    expect(met).toEqual([false, true, false]);
  });

  it('takes the best of several forms', () => {
    const pair = finder
      .find([{ ...form, bits: edited(form, 2, 40) }, form], NONE)
      .find(({ entry }) => entry === 0)!;
    expect(pair.inBudget).toMatchObject({ form: 1, rank: 0, flips: 0, sketchDistance: 0, distance: 0 });
  });
});

describe('UnrelatedRate', () => {
  it('is what searches of random hashes find', () => {
    // A crowded list of short fingerprints, so that something is met at all.
    const decoys = Uint8Array.from({ length: 1024 * 32 }, () => random() * 256);
    const parameters = listParameters(1024);
    const snapshot = readSnapshot(buildList('list', [], decoys));
    const { count } = snapshot.sections.get('pdq')!;
    const budget = { from: 0, to: 2 ** 17 };
    let met = 0;
    const near = openNearSet(snapshot, {
      accept: () => {
        met++;
        return false;
      },
    });
    const queries = 8;
    for (let i = 0; i < queries; i++) near.search(randomForm(), budget);
    const expected = (queries * budget.to * count) / 2 ** parameters.nearFingerprintBits;
    expect(Math.abs(met - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('adds up budgets, and is tiny for a million entries', () => {
    const rate = new UnrelatedRate(listParameters(1_000_000), 1_000_000);
    const whole = rate.of([{ from: 0, to: 2 ** 18 }]);
    const parts = [
      { from: 0, to: 1000 },
      { from: 1000, to: 2 ** 18 },
    ];
    expect(rate.of(parts)).toBeCloseTo(whole, 15);
    expect(rate.of([])).toBe(0);
    expect(whole).toBeGreaterThan(0);
    expect(whole).toBeLessThan(1e-6);
  });
});

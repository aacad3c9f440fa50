import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { openNearSetWasm } from '../../src/kernels/near-wasm.js';
import type { Candidate } from '../../src/snapshot/acceptance.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import { type NearHit, type NearQuery, type NearSet, openNearSet } from '../../src/snapshot/near-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { makeSchedule, patternAt } from '../../src/snapshot/schedule.js';
import { flipBits, queryOf, reliabilityOrder } from '../snapshot/queries.js';
import {
  buildSnapshot,
  headerOf,
  type Listed,
  parametersOf,
  randomList,
  storedPdq,
} from '../snapshot/support.js';

/** What a search found, and every candidate that it showed to the rule. */
interface Trace {
  hit: NearHit;
  candidates: Candidate[];
}

/** One list opened with both engines. */
interface Pair {
  reference: NearSet;
  wasm: NearSet;
  candidates: Candidate[];
}

async function openBoth(file: Uint8Array, acceptDistance = 10): Promise<Pair> {
  const candidates: Candidate[] = [];
  const accept = (candidate: Candidate) => {
    candidates.push(candidate);
    return candidate.sketchDistance <= acceptDistance;
  };
  const snapshot = readSnapshot(file);
  const wasm = await openNearSetWasm(snapshot, { accept });
  expect(wasm?.engine).toBe('wasm-simd');
  return { reference: openNearSet(snapshot, { accept }), wasm: wasm!, candidates };
}

function trace(pair: Pair, set: NearSet, query: NearQuery, from: number, to: number): Trace {
  pair.candidates.length = 0;
  const hit = set.search(query, { from, to });
  return { hit, candidates: [...pair.candidates] };
}

describe('the near search in WebAssembly', () => {
  let pair: Pair;
  let list: Listed[];
  beforeAll(async () => {
    list = randomList('pdq', 20_000, 61).map((entry, i) => ({ ...entry, label: ['', 'a', 'b'][i % 3] }));
    pair = await openBoth(buildSnapshot(headerOf(parametersOf({ capacity: 20_000 })), { pdq: list }));
  });

  it.each([
    [0, 1],
    [0, 7],
    [1, 8],
    [3, 3000],
    [511, 513],
    [512, 1024],
    [1000, 20_000],
    [16_000, 17_000],
    [30_000, 2 ** 16],
    [0, 2 ** 17],
  ])('shows the same candidates as the reference for patterns %i to %i', (from, to) => {
    for (const [i, { hash }] of randomList('pdq', 12, 62).entries()) {
      const query = queryOf(hash, i + 1);
      expect(trace(pair, pair.wasm, query, from, to)).toEqual(trace(pair, pair.reference, query, from, to));
    }
  });

  it('finds edited hashes where the reference finds them', () => {
    const { key, sketch } = bitPositions(1, 64, 64);
    let found = 0;
    fc.assert(
      fc.property(
        fc.nat(list.length - 1),
        fc.uniqueArray(fc.nat(14), { maxLength: 5 }),
        fc.uniqueArray(fc.nat(63), { maxLength: 12 }),
        fc.nat(400),
        (at, doubtful, sketchFlips, from) => {
          const query = queryOf(list[at].hash, at + 1);
          const order = reliabilityOrder(query, key);
          const flips = [...doubtful.map((i) => order[i]), ...sketchFlips.map((i) => sketch[i])];
          const edited = { ...query, bits: flipBits(query.bits, flips) };
          const expected = trace(pair, pair.reference, edited, from, 2 ** 14);
          expect(trace(pair, pair.wasm, edited, from, 2 ** 14)).toEqual(expected);
          if (expected.hit.labels.length > 0) found++;
        },
      ),
      { numRuns: 150, seed: 20_260_101 },
    );
    expect(found).toBeGreaterThan(30);
  });

  it('goes on after refused candidates, also in the same chunk', async () => {
    // A thousand entries within a few flips of one hash, whose sketches are all too far away but for the last.
    const { key, sketch } = bitPositions(1, 64, 64);
    const base = list[0].hash;
    const query = queryOf(base, 77);
    const order = reliabilityOrder(query, key);
    const near = Array.from({ length: 256 }, (_, i) => ({
      hash: flipBits(base, [
        ...order.slice(0, 8).filter((_, bit) => (i >> bit) & 1),
        ...(i === 255 ? [] : sketch.subarray(0, 20 + (i % 30))),
      ]),
      label: `${i}`,
    }));
    const crowded = await openBoth(buildSnapshot(headerOf(parametersOf()), { pdq: near }));
    const expected = trace(crowded, crowded.reference, query, 0, 2 ** 14);
    expect(expected.candidates.length).toBe(256);
    expect(expected.hit.labels.length).toBe(1);
    expect(trace(crowded, crowded.wasm, query, 0, 2 ** 14)).toEqual(expected);
  });

  it('finds every entry of one fingerprint', async () => {
    const { sketch } = bitPositions(1, 64, 64);
    const same = Array.from({ length: 500 }, (_, i) => ({
      hash: flipBits(list[0].hash, [sketch[i % 64], sketch[(i * 7 + 1) % 64]]),
      label: `${i % 11}`,
    }));
    const crowded = await openBoth(buildSnapshot(headerOf(parametersOf()), { pdq: same }));
    const query = queryOf(list[0].hash, 1);
    const expected = trace(crowded, crowded.reference, query, 0, 10);
    expect(expected.candidates.length).toBeGreaterThan(60);
    expect(expected.hit.labels.length).toBe(11);
    expect(trace(crowded, crowded.wasm, query, 0, 10)).toEqual(expected);
  });

  it('agrees for any parameters and any number of entries', async () => {
    const choice = fc.record({
      layout: fc.integer({ min: 1, max: 5 }),
      keyBits: fc.constantFrom(32, 40, 56, 64, 72, 80, 88, 96),
      sketchBits: fc.constantFrom(32, 48, 64, 96, 128),
      nearGuardBits: fc.constantFrom(10, 13, 16),
      capacity: fc.constantFrom(1024, 3000, 2 ** 18, 2 ** 30),
    });
    const count = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(500, 1000, 1024));
    await fc.assert(
      fc.asyncProperty(choice, count, fc.nat(), async (widths, entries, nat) => {
        const some = parametersOf(widths);
        const hashes = randomList('pdq', entries, nat + 1);
        const both = await openBoth(buildSnapshot(headerOf(some), { pdq: hashes }), 0);
        for (const hash of [
          hashes[0]?.hash ?? new Uint8Array(32),
          ...randomList('pdq', 2, nat + 9).map((x) => x.hash),
        ]) {
          const query = queryOf(hash, nat + 1);
          const order = reliabilityOrder(query, bitPositions(some.layout, some.keyBits, some.sketchBits).key);
          const edited = { ...query, bits: flipBits(query.bits, [order[2], order[8]]) };
          const expected = trace(both, both.reference, edited, 0, 3000);
          expect(trace(both, both.wasm, edited, 0, 3000)).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('looks at no pattern outside the budget', () => {
    const { key } = bitPositions(1, 64, 64);
    const schedule = makeSchedule(64, 3000);
    for (let index = 1; index < 3000; index += 37) {
      const { hash, label } = list[index];
      const query = queryOf(hash, index);
      const order = reliabilityOrder(query, key);
      const flips = patternAt(schedule, index).map((rank) => order[rank - 1]);
      const edited = { ...query, bits: flipBits(hash, flips) };
      const labels = [['', 'a', 'b'].indexOf(label)];
      expect(pair.wasm.search(edited, { from: 0, to: index })).toMatchObject({ labels: [], probes: index });
      expect(pair.wasm.search(edited, { from: index, to: index + 1 })).toMatchObject({ labels, probes: 1 });
      expect(pair.wasm.search(edited, { from: index + 1, to: 3000 }).labels).toEqual([]);
    }
  });

  it.each([14, 17, 19, 21, 31])(
    'reads a gap of %i / 32 of the whole range, about a load of code',
    async (place) => {
      // 31 entries of 46 bits, k = 41: one in that 32nd of the range, all others in the first 16th.
      const some = parametersOf({ capacity: 2 ** 30, nearGuardBits: 16 });
      const part = (hash: Uint8Array) => Number(storedPdq(some, hash, 0).fingerprint) / 2 ** 46;
      const all = randomList('pdq', 2000, 64);
      const first = all.filter(({ hash }) => part(hash) < 1 / 16).slice(0, 30);
      const last = all.filter(({ hash }) => Math.floor(part(hash) * 32) === place).slice(0, 12);
      expect([first.length, last.length]).toEqual([30, 12]);
      for (const listed of last) {
        const both = await openBoth(buildSnapshot(headerOf(some), { pdq: [...first, listed] }));
        for (const { hash } of [first[0], first[29], listed]) {
          expect(both.wasm.search(queryOf(hash, 1), { from: 0, to: 1 }).labels).toEqual([0]);
          expect(both.reference.search(queryOf(hash, 1), { from: 0, to: 1 }).labels).toEqual([0]);
        }
      }
    },
  );

  it('serves short and long searches in turn', () => {
    const queries = randomList('pdq', 6, 63).map(({ hash }, i) => queryOf(hash, i + 1));
    for (const [i, to] of [100, 2 ** 16, 5, 40_000, 2 ** 17, 1000].entries()) {
      const query = queries[i];
      expect(trace(pair, pair.wasm, query, 0, to)).toEqual(trace(pair, pair.reference, query, 0, to));
    }
  });
});

describe('where WebAssembly can not be had', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const snapshot = readSnapshot(buildSnapshot(headerOf(parametersOf()), { pdq: randomList('pdq', 5, 1) }));

  it('there is no set: no WebAssembly at all', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect(await openNearSetWasm(snapshot)).toBeNull();
  });

  it('there is no set: compiling is refused', async () => {
    vi.spyOn(WebAssembly, 'instantiate').mockRejectedValue(new WebAssembly.CompileError('blocked by CSP'));
    expect(await openNearSetWasm(snapshot)).toBeNull();
  });

  it('there is no set: too little memory', async () => {
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(() => {
      throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory');
    });
    const large = randomList('pdq', 20_000, 1);
    const file = buildSnapshot(headerOf(parametersOf({ capacity: 20_000 })), { pdq: large });
    expect(await openNearSetWasm(readSnapshot(file))).toBeNull();
  });

  it('a list without PDQ is still a mistake of the caller', async () => {
    const digests = readSnapshot(buildSnapshot(headerOf(parametersOf()), { md5: randomList('md5', 5, 1) }));
    await expect(openNearSetWasm(digests)).rejects.toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { DeltaError } from '../../src/snapshot/delta-errors.js';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { readDeltaHeader } from '../../src/snapshot/delta-read.js';
import { SnapshotError } from '../../src/snapshot/errors.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { RiceReader, RiceWriter } from '../../src/snapshot/rice.js';
import { type Change, changeState, readRows, type State, snapshotOf } from './delta-support.js';
import { buildSnapshot, headerOf, parametersOf, randomBytes, randomList } from './support.js';
import { madeVideo } from './videos.js';

/** Equality of long byte strings; `toEqual` takes seconds for them. */
function expectSame(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.compare(actual, expected)).toBe(0);
}

const index = fc.nat(1000);
const anySignal = fc.nat(3);
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      signal: anySignal,
      // Few seeds: hashes come back, and come under several labels.
      seed: fc.integer({ min: 1, max: 12 }),
      count: fc.oneof(fc.nat(4), fc.nat(60)),
      label: index,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('remove' as const),
      signal: anySignal,
      at: index,
      count: fc.oneof(fc.nat(3), fc.nat(100)),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('label' as const), signal: anySignal, at: index, label: index }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('rename' as const), from: index, to: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop section' as const), signal: anySignal }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('empty section' as const), signal: anySignal }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('add video' as const),
      // Few ids: videos come back, with other frames and under other labels.
      id: fc.integer({ min: 1, max: 9 }),
      frames: fc.integer({ min: 1, max: 40 }),
      label: index,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove video' as const), at: index }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('label video' as const), at: index, label: index }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('video thresholds' as const),
      leastFrames: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop videos' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('license' as const),
      seeds: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 5 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop licensed' as const) }) },
);

describe('update histories', () => {
  it('delta path and full path end in identical bytes, whatever is skipped', () => {
    let applied = 0;
    let shorter = 0;
    fc.assert(
      fc.property(
        fc.record({
          layout: fc.constantFrom(1, 5),
          sketchBits: fc.constantFrom(32, 64, 96, 128),
          capacity: fc.constantFrom(1024, 1025, 70_000),
        }),
        // A version: its changes, whether it is skipped by the client, and how much its delta is padded.
        fc.array(
          fc.record({
            changes: fc.array(change, { maxLength: 5 }),
            isSkipped: fc.boolean(),
            padToBytes: fc.constantFrom(1, 1, 256),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        (choice, history) => {
          const parameters = parametersOf(choice);
          let state: State = {
            pdq: randomList('pdq', 20, 3),
            md5: randomList('md5', 5, 4),
            videos: [madeVideo(3, 20), madeVideo(7, 30, 'A1')],
          };
          let version = 1;
          let client = snapshotOf(parameters, state, version);
          for (const { changes, isSkipped, padToBytes } of history) {
            state = changes.reduce(changeState, state);
            version++;
            if (isSkipped) continue;
            const full = snapshotOf(parameters, state, version);
            const delta = makeDelta(client, full, { padToBytes });
            client = applyDelta(client, delta);
            expectSame(client, full);
            expect(delta.length % padToBytes).toBe(0);
            applied++;
            if (delta.length < full.length) shorter++;
          }
        },
      ),
      { numRuns: 150, seed: 20260101 },
    );
    expect(applied).toBeGreaterThan(200);
    expect(shorter).toBeGreaterThan(applied / 3);
  });

  it.each([
    ['pdq', 64],
    ['sha256', 64],
  ] as const)('a larger list of %s, changed by a hundredth', (signal, sketchBits) => {
    const parameters = parametersOf({ capacity: 2 ** 15, sketchBits });
    const all = randomList(signal, 30_300, 5).map((entry, i) => ({
      ...entry,
      label: ['a', 'b', 'c'][i % 3],
    }));
    const base = snapshotOf(parameters, { [signal]: all.slice(0, 30_000) }, 1);
    const next = snapshotOf(parameters, { [signal]: all.slice(300) }, 2);
    const delta = makeDelta(base, next);
    expectSame(applyDelta(base, delta), next);
    const [row] = readRows(delta);
    expect(row).toMatchObject({ removed: 300, added: 300 });
    expect(row.removalBytes / 300).toBeLessThan(2);
    expect((row.bytes - row.removalBytes) / 300).toBeLessThan(signal === 'pdq' ? 12 : 7);
  });

  it('videos: what comes and goes is all that a delta holds', () => {
    const parameters = parametersOf({ capacity: 2 ** 14 });
    const pdq = randomList('pdq', 100, 1);
    const videos = Array.from({ length: 60 }, (_, i) => madeVideo(i + 1, 200, i % 2 ? 'a' : 'b'));
    const base = snapshotOf(parameters, { pdq, videos: videos.slice(1) }, 1);
    const next = snapshotOf(parameters, { pdq, videos: videos.slice(0, -1) }, 2);
    const delta = makeDelta(base, next);
    expectSame(applyDelta(base, delta), next);
    const row = readRows(delta).find(({ kind }) => kind === 5)!;
    expect(row).toMatchObject({ removed: 200, added: 200 });
    // 8 bytes of sketch, about 2 of code and 14 bits of owner an added frame.
    expect((row.bytes - row.removalBytes) / 200).toBeLessThan(14);
    expect(delta.length).toBeLessThan(next.length / 30);
  });

  it('from nothing to all and back', () => {
    const parameters = parametersOf();
    const state = { pdq: randomList('pdq', 1024, 1), sha1: randomList('sha1', 1024, 2) };
    const files = [{}, state, { pdq: [], sha1: [] }, state, {}].map((each, i) =>
      snapshotOf(parameters, each, i + 1),
    );
    for (let i = 1; i < files.length; i++) {
      expectSame(applyDelta(files[i - 1], makeDelta(files[i - 1], files[i])), files[i]);
    }
  });

  it('entries whose stored forms coincide are removed and added one by one', () => {
    // Two hashes that differ only in bits that are not stored: layout 1 keeps the lowest frequencies for the key.
    const parameters = parametersOf({ keyBits: 32, sketchBits: 32 });
    const hash = randomBytes(32, 9);
    const twins = Array.from({ length: 256 }, (_, bit) => {
      const twin = hash.slice();
      twin[bit >> 3] ^= 1 << (bit & 7);
      return { hash: twin, label: 'x' };
    });
    const none = snapshotOf(parameters, { pdq: [] }, 1);
    const alone = readSnapshot(snapshotOf(parameters, { pdq: twins }, 1)).sections.get('pdq')!;
    expect(alone.count).toBe(256);
    const files = [
      none,
      ...[10, 256, 255, 200, 3, 256].map((n, i) =>
        snapshotOf(parameters, { pdq: twins.slice(256 - n) }, i + 2),
      ),
    ];
    for (let i = 1; i < files.length; i++) {
      expectSame(applyDelta(files[i - 1], makeDelta(files[i - 1], files[i])), files[i]);
    }
  });

  it('an update without changes is a short delta', () => {
    const parameters = parametersOf({ capacity: 4096 });
    const state = { pdq: randomList('pdq', 3000, 1), md5: randomList('md5', 3000, 2) };
    const base = snapshotOf(parameters, state, 1);
    const next = snapshotOf(parameters, state, 2);
    const delta = makeDelta(base, next);
    expect(delta.length).toBe(64 + 2 * 20 + 'test'.length + 4);
    expectSame(applyDelta(base, delta), next);
  });

  it('the same snapshots give the same delta, from a view of other bytes too', () => {
    const parameters = parametersOf();
    const base = snapshotOf(parameters, { pdq: randomList('pdq', 30, 1) }, 1);
    const next = snapshotOf(parameters, { pdq: randomList('pdq', 40, 1) }, 2);
    const delta = makeDelta(base, next);
    const shifted = (bytes: Uint8Array) =>
      Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]).subarray(3, -5);
    expectSame(makeDelta(shifted(base), shifted(next)), delta);
    const result = applyDelta(shifted(base), shifted(delta));
    expectSame(result, next);
    expect(result.constructor).toBe(Uint8Array);
  });
});

describe('codes with small parameters', () => {
  it('are read as they were written, k = 0 included', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { maxLength: 301 }), (numbers) => {
        const sorted = numbers.sort((a, b) => a - b);
        const bits = 9;
        const writer = new RiceWriter(bits, sorted.length);
        for (const number of sorted) writer.write(number, 0);
        const codes = writer.finish();
        const reader = new RiceReader(codes, bits, bits - (32 - Math.clz32(sorted.length)));
        for (const number of sorted) {
          reader.next();
          expect([reader.low, reader.high]).toEqual([number, 0]);
        }
        reader.end();
      }),
    );
  });
});

/** A change of these bytes is a change of the format. Fixed header; section table; name and labels; sections; checksum. */
const GOLDEN =
  '505253440d0a1a0a0100010086000000a800000002000000b1000000cd784782' +
  '04000000b70000004ea57003101e5e5f00000000030601000100000000000000' +
  '0100000008000000000000000100000000000000' +
  '0200000008000000000000000100000000000000' +
  '040000000e000000010000000100000001000000' +
  '676f6c64656e' +
  '02000163' +
  '49ab8e7a4f880100' +
  '769e79178d190402' +
  '036a1c3b01ce390568a51e9e1002' +
  '123bbe26';

describe('the bytes of a small delta', () => {
  const counting = (length: number, from: number) => Uint8Array.from({ length }, (_, i) => from + i);
  const parameters = parametersOf({ salt: counting(16, 0), layout: 1, sketchBits: 64 });
  const base = buildSnapshot(
    headerOf(parameters, { name: 'golden', version: 2, createdSeconds: 1_600_000_000, demo: true }),
    {
      md5: [{ hash: counting(16, 0), label: '' }],
      sha256: [{ hash: counting(32, 100), label: 'b' }],
      pdq: [
        { hash: counting(32, 7), label: 'b' },
        { hash: counting(32, 7), label: 'a' },
        { hash: counting(32, 77), label: '' },
      ],
    },
  );
  const next = buildSnapshot(
    headerOf(parameters, { name: 'golden', version: 4, createdSeconds: 1_600_003_600, demo: true }),
    {
      md5: [
        { hash: counting(16, 0), label: '' },
        { hash: counting(16, 50), label: '' },
      ],
      sha1: [{ hash: counting(20, 3), label: 'c' }],
      pdq: [
        { hash: counting(32, 7), label: 'a' },
        { hash: counting(32, 77), label: '' },
        { hash: counting(32, 99), label: 'c' },
      ],
    },
  );

  it('are these', () => {
    expect(Buffer.from(makeDelta(base, next)).toString('hex')).toBe(GOLDEN);
  });

  it('are read', () => {
    const { sections, ...header } = readDeltaHeader(Buffer.from(GOLDEN, 'hex'));
    const nameOf = (file: Uint8Array, version: number) => ({
      version,
      byteLength: file.length,
      checksum: new DataView(file.buffer).getUint32(file.length - 4, true),
    });
    expect(header).toEqual({
      name: 'golden',
      base: nameOf(base, 2),
      next: nameOf(next, 4),
      createdSeconds: 1_600_003_600,
      demo: true,
      removedLabels: [2],
      addedLabels: ['c'],
    });
    expect(sections.map(({ kind, removed, added }) => [kind, removed, added])).toEqual([
      [1, 0, 1],
      [2, 0, 1],
      [4, 1, 1],
    ]);
  });

  it('lead to the next snapshot', () => {
    expectSame(applyDelta(base, Buffer.from(GOLDEN, 'hex')), next);
  });
});

describe('makeDelta refuses', () => {
  const parameters = parametersOf();
  const file = snapshotOf(parameters, { md5: randomList('md5', 9, 1) }, 3);
  const codeOf = (base: Uint8Array, next: Uint8Array) => {
    try {
      makeDelta(base, next);
      return 'none';
    } catch (error) {
      expect(error).toBeInstanceOf(DeltaError);
      return (error as DeltaError).code;
    }
  };

  it.each([
    ['another salt', { salt: randomBytes(16, 8) }],
    ['another capacity', { capacity: 1025 }],
    ['another layout', { layout: 2 }],
    ['another key', { keyBits: 72 }],
    ['another sketch', { sketchBits: 96 }],
    ['other fingerprints', { nearGuardBits: 13 }],
  ])('%s', (_, choice) => {
    const other = snapshotOf(parametersOf(choice), { md5: randomList('md5', 9, 1) }, 4);
    expect(codeOf(file, other)).toBe('incompatible');
  });

  it('a version that is not higher', () => {
    const before = snapshotOf(parameters, {}, 2);
    expect(codeOf(file, before)).toBe('incompatible');
    expect(codeOf(file, file)).toBe('incompatible');
    expect(codeOf(before, file)).toBe('none');
  });

  it('what is no snapshot, and wrong options', () => {
    expect(() => makeDelta(file.slice(1), file)).toThrow(SnapshotError);
    expect(() => makeDelta(file, new Uint8Array(9))).toThrow(SnapshotError);
    expect(() => makeDelta('x' as unknown as Uint8Array, file)).toThrow(TypeError);
    for (const padToBytes of [0, -1, 1.5, Number.NaN, 2 ** 25]) {
      expect(() => makeDelta(file, snapshotOf(parameters, {}, 4), { padToBytes })).toThrow(RangeError);
    }
  });
});

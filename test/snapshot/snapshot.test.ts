import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/snapshot/crc32c.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { labelTable } from '../../src/snapshot/text.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../src/snapshot/types.js';
import {
  buildSnapshot,
  compareStored,
  headerOf,
  type Listed,
  parametersOf,
  randomBytes,
  randomList,
  readSections,
  storedDigest,
  storedPdq,
} from './support.js';

/** Parameters of any allowed kind. */
const anyParameters = fc
  .record({
    capacity: fc.oneof(fc.integer({ min: 1024, max: 2 ** 30 }), fc.constantFrom(1024, 1025, 2 ** 30)),
    layout: fc.integer({ min: 1, max: 5 }),
    keyBits: fc.integer({ min: 4, max: 12 }).map((bytes) => bytes * 8),
    sketchBits: fc.integer({ min: 2, max: 8 }).map((pairs) => pairs * 16),
    nearGuardBits: fc.integer({ min: 10, max: 16 }),
  })
  .map(parametersOf);

/** A list of one signal: some hashes again and again, under few labels. */
function anyList(signal: Signal): fc.Arbitrary<Listed[]> {
  const length = SIGNAL_BYTES[signal];
  const hash = fc.oneof(
    fc.uint8Array({ minLength: length, maxLength: length }),
    fc.constantFrom(0, 1, 2).map((byte) => new Uint8Array(length).fill(byte)),
  );
  const label = fc.constantFrom('', 'a', 'b', 'ä', 'a category of its own');
  return fc.array(fc.record({ hash, label }), { maxLength: 40 });
}

const anyLists = fc.record(
  { md5: anyList('md5'), sha1: anyList('sha1'), sha256: anyList('sha256'), pdq: anyList('pdq') },
  { requiredKeys: [] },
);

/** The distinct (hash, label) pairs of a list. */
function distinct(list: readonly Listed[]): Listed[] {
  return [...new Map(list.map((entry) => [`${entry.hash} ${entry.label}`, entry])).values()];
}

describe('a snapshot', () => {
  it('has the header it was made with, the labels in use, and every entry in its place', () => {
    fc.assert(
      fc.property(anyParameters, anyLists, fc.boolean(), (parameters, lists, demo) => {
        const header = headerOf(parameters, { demo, version: 0xffffffff, createdSeconds: 2 ** 53 - 1 });
        const file = buildSnapshot(header, lists);
        const snapshot = readSnapshot(file);
        expect(snapshot.header).toEqual(header);
        expect(snapshot.byteLength).toBe(file.length);

        const labels = [...new Set(Object.values(lists).flatMap((list) => list!.map(({ label }) => label)))];
        expect(snapshot.labels).toEqual(
          labels.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        const used = SIGNALS.filter((signal) => lists[signal] !== undefined);
        expect([...snapshot.sections.keys()]).toEqual(used);
        const expected = used.map((signal) => ({
          kind: SIGNALS.indexOf(signal) + 1,
          entries: distinct(lists[signal]!)
            .map(({ hash, label }) =>
              signal === 'pdq'
                ? storedPdq(parameters, hash, snapshot.labels.indexOf(label))
                : storedDigest(parameters, signal, hash, snapshot.labels.indexOf(label)),
            )
            .sort(compareStored),
        }));
        expect(readSections(file)).toEqual(expected);
        for (const [i, signal] of used.entries()) {
          expect(snapshot.sections.get(signal)!.count).toBe(expected[i].entries.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is the same whatever the order of its entries, their repetition, and of its sections', () => {
    const shuffled = anyLists.chain((lists) =>
      fc.record({
        lists: fc.constant(lists),
        again: fc.record(
          Object.fromEntries(
            Object.entries(lists).map(([signal, list]) => [
              signal,
              fc.shuffledSubarray([...list!, ...list!.slice(0, 5)], {
                minLength: list!.length + Math.min(5, list!.length),
              }),
            ]),
          ) as Record<Signal, fc.Arbitrary<Listed[]>>,
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ lists, again }) => {
        const header = headerOf(parametersOf());
        expect(Buffer.from(buildSnapshot(header, again))).toEqual(Buffer.from(buildSnapshot(header, lists)));
      }),
      { numRuns: 100 },
    );
    const parameters = parametersOf();
    const sections = (['pdq', 'md5'] as const).map((signal) =>
      sectionFromHashes(parameters, signal, randomBytes(10 * SIGNAL_BYTES[signal], 3), new Uint16Array(10)),
    );
    const header = headerOf(parameters);
    expect(encodeSnapshot(header, [''], sections)).toEqual(encodeSnapshot(header, [''], sections.reverse()));
  });

  it('leaves out labels that no entry has', () => {
    const parameters = parametersOf();
    const hashes = randomBytes(3 * 16, 5);
    const section = sectionFromHashes(parameters, 'md5', hashes, Uint16Array.of(1, 3, 1));
    const snapshot = readSnapshot(encodeSnapshot(headerOf(parameters), ['', 'b', 'c', 'd'], [section]));
    expect(snapshot.labels).toEqual(['b', 'd']);
    const set = openExactSet(snapshot, 'md5');
    expect([0, 1, 2].map((i) => set.lookup(hashes.subarray(i * 16, i * 16 + 16)))).toEqual([[0], [1], [0]]);
  });

  it('keeps two entries whose stored forms coincide, and one hash under two labels', () => {
    const parameters = parametersOf();
    // Bit 255 is in no key and no sketch of layout 1 with 64 and 64 bits.
    const a = new Uint8Array(32).fill(0x55);
    const b = a.slice();
    b[31] ^= 0x80;
    const file = buildSnapshot(headerOf(parameters), {
      pdq: [
        { hash: a, label: 'x' },
        { hash: b, label: 'x' },
        { hash: a, label: 'y' },
        { hash: a, label: 'x' },
      ],
    });
    const [{ entries }] = readSections(file);
    expect(entries.map(({ label }) => label)).toEqual([0, 0, 1]);
    expect(new Set(entries.map(({ sketch }) => sketch)).size).toBe(1);
    expect(readSnapshot(file).sections.get('pdq')!.count).toBe(3);
  });

  it('skips sections of a kind that this version does not know', () => {
    const file = buildSnapshot(headerOf(parametersOf()), {
      md5: randomList('md5', 20, 1),
      pdq: randomList('pdq', 20, 2),
    });
    const view = new DataView(file.buffer);
    view.setUint16(64 + 16, 99, true);
    // What is in it doesn't count either.
    view.setUint32(64 + 16 + 12, 0xffffffff, true);
    view.setUint32(file.length - 4, crc32c(file.subarray(0, -4)), true);
    const snapshot = readSnapshot(file);
    expect([...snapshot.sections.keys()]).toEqual(['md5']);
    expect(snapshot.unknownKinds).toEqual([99]);
  });

  it('is read from the middle of a buffer', () => {
    const file = buildSnapshot(headerOf(parametersOf()), { sha1: randomList('sha1', 50, 4) });
    const padded = new Uint8Array(file.length + 20).fill(0xff);
    padded.set(file, 7);
    const set = openExactSet(readSnapshot(padded.subarray(7, 7 + file.length)), 'sha1');
    for (const { hash } of randomList('sha1', 50, 4)) expect(set.lookup(hash)).toEqual([0]);
  });

  it('has 79.7 bits a PDQ entry and 41.7 an MD5, in a full list of 20,000', () => {
    const parameters = parametersOf({ capacity: 20_000 });
    const file = buildSnapshot(headerOf(parameters), {
      md5: randomList('md5', 20_000, 11),
      pdq: randomList('pdq', 20_000, 12),
    });
    const { sections } = readSnapshot(file);
    const bits = (signal: Signal) => (sections.get(signal)!.byteLength * 8) / sections.get(signal)!.count;
    expect(bits('pdq')).toBeCloseTo(79.9, 0);
    expect(bits('md5')).toBeCloseTo(41.9, 0);
  });
});

/** A change of these bytes is a change of the format. Fixed header; section table; name and labels; sections; checksum. */
const GOLDEN =
  '505253560d0a1a0a010001007b000000b10000000200000000105e5f00000000' +
  '000102030405060708090a0b0c0d0e0f00040000014040183203030006000000' +
  '010000007b0000000800000001000000' +
  '03000000830000000800000001000000' +
  '040000008b0000002200000003000000' +
  '676f6c64656e' +
  '0001610162' +
  'e69fcd1c76eb0400' +
  'ab1eb18716750202' +
  '867276010000f5bb3f92b89b2825c1adf192b89b2825c1adf1e4c6b651595292a709' +
  'cd784782';

describe('the bytes of a small snapshot', () => {
  const parameters = parametersOf({
    salt: Uint8Array.from({ length: 16 }, (_, i) => i),
    layout: 1,
    sketchBits: 64,
  });
  const header = headerOf(parameters, {
    name: 'golden',
    version: 2,
    createdSeconds: 1_600_000_000,
    demo: true,
  });
  const counting = (length: number, from: number) => Uint8Array.from({ length }, (_, i) => from + i);
  const file = buildSnapshot(header, {
    md5: [{ hash: counting(16, 0), label: '' }],
    sha256: [{ hash: counting(32, 100), label: 'b' }],
    pdq: [
      { hash: counting(32, 7), label: 'b' },
      { hash: counting(32, 7), label: 'a' },
      { hash: counting(32, 77), label: '' },
    ],
  });

  it('are these', () => {
    expect(Buffer.from(file).toString('hex')).toBe(GOLDEN);
  });

  it('are read', () => {
    const snapshot = readSnapshot(Buffer.from(GOLDEN, 'hex'));
    expect(snapshot.header).toEqual(header);
    expect(snapshot.labels).toEqual(['', 'a', 'b']);
    expect(openExactSet(snapshot, 'sha256').lookup(counting(32, 100))).toEqual([2]);
    expect(snapshot.sections.get('pdq')!.count).toBe(3);
  });
});

describe('labelTable', () => {
  it('sorts by bytes and tells where each label went', () => {
    // U+FFFD comes before U+10000 by bytes, and after it by UTF-16 code units.
    expect(labelTable(['\u{10000}', 'b', '', '\ufffd', 'b'])).toEqual({
      labels: ['', 'b', '\ufffd', '\u{10000}'],
      ids: Uint16Array.of(3, 1, 0, 2, 1),
    });
  });

  it.each([['line\nbreak'], ['\u0085'], ['\ud800'], ['x'.repeat(256)]])('refuses %j', (label) => {
    expect(() => labelTable([label])).toThrow(RangeError);
  });
});

describe('wrong arguments', () => {
  const parameters = parametersOf();
  const section = sectionFromHashes(parameters, 'md5', randomBytes(16, 1), Uint16Array.of(0));

  it('of sectionFromHashes are refused', () => {
    expect(() => sectionFromHashes(parameters, 'md5', new Uint8Array(15), new Uint16Array(1))).toThrow(
      RangeError,
    );
    expect(() => sectionFromHashes(parameters, 'md5', new Uint8Array(16), new Uint16Array(2))).toThrow(
      RangeError,
    );
    expect(() =>
      sectionFromHashes(parameters, 'crc' as Signal, new Uint8Array(16), new Uint16Array(1)),
    ).toThrow(RangeError);
    expect(() =>
      sectionFromHashes(parameters, 'md5', randomBytes(1025 * 16, 1), new Uint16Array(1025)),
    ).toThrow(/capacity of 1024/);
  });

  it.each([
    ['an empty name', { name: '' }],
    ['a name with a line break', { name: 'a\nb' }],
    ['version 0', { version: 0 }],
    ['a version of more than 32 bits', { version: 2 ** 32 }],
    ['a time before 1970', { createdSeconds: -1 }],
    ['a time with a fraction', { createdSeconds: 1.5 }],
    ['an unknown layout', { layout: 9 }],
    ['another salt than the entries have', { salt: new Uint8Array(16) }],
  ])('of encodeSnapshot are refused: %s', (_, more) => {
    expect(() => encodeSnapshot(headerOf(parameters, more), [''], [section])).toThrow(RangeError);
  });

  it('of encodeSnapshot are refused: labels unsorted, twice, or missing; a signal twice', () => {
    const header = headerOf(parameters);
    expect(() => encodeSnapshot(header, ['b', 'a'], [section])).toThrow(RangeError);
    expect(() => encodeSnapshot(header, ['a', 'a'], [section])).toThrow(RangeError);
    expect(() => encodeSnapshot(header, [], [section])).toThrow(RangeError);
    expect(() => encodeSnapshot(header, [''], [section, section])).toThrow(RangeError);
  });
});

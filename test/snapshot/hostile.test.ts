import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/snapshot/crc32c.js';
import { SnapshotError, type SnapshotErrorCode } from '../../src/snapshot/errors.js';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { openNearSet } from '../../src/snapshot/near-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { buildSnapshot, headerOf, parametersOf, randomList } from './support.js';

const FILE = buildSnapshot(headerOf(parametersOf()), {
  md5: randomList('md5', 9, 1).map((entry, i) => ({ ...entry, label: ['', 'a', 'b'][i % 3] })),
  pdq: randomList('pdq', 9, 2).map((entry, i) => ({ ...entry, label: ['', 'a', 'b'][i % 3] })),
});
const FIRST_ROW = 64;
const SECOND_ROW = 80;

/** The code of the error that reading throws; `none` where it throws nothing. Anything else than a SnapshotError fails. */
function codeOf(bytes: Uint8Array): SnapshotErrorCode | 'none' {
  try {
    readSnapshot(bytes);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
    return (error as SnapshotError).code;
  }
}

/** The file with a change, and a checksum that fits. */
function changed(change: (bytes: Uint8Array, view: DataView) => void, file = FILE): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  change(bytes, view);
  view.setUint32(bytes.length - 4, crc32c(bytes.subarray(0, -4)), true);
  return bytes;
}

describe('a damaged file', () => {
  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < FILE.length; length++) {
      expect(codeOf(FILE.slice(0, length)), `${length} bytes`).toBe(
        length === 0 ? 'not-a-snapshot' : 'truncated',
      );
    }
  });

  it('is refused with bytes behind it', () => {
    expect(codeOf(Uint8Array.of(...FILE, 0))).toBe('malformed');
  });

  it('is refused whichever bit is flipped', () => {
    for (let bit = 0; bit < FILE.length * 8; bit++) {
      const bytes = FILE.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(codeOf(bytes), `bit ${bit}`).not.toBe('none');
    }
  });

  it('is refused by its checksum where only the content is damaged', () => {
    for (let at = 20; at < FILE.length; at++) {
      const bytes = FILE.slice();
      bytes[at] ^= 0xff;
      expect(codeOf(bytes), `byte ${at}`).toBe('checksum');
    }
  });

  it('of another kind is no snapshot', () => {
    expect(codeOf(new Uint8Array(0))).toBe('not-a-snapshot');
    expect(codeOf(Buffer.from('GIF89a'))).toBe('not-a-snapshot');
    expect(codeOf(new Uint8Array(1000))).toBe('not-a-snapshot');
    expect(() => readSnapshot('PRSV' as unknown as Uint8Array)).toThrow(TypeError);
  });
});

describe('a made-up file with the right checksum', () => {
  const cases: [string, SnapshotErrorCode, (bytes: Uint8Array, view: DataView) => void][] = [
    ['a later format version', 'unsupported-version', (_, view) => view.setUint16(8, 2, true)],
    ['an unknown flag', 'unsupported-version', (_, view) => view.setUint16(10, 2, true)],
    ['an unknown layout', 'unsupported-version', (bytes) => bytes.fill(77, 52, 53)],
    ['a header of no length', 'malformed', (_, view) => view.setUint32(12, 0, true)],
    ['a header longer than the file', 'malformed', (_, view) => view.setUint32(12, 0xffffffff, true)],
    [
      'a header a byte too long',
      'malformed',
      (_, view) => view.setUint32(12, view.getUint32(12, true) + 1, true),
    ],
    ['list version 0', 'malformed', (_, view) => view.setUint32(20, 0, true)],
    ['a time beyond 2^53', 'malformed', (_, view) => view.setUint32(28, 2 ** 21, true)],
    ['a capacity of 0', 'malformed', (_, view) => view.setUint32(48, 0, true)],
    ['a capacity of 2^32 - 1', 'malformed', (_, view) => view.setUint32(48, 0xffffffff, true)],
    ['a key of 0 bits', 'malformed', (bytes) => bytes.fill(0, 53, 54)],
    ['a sketch of 255 bits', 'malformed', (bytes) => bytes.fill(255, 54, 55)],
    ['near fingerprints of 0 bits', 'malformed', (bytes) => bytes.fill(0, 55, 56)],
    ['exact fingerprints of 255 bits', 'malformed', (bytes) => bytes.fill(255, 56, 57)],
    ['255 sections', 'malformed', (bytes) => bytes.fill(255, 57, 58)],
    ['no sections', 'malformed', (bytes) => bytes.fill(0, 57, 58)],
    ['65,535 labels', 'malformed', (_, view) => view.setUint16(58, 0xffff, true)],
    ['no labels', 'malformed', (_, view) => view.setUint16(58, 0, true)],
    ['a name of no length', 'malformed', (bytes) => bytes.fill(0, 60, 61)],
    ['a name of 255 bytes', 'malformed', (bytes) => bytes.fill(255, 60, 61)],
    ['reserved bytes', 'malformed', (bytes) => bytes.fill(1, 63, 64)],
    ['a name with an escape', 'malformed', (bytes) => bytes.fill(0x1b, 96, 97)],
    ['a name that is no UTF-8', 'malformed', (bytes) => bytes.fill(0xff, 96, 97)],
    ['labels out of order', 'malformed', (bytes) => bytes.fill(0x62, 102, 103)],
    ['a section of kind 0', 'malformed', (_, view) => view.setUint16(FIRST_ROW, 0, true)],
    ['two sections of one kind', 'malformed', (_, view) => view.setUint16(FIRST_ROW, 4, true)],
    ['a reserved half-word in the table', 'malformed', (_, view) => view.setUint16(FIRST_ROW + 2, 1, true)],
    ['a section at offset 0', 'malformed', (_, view) => view.setUint32(FIRST_ROW + 4, 0, true)],
    ['a section beyond the file', 'malformed', (_, view) => view.setUint32(FIRST_ROW + 4, 0xfffffff0, true)],
    [
      'sections that overlap',
      'malformed',
      (_, view) => view.setUint32(SECOND_ROW + 4, view.getUint32(SECOND_ROW + 4, true) - 1, true),
    ],
    [
      'a section of 2^32 - 1 bytes',
      'malformed',
      (_, view) => view.setUint32(FIRST_ROW + 8, 0xffffffff, true),
    ],
    ['a section of no bytes', 'malformed', (_, view) => view.setUint32(FIRST_ROW + 8, 0, true)],
    ['2^32 - 1 entries', 'malformed', (_, view) => view.setUint32(FIRST_ROW + 12, 0xffffffff, true)],
    [
      'as many entries as the capacity',
      'malformed',
      (_, view) => view.setUint32(SECOND_ROW + 12, 1024, true),
    ],
    ['no entries in a section with bytes', 'malformed', (_, view) => view.setUint32(FIRST_ROW + 12, 0, true)],
    ['an entry too many', 'malformed', (_, view) => view.setUint32(SECOND_ROW + 12, 10, true)],
    ['an entry too few', 'malformed', (_, view) => view.setUint32(SECOND_ROW + 12, 8, true)],
    // 9 entries x 2 bits: three bytes of labels, the last two bits used.
    ['bits behind the labels', 'malformed', (bytes) => bytes.fill(0x80, bytes.length - 5, bytes.length - 4)],
    [
      'a label that is not in the table',
      'malformed',
      (bytes) => bytes.fill(0xff, bytes.length - 7, bytes.length - 6),
    ],
  ];

  it.each(cases)('%s: refused', (_, code, change) => {
    expect(codeOf(changed(change))).toBe(code);
  });

  it('has two sections in the same place: refused, though each could be read', () => {
    const lists = { md5: randomList('md5', 1, 1), sha1: randomList('sha1', 1, 2) };
    const file = buildSnapshot(headerOf(parametersOf()), lists);
    expect(codeOf(file)).toBe('none');
    const shared = changed((_, view) => {
      view.setUint32(SECOND_ROW + 4, view.getUint32(FIRST_ROW + 4, true), true);
    }, file);
    expect(() => readSnapshot(shared)).toThrow(/not where it should be/);
  });

  it('has bytes between the last section and the checksum: refused', () => {
    const longer = new Uint8Array(FILE.length + 3);
    longer.set(FILE.subarray(0, -4));
    const file = changed((_, view) => view.setUint32(16, longer.length, true), longer);
    expect(() => readSnapshot(file)).toThrow(/between the last section and the checksum/);
  });

  it('has more entries than its own capacity: refused', () => {
    const file = buildSnapshot(headerOf(parametersOf({ capacity: 2048 })), {
      md5: randomList('md5', 1500, 1),
    });
    expect(codeOf(changed((_, view) => view.setUint32(48, 1500, true), file))).toBe('none');
    expect(() => readSnapshot(changed((_, view) => view.setUint32(48, 1499, true), file))).toThrow(
      /more entries/,
    );
  });

  it('has its offsets where these cases think', () => {
    const name = Buffer.from(FILE.subarray(96, 100)).toString();
    expect(name).toBe('test');
    expect([...FILE.subarray(100, 105)]).toEqual([0, 1, 0x61, 1, 0x62]);
  });

  it('declares a capacity of 2^30 and as many entries: refused at once, and nothing allocated', () => {
    const parameters = parametersOf({ capacity: 2 ** 30 });
    const file = buildSnapshot(headerOf(parameters), { pdq: randomList('pdq', 100, 3) });
    const before = process.memoryUsage();
    const start = performance.now();
    for (const count of [2 ** 30, 2 ** 29, 2 ** 20, 1000, 101]) {
      const bytes = changed((_, view) => view.setUint32(FIRST_ROW + 12, count, true), file);
      // This check comes before any memory is taken.
      expect(() => readSnapshot(bytes)).toThrow(/too short or too long/);
    }
    expect(performance.now() - start).toBeLessThan(10_000);
    const after = process.memoryUsage();
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(2 ** 20);
  });

  it('never gives anything but a SnapshotError or a snapshot that can be searched', () => {
    const change = fc.array(fc.tuple(fc.nat(FILE.length - 5), fc.nat(255)), { minLength: 1, maxLength: 4 });
    let accepted = 0;
    fc.assert(
      fc.property(change, (edits) => {
        const bytes = changed((target) => {
          for (const [at, value] of edits) target[at] = value;
        });
        if (codeOf(bytes) !== 'none') return;
        accepted++;
        const snapshot = readSnapshot(bytes);
        for (const signal of snapshot.sections.keys()) {
          if (signal === 'pdq') {
            const coefficients = Float32Array.from({ length: 256 }, (_, i) => i);
            const query = { coefficients, median: 3, bits: new Uint8Array(32) };
            openNearSet(snapshot, { accept: () => true }).search(query, { from: 0, to: 500 });
          } else {
            openExactSet(snapshot, signal).lookup(new Uint8Array({ md5: 16, sha1: 20, sha256: 32 }[signal]));
          }
        }
      }),
      { numRuns: 3000, seed: 20_260_101 },
    );
    // Changed names, sketches and salts are not malformed: that is what signatures are for.
    expect(accepted).toBeGreaterThan(100);
  });

  it('refuses entries of one fingerprint out of order', () => {
    const hash = randomList('pdq', 1, 5)[0].hash;
    const file = buildSnapshot(headerOf(parametersOf()), {
      pdq: [
        { hash, label: 'a' },
        { hash, label: 'b' },
      ],
    });
    expect(codeOf(file)).toBe('none');
    // Labels 0 and 1 are the bits 10; made 01 they are out of order, made 11 the entries are merely equal.
    const labels = file.length - 5;
    expect(file[labels]).toBe(0b10);
    expect(codeOf(changed((bytes) => bytes.fill(0b01, labels, labels + 1), file))).toBe('malformed');
    expect(codeOf(changed((bytes) => bytes.fill(0b11, labels, labels + 1), file))).toBe('none');
  });
});

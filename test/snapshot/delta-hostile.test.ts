import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/snapshot/crc32c.js';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { DeltaError, type DeltaErrorCode } from '../../src/snapshot/delta-errors.js';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { readDeltaHeader } from '../../src/snapshot/delta-read.js';
import { readRows, snapshotOf } from './delta-support.js';
import { parametersOf, randomList } from './support.js';
import { madeVideo } from './videos.js';

const PARAMETERS = parametersOf();
const labelled = (signal: 'md5' | 'pdq', seed: number, labels: string[]) =>
  randomList(signal, 12, seed).map((entry, i) => ({ ...entry, label: labels[i % labels.length] }));
const MD5 = labelled('md5', 1, ['', 'a', 'b']);
const PDQ = labelled('pdq', 2, ['', 'a', 'b']);
const NEW = labelled('pdq', 3, ['', 'a', 'c']);

const BASE = snapshotOf(PARAMETERS, { md5: MD5, pdq: PDQ }, 3);
const NEXT = snapshotOf(
  PARAMETERS,
  {
    md5: MD5.filter(({ label }) => label !== 'b'),
    pdq: [...PDQ.filter(({ label }, i) => label !== 'b' && i > 3), ...NEW.slice(0, 5)],
  },
  4,
);
const DELTA = makeDelta(BASE, NEXT);
// 64 + 2 rows of 20, "test", label 2 removed, "c" added.
const FIRST_ROW = 64;
const SECOND_ROW = 84;
const NAME = 104;
const REMOVED_LABEL = 108;
const ADDED_LABEL = 110;
const BODY = 112;

/** The code of the error that applying throws; `none` where it throws nothing. Anything else than a DeltaError fails. */
function codeOf(delta: Uint8Array, base = BASE): DeltaErrorCode | 'none' {
  try {
    applyDelta(base, delta);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(DeltaError);
    return (error as DeltaError).code;
  }
}

/** The delta with a change, and a checksum that fits. */
function changed(change: (bytes: Uint8Array, view: DataView) => void, delta = DELTA): Uint8Array {
  const bytes = delta.slice();
  const view = new DataView(bytes.buffer);
  change(bytes, view);
  view.setUint32(bytes.length - 4, crc32c(bytes.subarray(0, -4)), true);
  return bytes;
}

it('the delta that is damaged below is sound', () => {
  expect(codeOf(DELTA)).toBe('none');
  expect(readDeltaHeader(DELTA)).toMatchObject({ removedLabels: [2], addedLabels: ['c'] });
  expect(new DataView(DELTA.buffer).getUint32(12, true)).toBe(BODY);
});

describe('a damaged delta', () => {
  it('is refused wherever it is cut off', () => {
    for (let length = 0; length < DELTA.length; length++) {
      expect(codeOf(DELTA.slice(0, length)), `${length} bytes`).toBe(
        length === 0 ? 'not-a-delta' : 'truncated',
      );
    }
  });

  it('is refused with bytes behind it', () => {
    expect(codeOf(Uint8Array.of(...DELTA, 0))).toBe('malformed');
  });

  it('is refused whichever bit is flipped', () => {
    for (let bit = 0; bit < DELTA.length * 8; bit++) {
      const bytes = DELTA.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(codeOf(bytes), `bit ${bit}`).not.toBe('none');
    }
  });

  it('is refused by its checksum where only the content is damaged', () => {
    for (let at = 20; at < DELTA.length; at++) {
      const bytes = DELTA.slice();
      bytes[at] ^= 0xff;
      expect(codeOf(bytes), `byte ${at}`).toBe('checksum');
    }
  });

  it('of another kind is no delta', () => {
    expect(codeOf(new Uint8Array(0))).toBe('not-a-delta');
    expect(codeOf(NEXT)).toBe('not-a-delta');
    expect(codeOf(new Uint8Array(1000))).toBe('not-a-delta');
    expect(() => applyDelta(BASE, 'PRSD' as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => applyDelta('PRSV' as unknown as Uint8Array, DELTA)).toThrow(TypeError);
  });
});

describe('a wrong base is refused', () => {
  const state = { md5: MD5, pdq: PDQ };

  it.each<[string, Uint8Array]>([
    ['the next snapshot', NEXT],
    ['an older version with the same entries', snapshotOf(PARAMETERS, state, 2)],
    ['the same version with an entry less', snapshotOf(PARAMETERS, { ...state, md5: MD5.slice(1) }, 3)],
    [
      'the same version with another entry, as long',
      snapshotOf(PARAMETERS, { ...state, md5: [...MD5.slice(1), ...randomList('md5', 1, 77)] }, 3),
    ],
    ['the same list under another salt', snapshotOf(parametersOf({ salt: new Uint8Array(16) }), state, 3)],
    ['a base that is cut off', BASE.slice(0, -1)],
    ['no bytes', new Uint8Array(0)],
    ['the delta itself', DELTA],
  ])('%s', (_, base) => {
    expect(codeOf(DELTA, base)).toBe('wrong-base');
  });

  it('the base with any bit flipped', () => {
    for (let bit = 0; bit < BASE.length * 8; bit++) {
      const bytes = BASE.slice();
      bytes[bit >> 3] ^= 1 << (bit & 7);
      expect(codeOf(DELTA, bytes), `bit ${bit}`).toBe('wrong-base');
    }
  });

  it('a base with a section of an unknown kind', () => {
    const strange = changed((_, view) => view.setUint16(FIRST_ROW + 16, 9, true), BASE);
    const delta = changed((_, view) => {
      view.setUint32(28, new DataView(strange.buffer).getUint32(strange.length - 4, true), true);
    });
    expect(codeOf(delta, strange)).toBe('wrong-base');
    expect(() => makeDelta(strange, NEXT)).toThrow(/unknown kind/);
  });
});

describe('a made-up delta with the right checksum', () => {
  const u32 = (at: number, value: number) => (_: Uint8Array, view: DataView) =>
    view.setUint32(at, value, true);
  const u16 = (at: number, value: number) => (_: Uint8Array, view: DataView) =>
    view.setUint16(at, value, true);
  const u8 = (at: number, value: number) => (bytes: Uint8Array) => bytes.fill(value, at, at + 1);
  const more = (at: number, by: number) => (_: Uint8Array, view: DataView) =>
    view.setUint32(at, view.getUint32(at, true) + by, true);

  const cases: [string, DeltaErrorCode, (bytes: Uint8Array, view: DataView) => void][] = [
    ['a later format version', 'unsupported-version', u16(8, 2)],
    ['an unknown flag', 'unsupported-version', u16(10, 2)],
    ['a header of no length', 'malformed', u32(12, 0)],
    ['a header longer than the delta', 'malformed', u32(12, 0xffffffff)],
    ['a header a byte too long', 'malformed', more(12, 1)],
    ['a base of version 0', 'malformed', u32(20, 0)],
    ['a base of another version', 'wrong-base', u32(20, 2)],
    ['a base of another length', 'wrong-base', u32(24, 0xffffffff)],
    ['a base with another checksum', 'wrong-base', more(28, 1)],
    ['a version that is not higher', 'malformed', u32(32, 3)],
    ['another version than the result', 'malformed', u32(32, 5)],
    ['another length than the result', 'malformed', u32(36, 0xffffffff)],
    ['another checksum than the result', 'malformed', more(40, 1)],
    ['another time than the result', 'malformed', more(44, 1)],
    ['a time beyond 2^53', 'malformed', u32(48, 2 ** 21)],
    ['a demo list that is none', 'malformed', u16(10, 1)],
    ['255 sections', 'malformed', u8(52, 255)],
    ['no sections', 'malformed', u8(52, 0)],
    ['a name of no length', 'malformed', u8(53, 0)],
    ['a name of 255 bytes', 'malformed', u8(53, 255)],
    ['65,535 labels removed', 'malformed', u16(54, 0xffff)],
    ['65,535 labels added', 'malformed', u16(56, 0xffff)],
    ['reserved bytes', 'malformed', u8(63, 1)],
    ['a section of kind 0', 'malformed', u16(FIRST_ROW, 0)],
    ['two sections of one kind', 'malformed', u16(FIRST_ROW, 4)],
    ['a section of an unknown kind', 'unsupported-version', u16(SECOND_ROW, 6)],
    ['a signal’s section as one of videos', 'malformed', u16(SECOND_ROW, 5)],
    ['a signal’s section as a licensee’s', 'malformed', u16(SECOND_ROW, 0x8000)],
    ['a reserved half-word in the table', 'malformed', u16(FIRST_ROW + 2, 1)],
    ['a section of 2^32 - 1 bytes', 'malformed', u32(FIRST_ROW + 4, 0xffffffff)],
    ['a section of no bytes', 'malformed', u32(FIRST_ROW + 4, 0)],
    ['a section a byte shorter', 'malformed', more(SECOND_ROW + 4, -1)],
    ['2^32 - 1 removals', 'malformed', u32(FIRST_ROW + 8, 0xffffffff)],
    ['all removed', 'malformed', u32(FIRST_ROW + 8, 12)],
    ['one removal more', 'malformed', more(FIRST_ROW + 8, 1)],
    ['one removal less', 'malformed', more(FIRST_ROW + 8, -1)],
    ['2^32 - 1 additions', 'malformed', u32(SECOND_ROW + 12, 0xffffffff)],
    ['as many additions as the capacity', 'malformed', u32(SECOND_ROW + 12, 1024)],
    ['additions up to the capacity', 'malformed', u32(SECOND_ROW + 12, 1019)],
    ['one addition more', 'malformed', more(SECOND_ROW + 12, 1)],
    ['one addition less', 'malformed', more(SECOND_ROW + 12, -1)],
    ['2^32 - 1 bytes of removals', 'malformed', u32(FIRST_ROW + 16, 0xffffffff)],
    ['no bytes of removals', 'malformed', u32(FIRST_ROW + 16, 0)],
    ['a name with an escape', 'malformed', u8(NAME, 0x1b)],
    ['a name that is no UTF-8', 'malformed', u8(NAME, 0xff)],
    ['a label removed that the base has not', 'malformed', u16(REMOVED_LABEL, 3)],
    ['a label removed that entries have that stay', 'malformed', u16(REMOVED_LABEL, 1)],
    ['a label added that the base has', 'malformed', u8(ADDED_LABEL + 1, 0x61)],
    ['a label added that is removed', 'malformed', u8(ADDED_LABEL + 1, 0x62)],
    ['a label added that is no text', 'malformed', u8(ADDED_LABEL + 1, 0x07)],
    ['a label that is longer than the header', 'malformed', u8(ADDED_LABEL, 255)],
    ['removals that are no codes', 'malformed', u8(BODY, 0)],
    ['removals beyond the base', 'malformed', (bytes) => bytes.fill(0xf8, BODY, BODY + 2)],
    ['labels behind the last', 'malformed', (bytes) => bytes.fill(0xff, bytes.length - 5, bytes.length - 4)],
    [
      'a label that is not in the table',
      'malformed',
      (bytes) => bytes.fill(0x3f, bytes.length - 6, bytes.length - 5),
    ],
    [
      'another sketch',
      'malformed',
      (bytes) => {
        bytes[bytes.length - 20] ^= 1;
      },
    ],
  ];

  it.each(cases)('%s: refused', (_, code, change) => {
    expect(codeOf(changed(change))).toBe(code);
  });

  it('padding that is not zero: refused; zeros: taken', () => {
    const padded = makeDelta(BASE, NEXT, { padToBytes: 1000 });
    expect(padded.length).toBe(1000);
    expect(codeOf(padded)).toBe('none');
    expect(codeOf(changed((bytes) => bytes.fill(1, 990, 991), padded))).toBe('malformed');
  });

  it('repeated or descending removals: refused', () => {
    const base = snapshotOf(PARAMETERS, { md5: randomList('md5', 4, 1) }, 1);
    const next = snapshotOf(PARAMETERS, { md5: [] }, 2);
    const delta = makeDelta(base, next);
    // Four positions of three bits, k = 0: gaps 0, 1, 1, 1 as "1", "01", "01", "01".
    const at = 64 + 20 + 'test'.length + 2;
    expect(delta[at]).toBe(0b1010101);
    expect(codeOf(delta, base)).toBe('none');
    // 0, 0, 1, 3: "1", "1", "01", "001".
    expect(
      codeOf(
        changed((bytes) => bytes.fill(0b1001011, at, at + 1), delta),
        base,
      ),
    ).toBe('malformed');
    // 1, 2, 3, 4: there is no fourth.
    expect(
      codeOf(
        changed((bytes) => bytes.fill(0b10101010, at, at + 1), delta),
        base,
      ),
    ).toBe('malformed');
  });

  it('a grown section beyond the capacity: refused', () => {
    const parameters = parametersOf({ capacity: 1024 });
    const base = snapshotOf(parameters, { md5: randomList('md5', 1024, 1) }, 1);
    const more = snapshotOf(parameters, { md5: randomList('md5', 10, 5) }, 2);
    const fromNone = makeDelta(snapshotOf(parameters, { md5: randomList('md5', 1, 5) }, 1), more);
    const delta = changed((_, view) => {
      view.setUint32(24, base.length, true);
      view.setUint32(28, new DataView(base.buffer).getUint32(base.length - 4, true), true);
    }, fromNone);
    expect(() => applyDelta(base, delta)).toThrow(/above the capacity/);
  });

  it('added entries of one fingerprint out of order: refused', () => {
    const { hash } = randomList('pdq', 1, 5)[0];
    const first = snapshotOf(PARAMETERS, { pdq: [] }, 1);
    const next = snapshotOf(
      PARAMETERS,
      {
        pdq: [
          { hash, label: 'a' },
          { hash, label: 'b' },
        ],
      },
      2,
    );
    const delta = makeDelta(first, next);
    const labels = delta.length - 5;
    expect(delta[labels]).toBe(0b10);
    const bad = changed((bytes) => bytes.fill(0b01, labels, labels + 1), delta);
    expect(() => applyDelta(first, bad)).toThrow(/not in order/);
  });
});

describe('a made-up change of videos', () => {
  const videos = [1, 3, 5, 7].map((id) => madeVideo(id, 6, id === 3 ? 'b' : 'a'));
  const base = snapshotOf(PARAMETERS, { videos }, 1);
  const next = snapshotOf(PARAMETERS, { videos: [...videos.slice(1), madeVideo(4, 6, 'b')] }, 2);
  const delta = makeDelta(base, next);
  // 64 + a row of 20 + "test"; 16 of thresholds, two counts, one number, one id, one byte of a label.
  const CHANGE = 88;
  const REMOVED = CHANGE + 16;
  const ADDED = REMOVED + 4;
  const NUMBER = ADDED + 4;
  const ID = NUMBER + 4;
  const LABEL = ID + 8;

  it('is sound before it is changed', () => {
    expect(codeOf(delta, base)).toBe('none');
    expect([delta[CHANGE], delta[REMOVED], delta[ADDED], delta[NUMBER], delta[ID + 7], delta[LABEL]]).toEqual(
      [4, 1, 1, 0, 4, 1],
    );
  });

  const word = (at: number, value: number) => (_: Uint8Array, view: DataView) =>
    view.setUint32(at, value, true);
  const byte = (at: number, value: number) => (bytes: Uint8Array) => bytes.fill(value, at, at + 1);
  it.each<[string, (bytes: Uint8Array, view: DataView) => void]>([
    ['more videos than there are', word(CHANGE, 5)],
    ['2^32 - 1 videos', word(CHANGE, 0xffffffff)],
    ['a quality of 101', byte(CHANGE + 4, 101)],
    ['reserved bytes', byte(CHANGE + 15, 1)],
    ['2^32 - 1 videos removed', word(REMOVED, 0xffffffff)],
    ['none removed', word(REMOVED, 0)],
    ['2^32 - 1 videos added', word(ADDED, 0xffffffff)],
    [
      'as many added as removed, and too many',
      (bytes, view) => {
        word(REMOVED, 4)(bytes, view);
        word(ADDED, 4)(bytes, view);
      },
    ],
    ['a video removed that the base has not', word(NUMBER, 4)],
    ['a video removed whose frames stay', word(NUMBER, 1)],
    ['a video added that the base has', byte(ID + 7, 5)],
    ['bits behind the labels', byte(LABEL, 3)],
    ['a section that ends within the change', (_, view) => view.setUint32(64 + 4, 30, true)],
  ])('%s: refused', (_, change) => {
    expect(codeOf(changed(change, delta), base)).toBe('malformed');
  });
});

describe('a made-up replacement of a licensee’s section', () => {
  const md5 = randomList('md5', 3, 1);
  const base = snapshotOf(PARAMETERS, { md5, licensed: [1, 2] }, 1);
  const next = snapshotOf(PARAMETERS, { md5, licensed: [1, 2, 3] }, 2);
  const delta = makeDelta(base, next);
  const ROW = 64 + 20;

  it.each([
    ['entries that stay beside new ones', ROW + 8, 1],
    ['no entries', ROW + 12, 0],
    ['removals', ROW + 16, 1],
  ])('%s: refused', (_, at, value) => {
    expect(codeOf(delta, base)).toBe('none');
    expect(
      codeOf(
        changed((_, view) => view.setUint32(at, value, true), delta),
        base,
      ),
    ).toBe('malformed');
  });

  it('is left out where nothing changed', () => {
    const same = snapshotOf(PARAMETERS, { md5, licensed: [2, 1] }, 2);
    const small = makeDelta(base, same);
    expect(readRows(small)[1]).toEqual({ kind: 0x8002, bytes: 0, removed: 0, added: 0, removalBytes: 0 });
    expect(codeOf(small, base)).toBe('none');
  });
});

describe('anything else', () => {
  it('changed at random with the right checksum ends soon, in nothing or a DeltaError', () => {
    const large = snapshotOf(
      PARAMETERS,
      { md5: randomList('md5', 900, 4), pdq: randomList('pdq', 900, 5) },
      1,
    );
    const after = snapshotOf(
      PARAMETERS,
      { md5: randomList('md5', 950, 4), pdq: randomList('pdq', 800, 5) },
      2,
    );
    const withVideos = (version: number, from: number) =>
      snapshotOf(
        PARAMETERS,
        { pdq: PDQ, videos: [1, 2, 3, 4, 5].slice(from).map((id) => madeVideo(id, 30)), licensed: [from] },
        version,
      );
    const sources = [
      { base: BASE, delta: DELTA },
      { base: withVideos(1, 0), delta: makeDelta(withVideos(1, 0), withVideos(2, 1)) },
      { base: withVideos(1, 2), delta: makeDelta(withVideos(1, 2), withVideos(2, 0)) },
      { base: large, delta: makeDelta(large, after) },
    ];
    const started = performance.now();
    fc.assert(
      fc.property(
        fc.nat(sources.length - 1),
        fc.array(fc.tuple(fc.nat(2 ** 20), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (source, changes) => {
          const { base, delta } = sources[source];
          const bytes = changed((each) => {
            for (const [at, value] of changes) each[at % (each.length - 4)] = value;
          }, delta);
          codeOf(bytes, base);
        },
      ),
      { numRuns: 3000, seed: 5 },
    );
    expect(performance.now() - started).toBeLessThan(30_000);
  });

  it('is refused before anything is allocated by its counts', () => {
    // A capacity of 2^30, a base of few entries, a delta that claims the rest.
    const parameters = parametersOf({ capacity: 2 ** 30 });
    const base = snapshotOf(parameters, { pdq: randomList('pdq', 9, 1) }, 1);
    const delta = makeDelta(base, snapshotOf(parameters, { pdq: randomList('pdq', 12, 1) }, 2));
    const before = process.memoryUsage().arrayBuffers;
    for (const added of [2 ** 30 - 9, 2 ** 29, 2 ** 20]) {
      const hostile = changed((_, view) => view.setUint32(FIRST_ROW + 12, added, true), delta);
      expect(codeOf(hostile, base)).toBe('malformed');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 24);
  });
});

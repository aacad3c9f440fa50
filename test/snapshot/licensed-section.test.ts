import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/snapshot/crc32c.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import {
  addLicensedSection,
  checkLicensedRows,
  openLicensedSet,
} from '../../src/snapshot/licensed-section.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import {
  checkSignalType,
  type SignalImage,
  type SignalType,
  wholePicture,
} from '../../src/snapshot/signal-type.js';

/** Brightness, 0 to 765, of a place in a picture of width and height 1. */
function brightness(rgba: Uint8Array, { width, height }: SignalImage, x: number, y: number): number {
  const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 4;
  return rgba[at] + rgba[at + 1] + rgba[at + 2];
}

/** A toy: is each of 16 x 16 places brighter than its neighbour on the right? Made to show the seam, not to find pictures. */
const toy: SignalType = {
  name: 'toy difference hash',
  kind: 0x8001,
  bytes: 32,
  keyPositions: Array.from({ length: 64 }, (_, i) => i * 4),
  sketchPositions: Array.from({ length: 64 }, (_, i) => i * 4 + 2),
  hash(image) {
    const hash = new Uint8Array(32);
    const pixels = wholePicture(image);
    for (let j = 0; j < 256; j++) {
      const [x, y] = [((j & 15) + 0.5) / 17, ((j >> 4) + 0.5) / 16];
      const brighter = brightness(pixels, image, x, y) > brightness(pixels, image, x + 1 / 17, y);
      if (brighter) hash[j >> 3] |= 1 << (j & 7);
    }
    return hash.some((byte) => byte !== 0) ? hash : undefined;
  },
  *probes(hash) {
    yield hash;
    for (const bit of toy.keyPositions) {
      const near = hash.slice();
      near[bit >> 3] ^= 1 << (bit & 7);
      yield near;
    }
  },
  accepts: (a, b) => a.reduce((sum, byte, i) => sum + ones(byte ^ b[i]), 0) <= 4,
};

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  return count;
}

function picture(seed: number, width = 160, height = 160): SignalImage {
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width, y / height];
      const value = Math.floor(127 + 120 * Math.sin(u * (9 + seed) * 3 + Math.sin(v * (5 + seed) * 4) * 3));
      rgba.fill(value, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return { width, height, readRows: (y, count) => rgba.subarray(y * width * 4, (y + count) * width * 4) };
}

const parameters = {
  salt: Uint8Array.from({ length: 16 }, (_, i) => i * 7),
  capacity: 1024,
  layout: 5,
  keyBits: 64,
  sketchBits: 96,
  nearFingerprintBits: 24,
  exactFingerprintBits: 50,
};
const plain = encodeSnapshot(
  { ...parameters, name: 'A list', version: 1, createdSeconds: 1, demo: true },
  ['A', 'B'],
  [
    sectionFromHashes(
      parameters,
      'md5',
      new Uint8Array(32).map((_, i) => i),
      Uint16Array.of(0, 1),
    ),
  ],
);
/** The section, its look-up by labels. */
function openLicensedSection(bytes: Uint8Array, type: SignalType) {
  const snapshot = readSnapshot(bytes);
  const set = openLicensedSet(snapshot, type);
  return (
    set && { count: set.count, find: (hash: Uint8Array) => set.lookup(hash).map((id) => snapshot.labels[id]) }
  );
}

const hashes = Array.from({ length: 12 }, (_, i) => toy.hash(picture(i))!);
const entries = hashes.map((hash, i) => ({ hash, label: i % 2 === 0 ? 'A' : 'B' }));
const file = addLicensedSection(plain, toy, entries);

describe('a signal of a licensee', () => {
  it('finds the pictures that it lists, and ones near them', () => {
    const set = openLicensedSection(file, toy)!;
    expect(set.count).toBe(12);
    hashes.forEach((hash, i) => {
      expect(set.find(hash)).toEqual([i % 2 === 0 ? 'A' : 'B']);
      const near = hash.slice();
      near[0] ^= 1 | 4; // a bit of the key and one of the sketch
      expect(set.find(near)).toEqual([i % 2 === 0 ? 'A' : 'B']);
      const far = hash.map((byte, k) => (k < 4 ? byte ^ 0x11 : byte)); // eight bits of the key
      expect(set.find(far)).toEqual([]);
      const other = hash.map((byte, k) => (k < 4 ? byte ^ 0x44 : byte)); // eight bits of the sketch
      expect(set.find(other)).toEqual([]);
    });
    expect(set.find(toy.hash(picture(99))!)).toEqual([]);
  });

  it('finds a picture of another size', () => {
    const set = openLicensedSection(file, toy)!;
    expect(set.find(toy.hash(picture(3, 320, 320))!)).toEqual(['B']);
  });

  it('does not change what other readers see', () => {
    const before = readSnapshot(plain);
    const after = readSnapshot(file);
    expect(after.unknownKinds).toEqual([0x8001]);
    expect(after.header).toEqual(before.header);
    expect(after.labels).toEqual(before.labels);
    expect(after.sections.get('md5')).toEqual(before.sections.get('md5'));
    expect(openLicensedSection(plain, toy)).toBeUndefined();
    expect(openLicensedSection(file, { ...toy, kind: 0x8002 })).toBeUndefined();
  });

  it('has one encoding, whatever the order, and repeats count once', () => {
    expect(addLicensedSection(plain, toy, [...entries, ...entries].reverse())).toEqual(file);
  });

  it('stands beside others in the order of kinds', () => {
    const second = { ...toy, kind: 0x8000 };
    const both = addLicensedSection(file, second, entries.slice(0, 3));
    expect(readSnapshot(both).unknownKinds).toEqual([0x8000, 0x8001]);
    expect(openLicensedSection(both, toy)!.find(hashes[5])).toEqual(['B']);
    expect(openLicensedSection(both, second)!.find(hashes[5])).toEqual([]);
    expect(openLicensedSection(both, second)!.find(hashes[2])).toEqual(['A']);
    expect(addLicensedSection(addLicensedSection(plain, second, entries.slice(0, 3)), toy, entries)).toEqual(
      both,
    );
  });

  it('holds neither hashes nor sketches in the clear, and differs from list to list', () => {
    const text = Buffer.from(file).toString('latin1');
    for (const hash of hashes) {
      const sketch = Uint8Array.from({ length: 8 }, (_, i) =>
        Array.from({ length: 8 }, (_, bit) => {
          const j = toy.sketchPositions[i * 8 + bit];
          return ((hash[j >> 3] >> (j & 7)) & 1) << bit;
        }).reduce((a, b) => a | b, 0),
      );
      expect(text.includes(Buffer.from(sketch).toString('latin1'))).toBe(false);
    }
  });

  it.each([
    ['a kind of its own format', { kind: 4 }, /'kind'/],
    ['a kind too high', { kind: 0x10000 }, /'kind'/],
    ['no bytes', { bytes: 0 }, /'bytes'/],
    ['a short key', { keyPositions: [0, 1, 2, 3, 4, 5, 6, 7] }, /'keyPositions'/],
    ['a bit twice', { sketchPositions: [0, 0, 1, 2, 3, 4, 5, 6] }, /'sketchPositions'/],
    ['a bit outside', { sketchPositions: [0, 1, 2, 3, 4, 5, 6, 256] }, /'sketchPositions'/],
  ])('is refused with %s', (_, fields, message) => {
    expect(() => checkSignalType({ ...toy, ...fields })).toThrow(message);
  });

  it('refuses entries that do not fit', () => {
    expect(() => addLicensedSection(file, toy, entries)).toThrow(/there already/);
    expect(() => addLicensedSection(plain, toy, [{ hash: new Uint8Array(31), label: 'A' }])).toThrow(
      /32 bytes/,
    );
    expect(() => addLicensedSection(plain, toy, [{ hash: hashes[0], label: 'C' }])).toThrow(/label/);
    expect(() => addLicensedSection(plain.subarray(1), toy, entries)).toThrow();
  });
});

describe('a damaged section', () => {
  const resealed = (bytes: Uint8Array) => {
    const copy = bytes.slice();
    new DataView(copy.buffer).setUint32(copy.length - 4, crc32c(copy.subarray(0, -4)), true);
    return copy;
  };
  const damaged = (change: (bytes: Uint8Array) => void) => {
    const copy = file.slice();
    change(copy);
    return resealed(copy);
  };
  const rowBytes = 18;
  const start = file.length - 4 - 12 * rowBytes;

  it('is malformed with another count, order or label', () => {
    const at = 64 + 16 + 12;
    expect(() =>
      openLicensedSection(
        damaged((bytes) => bytes[at]++),
        toy,
      ),
    ).toThrow(/wrong length/);
    expect(() =>
      openLicensedSection(
        damaged((bytes) => bytes.copyWithin(start, start + rowBytes, start + 2 * rowBytes)),
        toy,
      ),
    ).toThrow(/not in order/);
    expect(() =>
      openLicensedSection(
        damaged((bytes) => bytes.fill(255, start + rowBytes - 2, start + rowBytes)),
        toy,
      ),
    ).toThrow(/label/);
  });

  it('is found malformed without its signal, too', () => {
    const check = (bytes: Uint8Array) => {
      const { licensed, labels } = readSnapshot(bytes);
      for (const section of licensed) checkLicensedRows(section, labels.length);
    };
    check(file);
    check(addLicensedSection(plain, toy, []));
    for (const change of [
      (bytes: Uint8Array) => bytes[64 + 16 + 12]++,
      (bytes: Uint8Array) => bytes.copyWithin(start, start + rowBytes, start + 2 * rowBytes),
      (bytes: Uint8Array) => bytes.fill(255, start + rowBytes - 2, start + rowBytes),
    ])
      expect(() => check(damaged(change))).toThrow(/a licensee's section/);
  });

  it('never does anything but give a set or say that it is malformed', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 5), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = damaged((copy) => {
          copy[at] ^= flip;
        });
        try {
          openLicensedSection(bytes, toy)?.find(hashes[0]);
        } catch (error) {
          expect((error as Error).name).toBe('SnapshotError');
        }
      }),
    );
  });
});

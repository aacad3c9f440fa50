import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { accuses, countBits, MAX_PDQ_IMBALANCE } from '../../src/publisher/accusing.js';
import { SIGNAL_NAMES } from '../../src/publisher/signal-names.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../src/snapshot/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { seededBytes } from '../support/lists.js';
import { pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
/** All places of bits in a random order, so that the first `count` are scattered. */
const SHUFFLED = [...Array(256).keys()];
seededBytes(1024, 5).forEach((byte, i) => {
  const [a, b] = [i % 256, (byte * 7 + i) % 256];
  [SHUFFLED[a], SHUFFLED[b]] = [SHUFFLED[b], SHUFFLED[a]];
});
const bitsSet = (count: number) => {
  const hash = new Uint8Array(32);
  for (const place of SHUFFLED.slice(0, count)) hash[place >> 3] |= 1 << (place & 7);
  return hash;
};

describe('hashes that would accuse the innocent', () => {
  it.each(SIGNALS)('%s with no bit set, and with every bit set', (signal) => {
    expect(accuses(signal, new Uint8Array(SIGNAL_BYTES[signal]))).toMatch(/no bit set/);
    expect(accuses(signal, new Uint8Array(SIGNAL_BYTES[signal]).fill(255))).toMatch(/every bit set/);
  });

  it.each(['md5', 'sha1', 'sha256'] as Signal[])('the %s of the empty file', (signal) => {
    const empty = Uint8Array.from(createHash(signal).digest());
    const other = Uint8Array.from(createHash(signal).update('x').digest());
    expect(accuses(signal, empty)).toBe(`${SIGNAL_NAMES[signal]} of the empty file`);
    expect(accuses(signal, other)).toBeUndefined();
  });

  it('PDQ hashes with far fewer or far more than 128 bits', () => {
    for (let count = 1; count < 256; count++) {
      const wrong = Math.abs(count - 128) > MAX_PDQ_IMBALANCE;
      const hash = bitsSet(count);
      expect(countBits(hash)).toBe(count);
      expect(accuses('pdq', hash) !== undefined, `${count} bits`).toBe(wrong);
    }
  });

  it.each([
    ['stripes', 'ffff0000'.repeat(8)],
    ['a checkerboard', 'aaaa5555'.repeat(8)],
    ['columns', 'aa'.repeat(32)],
    ['equal rows', '0f1e'.repeat(16)],
    ['steps', '0007001f003f003f007f00ff00ff00ff01ff01ff01ff03ff03ff03ff03ff03ff'],
    ['a damaged checkerboard', `f${'aaaa5555'.repeat(8).slice(1, 60)}0f0f`],
  ])('PDQ hashes whose bits repeat: %s', (_, hex) => {
    expect(accuses('pdq', bytes(hex))).toMatch(/^degenerate PDQ/);
  });

  it.each(['black', 'white', 'grey', 'teal', '#9d83fb'])(
    'the PDQ hash of a plain %s picture',
    async (background) => {
      const plain = await sharp({ create: { width: 300, height: 200, channels: 3, background } })
        .png()
        .toBuffer();
      const { bits, quality } = await hashPhoto(plain);
      expect(quality).toBe(0);
      expect(accuses('pdq', bits.reverse())).toBeDefined();
    },
  );

  it.each([
    ['md5', 'deadbeef'.repeat(4)],
    ['sha1', 'deadbeef'.repeat(5)],
    ['sha256', '12'.repeat(32)],
    ['sha256', '1234'.repeat(16)],
  ] as [Signal, string][])('%s made of a repeated value: %s', (signal, hex) => {
    expect(accuses(signal, bytes(hex))).toMatch(/repeated: a made-up value/);
  });
});

describe('hashes that are none', () => {
  it.each(SIGNALS)('random ones: %s', (signal) => {
    const size = SIGNAL_BYTES[signal];
    const random = seededBytes(size * 20_000, 11);
    for (let at = 0; at < random.length; at += size) {
      expect(accuses(signal, random.subarray(at, at + size))).toBeUndefined();
    }
  });

  it('photos', async () => {
    for (const name of STDLIB_PHOTOS) {
      const { bits } = await hashPhoto(stdlibPhoto(name));
      expect(countBits(bits), name).toBe(128);
      expect(accuses('pdq', bits), name).toBeUndefined();
    }
  });

  it.skipIf(SHARED === null)(
    'the reference hashes of pictures with detail (../shared/conformance/pdq)',
    () => {
      for (const { file, full, squashed512 } of pdqConformance()) {
        for (const { quality, dihedral } of squashed512 ? [full, squashed512] : [full]) {
          for (const hex of dihedral) {
            expect(countBits(bytes(hex)), file).toBe(128);
            expect(accuses('pdq', bytes(hex)) !== undefined, `${file}, quality ${quality}`).toBe(
              quality < 50,
            );
          }
        }
      }
    },
  );
});

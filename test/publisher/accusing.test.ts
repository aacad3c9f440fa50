import { createHash } from 'node:crypto';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { accuses, countBits, MAX_PDQ_IMBALANCE } from '../../src/publisher/accusing.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../src/snapshot/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
/** Scattered bits, the first `count` places of a fixed shuffle. */
const SHUFFLED = Array.from({ length: 256 }, (_, i) => i).sort(
  (a, b) => ((a * 2654435761) % 4294967296) - ((b * 2654435761) % 4294967296),
);
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
    expect(accuses(signal, empty)).toBe(`${signal.toUpperCase()} of the empty file`);
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
  ])('PDQ hashes that are a plain pattern: %s', (_, hex) => {
    expect(accuses('pdq', bytes(hex))).toMatch(/^degenerate PDQ/);
  });

  it.each(['black', 'white', 'grey', 'teal'])('the PDQ hash of a plain %s picture', async (background) => {
    const plain = await sharp({ create: { width: 300, height: 200, channels: 3, background } })
      .png()
      .toBuffer();
    const { bits, quality } = await hashPhoto(plain);
    expect(quality).toBe(0);
    expect(accuses('pdq', bits.reverse())).toBeDefined();
  });

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
  it('random ones', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SIGNALS),
        fc.infiniteStream(fc.integer({ min: 0, max: 255 })),
        (signal, stream) => {
          const hash = Uint8Array.from(stream.take(SIGNAL_BYTES[signal]));
          // fast-check likes extreme values; those are the tests above.
          fc.pre(Math.abs(countBits(hash) - SIGNAL_BYTES[signal] * 4) < 40 && new Set(hash).size > 8);
          expect(accuses(signal, hash)).toBeUndefined();
        },
      ),
    );
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

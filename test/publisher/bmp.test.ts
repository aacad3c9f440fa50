import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBmp } from '../../src/publisher/bmp.js';
import { CheckFailure } from '../../src/scan/types.js';
import { seededBytes } from '../support/lists.js';

interface Recipe {
  width: number;
  /** Negative for rows from the top down. */
  height: number;
  bits: number;
  headerBytes?: number;
  compression?: number;
  masks?: number[];
  /** Colours as [red, green, blue]. */
  palette?: number[][];
  colours?: number;
  /** Everything behind the palette. */
  pixels: readonly number[] | Uint8Array;
}

/** Writes a BMP file field by field, after Microsoft's "Bitmap Storage". */
function bmp(recipe: Recipe): Uint8Array {
  const { width, height, bits, headerBytes = 40, compression = 0, masks = [], palette = [], pixels } = recipe;
  const isCore = headerBytes === 12;
  const header = Buffer.alloc(headerBytes);
  header.writeUInt32LE(headerBytes, 0);
  if (isCore) {
    header.writeUInt16LE(width, 4);
    header.writeUInt16LE(height, 6);
    header.writeUInt16LE(1, 8);
    header.writeUInt16LE(bits, 10);
  } else {
    header.writeInt32LE(width, 4);
    header.writeInt32LE(height, 8);
    header.writeUInt16LE(1, 12);
    header.writeUInt16LE(bits, 14);
    if (headerBytes >= 20) header.writeUInt32LE(compression, 16);
    if (headerBytes >= 36) header.writeUInt32LE(recipe.colours ?? 0, 32);
  }
  const maskBytes = Buffer.alloc(masks.length * 4);
  masks.forEach((mask, i) => {
    maskBytes.writeUInt32LE(mask, 4 * i);
  });
  if (headerBytes > 40) maskBytes.copy(header, 40);
  const colours = Buffer.from(palette.flatMap(([r, g, b]) => (isCore ? [b, g, r] : [b, g, r, 0])));
  const parts = [header, headerBytes > 40 ? Buffer.alloc(0) : maskBytes, colours];
  const offset = 14 + Buffer.concat(parts).length;
  const file = Buffer.alloc(14);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(offset, 10);
  return Uint8Array.from(Buffer.concat([file, ...parts, Buffer.from(pixels)]));
}

/** Rows of pixels, each 'r,g,b' or 'r,g,b,a'. */
function rows(bytes: Uint8Array): string[][] {
  const { width, height, rgba } = decodeBmp(bytes, 1e6);
  expect(rgba).toHaveLength(width * height * 4);
  return Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const pixel = [...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
      return (pixel[3] === 255 ? pixel.slice(0, 3) : pixel).join();
    }),
  );
}

const RED = '255,0,0';
const GREEN = '0,255,0';
const BLUE = '0,0,255';
const WHITE = '255,255,255';
const BLACK = '0,0,0';
const PALETTE = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 255],
];
const failure = (bytes: Uint8Array, maxPixels = 1e6) => {
  try {
    decodeBmp(bytes, maxPixels);
  } catch (error) {
    expect(error).toBeInstanceOf(CheckFailure);
    return (error as CheckFailure).reason;
  }
  return undefined;
};

// Two rows: red green blue, white black red; the lower one is stored first.
const UPPER_24 = [0, 0, 255, 0, 255, 0, 255, 0, 0, 9, 9, 9];
const LOWER_24 = [255, 255, 255, 0, 0, 0, 0, 0, 255, 9, 9, 9];
const EXPECTED = [
  [RED, GREEN, BLUE],
  [WHITE, BLACK, RED],
];

describe('kinds that are decoded', () => {
  it('24 bits, rows from the bottom up', () => {
    expect(rows(bmp({ width: 3, height: 2, bits: 24, pixels: [...LOWER_24, ...UPPER_24] }))).toEqual(
      EXPECTED,
    );
  });

  it('24 bits, rows from the top down', () => {
    expect(rows(bmp({ width: 3, height: -2, bits: 24, pixels: [...UPPER_24, ...LOWER_24] }))).toEqual(
      EXPECTED,
    );
  });

  it.each([12, 16, 40, 52, 56, 64, 108, 124])('headers of %i bytes', (headerBytes) => {
    const bytes = bmp({ width: 3, height: 2, bits: 24, headerBytes, pixels: [...LOWER_24, ...UPPER_24] });
    expect(rows(bytes)).toEqual(EXPECTED);
  });

  it('32 bits, whose fourth byte is no alpha', () => {
    const bytes = bmp({ width: 2, height: 1, bits: 32, pixels: [0, 0, 255, 7, 0, 255, 0, 200] });
    expect(rows(bytes)).toEqual([[RED, GREEN]]);
    expect(decodeBmp(bytes, 10).mayHaveAlpha).toBe(false);
  });

  it('16 bits, five a colour', () => {
    const pixels = [0x00, 0x7c, 0xe0, 0x03, 0x1f, 0x00, 0xff, 0x7f];
    expect(rows(bmp({ width: 4, height: 1, bits: 16, pixels }))).toEqual([[RED, GREEN, BLUE, WHITE]]);
  });

  it('bit fields of any place and width', () => {
    const masks = [0x0000001f, 0x000007e0, 0x0000f800];
    const pixels = [0x1f, 0x00, 0xe0, 0x07, 0x00, 0xf8, 0x10, 0x00];
    expect(rows(bmp({ width: 4, height: 1, bits: 16, compression: 3, masks, pixels }))).toEqual([
      [RED, GREEN, BLUE, '132,0,0'],
    ]);
    const wide = [0x3ff00000, 0x000ffc00, 0x000003ff];
    const value = (512 << 20) | (1023 << 10) | 3;
    const words = [value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24];
    expect(rows(bmp({ width: 1, height: 1, bits: 32, compression: 3, masks: wide, pixels: words }))).toEqual([
      ['128,255,0'],
    ]);
  });

  it('bit fields with alpha, and opaque where the alpha is empty', () => {
    const masks = [0xff0000, 0xff00, 0xff, 0xff000000];
    const recipe = { width: 2, height: 1, bits: 32, headerBytes: 108, compression: 3, masks };
    const seen = bmp({ ...recipe, pixels: [0, 0, 255, 128, 0, 255, 0, 0] });
    expect(rows(seen)).toEqual([['255,0,0,128', '0,255,0,0']]);
    expect(decodeBmp(seen, 10).mayHaveAlpha).toBe(true);
    const empty = bmp({ ...recipe, pixels: [0, 0, 255, 0, 0, 255, 0, 0] });
    expect(rows(empty)).toEqual([[RED, GREEN]]);
    expect(decodeBmp(empty, 10).mayHaveAlpha).toBe(false);
  });

  it.each([
    [1, [0b01100000, 0, 0, 0], [RED, GREEN, GREEN]],
    [2, [0b00011011, 0, 0, 0], [RED, GREEN, BLUE, WHITE]],
    [4, [0x01, 0x23, 0, 0], [RED, GREEN, BLUE, WHITE]],
    [8, [0, 1, 2, 3], [RED, GREEN, BLUE, WHITE]],
  ])('palettes of %i bits', (bits, pixels, expected) => {
    const palette = PALETTE.slice(0, 1 << bits);
    const recipe = { width: expected.length, height: 1, bits, palette, pixels, colours: palette.length };
    expect(rows(bmp(recipe))).toEqual([expected]);
    expect(rows(bmp({ ...recipe, headerBytes: 12 }))).toEqual([expected]);
  });

  it('indices beyond the palette, which are black', () => {
    const bytes = bmp({ width: 4, height: 1, bits: 8, palette: PALETTE, colours: 4, pixels: [0, 4, 255, 3] });
    expect(rows(bytes)).toEqual([[RED, BLACK, BLACK, WHITE]]);
  });

  it('RLE8: runs, literals, line ends, jumps and the end', () => {
    const pixels = [2, 1, 0, 3, 0, 1, 2, 0, 0, 0, 0, 2, 1, 1, 1, 3, 0, 1];
    const bytes = bmp({ width: 5, height: 3, bits: 8, compression: 1, palette: PALETTE, colours: 4, pixels });
    expect(rows(bytes)).toEqual([
      [BLACK, WHITE, BLACK, BLACK, BLACK],
      [BLACK, BLACK, BLACK, BLACK, BLACK],
      [GREEN, GREEN, RED, GREEN, BLUE],
    ]);
  });

  it('RLE4: runs of two colours and literals', () => {
    const pixels = [3, 0x12, 0, 3, 0x31, 0x20, 0, 1];
    const bytes = bmp({ width: 6, height: 1, bits: 4, compression: 2, palette: PALETTE, colours: 4, pixels });
    expect(rows(bytes)).toEqual([[GREEN, BLUE, GREEN, WHITE, GREEN, BLUE]]);
  });

  it('RLE24 of OS/2', () => {
    const pixels = [2, 0, 0, 255, 0, 3, 0, 255, 0, 255, 0, 0, 255, 255, 255, 0, 0, 1];
    const bytes = bmp({ width: 5, height: 1, bits: 24, headerBytes: 64, compression: 4, pixels });
    expect(rows(bytes)).toEqual([[RED, RED, GREEN, BLUE, WHITE]]);
  });

  it('runs that leave the picture, which are cut', () => {
    const pixels = [255, 1, 0, 2, 200, 200, 9, 2, 0, 1];
    const bytes = bmp({ width: 2, height: 1, bits: 8, compression: 1, palette: PALETTE, colours: 4, pixels });
    expect(rows(bytes)).toEqual([[GREEN, GREEN]]);
  });
});

describe('files that are refused', () => {
  const good: Recipe = { width: 3, height: 2, bits: 24, pixels: [...LOWER_24, ...UPPER_24] };

  it.each([
    ['cut off', bmp({ ...good, pixels: LOWER_24 }), 'undecodable'],
    [
      'runs cut off',
      bmp({ width: 9, height: 9, bits: 8, compression: 1, pixels: [3, 1, 0, 9, 1] }),
      'undecodable',
    ],
    ['an unknown header', bmp({ ...good, headerBytes: 100 }), 'undecodable'],
    ['no pixels', bmp({ ...good, width: 0 }), 'undecodable'],
    ['a negative width', bmp({ ...good, width: -3 }), 'undecodable'],
    ['bits that there are not', bmp({ ...good, bits: 13 }), 'undecodable'],
    ['runs of 24 bits outside OS/2', bmp({ ...good, compression: 1 }), 'undecodable'],
    ['masks with gaps', bmp({ ...good, bits: 32, compression: 3, masks: [5, 2, 8] }), 'undecodable'],
    ['a JPEG inside', bmp({ ...good, compression: 4 }), 'unsupported'],
    ['a PNG inside', bmp({ ...good, compression: 5 }), 'unsupported'],
    ['a fax coding', bmp({ ...good, bits: 1, headerBytes: 64, compression: 3 }), 'unsupported'],
    ['64 bits', bmp({ ...good, bits: 64 }), 'unsupported'],
    ['nothing behind the magic', Uint8Array.from(Buffer.from('BM')), 'undecodable'],
  ])('%s', (_, bytes, reason) => {
    expect(failure(bytes)).toBe(reason);
  });

  it('more pixels than the limit, before anything is allocated', () => {
    expect(failure(bmp({ ...good, width: 2 ** 31 - 1, height: 2 ** 31 - 1 }))).toBe('too-large');
    expect(failure(bmp({ ...good, width: 2 ** 31 - 1, height: -(2 ** 31) }))).toBe('too-large');
    expect(failure(bmp(good), 5)).toBe('too-large');
    expect(failure(bmp(good), 6)).toBeUndefined();
  });
});

describe('any bytes', () => {
  it('give a picture of the stated size or a CheckFailure, quickly', () => {
    const field = fc.oneof(
      fc.integer({ min: -4, max: 70 }),
      fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    );
    fc.assert(
      fc.property(
        field,
        field,
        fc.constantFrom(1, 2, 4, 8, 16, 24, 32, 0, 64, 3),
        fc.constantFrom(12, 16, 20, 40, 52, 56, 64, 108, 124),
        fc.integer({ min: 0, max: 7 }),
        fc.nat(),
        fc.integer({ min: 0, max: 400 }),
        (width, height, bits, headerBytes, compression, seed, length) => {
          const bytes = seededBytes(14 + headerBytes + length, seed);
          const isCore = headerBytes === 12;
          const made = bmp({
            width: isCore ? width & 0xffff : width,
            height: isCore ? height & 0xffff : height,
            bits,
            headerBytes,
            compression,
            masks: [seed, 0xff00, 0xff, 0xff000000].map((mask) => mask >>> 0),
            palette: PALETTE,
            pixels: bytes,
          });
          try {
            const image = decodeBmp(made, 10_000);
            expect(image.width * image.height).toBeLessThanOrEqual(10_000);
            expect(image.rgba).toHaveLength(image.width * image.height * 4);
          } catch (error) {
            expect(error).toBeInstanceOf(CheckFailure);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});

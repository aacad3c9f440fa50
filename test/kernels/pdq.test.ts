import { beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { KERNELS } from './kernels.js';
import { naivePdq } from './naive-pdq.js';
import { differences, hashWith, KINDS, paint } from './pictures.js';

/** Coefficients are f32 sums of 64 products, twice; the largest error measured here is 0.0009. */
const TOLERANCE = 2e-3;

/** Odd, even and one-pixel windows along either axis, fewer pixels than samples, and sides around a change. */
const SIZES = [
  [5, 5],
  [5, 700],
  [64, 64],
  [63, 65],
  [127, 128],
  [129, 130],
  [128, 257],
  [256, 255],
  [384, 385],
  [512, 512],
  [513, 300],
  [640, 129],
  [1001, 400],
  [333, 1300],
];

describe.each(KERNELS)('the %s kernel', (name, create) => {
  let kernel: PdqKernel;
  beforeAll(async () => {
    kernel = await create();
  });

  it('says what it is', () => expect(kernel.name).toBe(name));

  it.each(SIZES)('agrees with PDQ in double precision at %i x %i', (width, height) => {
    for (const kind of KINDS) {
      const picture = paint(kind, width, height, width * height);
      const hash = hashWith(kernel, picture);
      const naive = naivePdq(picture);
      const worst = Math.max(...naive.coefficients.map((c, j) => Math.abs(c - hash.coefficients[j])));
      expect(worst, `${kind}: largest error of a coefficient`).toBeLessThan(TOLERANCE);
      expect(Math.abs(hash.median - naive.median), kind).toBeLessThan(TOLERANCE);
      for (let j = 0; j < 256; j++) {
        if (Math.abs(naive.coefficients[j] - naive.median) < 2 * TOLERANCE) continue;
        expect((hash.bits[j >> 3] >> (j & 7)) & 1, `${kind}: bit ${j}`).toBe(
          naive.coefficients[j] > naive.median ? 1 : 0,
        );
      }
      // A step of exactly one percent may fall on either side; 90 of them make one point.
      expect(Math.abs(hash.quality - naive.quality), `${kind}: quality`).toBeLessThanOrEqual(1);
    }
  });

  it('sets a bit exactly where a coefficient is above the 128th smallest', () => {
    const { coefficients, median, bits } = hashWith(kernel, paint('photo', 700, 500));
    expect(median).toBe([...coefficients].sort((a, b) => a - b)[127]);
    for (let j = 0; j < 256; j++) {
      expect((bits[j >> 3] >> (j & 7)) & 1).toBe(coefficients[j] > median ? 1 : 0);
    }
  });

  it.each([
    [1, 1],
    [4, 4],
    [4, 900],
    [900, 4],
    [1, 5],
  ])('gives %i x %i the empty hash of the reference', (width, height) => {
    const hash = hashWith(kernel, paint('noise', width, height));
    expect(hashToHex(hash.bits)).toBe('0'.repeat(64));
    expect(hash.quality).toBe(0);
    expect(hash.median).toBe(0);
    expect([...hash.coefficients]).toEqual(new Array(256).fill(0));
  });

  it('does not look at alpha', () => {
    const picture = paint('photo', 300, 200);
    const opaque = { ...picture, rgba: picture.rgba.map((byte, i) => (i % 4 === 3 ? 255 : byte)) };
    expect(differences(hashWith(kernel, picture), hashWith(kernel, opaque))).toEqual([]);
  });

  it('takes clamped arrays and views into larger buffers', () => {
    const picture = paint('photo', 131, 67);
    const larger = new Uint8Array(picture.rgba.length + 7);
    larger.set(picture.rgba, 3);
    const view = { ...picture, rgba: larger.subarray(3, 3 + picture.rgba.length) };
    const expected = hashWith(kernel, picture);
    expect(differences(hashWith(kernel, view), expected)).toEqual([]);
    kernel.begin(131, 67);
    kernel.rows(new Uint8ClampedArray(picture.rgba), 67);
    expect(differences(kernel.end(), expected)).toEqual([]);
  });

  it('forgets an unfinished picture, and leaves earlier results alone', () => {
    const first = paint('photo', 400, 300, 1);
    const second = paint('noise', 401, 257, 2);
    const hash = hashWith(kernel, first);
    const copy = { ...hash, coefficients: hash.coefficients.slice(), bits: hash.bits.slice() };
    const expected = hashWith(kernel, second);
    expect(differences(hash, copy)).toEqual([]);
    kernel.begin(400, 300);
    kernel.rows(first.rgba.subarray(0, 400 * 4 * 111), 111);
    expect(differences(hashWith(kernel, second), expected)).toEqual([]);
  });

  it('refuses sizes that do not fit', () => {
    for (const [width, height] of [
      [0, 5],
      [5, -1],
      [1.5, 5],
      [Number.NaN, 5],
      [525_313, 1],
      [9217, 7296],
    ]) {
      expect(() => kernel.begin(width, height)).toThrow(RangeError);
      expect(() => kernel.begin(height, width)).toThrow(/^'width' and 'height' must be/);
    }
  });

  it('refuses buffers and counts that do not fit, and goes on where it was', () => {
    const picture = paint('photo', 200, 100);
    const expected = hashWith(kernel, picture);
    const rowBytes = 200 * 4;
    kernel.begin(200, 100);
    kernel.rows(picture.rgba.subarray(0, 40 * rowBytes), 40);
    const rest = picture.rgba.subarray(40 * rowBytes);
    expect(() => kernel.rows(rest, 61)).toThrow(/^'count' must be 1 to 60/);
    expect(() => kernel.rows(rest, 0)).toThrow(RangeError);
    expect(() => kernel.rows(rest, 1.5)).toThrow(RangeError);
    expect(() => kernel.rows(rest, 59)).toThrow(/^'rgba' must hold/);
    expect(() => kernel.rows(rest.subarray(1), 60)).toThrow(RangeError);
    expect(() => kernel.rows(new Uint16Array(rest) as unknown as Uint8Array, 60)).toThrow(TypeError);
    expect(() => kernel.end()).toThrow(/^'end' needs 100 rows/);
    kernel.rows(rest, 60);
    expect(() => kernel.rows(rest.subarray(0, rowBytes), 1)).toThrow(RangeError);
    expect(differences(kernel.end(), expected)).toEqual([]);
    expect(() => kernel.end()).toThrow(/^'end' needs a picture/);
    expect(() => kernel.rows(picture.rgba, 100)).toThrow(RangeError);
  });
});

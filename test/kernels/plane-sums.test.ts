import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_SIDE } from '../../src/kernels/pdq-limits.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { KERNELS, loadPdqWasm } from './kernels.js';
import { differences, hashWith, KINDS, type Kind, paint, seeded } from './pictures.js';
import { naivePlane, planeWith } from './planes.js';

/** Sides below, at and above those where a cell gets another pixel, and where a boundary is on a pixel's edge. */
const SIZES: [number, number][] = [
  [1, 1],
  [1, 700],
  [700, 1],
  [4, 4],
  [5, 5],
  [5, 1],
  [7, 300],
  [64, 64],
  [127, 129],
  [128, 128],
  [129, 127],
  [130, 255],
  [256, 257],
  [511, 513],
  [512, 384],
  [640, 480],
  [1023, 77],
  [1600, 1004],
  [3000, 2000],
];

/** How far an exact mean of up to 255 may be from its f32, and from a mean in double precision. */
const ROUNDING = 1e-5;

const sameNumbers = (a: Float32Array, b: Float32Array) => {
  for (let i = 0; i < 128 * 128; i++) if (!Object.is(a[i], b[i])) return `cell ${i}: ${a[i]} is not ${b[i]}`;
  return a.length === b.length ? 'same' : 'other length';
};

describe.each(KERNELS)('plane of %s', (_name, create) => {
  let kernel: PdqKernel;
  beforeAll(async () => {
    kernel = await create();
  });

  it.each(SIZES)('is the mean of each cell: %i x %i', (width, height) => {
    for (const kind of ['noise', 'photo'] as Kind[]) {
      const picture = paint(kind, width, height);
      const plane = planeWith(kernel, picture);
      expect(plane).toHaveLength(128 * 128);
      const naive = naivePlane(picture);
      let worst = 0;
      for (let i = 0; i < naive.length; i++) worst = Math.max(worst, Math.abs(plane[i] - naive[i]));
      expect(worst, kind).toBeLessThan(ROUNDING);
    }
  });

  it('does not depend on how the rows come', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        fc.nat(),
        (width, height, strips, seed) => {
          const picture = paint('noise', width, height, seed);
          expect(sameNumbers(planeWith(kernel, picture, strips), planeWith(kernel, picture))).toBe('same');
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    [MAX_SIDE, 128],
    [100, 50_000],
    [57 * 128, 72 * 128],
    [66_000, 100],
  ])('is white all over for a white picture of %i x %i', (width, height) => {
    const rows = Math.max(1, Math.floor(2 ** 21 / (width * 4)));
    const strip = new Uint8Array(rows * width * 4).fill(255);
    kernel.begin(width, height, { plane: true });
    for (let y = 0; y < height; y += rows) {
      const count = Math.min(rows, height - y);
      kernel.rows(strip.subarray(0, count * width * 4), count);
    }
    kernel.end();
    expect(kernel.plane().every((cell) => cell === 255)).toBe(true);
  });

  it('leaves the hash as it is', () => {
    const picture = paint('photo', 333, 222);
    const hash = hashWith(kernel, picture);
    kernel.begin(333, 222, { plane: true });
    kernel.rows(picture.rgba, 222);
    expect(differences(kernel.end(), hash)).toEqual([]);
  });

  it('forgets an unfinished picture', () => {
    const picture = paint('noise', 300, 200);
    const plane = planeWith(kernel, picture);
    for (const rows of [1, 3, 100, 199]) {
      kernel.begin(300, 200, { plane: true });
      kernel.rows(new Uint8Array(300 * rows * 4).fill(200), rows);
      expect(sameNumbers(planeWith(kernel, picture), plane)).toBe('same');
    }
  });

  it("is the caller's own", () => {
    const picture = paint('noise', 150, 140);
    const plane = planeWith(kernel, picture);
    kernel.plane().fill(7);
    expect(sameNumbers(kernel.plane(), plane)).toBe('same');
  });

  it.each([2, 100])('has to be asked for, and to be finished: sides of %i', (side) => {
    const rgba = new Uint8Array(side * side * 4);
    const wanted = { plane: true };
    planeWith(kernel, { width: side, height: side, rgba });
    kernel.begin(side, side);
    expect(() => kernel.plane()).toThrow(RangeError);
    kernel.rows(rgba, side);
    kernel.end();
    expect(() => kernel.plane()).toThrow(/^'plane' needs a picture that was begun with \{ plane: true \}/);
    kernel.begin(side, side, wanted);
    expect(() => kernel.plane()).toThrow(RangeError);
    kernel.rows(rgba, side);
    expect(() => kernel.plane()).toThrow(RangeError);
    kernel.end();
    expect(kernel.plane()[0]).toBe(0);
    expect(() => kernel.begin(0, 0, wanted)).toThrow(RangeError);
  });
});

describe('planes of wasm-simd and typescript', () => {
  let wasm: PdqKernel;
  const reference = createPdqReference();
  beforeAll(async () => {
    wasm = pdqKernelOf(await loadPdqWasm());
  });

  it.each(SIZES)('are equal, whatever the picture: %i x %i', (width, height) => {
    for (const kind of width * height < 1e6 ? KINDS : (['noise', 'extremes'] as const)) {
      const picture = paint(kind, width, height);
      expect(sameNumbers(planeWith(wasm, picture, [33]), planeWith(reference, picture)), kind).toBe('same');
    }
  });

  it('are equal at random sizes', () => {
    const side = fc.oneof(
      fc.integer({ min: 1, max: 20 }),
      fc.integer({ min: 1, max: 300 }),
      fc.integer({ min: 1, max: 2500 }),
    );
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 70 }), fc.nat(), (width, height, strip, seed) => {
        const picture = paint('noise', width, height, seed);
        expect(sameNumbers(planeWith(wasm, picture, [strip]), planeWith(reference, picture))).toBe('same');
      }),
      { numRuns: 60 },
    );
  });

  // Beyond 65,536 columns a cell's part of a row is too long for one sum of 16 bits.
  it.each([
    [65_535, 9],
    [65_536, 130],
    [70_001, 131],
    [MAX_SIDE, 128],
    [300, 30_000],
    [8192, 8192],
  ])('are equal for large pictures: %i x %i', (width, height) => {
    const random = seeded(width);
    const rows = Math.min(height, Math.max(1, Math.floor(2 ** 20 / width)));
    const strip = new Uint8Array(rows * width * 4).map(() => random() | 0x80);
    const planes = [wasm, reference].map((kernel) => {
      kernel.begin(width, height, { plane: true });
      for (let y = 0; y < height; y += rows) {
        const count = Math.min(rows, height - y);
        kernel.rows(strip.subarray(0, count * width * 4), count);
      }
      kernel.end();
      return kernel.plane();
    });
    expect(sameNumbers(planes[0], planes[1])).toBe('same');
  });
});

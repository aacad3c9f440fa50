import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { Survey } from '../../src/kernels/survey.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { loadPdqWasm } from './kernels.js';
import { differences, hashWith, KINDS, type Kind, type Picture, paint } from './pictures.js';

/** The wasm kernel and the reference give the same numbers, by `Object.is`, on every input. */
describe('wasm-simd and typescript', () => {
  const reference = createPdqReference();
  let wasm: PdqKernel;
  beforeAll(async () => {
    wasm = pdqKernelOf(await loadPdqWasm());
  });

  function agree(kind: Kind, width: number, height: number, seed: number, strips?: number[]) {
    const picture = paint(kind, width, height, seed);
    expect(
      differences(hashWith(wasm, picture, strips), hashWith(reference, picture)),
      `${kind} ${width} x ${height}, strips of ${strips ?? height}`,
    ).toEqual([]);
  }

  it('agree on random pictures in random strips', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        // Mostly small, since the sizes that matter are those around multiples of 64 and 128.
        fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 1200 })),
        fc.oneof(fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 700 })),
        fc.integer(),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        agree,
      ),
      { numRuns: 300, seed: 20_240_229 },
    );
  });

  const SIDES = [5, 63, 64, 65, 127, 128, 129, 130, 255, 256, 257, 512, 513];
  it.each(SIDES)('agree at a width of %i with every height of interest', (width) => {
    for (const height of SIDES) agree('noise', width, height, width * 1000 + height, [height, 7]);
  });

  it.each<[number, number, number]>([
    [3000, 2000, 2000],
    [2999, 1999, 1],
    [2048, 1537, 333],
    [2049, 1000, 64],
  ])('agree at %i x %i in strips of %i', (width, height, strip) => {
    for (const kind of ['photo', 'extremes'] as const) agree(kind, width, height, width, [strip]);
  });

  it('agree on one row or column of pixels repeated, whatever the strip', () => {
    for (const strip of [1, 2, 3, 4, 5, 6, 7, 8, 9]) agree('stripes', 300, 97, 1, [strip]);
  });

  /** Small sides, those around the survey's own, and long ones. */
  const side = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 300 }));
  const strips = fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 });

  it('agree on surveys of random pictures in random strips', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...KINDS),
        side,
        side,
        fc.integer(),
        strips,
        (kind, width, height, seed, strips) => {
          const picture = paint(kind, width, height, seed);
          sameSurvey(surveyWith(wasm, picture, strips), surveyWith(reference, picture));
        },
      ),
      { numRuns: 80 },
    );
  });

  it.each<[number, number, number]>([
    // Of these not every pixel is taken for the luma, or for the thumbnail.
    [2100, 2050, 77],
    [2049, 2049, 2049],
    [9001, 1000, 64],
    [30, 150_001, 4000],
    [150_001, 30, 1],
  ])('agree on a survey of %i x %i in strips of %i', (width, height, strip) => {
    const picture = paint('extremes', width, height, width);
    sameSurvey(surveyWith(wasm, picture, [strip]), surveyWith(reference, picture));
  });

  it('agree on rows of luma, wherever they lie, as on the same picture in grey', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 0, max: 400 }),
        fc.integer(),
        strips,
        (width, height, gap, seed, strips) => {
          const stride = width + gap;
          const luma = paint('noise', stride, height, seed).rgba.filter((_, i) => i % 4 === 0);
          const rgba = new Uint8Array(width * height * 4);
          for (let i = 0; i < width * height; i++) {
            rgba.fill(luma[Math.floor(i / width) * stride + (i % width)], i * 4, i * 4 + 4);
          }
          const grey = planeWith(reference, { width, height, rgba });
          for (const kernel of [wasm, reference]) {
            kernel.begin(width, height, { plane: true });
            for (let y = 0, i = 0; y < height; i++) {
              const count = Math.min(strips[i % strips.length], height - y);
              kernel.lumaRows(Uint8Array.from(luma.subarray(y * stride)), stride, count);
              y += count;
            }
            const hash = kernel.end();
            expect(differences(hash, grey.hash)).toEqual([]);
            expect(Buffer.compare(bytesOf(kernel.plane()), bytesOf(grey.plane))).toBe(0);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['wasm-simd', 'typescript'])(
    'refuse rows of luma that are not there, and a survey that nobody asked for: %s',
    (name) => {
      const kernel = name === 'typescript' ? reference : wasm;
      kernel.begin(20, 10);
      expect(() => kernel.lumaRows(new Uint8Array(199), 20, 10)).toThrow(
        /^'luma' must hold 10 rows, 20 bytes apart/,
      );
      expect(() => kernel.lumaRows(new Uint8Array(400), 19, 10)).toThrow(
        /^'stride' must be 20 or more, not 19/,
      );
      expect(() => kernel.lumaRows(new Uint8Array(400), Number.NaN, 10)).toThrow(RangeError);
      expect(() => kernel.lumaRows(new Uint8Array(4000), 20, 11)).toThrow(/^'count' must be 1 to 10/);
      expect(() => kernel.lumaRows([1] as unknown as Uint8Array, 20, 1)).toThrow(TypeError);
      // The last row need not be as long as the stride.
      kernel.lumaRows(new Uint8Array(9 * 33 + 20), 33, 10);
      kernel.end();
      expect(() => kernel.survey()).toThrow(/^'survey' needs a picture/);
      kernel.begin(20, 10, { survey: true });
      expect(() => kernel.survey()).toThrow(RangeError);
    },
  );
});

function surveyWith(
  kernel: PdqKernel,
  { width, height, rgba }: Picture,
  strips: number[] = [height],
): Survey {
  kernel.begin(width, height, { survey: true });
  for (let y = 0, i = 0; y < height; i++) {
    const count = Math.min(strips[i % strips.length], height - y);
    kernel.rows(rgba.subarray(y * width * 4, (y + count) * width * 4), count);
    y += count;
  }
  kernel.end();
  return kernel.survey();
}

function sameSurvey(got: Survey, wanted: Survey): void {
  expect([got.luma.width, got.luma.height]).toEqual([wanted.luma.width, wanted.luma.height]);
  expect(Buffer.compare(got.luma.data, wanted.luma.data)).toBe(0);
  expect(Buffer.compare(bytesOf(got.thumbnail), bytesOf(wanted.thumbnail))).toBe(0);
}

function planeWith(kernel: PdqKernel, { width, height, rgba }: Picture) {
  kernel.begin(width, height, { plane: true });
  kernel.rows(rgba, height);
  return { hash: kernel.end(), plane: kernel.plane() };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

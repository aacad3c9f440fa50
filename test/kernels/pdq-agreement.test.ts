import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { loadPdqWasm } from './kernels.js';
import { differences, hashWith, KINDS, type Kind, paint } from './pictures.js';

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
});

import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { coveredSamples } from '../../src/kernels/covers.js';
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { WASM_BASE64 } from '../../src/kernels/generated/variants.wasm.js';
import { bitsAbove, medianOf } from '../../src/kernels/pdq-reference.js';
import { contrastOf, marksOf, sampleMarksOf } from '../../src/kernels/plane-marks.js';
import { highlightTone, powerTone } from '../../src/kernels/plane-tone.js';
import { filledSamples } from '../../src/kernels/samples-fill.js';
import type { PdqVariant } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { type AffineMap, type AxisMap, padMap } from '../../src/kernels/variants-maps.js';
import { createVariantReference } from '../../src/kernels/variants-reference.js';
import type { MarkRule, VariantKernel } from '../../src/kernels/variants-types.js';
import { type VariantWasmExports, variantKernelOf } from '../../src/kernels/variants-wasm.js';
import { loadWasmKernel } from '../../src/kernels/wasm-loader.js';
import {
  naiveExtension,
  naiveVariant,
  noisePlane,
  photoPlane,
  planeFrom,
  variantDifferences,
} from './planes.js';

const IDENTITY: AxisMap = { offset: 0, scale: 1 };

async function wasmKernel(): Promise<VariantKernel> {
  const { exports, reason } = await loadWasmKernel<VariantWasmExports>(WASM_BASE64);
  if (!exports) throw new Error(`no WebAssembly: ${reason}`);
  return variantKernelOf(exports);
}

/** Name and maker of each kernel. */
const KERNELS: [VariantKernel['name'], () => Promise<VariantKernel>][] = [
  ['wasm-simd', wasmKernel],
  ['typescript', async () => createVariantReference()],
];

/** Coefficients of a picture whose samples that are marked were filled, by way of a plane of 2 x 2 equal cells for each. */
function filledVariant(picture: Float32Array, marks: Uint8Array): Float32Array {
  const samples = Float32Array.from({ length: 64 * 64 }, (_, i) => sampleAt(picture, i % 64, i >> 6));
  const filled = filledSamples(samples, marks);
  const reference = createVariantReference();
  reference.begin(planeFrom((x, y) => filled[(y >> 1) * 64 + (x >> 1)]));
  return reference.axis(IDENTITY, IDENTITY).coefficients;
}

/** Sample (x, y) of the picture as it is: a little behind the middle of its 2 x 2 cells (src/kernels/variants-maps.ts). */
function sampleAt(picture: Float32Array, x: number, y: number): number {
  const fraction = 0.5 + 0.128;
  const at = 256 * y + 2 * x;
  const between = (i: number) => picture[i] + (picture[i + 1] - picture[i]) * fraction;
  return between(at) + (between(at + 128) - between(at)) * fraction;
}

function expectNear(got: PdqVariant | null, wanted: Float32Array): void {
  expect(got).not.toBeNull();
  for (let i = 0; i < 256; i++) expect(got?.coefficients[i]).toBeCloseTo(wanted[i], 1);
}

/** The same map for both axes, as `affine` takes it. */
const affineOf = (y: AxisMap, x: AxisMap): AffineMap => ({
  x0: x.offset,
  xu: x.scale,
  xv: 0,
  y0: y.offset,
  yu: 0,
  yv: y.scale,
});

/** Numbers of maps: likely ones, ones beyond the extension, and the largest. */
const mapNumber = fc.oneof(
  fc.double({ min: -0.2, max: 1.3, noNaN: true }),
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.constantFrom(0, -0, 1, -1, 1000, -1000, 5e-324),
);
const axisMap: fc.Arbitrary<AxisMap> = fc.record({ offset: mapNumber, scale: mapNumber });
const affineMap: fc.Arbitrary<AffineMap> = fc.record({
  x0: mapNumber,
  xu: mapNumber,
  xv: mapNumber,
  y0: mapNumber,
  yu: mapNumber,
  yv: mapNumber,
});
const plane = fc.oneof(
  fc.nat().map(noisePlane),
  fc.nat().map(photoPlane),
  fc.constantFrom(0, -0, 119, 255, 1e-40).map((value) => planeFrom(() => value)),
  fc.nat(255).map((period) => planeFrom((x, y) => ((x + y * 3) % (period + 1) ? 255 : 0))),
);
const curve = fc.constantFrom(undefined, highlightTone(225, 2), powerTone(3));

/** Maps of a kind each, with what they do to (u, v). */
const MAPS: [string, AffineMap][] = [
  ['nothing', affineOf(IDENTITY, IDENTITY)],
  ['pads', affineOf(padMap(0.03, 0.03), padMap(0.02, 0.05))],
  ['cuts', affineOf(padMap(-0.1, -0.02), padMap(-0.04, 0))],
  ['a turn', { x0: 0.02, xu: 0.999, xv: -0.035, y0: -0.02, yu: 0.035, yv: 0.999 }],
  ['a quarter turn', { x0: 0, xu: 0, xv: 1, y0: 1, yu: -1, yv: 0 }],
  ['far outside', { x0: -0.4, xu: 1.9, xv: 0.1, y0: 0.7, yu: -0.2, yv: 0.9 }],
];

/** What counts as drawn over a picture. */
const RULES: MarkRule[] = [
  { near: 2, least: 100, grow: 2 },
  { near: 1, least: 80, grow: 1 },
  { near: 0, least: 1, grow: 1 },
  { near: 5, least: 33.3, grow: 0 },
];

/** Black and white stripes of two cells, as letters with an outline are. */
function drawnOver(plane: Float32Array, left: number, top: number, width: number, height: number) {
  return plane.map((value, i) => {
    const [x, y] = [i % 128, Math.floor(i / 128)];
    const isInside = x >= left && x < left + width && y >= top && y < top + height;
    return isInside ? (x % 4 < 2 ? 255 : 0) : value;
  });
}

describe.each(KERNELS)('%s', (name, create) => {
  let kernel: VariantKernel;
  beforeAll(async () => {
    kernel = await create();
  });

  it('says what it is', () => expect(kernel.name).toBe(name));

  it.each(MAPS)('gives what double precision gives, up to rounding: %s', (_map, map) => {
    const picture = photoPlane(11);
    const naive = naiveVariant(naiveExtension(picture), (u, v) => [
      map.x0 + map.xu * u + map.xv * v,
      map.y0 + map.yu * u + map.yv * v,
    ]);
    kernel.begin(picture);
    const results = [kernel.affine(map).coefficients.slice()];
    if (map.xv === 0 && map.yu === 0) {
      const [y, x] = [
        { offset: map.y0, scale: map.yv },
        { offset: map.x0, scale: map.xu },
      ];
      results.push(kernel.axis(y, x).coefficients.slice());
    }
    for (const coefficients of results) {
      let worst = 0;
      for (let i = 0; i < 256; i++) worst = Math.max(worst, Math.abs(coefficients[i] - naive[i]));
      expect(worst).toBeLessThan(0.01);
    }
  });

  it('gives the median and the bits of the coefficients', () => {
    kernel.begin(noisePlane(12));
    for (const { coefficients, median, bits } of [
      kernel.axis(IDENTITY, padMap(0.1, 0)),
      kernel.affine(MAPS[3][1]),
    ]) {
      expect(median).toBe(medianOf(coefficients));
      expect(bits).toEqual(bitsAbove(coefficients, median));
    }
  });

  it('gives results that dihedralHashes takes', () => {
    const picture = photoPlane(13);
    kernel.begin(picture);
    const turned = dihedralHashes(kernel.axis(IDENTITY, IDENTITY));
    expect(turned).toHaveLength(8);
    expect(turned[0]).not.toHaveProperty('quality');
    kernel.begin(planeFrom((x, y) => picture[x * 128 + y]));
    const transposed = kernel.axis(IDENTITY, IDENTITY);
    for (let i = 0; i < 256; i++) {
      expect(Math.abs(turned[6].coefficients[i] - transposed.coefficients[i])).toBeLessThan(0.01);
    }
  });

  it('overwrites its result', () => {
    kernel.begin(photoPlane(14));
    const first = kernel.axis(IDENTITY, IDENTITY);
    const coefficients = first.coefficients.slice();
    const second = kernel.affine(MAPS[3][1]);
    expect(second).toBe(first);
    expect(first.coefficients).not.toEqual(coefficients);
  });

  it('remembers row maps, but not too many, and none of another picture', async () => {
    const rowMaps = Array.from({ length: 100 }, (_, i) => padMap(i / 500, 0));
    const [a, b] = [photoPlane(15), photoPlane(16)];
    kernel.begin(a);
    // In an order in which some are still there and others aren't.
    for (let i = 0; i < 300; i++) {
      const y = rowMaps[(i * 37) % (i % 3 ? 20 : 100)];
      const fresh = i % 29 === 0 ? await create() : undefined;
      const got = kernel.axis(y, padMap(0, i / 3000));
      if (!fresh) continue;
      fresh.begin(a);
      expect(variantDifferences(got, fresh.axis(y, padMap(0, i / 3000)))).toEqual([]);
    }
    kernel.begin(b);
    const fresh = await create();
    fresh.begin(b);
    expect(variantDifferences(kernel.axis(rowMaps[0], IDENTITY), fresh.axis(rowMaps[0], IDENTITY))).toEqual(
      [],
    );
  });

  it('applies a tone curve', () => {
    const picture = photoPlane(17);
    const curve = highlightTone(120, 2);
    kernel.begin(picture.map((y) => y + 2 * Math.max(0, y - 120)));
    const wanted = kernel.axis(IDENTITY, IDENTITY).coefficients.slice();
    kernel.begin(picture, curve);
    const got = kernel.axis(IDENTITY, IDENTITY).coefficients;
    // The curve is straight between whole steps.
    for (let i = 0; i < 256; i++) expect(got[i]).toBeCloseTo(wanted[i], 1);
    kernel.begin(picture);
    expect(kernel.axis(IDENTITY, IDENTITY).coefficients).not.toEqual(wanted);
  });

  it('takes out what was drawn over the picture, as plane-marks.ts does, and keeps the picture', () => {
    const picture = drawnOver(photoPlane(19), 20, 60, 70, 9);
    kernel.begin(picture);
    const before = kernel.axis(IDENTITY, padMap(0.02, 0)).coefficients.slice();
    for (const rule of RULES) {
      const marks = marksOf(contrastOf(picture, rule.near), rule.least, rule.grow);
      const got = kernel.unmarked(rule);
      expect(got === null).toBe(marks === null);
      if (got === null || marks === null) continue;
      expectNear(got, filledVariant(picture, sampleMarksOf(marks)));
    }
    expect(kernel.axis(IDENTITY, padMap(0.02, 0)).coefficients).toEqual(before);
    expect(kernel.axis(padMap(0.05, 0), padMap(0.02, 0)).coefficients).not.toEqual(before);
  });

  it('takes out what is covered, alone and beside marks', () => {
    const picture = drawnOver(photoPlane(21), 20, 60, 70, 9);
    const covered = coveredSamples({ round: 0.2, disc: 0.1 }, 300, 200);
    kernel.begin(picture);
    const alone = kernel.unmarked(null, covered);
    expectNear(alone, filledVariant(picture, covered));
    const marks = sampleMarksOf(marksOf(contrastOf(picture, 2), 100, 2) as Uint8Array);
    const both = kernel.unmarked(RULES[0], covered);
    expectNear(
      both,
      filledVariant(
        picture,
        marks.map((mark, i) => mark | covered[i]),
      ),
    );
    // What was covered before counts no more.
    expectNear(kernel.unmarked(RULES[0]), filledVariant(picture, marks));
    expect(kernel.unmarked(null)).toBeNull();
    expect(kernel.unmarked(null, new Uint8Array(64 * 64))).toBeNull();
    const everything = new Uint8Array(64 * 64).fill(255);
    expectNear(kernel.unmarked(null, everything), kernel.axis(IDENTITY, IDENTITY).coefficients);
    expect(() => kernel.unmarked(null, new Uint8Array(5))).toThrow(/^'covered' must have 64 x 64 samples/);
  });

  it('takes nothing out of a plain plane, nor of one that is nothing but marks', () => {
    kernel.begin(planeFrom((x) => x / 2));
    expect(kernel.unmarked(RULES[0])).toBeNull();
    kernel.begin(planeFrom((x, y) => ((x ^ y) & 2 ? 255 : 0)));
    expect(kernel.unmarked(RULES[0])).toBeNull();
  });

  it('refuses rules that are none', async () => {
    kernel.begin(photoPlane(20));
    for (const bad of [-1, 0.5, 129, Number.NaN, '1' as unknown as number]) {
      expect(() => kernel.unmarked({ ...RULES[0], near: bad })).toThrow(/^'rule' must have whole numbers/);
      expect(() => kernel.unmarked({ ...RULES[0], grow: bad })).toThrow(RangeError);
    }
    for (const bad of [0, -5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => kernel.unmarked({ ...RULES[0], least: bad })).toThrow(
        /^'rule' must have a least contrast/,
      );
    }
    const fresh = await create();
    expect(() => fresh.unmarked(RULES[0])).toThrow(/^'begin' must come first/);
  });

  it('refuses what is no plane, and needs one', async () => {
    const fresh = await create();
    expect(() => fresh.axis(IDENTITY, IDENTITY)).toThrow(/^'begin' must come first/);
    expect(() => fresh.affine(MAPS[0][1])).toThrow(RangeError);
    expect(() => fresh.begin([1, 2, 3] as unknown as Float32Array)).toThrow(TypeError);
    expect(() => fresh.begin(new Float32Array(16_383))).toThrow(RangeError);
    expect(() => fresh.begin(noisePlane(1), [1] as unknown as Float32Array)).toThrow(TypeError);
    expect(() => fresh.begin(noisePlane(1), new Float32Array(2))).toThrow(RangeError);
    const holed = noisePlane(1);
    holed[5] = Number.NaN;
    fresh.begin(noisePlane(2));
    expect(() => fresh.begin(holed)).toThrow(RangeError);
    // What came before is gone.
    expect(() => fresh.axis(IDENTITY, IDENTITY)).toThrow(RangeError);
  });

  it('refuses maps that are none', () => {
    kernel.begin(noisePlane(18));
    const before = { ...kernel.axis(IDENTITY, IDENTITY) };
    before.coefficients = before.coefficients.slice();
    before.bits = before.bits.slice();
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -1000.5, 1e300]) {
      expect(() => kernel.axis({ offset: bad, scale: 1 }, IDENTITY)).toThrow(
        /^'y' must hold numbers from -1000/,
      );
      expect(() => kernel.axis(IDENTITY, { offset: 0, scale: bad })).toThrow(/^'x' must hold numbers/);
      expect(() => kernel.affine({ ...MAPS[0][1], yu: bad })).toThrow(/^'map' must hold numbers/);
    }
    expect(() => kernel.axis({ offset: '0', scale: 1 } as unknown as AxisMap, IDENTITY)).toThrow(TypeError);
    expect(() => kernel.affine({} as AffineMap)).toThrow(TypeError);
    expect(variantDifferences(kernel.axis(IDENTITY, IDENTITY), before)).toEqual([]);
  });
});

describe('wasm-simd and typescript', () => {
  let wasm: VariantKernel;
  const reference = createVariantReference();
  beforeAll(async () => {
    wasm = await wasmKernel();
  });

  it('give the same numbers for every plane and map', () => {
    fc.assert(
      fc.property(
        plane,
        curve,
        fc.array(fc.tuple(axisMap, axisMap, affineMap), { minLength: 1, maxLength: 6 }),
        (plane, curve, maps) => {
          wasm.begin(plane, curve);
          reference.begin(plane, curve);
          for (const [y, x, map] of maps) {
            expect(variantDifferences(wasm.axis(y, x), reference.axis(y, x))).toEqual([]);
            expect(variantDifferences(wasm.affine(map), reference.affine(map))).toEqual([]);
            // The row map from the cache.
            expect(variantDifferences(wasm.axis(y, y), reference.axis(y, y))).toEqual([]);
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('give the same numbers without what was drawn over a plane', () => {
    const side = fc.integer({ min: 0, max: 127 });
    const drawn = fc
      .tuple(
        fc.oneof(plane, fc.nat().map(photoPlane)),
        fc.array(fc.tuple(side, side, side, side), { maxLength: 6 }),
      )
      .map(([picture, bars]) =>
        bars.reduce(
          (plane, [left, top, width, height]) => drawnOver(plane, left, top, width % 60, height % 20),
          picture,
        ),
      );
    const rule = fc.record({
      near: fc.nat(4),
      least: fc.oneof(fc.integer({ min: 1, max: 255 }), fc.double({ min: 1e-50, max: 300, noNaN: true })),
      grow: fc.oneof(fc.nat(4), fc.constant(128)),
    });
    const sample = fc.integer({ min: 0, max: 64 });
    const bars = fc.array(fc.tuple(sample, sample, sample, sample), { maxLength: 4 }).map((all) => {
      const samples = new Uint8Array(64 * 64);
      for (const [left, top, right, bottom] of all) {
        for (let y = top; y < bottom; y++)
          samples.fill(1 + (y % 255), y * 64 + left, y * 64 + Math.max(left, right));
      }
      return samples;
    });
    const taking = fc.tuple(fc.option(rule), fc.option(bars, { nil: undefined }));
    let taken = 0;
    fc.assert(
      fc.property(drawn, fc.array(taking, { minLength: 1, maxLength: 3 }), (plane, takings) => {
        wasm.begin(plane);
        reference.begin(plane);
        for (const [rule, covered] of takings) {
          const [got, wanted] = [wasm.unmarked(rule, covered), reference.unmarked(rule, covered)];
          expect(got === null).toBe(wanted === null);
          if (got === null || wanted === null) continue;
          taken++;
          expect(variantDifferences(got, wanted)).toEqual([]);
        }
        expect(variantDifferences(wasm.axis(IDENTITY, IDENTITY), reference.axis(IDENTITY, IDENTITY))).toEqual(
          [],
        );
      }),
      { numRuns: 60 },
    );
    expect(taken).toBeGreaterThan(10);
  });

  it('give the same numbers for many row maps in any order', () => {
    const index = fc.nat(45);
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(fc.tuple(index, index), { minLength: 60, maxLength: 90 }),
        (seed, pairs) => {
          const picture = photoPlane(seed);
          wasm.begin(picture);
          reference.begin(picture);
          for (const [i, j] of pairs) {
            const [y, x] = [padMap(i / 400, 0.01), padMap(j / 300, -0.02)];
            expect(variantDifferences(wasm.axis(y, x), reference.axis(y, x))).toEqual([]);
          }
        },
      ),
      { numRuns: 5 },
    );
  });
});

describe('createVariantKernel', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('takes WebAssembly, or TypeScript where it is refused', async () => {
    expect((await createVariantKernel()).name).toBe('wasm-simd');
    vi.stubGlobal('WebAssembly', undefined);
    const onRefusal = vi.fn();
    expect((await createVariantKernel(onRefusal)).name).toBe('typescript');
    expect(onRefusal).toHaveBeenCalledExactlyOnceWith('no-webassembly');
  });
});

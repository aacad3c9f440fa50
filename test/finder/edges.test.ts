/**
 * The edge kernels: the one in WebAssembly gives the reference's numbers, and the reference gives what its words say.
 */
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { edgeReference, referencePlane } from '../../src/finder/edge-reference.js';
import type { EdgeKernel, EdgePlane, Stretch } from '../../src/finder/edge-types.js';
import { createEdgeKernel } from '../../src/finder/edges.js';
import type { LumaPlane } from '../../src/kernels/survey.js';

/** Noise, or plain areas with edges between them. */
function planeOf(width: number, height: number, seed: number, grain: number): LumaPlane {
  const data = Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [Math.floor((i % width) / grain), Math.floor(i / width / grain)];
    return Math.imul(x * 7919 + y * 104_729 + seed, 2_654_435_761) >>> 24;
  });
  return { width, height, data };
}

const side = fc.integer({ min: 1, max: 90 });
const luma = fc
  .tuple(side, side, fc.nat(), fc.integer({ min: 1, max: 20 }))
  .map(([width, height, seed, grain]) => planeOf(width, height, seed, grain));

/** A stretch of a plane by shares of what there is. */
function stretchOf(
  { width, height }: LumaPlane,
  upright: boolean,
  shares: readonly [number, number, number, number],
  chunks: number,
): Stretch {
  const [length, lines] = upright ? [height, width] : [width, height];
  const [a, b] = [shares[0], shares[1]].sort((x, y) => x - y);
  const from = Math.min(length - 1, Math.floor(a * length));
  const to = Math.max(from + 1, Math.floor(b * length));
  const [first, last] = [shares[2], shares[3]]
    .map((share) => Math.round(share * lines))
    .sort((x, y) => x - y);
  return { upright, from, to, chunks: Math.min(chunks, to - from), first, last };
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const shares = fc.tuple(share, share, share, share);
/** Slants, many of them such that places lie in the middle between two pixels. */
const slant = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, 4, -8, 6.000000001),
  fc.double({ min: -40, max: 40, noNaN: true }),
);

describe('the edge kernel in WebAssembly', () => {
  let wasm: EdgeKernel;
  beforeAll(async () => {
    wasm = await createEdgeKernel();
  });

  it('is there', () => expect(wasm.name).toBe('wasm-simd'));

  it('shrinks planes as the reference does, also one after the other', () => {
    fc.assert(
      fc.property(luma, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 3 }), (plane, a, b) => {
        const [got, wanted] = [wasm.begin(plane).shrunk(a), edgeReference.begin(plane).shrunk(a)];
        expect(dataOf(got)).toEqual(dataOf(wanted));
        expect(dataOf(got.shrunk(b))).toEqual(dataOf(wanted.shrunk(b)));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same supports for every stretch and slant', () => {
    fc.assert(
      fc.property(
        luma,
        fc.boolean(),
        shares,
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 255 }),
        fc.array(fc.tuple(slant, share), { minLength: 1, maxLength: 4 }),
        (plane, upright, shares, chunks, cap, slants) => {
          const stretch = stretchOf(plane, upright, shares, chunks);
          const got = wasm.begin(plane).chunkSums(stretch, cap);
          const wanted = edgeReference.begin(plane).chunkSums(stretch, cap);
          for (const [slant, part] of slants) {
            const low = stretch.first + Math.floor(part * (stretch.last - stretch.first));
            expect(got.supports(low, stretch.last, slant)).toEqual(wanted.supports(low, stretch.last, slant));
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it('keeps a plane while its memory grows', () => {
    const luma = planeOf(20_000, 20, 2, 5);
    const plane = wasm.begin(luma);
    const stretch = { upright: false, from: 0, to: 20_000, chunks: 10_000, first: 0, last: 20 };
    const supports = plane.chunkSums(stretch, 24).supports(0, 20, 3);
    expect(supports).toEqual(edgeReference.begin(luma).chunkSums(stretch, 24).supports(0, 20, 3));
    expect(Buffer.compare(plane.data, luma.data)).toBe(0);
  });

  it('refuses chunks whose sums might not fit', () => {
    for (const kernel of [wasm, edgeReference]) {
      const plane = kernel.begin(planeOf(600, 4, 1, 1));
      const stretch = { upright: false, from: 0, to: 600, chunks: 2, first: 1, last: 3 };
      expect(() => plane.chunkSums(stretch, 24)).toThrow(/^'stretch' must have chunks of 1 to 256 pixels/);
      expect(() => plane.chunkSums({ ...stretch, from: 600 }, 24)).toThrow(RangeError);
      expect(() => plane.chunkSums({ ...stretch, chunks: 3 }, 256)).toThrow(/^'cap' must be 1 to 255/);
      expect(() => plane.chunkSums({ ...stretch, chunks: 3 }, 255)).not.toThrow();
    }
  });
});

describe('the support of a line', () => {
  /** Black above row 6 and left of column 10, white else. */
  const corner = referencePlane({
    width: 30,
    height: 20,
    data: Uint8Array.from({ length: 600 }, (_, i) => (i % 30 >= 10 && i >= 6 * 30 ? 255 : 0)),
  });
  const all = { upright: true, from: 0, to: 20, chunks: 4, first: 0, last: 30 };

  it('is the share of it along which luma steps', () => {
    const supports = corner.chunkSums(all, 24).supports(0, 30, 0);
    expect(supports[10]).toBeCloseTo(14 / 20, 6);
    expect([...supports].filter((support) => support > 0)).toHaveLength(1);
    const level = corner
      .chunkSums({ ...all, upright: false, to: 30, chunks: 5, last: 20 }, 24)
      .supports(0, 20, 0);
    expect(level[6]).toBeCloseTo(20 / 30, 6);
  });

  it('counts small steps less', () => {
    expect(corner.chunkSums(all, 255).supports(10, 10, 0)[0]).toBeCloseTo(0.7, 6);
    const soft = referencePlane({ ...corner, data: corner.data.map((value) => (value ? 12 : 0)) });
    expect(soft.chunkSums(all, 24).supports(10, 10, 0)[0]).toBeCloseTo(0.35, 6);
  });

  it('is found along a slant', () => {
    const slanted = referencePlane({
      width: 60,
      height: 56,
      data: Uint8Array.from({ length: 60 * 56 }, (_, i) =>
        i % 60 >= 30 + Math.round((Math.floor(i / 60) - 28) / 7) ? 200 : 40,
      ),
    });
    const stretch = { upright: true, from: 0, to: 56, chunks: 8, first: 15, last: 45 };
    const sums = slanted.chunkSums(stretch, 24);
    const most = (slant: number) => Math.max(...sums.supports(15, 45, slant));
    expect(most(8)).toBeGreaterThan(0.5);
    expect(most(8)).toBeGreaterThan(2 * most(0));
    expect(most(8)).toBeGreaterThan(2 * most(-8));
  });
});

describe('createEdgeKernel', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('takes TypeScript where WebAssembly is refused', async () => {
    vi.stubGlobal('WebAssembly', undefined);
    expect((await createEdgeKernel()).name).toBe('typescript');
  });
});

function dataOf({ width, height, data }: EdgePlane) {
  return { width, height, data: data.slice() };
}

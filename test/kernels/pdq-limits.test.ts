import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitsKernel, MAX_SIDE, MAX_WINDOW_PRODUCT } from '../../src/kernels/pdq-limits.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { PdqHash, PdqKernel } from '../../src/kernels/types.js';
import { KERNELS, loadPdqWasm } from './kernels.js';
import { differences, hashWith, paint } from './pictures.js';

/** Hashes a picture whose rows repeat every `strip.length / (4 * width)`, without holding all of it. */
function hashRepeated(kernel: PdqKernel, width: number, height: number, strip: Uint8Array): PdqHash {
  const stripRows = strip.length / (4 * width);
  kernel.begin(width, height);
  for (let y = 0; y < height; y += stripRows) {
    const count = Math.min(stripRows, height - y);
    kernel.rows(strip.subarray(0, count * width * 4), count);
  }
  return kernel.end();
}

/** Largest products of windows (4104 = 1 · 4104 = 54 · 76 = 57 · 72), odd and even along either axis. */
const EXTREMES: [number, number][] = [
  [MAX_SIDE, 128],
  [MAX_SIDE - 127, 5],
  [128, MAX_SIDE],
  [5, MAX_SIDE - 1],
  [57 * 128, 72 * 128],
  [76 * 128, 54 * 128],
  [8192, 8192],
];

describe('what the kernels can take', () => {
  it('is bounded so that no sum overflows', () => {
    expect(255 * MAX_WINDOW_PRODUCT ** 2).toBeLessThan(2 ** 32);
    expect(255 * (MAX_WINDOW_PRODUCT + 1) ** 2).toBeGreaterThan(2 ** 32);
  });

  it('is told by the windows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600_000 }), fc.integer({ min: 1, max: 20_000 }), (a, b) => {
        expect(fitsKernel(a, b)).toBe(Math.ceil(a / 128) * Math.ceil(b / 128) <= 4104);
        expect(fitsKernel(b, a)).toBe(fitsKernel(a, b));
      }),
    );
    for (const [width, height] of EXTREMES) expect(fitsKernel(width, height)).toBe(true);
    for (const [width, height] of [
      [MAX_SIDE + 1, 1],
      [MAX_SIDE, 129],
      [57 * 128 + 1, 72 * 128],
      [0, 1],
      [1, 0],
      [-128, 5],
      [1.5, 5],
      [Number.NaN, 5],
      [Number.POSITIVE_INFINITY, 1],
      [2 ** 53, 1],
    ]) {
      expect(fitsKernel(width, height), `${width} x ${height}`).toBe(false);
    }
  });

  describe.each(KERNELS)('%s', (_name, create) => {
    it.each(EXTREMES)('a white picture of %i x %i is white all over', async (width, height) => {
      const kernel = await create();
      const white = hashWith(kernel, paint('white', 64, 64));
      const rows = Math.max(1, Math.floor(2 ** 21 / (width * 4)));
      const hash = hashRepeated(kernel, width, height, new Uint8Array(rows * width * 4).fill(255));
      // 64 x 64 is not filtered at all: its samples are the pixels.
      expect(differences(hash, white)).toEqual([]);
    });
  });

  it.each(EXTREMES)('both kernels agree on stripes of %i x %i', async (width, height) => {
    const strip = paint('extremes', width, width > 9000 ? 3 : 50).rgba;
    const wasm = await loadPdqWasm();
    const hash = hashRepeated(pdqKernelOf(wasm), width, height, strip);
    expect(differences(hash, hashRepeated(createPdqReference(), width, height, strip))).toEqual([]);
    expect(wasm.memory.buffer.byteLength).toBeLessThan(3 * 1024 * 1024);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EXTENDED_CELLS,
  EXTENDED_STRIDE,
  extendPlane,
  MARGIN,
  PLANE_CELLS,
} from '../../src/kernels/plane-extension.js';
import { naiveExtension, noisePlane, photoPlane, planeFrom } from './planes.js';

function extend(plane: Float32Array): Float32Array {
  const out = new Float32Array(EXTENDED_CELLS * EXTENDED_STRIDE);
  extendPlane(plane, out);
  return out;
}

describe('the extension of a plane', () => {
  it.each([
    ['noise', noisePlane(1)],
    ['photo', photoPlane(2)],
    ['slope', planeFrom((x, y) => x + y / 2)],
    ['black and white', planeFrom((x) => (x & 1 ? 255 : 0))],
  ])('is what double precision gives, up to rounding: %s', (_name, plane) => {
    const out = extend(plane);
    const naive = naiveExtension(plane);
    let worst = 0;
    for (let y = 0; y < EXTENDED_CELLS; y++) {
      for (let x = 0; x < EXTENDED_CELLS; x++) {
        worst = Math.max(worst, Math.abs(out[y * EXTENDED_STRIDE + x] - naive[y][x]));
      }
    }
    expect(worst).toBeLessThan(1e-3);
    expect(worst).toBeGreaterThan(0);
  });

  it('keeps the plane, and leaves the padding of rows alone', () => {
    const plane = noisePlane(3);
    const out = new Float32Array(EXTENDED_CELLS * EXTENDED_STRIDE).fill(-1);
    extendPlane(plane, out);
    for (let y = 0; y < PLANE_CELLS; y++) {
      const start = (y + MARGIN) * EXTENDED_STRIDE + MARGIN;
      expect(out.slice(start, start + PLANE_CELLS)).toEqual(
        plane.slice(y * PLANE_CELLS, (y + 1) * PLANE_CELLS),
      );
    }
    for (let y = 0; y < EXTENDED_CELLS; y++) {
      const row = y * EXTENDED_STRIDE;
      expect(out.slice(row + EXTENDED_CELLS, row + EXTENDED_STRIDE).every((cell) => cell === -1)).toBe(true);
      expect(out.slice(row, row + EXTENDED_CELLS).includes(-1)).toBe(false);
    }
  });

  it('stays within what the plane holds', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const plane = noisePlane(seed);
        const out = extend(plane);
        const [low, high] = [Math.min(...plane) - 1e-3, Math.max(...plane) + 1e-3];
        for (let y = 0; y < EXTENDED_CELLS; y++) {
          for (let x = 0; x < EXTENDED_CELLS; x++) {
            const cell = out[y * EXTENDED_STRIDE + x];
            if (!(cell >= low && cell <= high)) throw new Error(`cell ${x}, ${y} is ${cell}`);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('of a mirrored plane is mirrored', () => {
    const plane = photoPlane(4);
    const mirrored = planeFrom((x, y) => plane[y * PLANE_CELLS + PLANE_CELLS - 1 - x]);
    const [a, b] = [naiveExtension(plane), extend(mirrored)];
    for (let y = 0; y < EXTENDED_CELLS; y += 13) {
      for (let x = 0; x < EXTENDED_CELLS; x++) {
        expect(b[y * EXTENDED_STRIDE + x]).toBeCloseTo(a[y][EXTENDED_CELLS - 1 - x], 2);
      }
    }
  });

  it('refuses what is no plane', () => {
    const out = new Float32Array(EXTENDED_CELLS * EXTENDED_STRIDE);
    expect(() => extendPlane(new Float32Array(100), out)).toThrow(
      /^'plane' must have 128 x 128 cells, not 100/,
    );
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const plane = noisePlane(5);
      plane[777] = bad;
      expect(extendPlane(plane, out)).toBe(false);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyTone, highlightTone, powerTone, type ToneCurve } from '../../src/kernels/plane-tone.js';
import { noisePlane, planeFrom } from './planes.js';

const toneOf = (curve: ToneCurve, ...luma: number[]) => [...applyTone(Float32Array.from(luma), curve)];

describe('tone curves', () => {
  it('of highlights are what their formula says, between whole steps too', () => {
    const formula = (y: number) => y + 2 * Math.max(0, y - 225);
    const curve = highlightTone(225, 2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 255, noNaN: true }), (y) => {
        expect(toneOf(curve, y)[0]).toBeCloseTo(formula(y), 3);
      }),
    );
    expect(toneOf(curve, 0, 225, 226, 255)).toEqual([0, 225, 228, 315]);
    expect(toneOf(highlightTone(200, 1), 199, 200, 210.5)).toEqual([199, 200, 221]);
  });

  it.each([
    [7, 1.4],
    [3, 0.6],
    [5, 1],
    [10, 2],
  ])('of power %i / 5 are what their formula says', (fifths, power) => {
    const curve = powerTone(fifths);
    for (let y = 0; y < 256; y++) expect(curve[y]).toBeCloseTo(255 * (y / 255) ** power, 4);
    fc.assert(
      fc.property(fc.double({ min: 4, max: 255, noNaN: true }), (y) => {
        expect(Math.abs(toneOf(curve, y)[0] - 255 * (y / 255) ** power)).toBeLessThan(0.1);
      }),
    );
  });

  it('prolong their ends', () => {
    expect(toneOf(powerTone(5), -3, 300)).toEqual([-3, 300]);
    expect(toneOf(highlightTone(225, 2), 256)).toEqual([318]);
  });

  it('give a new plane', () => {
    const plane = noisePlane(1);
    const before = plane.slice();
    expect(applyTone(plane, powerTone(7))).not.toEqual(before);
    expect(plane).toEqual(before);
    expect(
      applyTone(
        planeFrom(() => 255),
        powerTone(3),
      ).every((cell) => cell === 255),
    ).toBe(true);
  });

  it('have 256 values', () => {
    expect(() => applyTone(noisePlane(1), new Float32Array(255))).toThrow(
      /^'curve' must have 256 values, not 255/,
    );
  });
});

/**
 * Pictures without what was drawn over them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrastOf, marksOf, sampleMarksOf } from '../../src/kernels/plane-marks.js';
import { filledSamples } from '../../src/kernels/samples-fill.js';

const SIDE = 128;
const HALF = SIDE / 2;
const RULE = { contrast: 100, near: 1, grow: 1 };
/** The means of 2 x 2 cells. */
const sampled = (plane: Float32Array) =>
  Float32Array.from({ length: HALF * HALF }, (_, i) => {
    const at = Math.floor(i / HALF) * 2 * SIDE + (i % HALF) * 2;
    return (plane[at] + plane[at + 1] + plane[at + SIDE] + plane[at + SIDE + 1]) / 4;
  });
const clean = (plane: Float32Array, { contrast, near, grow }: typeof RULE) => {
  const marks = marksOf(contrastOf(plane, near), contrast, grow);
  return marks && filledSamples(sampled(plane), sampleMarksOf(marks));
};

/** A soft picture: no cell differs much from the next. */
function soft(): Float32Array {
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return 120 + 50 * Math.sin(x / 19) * Math.cos(y / 23);
  });
}

/** Black and white stripes of two cells, as letters with an outline are. */
function drawOver(plane: Float32Array, left: number, top: number, width: number, height: number): void {
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) plane[y * SIDE + x] = x % 4 < 2 ? 255 : 0;
  }
}

const meanOff = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

describe('samples of a plane with marks', () => {
  it('is nearly what it was before', () => {
    const plane = soft();
    drawOver(plane, 20, 100, 90, 14);
    const cleaned = clean(plane, RULE) as Float32Array;
    expect(meanOff(sampled(plane), sampled(soft()))).toBeGreaterThan(4);
    expect(meanOff(cleaned, sampled(soft()))).toBeLessThan(1);
  });

  it('keeps every sample without a mark, to the bit, and is not changed itself', () => {
    const plane = soft();
    drawOver(plane, 0, 0, 30, 10);
    const before = plane.slice();
    const cleaned = clean(plane, RULE) as Float32Array;
    expect(plane).toEqual(before);
    const samples = sampled(plane);
    for (let y = 7; y < HALF; y++) {
      for (let x = 0; x < HALF; x++) expect(cleaned[y * HALF + x]).toBe(samples[y * HALF + x]);
    }
    for (let i = 0; i < 15; i++) expect(cleaned[i]).not.toBe(samples[i]);
  });

  it('is none where nothing is a mark, and none where most of it is', () => {
    expect(clean(soft(), RULE)).toBeNull();
    const plane = soft();
    drawOver(plane, 0, 0, SIDE, 70);
    expect(clean(plane, RULE)).toBeNull();
  });

  it('takes more out the further marks reach, and the less contrast makes one', () => {
    const plane = soft();
    drawOver(plane, 40, 40, 20, 6);
    const changed = (rule: typeof RULE) =>
      (clean(plane, rule) as Float32Array).filter((value, i) => value !== sampled(plane)[i]).length;
    expect(changed({ ...RULE, grow: 3 })).toBeGreaterThan(changed(RULE));
    expect(changed({ ...RULE, near: 3 })).toBeGreaterThan(changed(RULE));
    expect(changed({ ...RULE, contrast: 30 })).toBeGreaterThanOrEqual(changed(RULE));
  });

  it('stays within the luma of what surrounds it', () => {
    const planes = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(
        planes,
        fc.integer({ min: 20, max: 255 }),
        fc.integer({ min: 0, max: 3 }),
        (cells, contrast, grow) => {
          // Blocks of 16 x 16 cells.
          const plane = Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
            return cells[(Math.floor(i / SIDE) >> 4) * 8 + ((i % SIDE) >> 4)];
          });
          const cleaned = clean(plane, { contrast, near: 2, grow });
          if (cleaned === null) return;
          const [low, high] = [Math.min(...cells), Math.max(...cells)];
          for (const value of cleaned) expect(value >= low && value <= high).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
  });
});

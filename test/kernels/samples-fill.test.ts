/**
 * Samples of a picture filled from what surrounds them.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filledSamples } from '../../src/kernels/samples-fill.js';

const SIDE = 64;
const COUNT = SIDE * SIDE;

const planeOf = (value: (x: number, y: number) => number) =>
  Float32Array.from({ length: COUNT }, (_, i) => value(i % SIDE, Math.floor(i / SIDE)));
const marksOf = (marked: (x: number, y: number) => boolean) =>
  Uint8Array.from({ length: COUNT }, (_, i) => Number(marked(i % SIDE, Math.floor(i / SIDE))));

/** What a rectangle of marks with one cell in it must give, by the definition and no other way. */
function expectedAt(plane: Float32Array, marks: Uint8Array, x: number, y: number): number {
  let [sum, weights] = [0, 0];
  for (const [dx, dy] of [
    [-1, 0],
    [1, 0],
    [0, -1],
    [0, 1],
  ]) {
    for (let d = 1; ; d++) {
      const [u, v] = [x + d * dx, y + d * dy];
      if (u < 0 || v < 0 || u >= SIDE || v >= SIDE) break;
      if (marks[v * SIDE + u] !== 0) continue;
      sum += plane[v * SIDE + u] / (d * d);
      weights += 1 / (d * d);
      break;
    }
  }
  return sum / weights;
}

const rectangles = fc
  .array(
    fc.record({
      left: fc.integer({ min: 0, max: SIDE - 1 }),
      top: fc.integer({ min: 0, max: SIDE - 1 }),
      width: fc.integer({ min: 1, max: 24 }),
      height: fc.integer({ min: 1, max: 24 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((all) =>
    marksOf((x, y) =>
      all.some((r) => x >= r.left && x < r.left + r.width && y >= r.top && y < r.top + r.height),
    ),
  );

describe('filled samples', () => {
  const plane = planeOf((x, y) => 100 + 60 * Math.sin(x / 9) * Math.cos(y / 13) + ((x * 7 + y * 13) % 5));

  it('has in each marked cell the four nearest kept ones by the inverse square of their distance, and all others as they were', () => {
    fc.assert(
      fc.property(rectangles, fc.integer({ min: 0, max: COUNT - 1 }), (marks, from) => {
        const before = plane.slice();
        const out = filledSamples(plane, marks);
        expect(plane).toEqual(before);
        for (let i = 0; i < COUNT; i++)
          if (marks[i] === 0 && out[i] !== plane[i]) expect(out[i]).toBe(plane[i]);
        const cell = marks.indexOf(1, from) >= 0 ? marks.indexOf(1, from) : marks.indexOf(1);
        const expected = expectedAt(plane, marks, cell % SIDE, Math.floor(cell / SIDE));
        expect(out[cell]).toBeCloseTo(expected, 3);
      }),
      { numRuns: 40 },
    );
  });

  it('continues a slope across a hole', () => {
    const slope = planeOf((x) => x);
    const out = filledSamples(
      slope,
      marksOf((x, y) => x >= 28 && x < 36 && y >= 28 && y < 36),
    );
    for (let i = 0; i < COUNT; i++) expect(Math.abs(out[i] - slope[i])).toBeLessThan(4);
  });

  it('is the plane itself where nothing is marked, and where everything is', () => {
    expect(filledSamples(plane, new Uint8Array(COUNT))).toEqual(plane);
    expect(filledSamples(plane, new Uint8Array(COUNT).fill(1))).toEqual(plane);
  });

  it('takes the mean of what is kept where a row and a column are marked whole', () => {
    const out = filledSamples(
      planeOf(() => 40),
      marksOf((x, y) => x === 5 || y === 9),
    );
    expect(out[9 * SIDE + 5]).toBe(40);
  });
});

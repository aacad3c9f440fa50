/**
 * From the network's maps to boxes.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOX_LIMITS, decodeBoxes } from '../../src/finder/boxes.js';
import { CELL_SIDE, CELLS, INPUT_SIDE, MAPS } from '../../src/finder/layout.js';

const AREA = CELLS * CELLS;

/** Maps that say nothing. */
const nothing = () => new Float32Array(MAPS * AREA);

interface Wanted {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly score: number;
}

/** Lets the cell of a box's middle, and its right neighbour, speak for the box. */
function speak(maps: Float32Array, { left, top, right, bottom, score }: Wanted): void {
  const column = Math.floor((left + right) / 2 / CELL_SIDE);
  const row = Math.floor((top + bottom) / 2 / CELL_SIDE);
  for (const [c, likelihood] of [
    [column, score],
    [Math.min(CELLS - 1, column + 1), score * 0.8],
  ]) {
    const cell = row * CELLS + c;
    if (likelihood < maps[cell]) continue;
    const [x, y] = [(c + 0.5) * CELL_SIDE, (row + 0.5) * CELL_SIDE];
    maps.set([likelihood], cell);
    [x - left, y - top, right - x, bottom - y].forEach((distance, i) => {
      maps[(i + 1) * AREA + cell] = distance;
    });
  }
}

describe('boxes', () => {
  it('are none where nothing is likely', () => {
    expect(decodeBoxes(nothing(), 1000, 500)).toEqual([]);
  });

  it("are in the picture's own pixels", () => {
    const maps = nothing();
    speak(maps, { left: 32, top: 64, right: 224, bottom: 128, score: 0.9 });
    const [box, ...rest] = decodeBoxes(maps, 2 * INPUT_SIDE, 3 * INPUT_SIDE);
    expect(rest).toEqual([]);
    expect(box.left).toBeCloseTo(64, 3);
    expect(box.top).toBeCloseTo(192, 3);
    expect(box.width).toBeCloseTo(384, 3);
    expect(box.height).toBeCloseTo(192, 3);
    expect(box.score).toBeCloseTo(0.9, 5);
  });

  it('lie within the picture even if a side is said to be beyond it', () => {
    const maps = nothing();
    speak(maps, { left: -30, top: 100, right: 400, bottom: 140, score: 0.5 });
    const [box] = decodeBoxes(maps, INPUT_SIDE, INPUT_SIDE);
    expect([box.left, box.width]).toEqual([0, INPUT_SIDE]);
  });

  it('come the best first, and no more than asked for', () => {
    const maps = nothing();
    for (let i = 0; i < 16; i++) {
      const [left, top] = [(i % 4) * 64 + 4, Math.floor(i / 4) * 64 + 4];
      speak(maps, { left, top, right: left + 56, bottom: top + 56, score: 0.3 + i / 40 });
    }
    const found = decodeBoxes(maps, INPUT_SIDE, INPUT_SIDE);
    expect(found).toHaveLength(BOX_LIMITS.maxBoxes);
    expect(found.map(({ score }) => score)).toEqual(found.map(({ score }) => score).sort((a, b) => b - a));
    expect(found[0].left).toBeCloseTo(3 * 64 + 4, 3);
  });

  it('keep the better one of two that say the same, and both where one lies in the other', () => {
    const maps = nothing();
    speak(maps, { left: 20, top: 20, right: 120, bottom: 120, score: 0.6 });
    speak(maps, { left: 24, top: 20, right: 152, bottom: 120, score: 0.9 });
    speak(maps, { left: 100, top: 20, right: 150, bottom: 60, score: 0.5 });
    const found = decodeBoxes(maps, INPUT_SIDE, INPUT_SIDE);
    expect(found.map(({ score }) => Math.round(score * 10))).toEqual([9, 5]);
  });

  it('have their sides where the cells along them say', () => {
    const maps = nothing();
    speak(maps, { left: 52, top: 44, right: 205, bottom: 214, score: 0.9 });
    // In truth the left side is at 45 and the upper one at 50; a few cells see something else nearby.
    for (let row = 7; row < 27; row++) {
      maps[5 * AREA + row * CELLS + 5] = 0.8;
      maps[9 * AREA + row * CELLS + 5] = 5 / 8;
      if (row % 6 === 0) maps[5 * AREA + row * CELLS + 7] = 0.9;
    }
    for (let column = 6; column < 25; column++) {
      maps[6 * AREA + 6 * CELLS + column] = 0.7;
      maps[10 * AREA + 6 * CELLS + column] = 2 / 8;
    }
    const [box] = decodeBoxes(maps, INPUT_SIDE, INPUT_SIDE);
    expect(box.left).toBeCloseTo(45, 3);
    expect(box.top).toBeCloseTo(50, 3);
    expect(box.left + box.width).toBeCloseTo(205, 3);
    expect(box.top + box.height).toBeCloseTo(214, 3);
  });

  it('leave a side alone that only a few cells see', () => {
    const maps = nothing();
    speak(maps, { left: 52, top: 44, right: 205, bottom: 214, score: 0.9 });
    for (let row = 7; row < 11; row++) maps[5 * AREA + row * CELLS + 5] = 0.9;
    expect(decodeBoxes(maps, INPUT_SIDE, INPUT_SIDE)[0].left).toBeCloseTo(52, 3);
  });

  it('stay boxes whatever the maps say', () => {
    const number = fc.oneof(
      fc.double({ min: -10, max: 500 }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(MAPS * AREA - 1), number), { maxLength: 400 }), (writes) => {
        const maps = nothing();
        for (const [at, value] of writes) maps[at] = value;
        const found = decodeBoxes(maps, 800, 600);
        expect(found.length).toBeLessThanOrEqual(BOX_LIMITS.maxBoxes);
        for (const { left, top, width, height } of found) {
          expect(left).toBeGreaterThanOrEqual(0);
          expect(top).toBeGreaterThanOrEqual(0);
          expect(width).toBeGreaterThan(0);
          expect(height).toBeGreaterThan(0);
          expect(left + width).toBeLessThanOrEqual(800.001);
          expect(top + height).toBeLessThanOrEqual(600.001);
        }
      }),
    );
  });

  it('need maps of the right length', () => {
    expect(() => decodeBoxes(new Float32Array(7), 10, 10)).toThrow(/^'maps'/);
  });
});

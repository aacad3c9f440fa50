import { describe, expect, it } from 'vitest';
import { bitPositions, isLayout } from '../../src/snapshot/layouts.js';

describe('layouts', () => {
  it('begins layout 1 with the lowest frequencies, row by row', () => {
    // Diagonals u + v = 0, 1, 2, 3 of the 16 x 16 matrix, each from its top right end down.
    const { key } = bitPositions(1, 64, 64);
    expect([...key.subarray(0, 10)]).toEqual([0, 1, 16, 2, 17, 32, 3, 18, 33, 48]);
  });

  it('spreads the sketch of layout 1 evenly over the rest', () => {
    const { key, sketch } = bitPositions(1, 64, 64);
    const frequency = (j: number) => (j >> 4) + (j & 15);
    const order = Array.from({ length: 256 }, (_, j) => j).sort(
      (a, b) => frequency(a) - frequency(b) || a - b,
    );
    // (i + .5) * 192 / 64 = 3i + 1.5.
    expect([...sketch]).toEqual(Array.from({ length: 64 }, (_, i) => order[64 + 3 * i + 1]));
    expect([...key]).toEqual(order.slice(0, 64));
  });

  it('takes other places of the same order in the other layouts', () => {
    const order = [...bitPositions(1, 96, 32).key];
    expect([...bitPositions(2, 64, 64).key]).toEqual(order.slice(16, 80));
    expect([...bitPositions(3, 48, 64).key]).toEqual(order.filter((_, i) => i % 2 === 0));
    expect([...bitPositions(4, 64, 64).key]).toEqual(order.slice(32));
  });

  it('puts the lowest row and column six places later in layout 5', () => {
    const { key } = bitPositions(5, 64, 64);
    // (1,1) (1,2) (2,1) (1,3) (2,2) (3,1), then the diagonals on, and (0,0) with those of sum 6.
    expect([...key.subarray(0, 6)]).toEqual([17, 18, 33, 19, 34, 49]);
    expect([...key].indexOf(0)).toBe([...key].indexOf(65) + 1);
    expect([...key]).not.toContain(7 * 16);
  });

  it.each([1, 2, 3, 4, 5])('uses no bit twice in layout %i, whatever the widths', (layout) => {
    for (let keyBits = 32; keyBits <= 96; keyBits += 8) {
      for (let sketchBits = 32; sketchBits <= 128; sketchBits += 16) {
        const { key, sketch } = bitPositions(layout, keyBits, sketchBits);
        expect(new Set([...key, ...sketch]).size).toBe(keyBits + sketchBits);
      }
    }
  });

  it('knows no other layout', () => {
    expect(isLayout(0)).toBe(false);
    expect(isLayout(6)).toBe(false);
    expect(() => bitPositions(6, 64, 64)).toThrow(RangeError);
  });
});

/**
 * Where apps lay something over a picture.
 */
import { describe, expect, it } from 'vitest';
import { CORNERS, type Cover, coveredSamples, markRectangle } from '../../src/kernels/covers.js';

const SIDE = 64;
const share = (samples: Uint8Array) => samples.reduce((sum, sample) => sum + sample, 0) / samples.length;
const at = (cells: Uint8Array, x: number, y: number) =>
  cells[Math.floor(y * SIDE) * SIDE + Math.floor(x * SIDE)];

describe('covered samples', () => {
  it.each<[string, Cover, number]>([
    ['round corners', { round: 0.2 }, (4 - Math.PI) * 0.2 ** 2],
    ['a disc', { disc: 0.2 }, Math.PI * 0.2 ** 2],
    ['a corner', { corner: { at: 'upper-left', width: 0.25, height: 0.5 } }, 0.125],
    ['each corner', { corner: { at: 'each', width: 0.25, height: 0.25 } }, 0.25],
    ['a strip above', { top: 0.125 }, 0.125],
    ['strips above and below', { top: 0.125, bottom: 0.25 }, 0.375],
    ['nothing', {}, 0],
  ])('are as many as %s of a square have', (_name, cover, expected) => {
    expect(Math.abs(share(coveredSamples(cover, 100, 100)) - expected)).toBeLessThan(0.02);
  });

  it('are round in the picture, not in the plane', () => {
    const cells = coveredSamples({ disc: 0.25 }, 400, 100);
    expect(at(cells, 0.5, 0.3)).toBe(1);
    expect(at(cells, 0.55, 0.5)).toBe(1);
    expect(at(cells, 0.57, 0.5)).toBe(0);
  });

  it('lie in the corner that is named', () => {
    const inner = {
      'upper-left': [0.1, 0.1],
      'upper-right': [0.9, 0.1],
      'lower-left': [0.1, 0.9],
      'lower-right': [0.9, 0.9],
    };
    for (const corner of CORNERS) {
      const cells = coveredSamples({ corner: { at: corner, width: 0.2, height: 0.2 } }, 300, 200);
      for (const other of CORNERS) {
        const [x, y] = inner[other];
        expect(at(cells, x, y), `${corner}, ${other}`).toBe(Number(other === corner));
      }
    }
  });

  it('leave out what lies outside, and what is turned over', () => {
    const cells = new Uint8Array(SIDE * SIDE);
    markRectangle(cells, -1, -0.5, 0.25, 0.5);
    expect(share(cells)).toBe(0.125);
    markRectangle(cells, 0.9, 0, 0.5, 1);
    markRectangle(cells, 2, 0, 3, 1);
    expect(share(cells)).toBe(0.125);
  });
});

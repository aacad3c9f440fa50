/**
 * Pictures with slanted sides, laid upright.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashDistance } from '../../src/kernels/pdq-distance.js';
import type { LumaPlane } from '../../src/kernels/survey.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import type { FoundRectangle } from '../../src/scan/finder.js';
import { foundPictures } from '../../src/scan/found-pictures.js';
import { cornersOf, type Slopes, uprighted } from '../../src/scan/slanted.js';

const STRAIGHT: Slopes = { left: 0, top: 0, right: 0, bottom: 0 };

function planeOf(width: number, height: number, value: (x: number, y: number) => number): LumaPlane {
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) data[y * width + x] = value(x, y);
  return { width, height, data };
}

/** A picture's luma at (u, v), 0 to 1. */
const picture = (u: number, v: number) =>
  128 + 60 * Math.sin(9 * u + 4 * v * v) + 50 * Math.cos(13 * v - 5 * u * v) + 15 * Math.sin(31 * u * v);

/** A page on which the picture lies, turned by a slope about the middle of a rectangle. */
const turned = (box: FoundRectangle, slope: number) =>
  planeOf(700, 800, (x, y) => {
    const [middleX, middleY] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    const [dx, dy] = [x + 0.5 - middleX, y + 0.5 - middleY];
    const scale = 1 + slope * slope;
    const u = (dx - slope * dy) / scale / (box.right - box.left) + 0.5;
    const v = (dy + slope * dx) / scale / (box.bottom - box.top) + 0.5;
    return u < 0 || u >= 1 || v < 0 || v >= 1 ? 235 : picture(u, v);
  });

describe('slanted sides', () => {
  it('meet in the corners, which lie on both', () => {
    const side = fc.double({ min: -0.09, max: 0.09, noNaN: true });
    fc.assert(
      fc.property(fc.record({ left: side, top: side, right: side, bottom: side }), (slopes) => {
        const box = { left: 100, top: 50, right: 400, bottom: 650 };
        const [upperLeft, upperRight, lowerLeft, lowerRight] = cornersOf(box, slopes);
        for (const [point, x, y] of [
          [upperLeft, 'left', 'top'],
          [upperRight, 'right', 'top'],
          [lowerLeft, 'left', 'bottom'],
          [lowerRight, 'right', 'bottom'],
        ] as const) {
          expect(point.x).toBeCloseTo(box[x] + slopes[x] * (point.y - 350), 8);
          expect(point.y).toBeCloseTo(box[y] + slopes[y] * (point.x - 250), 8);
        }
      }),
    );
  });

  it('that are upright change nothing', () => {
    const plane = planeOf(300, 400, (x, y) => (x * 7 + y * 13) & 255);
    const box = { left: 20, top: 30, right: 220, bottom: 330 };
    const { width, height, data } = uprighted(plane, box, STRAIGHT);
    expect([width, height]).toEqual([200, 300]);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) expect(data[y * width + x]).toBe(plane.data[(y + 30) * 300 + x + 20]);
    }
  });

  it('of a large picture give a small one of the same proportions', () => {
    const plane = planeOf(2000, 1000, (x) => x / 8);
    const { width, height } = uprighted(plane, { left: 0, top: 0, right: 2000, bottom: 1000 }, STRAIGHT);
    expect([width, height]).toEqual([512, 256]);
  });

  it('may lie beyond the page, which goes on as its edge', () => {
    const plane = planeOf(40, 30, (x) => 100 + x);
    const box = { left: -20, top: -10, right: 60, bottom: 40 };
    const { data } = uprighted(plane, box, { left: 0.09, top: 0.09, right: -0.09, bottom: -0.09 });
    for (const value of data) expect(value >= 100 && value <= 139).toBe(true);
    for (const [width, height] of [
      [1, 1],
      [1, 9],
      [9, 1],
    ]) {
      const small = planeOf(width, height, () => 50);
      const { data } = uprighted(small, { left: 0, top: 0, right: 30, bottom: 30 }, STRAIGHT);
      for (const value of data) expect(value).toBe(50);
    }
  });
});

describe('a slanted picture that was found', () => {
  let kernel: PdqKernel;
  beforeAll(async () => {
    kernel = await createPdqKernel();
  });

  async function hashOf(plane: LumaPlane, found: FoundRectangle): Promise<Uint8Array> {
    const survey = { luma: plane, thumbnail: new Float32Array(0) };
    for await (const { hash } of foundPictures(survey, { find: async () => [found] }, kernel))
      return hash.bits;
    throw new Error('nothing was found');
  }

  it.each([0.04, -0.06])('has the hash of the upright one, turned by %f', async (slope) => {
    const box = { left: 150, top: 120, right: 550, bottom: 660 };
    const wanted = await hashOf(turned(box, 0), box);
    const slopes = { left: slope, right: slope, top: -slope, bottom: -slope };
    const upright = await hashOf(turned(box, slope), box);
    const laid = await hashOf(turned(box, slope), { ...box, slopes });
    expect(hashDistance(wanted, laid)).toBeLessThanOrEqual(12);
    expect(hashDistance(wanted, upright)).toBeGreaterThan(2 * hashDistance(wanted, laid) + 10);
  });
});

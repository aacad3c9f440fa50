import { describe, expect, it } from 'vitest';
import { edgeReference } from '../../src/finder/edge-reference.js';
import { createFinder } from '../../src/finder/find.js';
import { CELLS, MAPS } from '../../src/finder/layout.js';
import { hasPlainSide } from '../../src/finder/plain-sides.js';
import type { LumaPlane } from '../../src/kernels/survey.js';

/** A network that is sure of one picture, in the middle of the picture, or of none. */
const networkOf = (side: number) => ({
  async run() {
    const maps = new Float32Array(MAPS * CELLS * CELLS);
    const middle = (CELLS / 2) * CELLS + CELLS / 2;
    if (side > 0) {
      maps[middle] = 0.9;
      for (const distance of [1, 2, 3, 4]) maps[distance * CELLS * CELLS + middle] = side / 2;
    }
    return maps;
  },
});

function luma(width: number, height: number, value: (x: number, y: number) => number): LumaPlane {
  const data = Uint8Array.from({ length: width * height }, (_, i) => value(i % width, Math.floor(i / width)));
  return { width, height, data };
}

const noise = (x: number, y: number) => (Math.imul(x * 7919 + y * 104_729, 2_654_435_761) >>> 24) & 255;
const photo = luma(320, 240, noise);
const captioned = luma(320, 240, (x, y) => (y < 40 ? 250 : noise(x, y)));
const page = { left: 0, top: 0, right: 320, bottom: 240 };
const find = (side: number, plane: LumaPlane) =>
  createFinder(networkOf(side), edgeReference).find({ luma: plane, thumbnail: new Float32Array(0) });

describe('the finder', () => {
  it('looks at nothing but the whole of a plain photo, where the network sees nothing in it, or the whole', async () => {
    expect(await find(0, photo)).toEqual([page]);
    expect(await find(256, photo)).toEqual([page]);
  });

  it('looks further where the network sees a picture inside', async () => {
    expect((await find(120, photo)).length).toBeGreaterThan(1);
  });

  it('looks further where a side begins as a page or a caption bar does', async () => {
    expect((await find(0, captioned)).length).toBeGreaterThan(1);
  });
});

describe('a plain side', () => {
  it.each<[string, boolean, (x: number, y: number) => number]>([
    ['none', false, noise],
    ['above', true, (x, y) => (y === 0 ? 200 : noise(x, y))],
    ['below', true, (x, y) => (y === 49 ? 3 : noise(x, y))],
    ['left', true, (x, y) => (x === 0 ? 90 + (y % 5) : noise(x, y))],
    ['right', true, (x, y) => (x === 59 ? 90 : noise(x, y))],
    ['inside', false, (x, y) => (y === 25 ? 90 : noise(x, y))],
  ])('%s', (_, expected, value) => {
    expect(hasPlainSide(luma(60, 50, value))).toBe(expected);
  });
});

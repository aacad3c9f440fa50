import { describe, expect, it } from 'vitest';
import { edgeReference } from '../../src/finder/edge-reference.js';
import { createFinder } from '../../src/finder/find.js';
import { CELLS, MAPS } from '../../src/finder/layout.js';
import type { LumaPlane } from '../../src/kernels/survey.js';

/** A network that sees one picture, in the middle of the picture, or none. */
const networkOf = (side: number, score: number) => ({
  async run() {
    const maps = new Float32Array(MAPS * CELLS * CELLS);
    const middle = (CELLS / 2) * CELLS + CELLS / 2;
    if (side > 0) {
      maps[middle] = score;
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
const page = { left: 0, top: 0, right: 320, bottom: 240 };
const find = (side: number, plane: LumaPlane, score = 0.9) =>
  createFinder(networkOf(side, score), edgeReference).find({ luma: plane, thumbnail: new Float32Array(0) });

describe('the finder', () => {
  it('looks at nothing but the whole of a plain photo, where the network sees nothing in it, or the whole', async () => {
    expect(await find(0, photo)).toEqual([page]);
    expect(await find(256, photo)).toEqual([page]);
  });

  it('looks further where the network sees a picture inside', async () => {
    expect((await find(120, photo)).length).toBeGreaterThan(1);
  });

  it('takes a box that is a little smaller than the page for one inside it, but not one that it hardly believes in', async () => {
    expect(await find(252, photo)).toEqual([page]);
    expect((await find(246, photo)).length).toBeGreaterThan(1);
    expect(await find(120, photo, 0.3)).toEqual([page]);
    expect((await find(120, photo, 0.4)).length).toBeGreaterThan(1);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../../src/kernels/pdq.js';
import type { PdqKernel } from '../../../src/kernels/types.js';
import { eachNewPicture, type FrameRun } from '../../../src/scan/animation/each-frame.js';
import {
  chooseFrames,
  FRAME_PLAN,
  lookupsBy,
  MAX_FRAME_LOOKUPS,
} from '../../../src/scan/animation/frame-plan.js';
import type { AnimationFrames } from '../../../src/scan/animation/types.js';
import { formBudgets, SEARCH_PLANS } from '../../../src/scan/search-plan.js';
import type { DecodedImage } from '../../../src/scan/types.js';
import { defaultParameters } from '../../../src/snapshot/parameters.js';
import { nearFalsePositiveRate } from '../../../src/snapshot/rates.js';
import { seededBytes } from '../../support/lists.js';

let kernel: PdqKernel;
beforeAll(async () => {
  kernel = await createPdqKernel();
});

/** A picture of 16 x 16 random squares; equal seeds give equal pictures. */
function squares(seed: number): DecodedImage {
  const random = seededBytes(1256, Math.imul(seed + 1, 0x9e3779b1) ^ 0x5bd1e995).subarray(1000);
  const rgba = new Uint8Array(64 * 64 * 4).fill(255);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++)
      rgba.fill(random[(y >> 2) * 16 + (x >> 2)], (y * 64 + x) * 4, (y * 64 + x) * 4 + 3);
  }
  return {
    width: 64,
    height: 64,
    mayHaveAlpha: false,
    readRows: (y, count) => rgba.subarray(y * 256, (y + count) * 256),
    close: () => {},
  };
}

function source(count: number, seedOf: (index: number) => number): AnimationFrames & { asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    count,
    cut: false,
    async frame(index) {
      asked.push(index);
      return squares(seedOf(index));
    },
    close: () => {},
  };
}

async function look(frames: AnimationFrames, part: Partial<FrameRun> = {}) {
  const run: FrameRun = {
    kernel,
    maxFrames: 512,
    maxPixels: 1e6,
    isCancelled: () => false,
    isLate: () => false,
    onProgress: () => {},
    ...part,
  };
  const given: number[] = [];
  const pictures = eachNewPicture(frames, [], run);
  for (;;) {
    const next = await pictures.next();
    if (next.done) return { given, cut: next.value.cut };
    given.push(next.value.index);
  }
}

describe('an animation', () => {
  it('gives each different picture once', async () => {
    expect(await look(source(300, (i) => (i === 211 ? 9 : i % 3)))).toEqual({
      given: [0, 1, 2, 211],
      cut: false,
    });
  });

  it('of more frames than the limit is looked at over its whole length', async () => {
    const frames = source(1_000_000_000, () => 1);
    expect(await look(frames, { maxFrames: 5 })).toEqual({ given: [0], cut: true });
    expect(frames.asked).toEqual([0, 250_000_000, 500_000_000, 749_999_999, 999_999_999]);
    expect(
      await look(
        source(3, (i) => i),
        { maxFrames: 0 },
      ),
    ).toEqual({ given: [], cut: true });
    expect(
      await look(
        source(3, (i) => i),
        { maxFrames: 1 },
      ),
    ).toEqual({ given: [0], cut: true });
  });

  it('of many different pictures spends its look-ups over its whole length', async () => {
    const { given, cut } = await look(source(400, (i) => i));
    expect(cut).toBe(true);
    expect(given).toHaveLength(MAX_FRAME_LOOKUPS);
    expect(given.slice(0, 30)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(given.at(-1)).toBeGreaterThan(395);
    expect(given.filter((index) => index >= 200).length).toBeGreaterThan(40);
  });

  it('without a frame was not looked at', async () => {
    expect(await look(source(0, () => 1))).toEqual({ given: [], cut: true });
  });

  it('goes on after a damaged frame, and says so', async () => {
    const frames = source(4, (i) => i);
    const damaged: AnimationFrames = {
      ...frames,
      frame: (index) => (index === 1 ? Promise.reject(new Error('damaged')) : frames.frame(index)),
    };
    expect(await look(damaged)).toEqual({ given: [0, 2, 3], cut: true });
  });

  it('ends when cancelled, and where there is no time left', async () => {
    let asked = 0;
    const frames = source(50, (i) => i);
    expect((await look(frames, { isCancelled: () => ++asked > 20 })).given.length).toBeLessThan(20);
    let late = 0;
    expect(
      await look(
        source(50, (i) => i),
        { isLate: () => ++late > 4 },
      ),
    ).toEqual({ given: [0, 1, 2, 3], cut: true });
  });

  it('has the same progress whatever it shows', async () => {
    const traceOf = async (seedOf: (index: number) => number) => {
      const fractions: number[] = [];
      await look(source(40, seedOf), { onProgress: (fraction) => fractions.push(fraction) });
      return fractions;
    };
    const still = await traceOf(() => 1);
    expect(await traceOf((i) => i)).toEqual(still);
    expect(still.at(-1)).toBe(1);
    expect(still).toHaveLength(40);
  });
});

describe('the choice of frames', () => {
  it('takes the first and the last, each once', () => {
    expect(chooseFrames(3, 512)).toEqual([0, 1, 2]);
    expect(chooseFrames(10, 4)).toEqual([0, 3, 6, 9]);
    expect(chooseFrames(0, 4)).toEqual([]);
    const long = chooseFrames(100_000, 512);
    expect(new Set(long).size).toBe(512);
    expect([long[0], long[511]]).toEqual([0, 99_999]);
    expect(lookupsBy(1)).toBe(MAX_FRAME_LOOKUPS);
  });
});

describe('the false positives of a file', () => {
  it.each([96, 64])(
    'stay within one in a million with all its frames, on a million entries of %i bits',
    (sketchBits) => {
      const parameters = defaultParameters({ capacity: 1_250_000, salt: new Uint8Array(16), sketchBits });
      const rate = (plan: Parameters<typeof formBudgets>[0]) =>
        nearFalsePositiveRate(parameters, 1_000_000, formBudgets(plan));
      const first = rate(SEARCH_PLANS.normal);
      const frames = MAX_FRAME_LOOKUPS * rate(FRAME_PLAN);
      console.log(
        `${sketchBits} bits: first frame ${first.toExponential(2)}, ${MAX_FRAME_LOOKUPS} others ${frames.toExponential(2)}`,
      );
      expect(first + frames).toBeLessThan(sketchBits === 96 ? 1e-8 : 1e-6);
    },
  );
});

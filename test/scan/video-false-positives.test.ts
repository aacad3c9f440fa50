import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { LIST_PRESETS } from '../../src/publisher/presets.js';
import type { NearSize } from '../../src/scan/lists.js';
import { formBudgets, VIDEO_PLAN } from '../../src/scan/search-plan.js';
import {
  MOST_FALSE_MATCHES,
  SINGLE_FRAME_DISTANCE,
  singleFrameDistance,
} from '../../src/scan/single-frame.js';
import { distanceThreshold } from '../../src/snapshot/acceptance.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { nearFalsePositiveRate } from '../../src/snapshot/rates.js';

const BUDGETS = formBudgets(VIDEO_PLAN);
const SALT = new Uint8Array(16);
/** An hour; five minutes; the fewest that a clip has. */
const FRAMES = [DEFAULT_LIMITS.maxFrames, 300, 10];

const sizeOf = (keyBits: number, sketchBits: number, entries: number): NearSize => ({
  parameters: defaultParameters({ capacity: entries, salt: SALT, keyBits, sketchBits }),
  entries,
});

describe('a video that has nothing to do with a list', () => {
  it.each(Object.entries(LIST_PRESETS))(
    'matches (%s) less often than one file in a million, by one frame or by two, with all frames that a scan looks at',
    (name, { keyBits, sketchBits }) => {
      const table = [100_000, 1_000_000, 10_000_000].flatMap((entries) => {
        const size = sizeOf(keyBits, sketchBits, entries);
        return FRAMES.map((frames) => {
          const single = singleFrameDistance(size, BUDGETS, frames);
          const rate = (distance?: number) =>
            nearFalsePositiveRate(size.parameters, entries, BUDGETS, distance);
          const oneFrame = frames * rate(single);
          const twoFrames = (frames * rate()) ** 2 / (2 * entries);
          const row = { list: name, entries, frames, single, oneFrame, agreeing: frames * rate(), twoFrames };
          expect(oneFrame + twoFrames).toBeLessThanOrEqual(MOST_FALSE_MATCHES);
          expect(single).toBeGreaterThan(0);
          // The largest: one bit more would be too much, or more than is ever allowed.
          const most = Math.min(SINGLE_FRAME_DISTANCE, distanceThreshold(sketchBits));
          if (single < most) expect(frames * rate(single + 1)).toBeGreaterThan(MOST_FALSE_MATCHES);
          return row;
        });
      });
      console.table(table);
    },
  );

  it('has to be nearer the shorter the sketches are, and the more frames there are, to match by one', () => {
    const distances = [32, 48, 64, 96].map((sketchBits) =>
      singleFrameDistance(sizeOf(64, sketchBits, 1_000_000), BUDGETS, 3600),
    );
    expect(distances).toEqual([...distances].sort((a, b) => a - b));
    expect(distances[0]).toBeLessThan(5);
    // Where even equal bits are too likely to be chance, none is near enough.
    expect(singleFrameDistance(sizeOf(64, 32, 1_000_000), BUDGETS, 1e9)).toBe(-1);
  });
});

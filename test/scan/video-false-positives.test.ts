import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { LIST_PRESETS } from '../../src/publisher/presets.js';
import { formBudgets, mostProbes, VIDEO_PLAN } from '../../src/scan/search-plan.js';
import { nearFalsePositiveRate } from '../../src/snapshot/rates.js';

const ENTRIES = 1_000_000;

describe('a video that has nothing to do with a list of a million', () => {
  it.each(Object.entries(LIST_PRESETS))(
    'matches (%s) less often than one file in a million, with all frames that a scan looks at',
    (name, { keyBits, sketchBits }) => {
      const parameters = { keyBits, sketchBits, nearFingerprintBits: 35 };
      const frame = nearFalsePositiveRate(parameters, ENTRIES, formBudgets(VIDEO_PLAN));
      const anyFrame = DEFAULT_LIMITS.maxFrames * frame;
      const twoFrames = anyFrame ** 2 / (2 * ENTRIES);
      const guesses = Math.log2(mostProbes(VIDEO_PLAN)).toFixed(2);
      console.log(`${name}: 2^${guesses} guesses; frame ${frame}, any frame ${anyFrame}, two ${twoFrames}`);
      expect(twoFrames).toBeLessThan(1e-9);
      // The bound that holds however alike the frames are.
      if (name === 'precise') expect(anyFrame).toBeLessThan(1e-6);
    },
  );
});

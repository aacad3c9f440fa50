import { describe, expect, it } from 'vitest';
import { LIST_PRESETS } from '../../src/publisher/presets.js';
import { formBudgets, VIDEO_PLAN } from '../../src/scan/search-plan.js';
import { openNearSet } from '../../src/snapshot/near-set.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { nearFalsePositiveRate } from '../../src/snapshot/rates.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { makeSchedule, patternAt } from '../../src/snapshot/schedule.js';
import { frameRule } from '../../src/snapshot/video-set.js';
import { DEFAULT_VIDEO_THRESHOLDS } from '../../src/snapshot/video-table.js';
import { queryOf } from '../snapshot/queries.js';
import { buildSnapshot, headerOf, parametersOf, randomBytes, randomList } from '../snapshot/support.js';

const BUDGETS = formBudgets(VIDEO_PLAN);
const SALT = new Uint8Array(16);

/** The chance that at least `least` of `frames` independent frames agree with one video, each with probability `p`. */
function atLeast(least: number, frames: number, p: number): number {
  let sum = 0;
  for (let k = least; k <= frames; k++) {
    let term = 1;
    for (let i = 0; i < k; i++) term *= ((frames - i) / (k - i)) * p;
    sum += term * (1 - p) ** (frames - k);
  }
  return sum;
}

describe('a video that has nothing to do with listed ones', () => {
  it.each(Object.entries(LIST_PRESETS))(
    'matches (%s) one of them less often than one file in a million',
    (list, { keyBits, sketchBits }) => {
      const rows = [];
      // 10,000 videos of 500 frames; compared frames of the file: the fewest, ten, an hour.
      const [videos, framesEach] = [10_000, 500];
      const entries = videos * framesEach;
      const parameters = defaultParameters({ capacity: entries, salt: SALT, keyBits, sketchBits });
      const frame = nearFalsePositiveRate(parameters, entries, BUDGETS);
      const perVideo = frame / videos;
      for (const compared of [2, 10, 3600]) {
        // The rule wants 80 % of the compared frames and two at least, or 80 % of the segments. The weakest listed video has one segment:
        // two frames that agree are then enough, whatever is compared.
        const share = Math.max(
          DEFAULT_VIDEO_THRESHOLDS.leastFrames,
          Math.ceil((compared * DEFAULT_VIDEO_THRESHOLDS.queryPercent) / 100),
        );
        const byShare = compared > 100 ? 0 : videos * atLeast(share, compared, perVideo);
        const bySegments = videos * ((compared * perVideo) ** 2 / 2);
        rows.push({
          list,
          entries,
          compared,
          frame,
          byShare,
          oneSegment: bySegments,
          alikeBound: compared * frame,
        });
        expect(byShare + bySegments).toBeLessThan(1e-9);
      }
      console.table(rows);
    },
  );

  it('has frames that come near to a listed one by chance as often as is computed, at distances that can be counted', () => {
    // The rule itself lets too few through to count them: further and further out there are more.
    const entries = 2000;
    const header = headerOf(parametersOf({ capacity: 2048, keyBits: 64, sketchBits: 96 }));
    const listed = randomList('pdq', entries, 11);
    const near = openNearSet(readSnapshot(buildSnapshot(header, { pdq: listed })));
    const [probes, queries] = [2 ** 15, 150];
    const table = [];
    for (const most of [80, 90, 100]) {
      let met = 0;
      for (let i = 0; i < queries; i++) {
        const query = queryOf(randomBytes(32, 50_000 + 7 * i), i + 1);
        met += near.search(query, { from: 0, to: probes }, { every: true, maxDistance: most }).entries.length;
      }
      const schedule = makeSchedule(header.keyBits, probes);
      let shares = 0;
      for (let run = 0; run < schedule.rank.length; run++) {
        const flips = patternAt(schedule, schedule.start[run]).length;
        const patterns = Math.min(probes, schedule.start[run + 1]) - schedule.start[run];
        // flips + 2 · distance <= most, the distance binomial with 96 trials of 1/2
        if (patterns > 0) shares += patterns * (1 - atLeast(Math.floor((most - flips) / 2) + 1, 96, 0.5));
      }
      const computed = (queries * shares * entries) / 2 ** header.nearFingerprintBits;
      table.push({ 'within, bits': most, met, computed });
      expect(computed).toBeGreaterThan(5);
      expect(Math.abs(met - computed), `within ${most}`).toBeLessThan(4 * Math.sqrt(computed));
    }
    console.table(table);
  });

  it('agrees less often the nearer frames have to be', () => {
    const candidate = { flips: 2, rank: 0, sketchDistance: 15, keyBits: 64, sketchBits: 96 };
    expect(frameRule(31)(candidate)).toBe(true);
    expect(frameRule(20)(candidate)).toBe(false);
  });
});

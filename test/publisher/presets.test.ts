import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { calibrationConditions } from '../../bench/calibrate/conditions.js';
import type { CalibrationFile } from '../../bench/calibrate/main.js';
import { calibrationTables } from '../../bench/calibrate/table.js';
import type { ScaleFile } from '../../bench/scale/main.js';
import { scaleTable } from '../../bench/scale/table.js';
import { CALIBRATION } from '../../src/publisher/calibration.js';
import { disclosureOf } from '../../src/publisher/disclosure.js';
import { expectedRecall } from '../../src/publisher/expected-recall.js';
import { KEY_BITS, LIST_PRESETS, SKETCH_BITS } from '../../src/publisher/presets.js';
import { formBudgets, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { nearFalsePositiveRate } from '../../src/snapshot/rates.js';

const doc = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('the calibration table', () => {
  const file = JSON.parse(doc('calibration.json')) as CalibrationFile;

  it('is that of docs/calibration.json, for all widths', () => {
    expect(file.lists).toHaveLength(KEY_BITS.length * SKETCH_BITS.length);
    for (const { keyBits, sketchBits, recall } of file.lists) {
      expect(CALIBRATION.recall[keyBits][sketchBits]).toBeCloseTo(recall, 3);
    }
    expect(file.layout).toBe(CALIBRATION.layout);
    expect(Object.keys(CALIBRATION.recall).map(Number)).toEqual(KEY_BITS);
  });

  it('was measured with the search plan, the acceptance rule and the layout in force', () => {
    expect(file.conditions, 'measure again: npm run calibrate').toBe(calibrationConditions());
  });

  it('is the one that docs/near-match.md shows', () => {
    for (const table of calibrationTables(file).split('\n\n')) expect(doc('near-match.md')).toContain(table);
  });

  it('comes from photos that may be tuned on, and copies of which no list named another', () => {
    expect(file.photos.part).toBe('tuning');
    for (const { keyBits, sketchBits, wrong } of file.lists) {
      expect.soft(wrong, `${keyBits}/${sketchBits}`).toBe(0);
    }
  });

  it('says nothing of other widths and layouts', () => {
    expect(expectedRecall({ layout: 5, ...LIST_PRESETS.precise })).toBe(CALIBRATION.recall[64][96]);
    expect(expectedRecall({ layout: 5, keyBits: 64, sketchBits: 80 })).toBeNull();
    expect(expectedRecall({ layout: 5, keyBits: 88, sketchBits: 64 })).toBeNull();
    expect(expectedRecall({ layout: 1, ...LIST_PRESETS.precise })).toBeNull();
  });
});

describe('false positives of unrelated pictures', () => {
  const widths = KEY_BITS.flatMap((keyBits) => SKETCH_BITS.map((sketchBits) => [keyBits, sketchBits]));

  it.each(widths)(
    'key %i, sketch %i: 10^-6 a file at a million entries, or few more',
    (keyBits, sketchBits) => {
      const parameters = { keyBits, sketchBits, nearFingerprintBits: 35 };
      const rate = nearFalsePositiveRate(parameters, 1_000_000, formBudgets(SEARCH_PLANS.normal));
      // The rule in force goes by the sketch alone; beside the longest key 64 bits are too few for it.
      expect(rate).toBeLessThanOrEqual(keyBits === 96 && sketchBits === 64 ? 4e-6 : 1e-6);
    },
  );
});

describe('the table of scale', () => {
  const { rows } = JSON.parse(doc('scale.json')) as ScaleFile;

  it('is the one that docs/near-match.md shows', () => {
    expect(doc('near-match.md')).toContain(scaleTable(rows));
  });

  it('keeps to its limits', () => {
    for (const { preset, entries, bitsAnEntry, build } of rows) {
      expect(bitsAnEntry, `${preset}, ${entries}`).toBeLessThanOrEqual(preset === 'compact' ? 84 : 116);
      expect(build.peakBytes).toBeLessThanOrEqual(2 * 2 ** 30);
    }
    expect(rows.map(({ entries }) => entries)).toContain(10_000_000);
  });
});

describe('what a list gives away', () => {
  it('follows from its widths', () => {
    expect(disclosureOf({ keyBits: 64, nearFingerprintBits: 34 }, 2 ** 20)).toEqual({
      workForTheList: 64,
      workPerEntry: 44,
      falseFindsPerTrueOne: 2 ** 30 - 1,
    });
    expect(disclosureOf({ keyBits: 96, nearFingerprintBits: 44 }, 2 ** 30)).toEqual({
      workForTheList: 96,
      workPerEntry: 66,
      falseFindsPerTrueOne: 2 ** 52 - 1,
    });
    // A key that is no longer than its fingerprint hides behind no other.
    expect(disclosureOf({ keyBits: 32, nearFingerprintBits: 40 }, 0)).toEqual({
      workForTheList: 32,
      workPerEntry: null,
      falseFindsPerTrueOne: 0,
    });
  });
});

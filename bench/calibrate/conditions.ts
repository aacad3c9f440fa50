/**
 * What a calibration holds for: when any of it changes, the table has to be measured again.
 * @module
 */
import { createHash } from 'node:crypto';
import { KEY_BITS, SKETCH_BITS } from '../../src/publisher/presets.js';
import { SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { distanceThreshold } from '../../src/snapshot/acceptance.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import { DEFAULT_LAYOUT } from '../../src/snapshot/parameters.js';

/** @returns 16 hex digits, of the search plan, the acceptance rule and the layout of all widths */
export function calibrationConditions(): string {
  const conditions = {
    plan: SEARCH_PLANS.normal,
    thresholds: SKETCH_BITS.map(distanceThreshold),
    positions: KEY_BITS.flatMap((keyBits) =>
      SKETCH_BITS.map((sketchBits) => {
        const { key, sketch } = bitPositions(DEFAULT_LAYOUT, keyBits, sketchBits);
        return [[...key], [...sketch]];
      }),
    ),
  };
  return createHash('sha256').update(JSON.stringify(conditions)).digest('hex').slice(0, 16);
}

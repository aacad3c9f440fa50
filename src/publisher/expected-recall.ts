/**
 * Recall to expect of a list, from what was measured for its widths.
 * @module
 */
import type { ListParameters } from '../snapshot/types.js';
import { CALIBRATION } from './calibration.js';

/** What `npm run calibrate` measured; docs/calibration.json has the whole of it. */
export interface Calibration {
  /** The layout that all of it was measured with. */
  readonly layout: number;
  /** Share of edited copies that were found, by bits of the key, then of the sketch. */
  readonly recall: Readonly<Record<number, Readonly<Record<number, number>>>>;
}

/**
 * The share of edited copies that the normal search finds: edits of the calibration's set, each counting the same.
 * @param parameters - of a list
 * @returns the share, or null where these widths were not measured: nothing is interpolated
 */
export function expectedRecall({
  layout,
  keyBits,
  sketchBits,
}: Pick<ListParameters, 'layout' | 'keyBits' | 'sketchBits'>): number | null {
  if (layout !== CALIBRATION.layout) return null;
  return CALIBRATION.recall[keyBits]?.[sketchBits] ?? null;
}

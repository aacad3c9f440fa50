/**
 * Recall by widths. Written by `npm run calibrate`; docs/calibration.json says how it was measured.
 * @module
 */
import type { Calibration } from './expected-recall.js';

/** Shares of edited copies found. */
export const CALIBRATION: Calibration = { layout: 5, recall: {} };

/**
 * Recall by widths. Written by `npm run calibrate`; docs/calibration.json says how it was measured.
 * @module
 */
import type { Calibration } from './expected-recall.js';

/** Shares of edited copies found. */
export const CALIBRATION: Calibration = {
  layout: 5,
  recall: {
    56: { 32: 0.564, 48: 0.86, 64: 0.94, 96: 0.953 },
    64: { 32: 0.571, 48: 0.857, 64: 0.924, 96: 0.93 },
    72: { 32: 0.531, 48: 0.829, 64: 0.891, 96: 0.895 },
    80: { 32: 0.513, 48: 0.803, 64: 0.861, 96: 0.863 },
    96: { 32: 0.519, 48: 0.757, 64: 0.792, 96: 0.797 },
  },
};

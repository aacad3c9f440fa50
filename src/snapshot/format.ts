/**
 * Constants and arithmetic that the writer and the reader of a snapshot share (docs/snapshot-format.md, 2 and 3).
 * @module
 */
import { ceilLog2 } from './parameters.js';
import type { ListParameters, Signal } from './types.js';

/** "PRSV", then bytes that a transfer in text mode would change. */
export const MAGIC: readonly number[] = [0x50, 0x52, 0x53, 0x56, 0x0d, 0x0a, 0x1a, 0x0a];
export const FORMAT_VERSION = 1;

/** Offsets of the header's fields. */
export const FIELD = {
  formatVersion: 8,
  flags: 10,
  headerLength: 12,
  fileLength: 16,
  listVersion: 20,
  createdLow: 24,
  createdHigh: 28,
  salt: 32,
  capacity: 48,
  layout: 52,
  keyBits: 53,
  sketchBits: 54,
  nearFingerprintBits: 55,
  exactFingerprintBits: 56,
  sectionCount: 57,
  labelCount: 58,
  nameLength: 60,
  zero: 61,
  sectionTable: 64,
} as const;

/** Bytes of a row of the section table. */
export const SECTION_ROW_BYTES = 16;
/** Bytes of the checksum. */
export const CHECKSUM_BYTES = 4;

/** Flag of a demo list. */
export const FLAG_DEMO = 1;

/** Bit positions in a section's codes fit 32 bits below this many bytes. */
export const MAX_CODE_BYTES = 2 ** 29 - 1;

/** Bytes of those parts of a section that are not codes. */
export interface PartBytes {
  sketches: number;
  labels: number;
}

/**
 * @param parameters - of the list
 * @param signal - of the section
 * @param count - entries
 * @param labelCount - labels of the list
 * @returns bytes of the section's sketches and labels (3.2, 3.5)
 */
export function partBytes(
  parameters: ListParameters,
  signal: Signal,
  count: number,
  labelCount: number,
): PartBytes {
  return {
    sketches: signal === 'pdq' ? (count * parameters.sketchBits) / 8 : 0,
    labels: Math.ceil((count * ceilLog2(labelCount)) / 8),
  };
}

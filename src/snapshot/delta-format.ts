/**
 * Constants and arithmetic that the writer and the reader of a delta share (docs/delta-format.md, 1 and 2).
 * @module
 */
import { CHECKSUM_BYTES } from './format.js';
import { bitLength, riceParameter } from './rice.js';

/** "PRSD", then bytes that a transfer in text mode would change. */
export const DELTA_MAGIC: readonly number[] = [0x50, 0x52, 0x53, 0x44, 0x0d, 0x0a, 0x1a, 0x0a];
export const DELTA_FORMAT_VERSION = 1;

/** Offsets of the header's fields. */
export const DELTA_FIELD = {
  formatVersion: 8,
  flags: 10,
  headerLength: 12,
  fileLength: 16,
  baseVersion: 20,
  baseLength: 24,
  baseChecksum: 28,
  nextVersion: 32,
  nextLength: 36,
  nextChecksum: 40,
  createdLow: 44,
  createdHigh: 48,
  sectionCount: 52,
  nameLength: 53,
  removedLabelCount: 54,
  addedLabelCount: 56,
  zero: 58,
  sectionTable: 64,
} as const;

/** Bytes of a row of the section table. */
export const DELTA_ROW_BYTES = 20;

/** What a delta calls a snapshot by (1.5). No proof of anything. */
export interface SnapshotName {
  /** List version. */
  readonly version: number;
  /** Bytes of the file. */
  readonly byteLength: number;
  /** The file's last four bytes: CRC-32C of all before them. */
  readonly checksum: number;
}

/**
 * @param file - a snapshot that was read
 * @param version - its list version
 * @returns what deltas call it by
 */
export function snapshotName(file: Uint8Array, version: number): SnapshotName {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return {
    version,
    byteLength: file.length,
    checksum: view.getUint32(file.length - CHECKSUM_BYTES, true),
  };
}

/**
 * How removals are coded (3.2).
 * @param baseCount - entries of the base's section
 * @param removed - how many of them are removed
 * @returns bits of a position, and the Rice parameter
 */
export function removalWidths(baseCount: number, removed: number): { bits: number; k: number } {
  const bits = bitLength(baseCount);
  return { bits, k: riceParameter(bits, removed) };
}

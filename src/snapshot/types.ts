/**
 * What a snapshot holds. Pure values: no DOM, no Node, no clock.
 * @module
 */

/** A signal that a section of a snapshot can hold. */
export type ExactSignal = 'md5' | 'sha1' | 'sha256';
/** Every signal of format version 1. */
export type Signal = ExactSignal | 'pdq';

/** Bytes of a digest or hash, by signal. */
export const SIGNAL_BYTES: Readonly<Record<Signal, number>> = { md5: 16, sha1: 20, sha256: 32, pdq: 32 };

/** Widths that belong to a list for as long as it lives (docs/snapshot-format.md). */
export interface ListParameters {
  /** 16 bytes; the key of every keyed function. */
  salt: Uint8Array;
  /** Entries that any one section may grow to. */
  capacity: number;
  /** Which bit positions of a PDQ hash make the key and the sketch. */
  layout: number;
  /** Bits of a PDQ key, 32 to 96, a multiple of 8. */
  keyBits: number;
  /** Bits of a PDQ sketch, 32 to 128, a multiple of 16. */
  sketchBits: number;
  /** Bits of a PDQ fingerprint: ceil(log2 capacity) + 10 to 16. */
  nearFingerprintBits: number;
  /** Bits of a digest's fingerprint: min(64, ceil(log2 capacity) + 40). */
  exactFingerprintBits: number;
}

/** A snapshot's header. */
export interface SnapshotHeader extends ListParameters {
  name: string;
  /** 1 or more; a higher version replaces a lower one. */
  version: number;
  /** Unix time in seconds. */
  createdSeconds: number;
  /** True for a demo list of harmless pictures. */
  demo: boolean;
}

/**
 * What there is to say about a snapshot.
 * @module
 */
import { createHash } from 'node:crypto';
import { mostProbes, SEARCH_PLANS } from '../scan/search-plan.js';
import { SnapshotError } from '../snapshot/errors.js';
import { unpackBits } from '../snapshot/packed-bits.js';
import { expectedFalsePositiveRate } from '../snapshot/rates.js';
import { readSnapshot } from '../snapshot/read.js';
import type { SectionView, Signal, Snapshot } from '../snapshot/types.js';
import { PublisherError } from './errors.js';

/** One section of a snapshot. */
export interface SectionInspection {
  entries: number;
  /** Entries under each label, by label; the empty label is "no label". */
  labels: Record<string, number>;
  /** Bytes of the section, labels included. */
  bytes: number;
  /** Bits of the section for each entry, labels included; 0 where there is none. */
  bitsPerEntry: number;
  /**
   * Chance that a file which has nothing to do with the list matches: for digests a file, for `pdq` an opaque
   * picture with all its mirrored and turned forms. Pictures composed like a listed one are not counted.
   */
  expectedFalsePositiveRate: number;
}

/** A snapshot, described. */
export interface Inspection {
  name: string;
  /** List version. */
  version: number;
  /** Unix time in seconds. */
  created: number;
  demo: boolean;
  /** 32 hex digits. */
  salt: string;
  capacity: number;
  layout: number;
  keyBits: number;
  sketchBits: number;
  nearFingerprintBits: number;
  exactFingerprintBits: number;
  /** Bytes of the file. */
  bytes: number;
  /** SHA-256 of the file, in hex. */
  sha256: string;
  sections: Partial<Record<Signal, SectionInspection>>;
}

/**
 * @param bytes - a snapshot
 * @param file - what messages call it
 * @returns its description
 * @throws PublisherError `snapshot-invalid`
 */
export function inspectSnapshot(bytes: Uint8Array, file = 'the snapshot'): Inspection {
  const snapshot = openSnapshot(bytes, file);
  const { name, version, createdSeconds, demo, salt, capacity, ...widths } = snapshot.header;
  return {
    name,
    version,
    created: createdSeconds,
    demo,
    salt: Buffer.from(salt).toString('hex'),
    capacity,
    layout: widths.layout,
    keyBits: widths.keyBits,
    sketchBits: widths.sketchBits,
    nearFingerprintBits: widths.nearFingerprintBits,
    exactFingerprintBits: widths.exactFingerprintBits,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sections: Object.fromEntries(
      [...snapshot.sections].map(([signal, section]) => [signal, inspectSection(snapshot, signal, section)]),
    ),
  };
}

/**
 * @param bytes - a snapshot
 * @param file - what messages call it
 * @returns the snapshot, read and checked
 * @throws PublisherError `snapshot-invalid`
 */
export function openSnapshot(bytes: Uint8Array, file: string): Snapshot {
  try {
    return readSnapshot(bytes);
  } catch (error) {
    throw invalidSnapshot(error, file);
  }
}

/**
 * @param error - thrown while a snapshot was read
 * @param file - what the message calls it
 * @returns the error to throw instead
 */
export function invalidSnapshot(error: unknown, file: string): unknown {
  if (!(error instanceof SnapshotError)) return error;
  const message = `${file}: not a readable snapshot (${error.code}): ${error.message}`;
  return new PublisherError('snapshot-invalid', message, { cause: error });
}

function inspectSection(snapshot: Snapshot, signal: Signal, section: SectionView): SectionInspection {
  return {
    entries: section.count,
    labels: countLabels(snapshot.labels, section),
    bytes: section.byteLength,
    bitsPerEntry: section.count === 0 ? 0 : round((section.byteLength * 8) / section.count),
    expectedFalsePositiveRate: expectedFalsePositiveRate(snapshot, signal, mostProbes(SEARCH_PLANS.normal)),
  };
}

function countLabels(labels: readonly string[], section: SectionView): Record<string, number> {
  const counts = new Uint32Array(labels.length);
  for (let i = 0; i < section.count; i++) counts[unpackBits(section.labels, section.labelBits, i)]++;
  return Object.fromEntries(
    labels.map((label, id) => [label, counts[id]]).filter(([, count]) => count !== 0),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

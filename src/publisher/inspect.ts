/**
 * What there is to say about a snapshot.
 * @module
 */
import { createHash } from 'node:crypto';
import { formBudgets, SEARCH_PLANS } from '../scan/search-plan.js';
import { SnapshotError } from '../snapshot/errors.js';
import { unpackBits } from '../snapshot/packed-bits.js';
import { expectedFalsePositiveRate } from '../snapshot/rates.js';
import { readSnapshot } from '../snapshot/read.js';
import type {
  ExactSignal,
  SectionView,
  Signal,
  Snapshot,
  VideoSection,
  VideoThresholds,
} from '../snapshot/types.js';
import { type Disclosure, disclosureOf } from './disclosure.js';
import { PublisherError } from './errors.js';
import { expectedRecall } from './expected-recall.js';

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
   * picture with all the forms of the normal search. Pictures composed like a listed one are not counted.
   */
  expectedFalsePositiveRate: number;
}

/** The PDQ section of a snapshot. */
export interface PdqInspection extends SectionInspection, Disclosure {
  /**
   * Share of edited copies of listed pictures that the normal search finds, over the edits of docs/calibration.json;
   * null where it was not measured for these widths.
   */
  expectedRecall: number | null;
}

/** The videos of a snapshot. */
export interface VideoInspection {
  videos: number;
  /** Frames of all videos, near-identical ones folded. */
  entries: number;
  /** Videos under each label, by label; the empty label is "no label". */
  labels: Record<string, number>;
  /** Bytes of the section. */
  bytes: number;
  /** Bits of the section for each frame, the table of videos included. */
  bitsPerEntry: number;
  /** When a file counts as a copy of one. */
  thresholds: VideoThresholds;
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
  sections: Partial<Record<ExactSignal, SectionInspection> & Record<'pdq', PdqInspection>>;
  /** Absent where the list has no section of videos. */
  vpdq?: VideoInspection;
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
    ...(snapshot.videos && { vpdq: inspectVideos(snapshot.labels, snapshot.videos) }),
  };
}

function inspectVideos(
  labels: readonly string[],
  { table, frames, byteLength, thresholds }: VideoSection,
): VideoInspection {
  return {
    videos: table.count,
    entries: frames.count,
    labels: countedLabels(labels, table.labelIds),
    bytes: byteLength,
    bitsPerEntry: frames.count === 0 ? 0 : round((byteLength * 8) / frames.count),
    thresholds,
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

function inspectSection(
  snapshot: Snapshot,
  signal: Signal,
  section: SectionView,
): SectionInspection | PdqInspection {
  const inspection: SectionInspection = {
    entries: section.count,
    labels: countLabels(snapshot.labels, section),
    bytes: section.byteLength,
    bitsPerEntry: section.count === 0 ? 0 : round((section.byteLength * 8) / section.count),
    expectedFalsePositiveRate: expectedFalsePositiveRate(snapshot, signal, formBudgets(SEARCH_PLANS.normal)),
  };
  if (signal !== 'pdq') return inspection;
  const { workPerEntry, ...disclosure } = disclosureOf(snapshot.header, section.count);
  return {
    ...inspection,
    expectedRecall: expectedRecall(snapshot.header),
    ...disclosure,
    workPerEntry: workPerEntry === null ? null : round(workPerEntry),
  };
}

function countLabels(labels: readonly string[], section: SectionView): Record<string, number> {
  const ids = new Uint16Array(section.count);
  for (let i = 0; i < section.count; i++) ids[i] = unpackBits(section.labels, section.labelBits, i);
  return countedLabels(labels, ids);
}

function countedLabels(labels: readonly string[], ids: Uint16Array): Record<string, number> {
  const counts = new Uint32Array(labels.length);
  for (const id of ids) counts[id]++;
  return Object.fromEntries(
    labels.map((label, id) => [label, counts[id]]).filter(([, count]) => count !== 0),
  );
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * A hash list opened for look-up. The pipeline sees lists only through this; it never knows where the bytes
 * came from.
 * @module
 */
import { openNearSetWasm, openVideoSetWasm } from '../kernels/near-wasm.js';
import { type ExactSet, openExactSet } from '../snapshot/exact-set.js';
import { type NearSet, openNearSet } from '../snapshot/near-set.js';
import { readSnapshot } from '../snapshot/read.js';
import type { ExactSignal, ListParameters } from '../snapshot/types.js';
import { openVideoSet, type VideoSet } from '../snapshot/video-set.js';
import { type LicensedSections, licensedSections } from './signals.js';

/** Exact signals, the cheapest to forge first. */
export const EXACT_SIGNALS: readonly ExactSignal[] = ['md5', 'sha1', 'sha256'];

/** What a list's near look-ups may give by accident depends on. */
export interface NearSize {
  readonly parameters: ListParameters;
  readonly entries: number;
}

/** A list ready for look-up. */
export interface OpenedList {
  readonly name: string;
  readonly version: number;
  readonly createdSeconds: number;
  readonly demo: boolean;
  /** Label of each label id; the empty string is no label. */
  readonly labels: readonly string[];
  readonly exact: ReadonlyMap<ExactSignal, ExactSet>;
  readonly near: NearSet | null;
  /** Of the section of `near`; absent where there is none. */
  readonly nearSize?: NearSize;
  /** Absent where the list has no videos. */
  readonly videos?: VideoSet;
  /** Sections of signals that licensees add. Absent: none. */
  readonly licensed?: LicensedSections;
  /** When its approval ends, in milliseconds since 1970. Absent for a list that nobody signed. */
  readonly expires?: number;
  /** True for an urgent addition to a list: not used after `expires`, whatever the policy says. */
  readonly urgent?: boolean;
}

/**
 * @param bytes - a snapshot; kept, not copied: the caller must not change it
 * @returns the list
 * @throws SnapshotError where the bytes are not a readable snapshot
 */
export async function openList(bytes: Uint8Array): Promise<OpenedList> {
  const snapshot = readSnapshot(bytes);
  const exact = new Map<ExactSignal, ExactSet>();
  for (const signal of EXACT_SIGNALS) {
    if (snapshot.sections.has(signal)) exact.set(signal, openExactSet(snapshot, signal));
  }
  const pdq = snapshot.sections.get('pdq');
  const near = pdq === undefined ? null : ((await openNearSetWasm(snapshot)) ?? openNearSet(snapshot));
  const videos =
    snapshot.videos && ((await openVideoSetWasm(snapshot, snapshot.videos)) ?? openVideoSet(snapshot));
  const licensed = licensedSections(snapshot);
  const { name, version, createdSeconds, demo } = snapshot.header;
  return {
    name,
    version,
    createdSeconds,
    demo,
    labels: snapshot.labels,
    exact,
    near,
    ...(pdq !== undefined && { nearSize: { parameters: snapshot.header, entries: pdq.count } }),
    ...(videos !== null && { videos }),
    ...(licensed !== undefined && { licensed }),
  };
}

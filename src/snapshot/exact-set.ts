/**
 * Exact look-up of digests (docs/snapshot-format.md, 4.5).
 * @module
 */
import { FingerprintFinder } from './fingerprint-index.js';
import { ExactKeys } from './keyed.js';
import { unpackBits } from './packed-bits.js';
import { type ExactSignal, type SectionView, SIGNAL_BYTES, type Snapshot } from './types.js';

/** The digests of one signal of a list. */
export interface ExactSet {
  readonly signal: ExactSignal;
  /**
   * @param digest - of a whole file
   * @returns the ids of the labels that it is listed under, ascending, each once; empty where it is not listed
   * @throws TypeError, RangeError for something that is no digest of this signal
   */
  lookup(digest: Uint8Array): number[];
}

/**
 * @param snapshot - that was read
 * @param signal - one that the snapshot has a section of
 * @returns its digests; all memory is the snapshot's own
 * @throws RangeError where the snapshot has no such section
 */
export function openExactSet(snapshot: Snapshot, signal: ExactSignal): ExactSet {
  const section = requireSection(snapshot, signal);
  const keys = new ExactKeys(snapshot.header, signal);
  const finder = new FingerprintFinder(section);
  const fingerprint = new Uint32Array(2);
  return {
    signal,
    lookup(digest) {
      if (!(digest instanceof Uint8Array)) throw new TypeError("'digest' must be a Uint8Array");
      if (digest.length !== SIGNAL_BYTES[signal]) {
        throw new RangeError(`'digest' must have ${SIGNAL_BYTES[signal]} bytes`);
      }
      keys.fingerprint(digest, 0, fingerprint);
      const found = finder.find(fingerprint[0], fingerprint[1]);
      const labels = new Set<number>();
      for (let i = 0; i < found; i++) labels.add(labelOf(section, finder.first + i));
      return sortedIds(labels);
    },
  };
}

/**
 * @param snapshot - that was read
 * @param signal - of a section
 * @returns the section
 * @throws RangeError where there is none
 */
export function requireSection(snapshot: Snapshot, signal: ExactSignal | 'pdq'): SectionView {
  const section = snapshot.sections.get(signal);
  if (section === undefined) throw new RangeError(`'snapshot' has no section ${signal}`);
  return section;
}

/**
 * @param section - of an opened snapshot
 * @param ordinal - place of an entry in it
 * @returns the id of the entry's label
 */
export function labelOf(section: SectionView, ordinal: number): number {
  return unpackBits(section.labels, section.labelBits, ordinal);
}

/**
 * @param ids - label ids
 * @returns them in ascending order
 */
export function sortedIds(ids: ReadonlySet<number>): number[] {
  return [...ids].sort((a, b) => a - b);
}

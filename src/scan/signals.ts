/**
 * Signals that a licensee adds (docs/signals.md): which of them a scan needs, their hashes of a picture, and the look-up.
 *
 * A signal's code is the licensee's. Whatever it throws becomes a check that could not run, and spoils no other.
 * @module
 */
import type { CoverageNote } from '../outcome.js';
import { type LicensedSet, openLicensedSet } from '../snapshot/licensed-section.js';
import { checkSignalType, type SignalImage, type SignalType } from '../snapshot/signal-type.js';
import type { Snapshot } from '../snapshot/types.js';
import type { OpenedList } from './lists.js';
import type { MatchSet } from './lookup.js';
import { type ScanParts, takePart } from './parts.js';

export {
  FIRST_LICENSED_KIND,
  LAST_LICENSED_KIND,
  type SignalImage,
  type SignalType,
  wholePicture,
} from '../snapshot/signal-type.js';

/** What the part `signals` gives: the licensee's signals, each of a kind of its own. */
export type SignalsPart = readonly SignalType[];

/** Sections of licensees' kinds in one list. */
export interface LicensedSections {
  /** Kinds of section that the list has. */
  readonly kinds: ReadonlySet<number>;
  /**
   * @param type - of one of the kinds
   * @returns its section; opened once
   * @throws SnapshotError where the section does not fit the signal
   */
  open(type: SignalType): LicensedSet;
}

/** A picture's hash of one signal; without a hash where the signal's code failed. */
export interface SignalHash {
  readonly type: SignalType;
  readonly hash?: Uint8Array;
}

/**
 * @param types - as a licensee wrote them
 * @throws RangeError where a field has a wrong value, or two have one kind
 */
export function checkSignals(types: SignalsPart): void {
  for (const [i, type] of types.entries()) {
    checkSignalType(type);
    if (types.findIndex(({ kind }) => kind === type.kind) !== i)
      throw new RangeError(`'kind' ${type.kind} belongs to two signals`);
  }
}

/** @returns the snapshot's sections of licensees' kinds, or undefined if it has none */
export function licensedSections(snapshot: Snapshot): LicensedSections | undefined {
  if (snapshot.licensed.length === 0) return undefined;
  const opened = new Map<SignalType, LicensedSet>();
  return {
    kinds: new Set(snapshot.licensed.map(({ kind }) => kind)),
    open(type) {
      const set = opened.get(type) ?? openLicensedSet(snapshot, type);
      if (set === undefined) throw new RangeError(`the list has no section of kind ${type.kind}`);
      opened.set(type, set);
      return set;
    },
  };
}

/** @returns true if a list has a section that a declared signal may read */
export function owesSignals(lists: readonly OpenedList[], parts: ScanParts | undefined): boolean {
  return parts?.has('signals') === true && lists.some(({ licensed }) => licensed !== undefined);
}

/**
 * @param lists - in use
 * @param parts - of the scan
 * @param remainingMs - time left to the scan
 * @param notes - gets `part-missing` where the signals can't be had
 * @returns signals of which a list has a section, or null if they can't be had
 */
export async function neededSignals(
  lists: readonly OpenedList[],
  parts: ScanParts | undefined,
  remainingMs: number,
  notes: CoverageNote[],
): Promise<SignalsPart | null> {
  if (!owesSignals(lists, parts)) return [];
  const types = await takePart('signals', parts, remainingMs, notes);
  return types?.filter(({ kind }) => lists.some(({ licensed }) => licensed?.kinds.has(kind))) ?? null;
}

/**
 * @param image - opaque
 * @param types - signals
 * @returns a hash for each signal that has one of this picture, or that failed
 */
export function hashSignals(image: SignalImage, types: SignalsPart): SignalHash[] {
  return types.flatMap((type): SignalHash[] => {
    try {
      const hash = type.hash(image);
      return hash === undefined ? [] : [{ type, hash }];
    } catch {
      return [{ type }];
    }
  });
}

/**
 * @param hashes - of a picture
 * @param lists - in use
 * @param found - takes the matches
 * @returns false if a look-up that was owed could not be done
 */
export function lookUpSignals(
  hashes: readonly SignalHash[],
  lists: readonly OpenedList[],
  found: MatchSet,
): boolean {
  let allDone = true;
  for (const { type, hash } of hashes) {
    for (const list of lists) {
      if (!list.licensed?.kinds.has(type.kind)) continue;
      try {
        if (hash === undefined) throw new Error(`no hash of the signal ${type.name}`);
        found.add(list, 'perceptual', list.licensed.open(type).lookup(hash));
      } catch {
        allDone = false;
      }
    }
  }
  return allDone;
}

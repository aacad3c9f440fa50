/**
 * What a list gives away to someone who takes it apart, computed from its widths (docs/snapshot-format.md, 8.4 to 8.6).
 * @module
 */
import type { ListParameters } from '../snapshot/types.js';

/** What it costs to take the PDQ entries of a list apart, and what that yields. */
export interface Disclosure {
  /** Binary logarithm of the probes that try every key, and so meet every entry: the width of a key (8.4). */
  workForTheList: number;
  /** Binary logarithm of those probes for each entry; null where there is none (8.5). */
  workPerEntry: number | null;
  /** Keys that meet an entry's fingerprint without being the entry's key (8.6). */
  falseFindsPerTrueOne: number;
}

/**
 * @param parameters - of a list
 * @param entries - PDQ entries
 * @returns what the list gives away
 */
export function disclosureOf(
  { keyBits, nearFingerprintBits }: Pick<ListParameters, 'keyBits' | 'nearFingerprintBits'>,
  entries: number,
): Disclosure {
  return {
    workForTheList: keyBits,
    workPerEntry: entries === 0 ? null : keyBits - Math.log2(entries),
    falseFindsPerTrueOne: Math.max(0, 2 ** (keyBits - nearFingerprintBits) - 1),
  };
}

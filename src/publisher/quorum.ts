/**
 * Takes in what enough organisations supplied: an entry needs a quorum, and so does each of its labels.
 *
 * A label is an assertion, too. If any one organisation could put one onto an entry that others supplied, it alone could
 * turn a mild category into a grave one; so an entry whose organisations don't agree on a label has none.
 * @module
 */
import type { Signal } from '../snapshot/types.js';
import { EntryTable } from './lists/entry-table.js';

/** Entries of each signal. */
export type EntryTables = ReadonlyMap<Signal, EntryTable>;

/** What is left of the lists of all organisations. */
export interface Agreed {
  readonly tables: Map<Signal, EntryTable>;
  /** Different hashes that too few organisations supplied. */
  readonly belowQuorum: number;
  /** Entries whose organisations agree on no label. */
  readonly unlabelled: number;
}

/**
 * @param supplied - entries by organisation, labels numbered alike in all of them
 * @param quorum - organisations that it takes, 1 or more
 * @param noLabel - number of the empty label
 * @returns entries of hashes that `quorum` organisations have; labels that `quorum` of them gave it, or the empty one
 */
export function applyQuorum(supplied: readonly EntryTables[], quorum: number, noLabel: number): Agreed {
  const tables = new Map<Signal, EntryTable>();
  let belowQuorum = 0;
  let unlabelled = 0;
  for (const signal of new Set(supplied.flatMap((lists) => [...lists.keys()]))) {
    const lists = supplied.flatMap((organisation) => organisation.get(signal) ?? []);
    const agreed = agree(lists, quorum, noLabel);
    tables.set(signal, agreed.table);
    belowQuorum += agreed.belowQuorum;
    unlabelled += agreed.unlabelled;
  }
  return { tables, belowQuorum, unlabelled };
}

function agree(lists: readonly EntryTable[], quorum: number, noLabel: number) {
  const hashBytes = lists[0].hashBytes;
  const hashesOf = lists.map((list) => {
    const hashes = new EntryTable(hashBytes);
    forEachEntry(list, (hash) => hashes.add(hash, 0));
    return hashes;
  });
  const count = (tables: readonly EntryTable[], hash: Uint8Array, label: number) =>
    tables.reduce((sum, table) => sum + (table.has(hash, label) ? 1 : 0), 0);

  const table = new EntryTable(hashBytes);
  const labelled = new EntryTable(hashBytes);
  for (const list of lists) {
    forEachEntry(list, (hash, label) => {
      if (count(lists, hash, label) < quorum) return;
      table.add(hash, label);
      labelled.add(hash, 0);
    });
  }
  const seen = new EntryTable(hashBytes);
  let belowQuorum = 0;
  let unlabelled = 0;
  for (const hashes of hashesOf) {
    forEachEntry(hashes, (hash) => {
      if (!seen.add(hash, 0) || labelled.has(hash, 0)) return;
      if (count(hashesOf, hash, 0) < quorum) {
        belowQuorum++;
      } else {
        table.add(hash, noLabel);
        unlabelled++;
      }
    });
  }
  return { table, belowQuorum, unlabelled };
}

function forEachEntry(table: EntryTable, use: (hash: Uint8Array, label: number) => void): void {
  const { hashes, labels, hashBytes } = table;
  for (let row = 0; row < labels.length; row++)
    use(hashes.subarray(row * hashBytes, (row + 1) * hashBytes), labels[row]);
}

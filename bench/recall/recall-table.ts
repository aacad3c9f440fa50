/**
 * The recall table: results of single scans added up by edit, by group and in all.
 * @module
 */
import { EDIT_GROUPS, EDITS } from './edits.js';
import { type EditResult, PDQ_THRESHOLD } from './scan-edits.js';
import { medianOf } from './statistics.js';
import { WAYS, type Way } from './ways.js';

/** Counts of one row against one list. */
export interface Tally {
  /** Scans. */
  readonly scans: number;
  /** Found by exhaustive search of all hashes at a distance of at most 31 bits. */
  readonly exhaustive: number;
  /** The same with the eight dihedral forms of the upload. */
  readonly dihedral: number;
  readonly presieve: number;
  /** Not found, and too little detail to be compared. */
  readonly lowDetail: number;
  /** Scans that matched an entry of another picture. */
  readonly wrong: number;
  /** Found, and no form of the upload is within 31 bits of the listed hash. */
  readonly beyond31: number;
  readonly medianProbes: number;
  readonly medianLookupMs: number;
}

/** One line of the table. */
export interface RecallRow {
  readonly group: string;
  /** Of the edit; of the group, or "all", for a total. */
  readonly name: string;
  readonly lists: Partial<Record<Way, Tally>>;
  /** The list `full` again, photos of each folder apart. */
  readonly folders: Readonly<Record<string, Tally>>;
}

/** The table. */
export interface RecallTable {
  readonly edits: readonly RecallRow[];
  readonly groups: readonly RecallRow[];
  readonly total: RecallRow;
}

/**
 * @param results - of all photos
 * @returns the table
 */
export function recallTable(results: readonly EditResult[]): RecallTable {
  const groupOf = new Map(EDITS.map(({ name, group }) => [name, group]));
  const row = (group: string, name: string, of: readonly EditResult[]): RecallRow => ({
    group,
    name,
    lists: Object.fromEntries(
      WAYS.map((way) => [way, of.filter((result) => result.way === way)] as const)
        .filter(([, scans]) => scans.length > 0)
        .map(([way, scans]) => [way, tally(scans)]),
    ),
    folders: Object.fromEntries(
      [...new Set(of.map(({ folder }) => folder))].map((folder) => [
        folder,
        tally(of.filter((result) => result.folder === folder && result.way === 'full')),
      ]),
    ),
  });
  const edits = EDITS.map(({ group, name }) =>
    row(
      group,
      name,
      results.filter(({ edit }) => edit === name),
    ),
  );
  const groups = EDIT_GROUPS.map((group) =>
    row(
      group,
      group,
      results.filter(({ edit }) => groupOf.get(edit) === group),
    ),
  );
  const hasScans = ({ lists }: RecallRow) => Object.keys(lists).length > 0;
  return {
    edits: edits.filter(hasScans),
    groups: groups.filter(hasScans),
    total: row('all', 'all', results),
  };
}

function tally(scans: readonly EditResult[]): Tally {
  const count = (holds: (scan: EditResult) => boolean) => scans.filter(holds).length;
  return {
    scans: scans.length,
    exhaustive: count(({ asIs }) => asIs <= PDQ_THRESHOLD),
    dihedral: count(({ turned }) => turned <= PDQ_THRESHOLD),
    presieve: count(({ found }) => found),
    lowDetail: count(({ found, lowDetail }) => !found && lowDetail),
    wrong: count(({ wrong }) => wrong.length > 0),
    beyond31: count(({ distance }) => distance !== null && distance > PDQ_THRESHOLD),
    medianProbes: medianOf(scans.map(({ probes }) => probes)),
    medianLookupMs: round(medianOf(scans.map(({ lookupMs }) => lookupMs)), 2),
  };
}

/**
 * @param value - any number
 * @param digits - after the point
 * @returns it rounded
 */
export function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

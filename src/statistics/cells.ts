/**
 * What is counted: from an outcome to cells of one day. Pure: no clock, no storage.
 *
 * Cells are leaves. None is a sum of others and no two count the same scan in two ways, so that a cell which an export
 * leaves out can't be worked out from those that it shows (docs/statistics.md).
 * @module
 */
import type { InconclusiveReason, MatchSignal, Outcome } from '../outcome.js';

/** Counts of one day, by {@link cellKey}. */
export type Counts = Record<string, number>;

/**
 * What a cell counts.
 *
 * - `scans`: scans that ended; of a list, those that used it.
 * - `partial`: scans without a match that looked at part of the file.
 * - `inconclusive-REASON`: scans without an answer.
 * - `matches-SIGNAL`: files that the list knows, each under its strongest signal on that list.
 * - `matches`: files that the list knows under a label.
 * - `updates`: versions of the list that this device came to use.
 */
export type Measure =
  | 'scans'
  | 'partial'
  | `inconclusive-${InconclusiveReason}`
  | `matches-${MatchSignal}`
  | 'matches'
  | 'updates';

/** One cell. `list` is null for counts of all scans, `label` for counts of a whole list. */
export interface Cell {
  list: string | null;
  label: string | null;
  demo: boolean;
  /** A measure, or `version N`, from which updates are told. */
  measure: Measure | `version ${number}`;
}

/** A list in use, as far as counting goes. */
export interface CountedList {
  name: string;
  version: number;
  demo?: boolean;
}

const EVERY_REASON: Readonly<Record<InconclusiveReason, true>> = {
  'no-list': true,
  'list-expired': true,
  unsupported: true,
  undecodable: true,
  unreadable: true,
  'too-large': true,
  'readback-blocked': true,
  timeout: true,
  busy: true,
  'worker-lost': true,
  aborted: true,
};

/** Measures of all scans, in the order of an export. */
export const SCAN_MEASURES: readonly Measure[] = [
  'scans',
  'partial',
  ...(Object.keys(EVERY_REASON) as InconclusiveReason[]).map((reason) => `inconclusive-${reason}` as const),
];

const SIGNALS_STRONGEST_FIRST: readonly MatchSignal[] = ['exact', 'exact-weak', 'perceptual'];

/** Measures of a list, in the order of an export. */
export const LIST_MEASURES: readonly Measure[] = [
  'scans',
  ...SIGNALS_STRONGEST_FIRST.map((signal) => `matches-${signal}` as const),
];

/** @returns a text that names the cell among those of its day */
export function cellKey({ list, label, demo, measure }: Cell): string {
  return JSON.stringify([list, label, demo, measure]);
}

/** @param key - from {@link cellKey} */
export function cellOf(key: string): Cell {
  const [list, label, demo, measure] = JSON.parse(key) as [string | null, string | null, boolean, Measure];
  return { list, label, demo, measure };
}

/**
 * @param outcome - of one scan
 * @returns the cells that it adds to, each 1
 */
export function countsOfScan(outcome: Outcome): Counts {
  const counts: Counts = {};
  const { lists, matches, verdict, reason, coverage } = outcome;
  const demoOnly = lists.length > 0 && lists.every((list) => list.demo === true);
  const one = (list: string | null, label: string | null, demo: boolean, measure: Measure) => {
    counts[cellKey({ list, label, demo, measure })] = 1;
  };
  one(null, null, demoOnly, 'scans');
  if (verdict === 'inconclusive' && reason !== undefined) one(null, null, demoOnly, `inconclusive-${reason}`);
  if (verdict === 'no-known-match' && coverage.complete === 'partial') one(null, null, demoOnly, 'partial');
  // An urgent addition goes by the name of its list, and counts with it.
  for (const name of new Set(lists.map((list) => list.name))) {
    const demo = lists.some((list) => list.name === name && list.demo === true);
    one(name, null, demo, 'scans');
    const found = matches.filter((match) => match.list === name);
    const strongest = SIGNALS_STRONGEST_FIRST.find((signal) =>
      found.some((match) => match.signal === signal),
    );
    if (strongest !== undefined) one(name, null, demo, `matches-${strongest}`);
    for (const { label } of found) if (label !== undefined) one(name, label, demo, 'matches');
  }
  return counts;
}

/**
 * @param lists - the lists that a worker has opened
 * @returns cells that say which versions were in use on this day
 */
export function countsOfLists(lists: readonly CountedList[]): Counts {
  const counts: Counts = {};
  for (const { name, version, demo = false } of lists)
    counts[cellKey({ list: name, label: null, demo, measure: `version ${version}` })] = 1;
  return counts;
}

/** Adds `more` to `counts`, in place. */
export function addCounts(counts: Counts, more: Counts): Counts {
  for (const [key, count] of Object.entries(more)) counts[key] = (counts[key] ?? 0) + count;
  return counts;
}

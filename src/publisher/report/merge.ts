/**
 * Many exports into one table: a line for each thing that is counted, a column for each period.
 * @module
 */
import { LIST_MEASURES, type Measure, SCAN_MEASURES } from '../../statistics/cells.js';
import { SMALL_COUNT, type StatisticsRow } from '../../statistics/export.js';

/** Lengths of a period, by the calendar. */
export const PERIODS = ['month', 'quarter', 'half-year', 'year'] as const;
/** One of {@link PERIODS}. */
export type Period = (typeof PERIODS)[number];

/** A sum of which parts may be hidden. */
export interface ReportCount {
  /** The sum of the numbers that the exports show: at least so many. */
  atLeast: number;
  /** With 9 for each number that they hide: at most so many. */
  atMost: number;
}

/** A line of the report. */
export interface ReportLine {
  /** Null: all scans. */
  list: string | null;
  /** Null: the whole list. */
  label: string | null;
  /** A {@link Measure}, or the sum of those that begin alike. */
  measure: Measure | 'inconclusive' | 'all-matches';
  /** One for each period. */
  counts: ReportCount[];
}

/** A report. */
export interface Report {
  exports: number;
  /** As `2030`, `2030 H1`, `2030 Q3`, `2030-07`; every one from the first to the last. */
  periods: string[];
  lines: ReportLine[];
}

/** @returns the name of the period that the day lies in */
export function periodOf(day: string, period: Period): string {
  const year = day.slice(0, 4);
  const month = Number(day.slice(5, 7));
  switch (period) {
    case 'year':
      return year;
    case 'half-year':
      return `${year} H${Math.ceil(month / 6)}`;
    case 'quarter':
      return `${year} Q${Math.ceil(month / 3)}`;
    case 'month':
      return day.slice(0, 7);
  }
}

/** Every period from the first day to the last: one without a row is a column of zeros, not left out. */
function periodsOf(rows: readonly StatisticsRow[], period: Period): string[] {
  const days = rows.map(({ day }) => day).sort();
  const [first, last] = [days.at(0), days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const periods = new Set<string>();
  for (let month = first.slice(0, 7); month <= last.slice(0, 7); ) {
    periods.add(periodOf(`${month}-01`, period));
    const [year, number] = month.split('-').map(Number);
    month = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
  }
  return [...periods];
}

/**
 * @param exports - rows of each export
 * @param period - length of a column
 * @param demo - whether to report what only demo lists saw, instead of everything else
 * @returns the report
 */
export function mergeExports(
  exports: readonly (readonly StatisticsRow[])[],
  period: Period,
  demo = false,
): Report {
  const rows = exports.flat().filter((row) => (row.demo === true) === demo);
  const periods = periodsOf(rows, period);
  const column = new Map(periods.map((name, i) => [name, i]));
  const lines = new Map<string, ReportLine>();
  const add = (row: StatisticsRow, measure: ReportLine['measure']) => {
    const { list, label, day, count } = row;
    const key = JSON.stringify([list, label, measure]);
    let line = lines.get(key);
    if (line === undefined) {
      line = { list, label, measure, counts: periods.map(() => ({ atLeast: 0, atMost: 0 })) };
      lines.set(key, line);
    }
    const sum = line.counts[column.get(periodOf(day, period)) as number];
    sum.atLeast += count === '<10' ? 0 : count;
    sum.atMost += count === '<10' ? SMALL_COUNT - 1 : count;
  };
  for (const row of rows) {
    add(row, row.measure);
    if (row.measure.startsWith('inconclusive-')) add(row, 'inconclusive');
    if (row.measure.startsWith('matches-')) add(row, 'all-matches');
  }
  const ordered = [...lines.values()].sort(
    (a, b) =>
      compareNames(a.list, b.list) || compareNames(a.label, b.label) || rank(a.measure) - rank(b.measure),
  );
  return { exports: exports.length, periods, lines: ordered };
}

const ORDER: readonly string[] = [
  ...SCAN_MEASURES.slice(0, 2),
  'inconclusive',
  ...SCAN_MEASURES.slice(2),
  'all-matches',
  ...LIST_MEASURES.slice(1),
  'matches',
  'updates',
];
const rank = (measure: string) => ORDER.indexOf(measure);

/** By code units; null first. */
function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

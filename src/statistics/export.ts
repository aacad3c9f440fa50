/**
 * What leaves the counters: whole days that are over, small counts hidden. The rule and its reasons: docs/statistics.md.
 * @module
 */
import { type Cell, type Counts, cellOf, LIST_MEASURES, type Measure, SCAN_MEASURES } from './cells.js';

/** Counts below it are hidden, 0 among them. */
export const SMALL_COUNT = 10;

/** A count below `SMALL_COUNT`: anything from 0 to 9. */
export type SmallCount = '<10';

/** One number of an export. */
export interface StatisticsRow {
  /** UTC, `YYYY-MM-DD`. */
  day: string;
  /** Null: all scans, whatever the list. */
  list: string | null;
  /** Null: all of the list. */
  label: string | null;
  /** Present and true for a demo list, and for scans that used no other. */
  demo?: true;
  measure: Measure;
  count: number | SmallCount;
}

/** Statistics as a host gets them; JSON as it stands. */
export interface StatisticsExport {
  format: 'presieve-statistics';
  formatVersion: 1;
  /** The first and the last day with rows, UTC; null where there is none yet. */
  from: string | null;
  to: string | null;
  rows: StatisticsRow[];
}

/**
 * @param time - milliseconds since 1970
 * @returns the day, UTC
 */
export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/**
 * @param days - counts by day
 * @param today - the day that is not over and therefore left out, with any later one
 * @returns the export; the same for the same days, whenever it is asked for
 */
export function exportStatistics(days: ReadonlyMap<string, Counts>, today: string): StatisticsExport {
  const over = [...days.keys()].filter((day) => day < today).sort();
  const updates = updatesByDay(over, days);
  const rows = over.flatMap((day) => rowsOfDay(day, days.get(day) as Counts, updates.get(day) ?? new Map()));
  return {
    format: 'presieve-statistics',
    formatVersion: 1,
    from: rows.at(0)?.day ?? null,
    to: rows.at(-1)?.day ?? null,
    rows,
  };
}

/** Names a list or a kind of scan on one day. */
type Slot = Pick<Cell, 'list' | 'demo'>;
const slotKey = ({ list, demo }: Slot) => JSON.stringify([list, demo]);

function rowsOfDay(day: string, counts: Counts, updates: ReadonlyMap<string, number>): StatisticsRow[] {
  const cells = Object.entries(counts).map(([key, count]) => ({ ...cellOf(key), count }));
  const slots = new Map<string, Slot>();
  for (const { list, demo } of cells) slots.set(slotKey({ list, demo }), { list, demo });
  const sorted = [...slots.values()].sort(
    (a, b) => compareNames(a.list, b.list) || Number(a.demo) - Number(b.demo),
  );
  return sorted.flatMap((slot) => {
    const own = cells.filter(({ list, demo }) => list === slot.list && demo === slot.demo);
    const countOf = (measure: Measure) =>
      own.find((cell) => cell.label === null && cell.measure === measure)?.count ?? 0;
    const row = (
      measure: Measure,
      count: number | SmallCount,
      label: string | null = null,
    ): StatisticsRow => ({
      day,
      list: slot.list,
      label,
      ...(slot.demo && { demo: true as const }),
      measure,
      count,
    });
    // Every measure has its row, whether it was met with or not: that a row is there says nothing.
    const measures = slot.list === null ? SCAN_MEASURES : LIST_MEASURES;
    const rows = measures.map((measure) => row(measure, hidden(countOf(measure))));
    if (slot.list === null) return rows;
    const labelled = own.filter((cell) => cell.label !== null && cell.measure === 'matches');
    // A label's row is there because files had it. All of them, or none: else the hidden one would show as the rest.
    if (labelled.every(({ count }) => count >= SMALL_COUNT)) {
      labelled.sort((a, b) => compareNames(a.label, b.label));
      for (const { label, count } of labelled) rows.push(row('matches', count, label));
    }
    return [...rows, row('updates', updates.get(slotKey(slot)) ?? 0)];
  });
}

function hidden(count: number): number | SmallCount {
  return count < SMALL_COUNT ? '<10' : count;
}

/** Versions that were in use on a day and on no day before: whichever tab saw them, and however often. */
function updatesByDay(
  over: readonly string[],
  days: ReadonlyMap<string, Counts>,
): Map<string, Map<string, number>> {
  const newest = new Map<string, number>();
  const updates = new Map<string, Map<string, number>>();
  for (const day of over) {
    const seen = new Map<string, Set<number>>();
    for (const key of Object.keys(days.get(day) as Counts)) {
      const cell = cellOf(key);
      const version = /^version (\d+)$/.exec(cell.measure)?.[1];
      if (version === undefined) continue;
      const slot = slotKey(cell);
      const versions = seen.get(slot) ?? new Set();
      if (Number(version) > (newest.get(slot) ?? 0)) versions.add(Number(version));
      seen.set(slot, versions);
    }
    const ofDay = new Map<string, number>();
    for (const [slot, versions] of seen) {
      ofDay.set(slot, versions.size);
      newest.set(slot, Math.max(newest.get(slot) ?? 0, ...versions));
    }
    updates.set(day, ofDay);
  }
  return updates;
}

/** By code units, the same everywhere; null first. */
function compareNames(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return a < b ? -1 : 1;
}

/** Columns of {@link statisticsToCsv}. */
export const CSV_COLUMNS = ['day', 'list', 'label', 'demo', 'measure', 'count'] as const;

/**
 * @param statistics - from `scanner.statistics()`
 * @returns its rows as CSV (RFC 4180, with a header row): an empty `list` is all scans, an empty `label` all of a list
 */
export function statisticsToCsv({ rows }: StatisticsExport): string {
  const lines = rows.map(({ day, list, label, demo, measure, count }) =>
    [day, list ?? '', label ?? '', demo ? 'true' : '', measure, String(count)].map(csvField).join(','),
  );
  return `${[CSV_COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

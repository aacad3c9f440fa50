/**
 * Reads exports of `scanner.statistics()`, as JSON or as the CSV of `statisticsToCsv`.
 * @module
 */
import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import * as v from 'valibot';
import { LIST_MEASURES, type Measure, SCAN_MEASURES } from '../../statistics/cells.js';
import { CSV_COLUMNS, SMALL_COUNT, type StatisticsRow } from '../../statistics/export.js';
import { PublisherError } from '../errors.js';

const MEASURES = new Set<string>([...SCAN_MEASURES, ...LIST_MEASURES, 'matches', 'updates']);

const COUNT = v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), v.literal('<10')]);
const NAME = v.nullable(v.pipe(v.string(), v.maxLength(1024)));
const ROW = v.pipe(
  v.object({
    day: v.pipe(v.string(), v.isoDate()),
    list: NAME,
    label: NAME,
    demo: v.optional(v.literal(true)),
    measure: v.custom<Measure>((value) => MEASURES.has(value as string), 'an unknown measure'),
    count: COUNT,
  }),
  v.check(
    ({ measure, count }) => measure === 'updates' || count === '<10' || count >= SMALL_COUNT,
    `a count below ${SMALL_COUNT} that is not hidden`,
  ),
);
const EXPORT = v.object({
  format: v.literal('presieve-statistics'),
  formatVersion: v.literal(1),
  rows: v.array(ROW),
});

/**
 * @param bytes - a file
 * @param file - its name, for messages
 * @returns its rows
 * @throws PublisherError `input-invalid`
 */
export function readExport(bytes: Uint8Array, file: string): StatisticsRow[] {
  const text = new TextDecoder().decode(bytes);
  const value = /^\s*\{/.test(text) ? fromJson(text, file) : fromCsv(text, file);
  const parsed = v.safeParse(EXPORT, value);
  if (parsed.success) return parsed.output.rows as StatisticsRow[];
  const [issue] = parsed.issues;
  throw invalid(file, `${v.getDotPath(issue) ?? 'rows'}: ${issue.message}`);
}

function fromJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(file, 'not JSON', cause);
  }
}

function fromCsv(text: string, file: string): unknown {
  let records: string[][];
  try {
    records = parse(text, { bom: true, skip_empty_lines: true });
  } catch (cause) {
    if (!(cause instanceof CsvError)) throw cause;
    throw invalid(file, cause.message, cause);
  }
  if (records[0]?.join() !== CSV_COLUMNS.join()) throw invalid(file, 'not an export of statistics');
  const rows = records.slice(1).map(([day, list, label, demo, measure, count]) => ({
    day,
    list: list === '' ? null : list,
    label: label === '' ? null : label,
    ...(demo !== '' && { demo: demo === 'true' ? true : demo }),
    measure,
    count: /^\d+$/.test(count) ? Number(count) : count,
  }));
  return { format: 'presieve-statistics', formatVersion: 1, rows };
}

function invalid(file: string, why: string, cause?: unknown): PublisherError {
  return new PublisherError('input-invalid', `${file}: ${why}`, { cause });
}

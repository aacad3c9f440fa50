/**
 * Reads a CSV file (RFC 4180) with a header row by named columns.
 * @module
 */
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { ListFault, textPieces } from './text-chunks.js';

/** Bytes that a row may have. */
export const MAX_ROW_BYTES = 64 * 1024;

/** Characters without the end of a row, such as a million commas: csv-parse counts only what is between them. */
const MAX_UNBROKEN = 1024 * 1024;

/** Takes a row: its columns in the order of the header, and the number of its last line. */
export type RowHandler = (row: readonly string[], line: number) => void;

/**
 * @param chunks - the file's bytes in order, cut anywhere
 * @param onHeader - takes the names of the columns, spaces around them removed; gives what takes the rows
 * @param onProblem - told of rows that have another number of columns than the header
 * @throws ListFault where the rest of the file can't be told into rows
 */
export async function readCsv(
  chunks: AsyncIterable<Uint8Array>,
  onHeader: (names: readonly string[]) => RowHandler,
  onProblem: (line: number, message: string) => void,
): Promise<void> {
  let columns = 0;
  let onRow: RowHandler | undefined;
  let unbroken = 0;
  async function* pieces() {
    for await (const piece of textPieces(chunks)) {
      if ((unbroken += piece.length) > MAX_UNBROKEN) throw new ListFault(parser.info.lines, TOO_LONG);
      yield piece;
    }
  }
  const parser = parse({
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: MAX_ROW_BYTES,
    on_record(row: string[], { lines }) {
      unbroken = 0;
      if (row.length === 1 && row[0].trim() === '') return null;
      if (onRow === undefined) {
        columns = row.length;
        onRow = onHeader(row.map((name) => name.trim()));
      } else if (row.length === columns) onRow(row, lines);
      else onProblem(lines, `${row.length} columns, the header has ${columns}`);
      return null;
    },
  });
  parser.resume();
  try {
    await pipeline(pieces, parser);
  } catch (error) {
    if (error instanceof CsvError) throw new ListFault(lineOf(error), MESSAGES[error.code] ?? 'is not CSV');
    throw error;
  }
  if (onRow === undefined) throw new ListFault(0, 'is empty: the first row names the columns');
}

const TOO_LONG = `a row longer than ${MAX_ROW_BYTES} bytes; the rest of the file was not read`;

/** What csv-parse finds, without the field that it found it in. */
const MESSAGES: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote that is never closed; the rest of the file was not read',
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote; the rest of the file was not read',
  INVALID_OPENING_QUOTE: 'a quote inside a column without quotes; the rest of the file was not read',
  CSV_MAX_RECORD_SIZE: TOO_LONG,
};

function lineOf(error: CsvError): number {
  const { lines } = error as { lines?: unknown };
  return typeof lines === 'number' ? lines : 0;
}

/**
 * @param names - the header
 * @param name - a column; letters of either case are the same
 * @returns its index, -1 where there is none
 * @throws ListFault where there are two
 */
export function columnIndex(names: readonly string[], name: string): number {
  const wanted = name.trim().toLowerCase();
  const matching = names.flatMap((candidate, i) => (candidate.toLowerCase() === wanted ? [i] : []));
  if (matching.length > 1) throw new ListFault(0, `has two columns '${name}'`);
  return matching[0] ?? -1;
}

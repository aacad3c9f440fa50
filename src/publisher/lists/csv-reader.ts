/**
 * Reads CSV files whose columns are named by who gives them: several hashes of a file in one row, with a label.
 * @module
 */
import { SIGNALS, type Signal } from '../../snapshot/types.js';
import { columnIndex, type RowHandler, readCsv } from './csv-rows.js';
import { parseHash } from './hex.js';
import { labelProblem } from './label-parser.js';
import { ListFault, readingOf } from './text-chunks.js';
import type { EntrySink, ListReader } from './types.js';

/** Names of columns in the header row, for each signal that there is a column of and for the label. */
export type CsvColumns = Partial<Record<Signal | 'label', string>>;

/** Columns that hold PhotoDNA hashes by their usual names: not read, but counted. */
const PHOTODNA = /^(photo[\s_-]?dna|pdna)([\s_-]?hash)?$/i;

/**
 * @param columns - the names; one signal at least
 * @returns the reader; it may be used for several files in turn
 * @throws RangeError where no signal has a column
 */
export function csvReader(columns: CsvColumns): ListReader {
  const signals = SIGNALS.filter((signal) => columns[signal] !== undefined);
  if (signals.length === 0) throw new RangeError("'columns' names no column of hashes");
  return {
    signals,
    read: (chunks, sink) =>
      readingOf(sink, () =>
        readCsv(
          chunks,
          (names) => rowHandler(names, columns, signals, sink),
          (line, message) => sink.problem(line, message),
        ),
      ),
  };
}

function rowHandler(
  names: readonly string[],
  columns: CsvColumns,
  signals: readonly Signal[],
  sink: EntrySink,
): RowHandler {
  const hashColumns = signals.map((signal) => ({ signal, at: need(names, columns[signal]!) }));
  const labelAt = columns.label === undefined ? -1 : need(names, columns.label);
  const photoDnaAt = names.flatMap((name, i) => (PHOTODNA.test(name) ? [i] : []));
  return (row, line) => {
    for (const at of photoDnaAt) if (row[at].trim() !== '') sink.skipped?.('photodna');
    const label = labelAt < 0 ? '' : row[labelAt].trim();
    const problem = labelProblem(label);
    if (problem !== undefined) {
      sink.problem(line, problem);
      return;
    }
    let found = false;
    for (const { signal, at } of hashColumns) {
      const field = row[at].trim();
      if (field === '') continue;
      found = true;
      const parsed = parseHash(field, signal);
      if (parsed.problem === undefined) sink.entry(signal, parsed.hash, label, line);
      else sink.problem(line, `${names[at]}: ${parsed.problem}`);
    }
    if (!found) sink.skipped?.('no-hash');
  };
}

/** Says which columns there are: the usual cause is another spelling. */
function need(names: readonly string[], name: string): number {
  const at = columnIndex(names, name);
  if (at >= 0) return at;
  const some = names.slice(0, 20).map((known) => `'${known.slice(0, 40)}'`);
  throw new ListFault(
    0,
    `has no column '${name}', but ${some.join(', ')}${names.length > some.length ? ', …' : ''}`,
  );
}

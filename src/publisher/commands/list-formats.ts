/**
 * The options that name lists in the formats of exchanges, and what is said of what was left out of them.
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander';
import { SIGNALS, type Signal } from '../../snapshot/types.js';
import { PublisherError } from '../errors.js';
import { type CsvColumns, csvReader } from '../lists/csv-reader.js';
import { ncmecReader } from '../lists/ncmec-reader.js';
import { stopNciiReader } from '../lists/stopncii-reader.js';
import { threatExchangeReader } from '../lists/threatexchange-reader.js';
import type { ListReader, Skipped } from '../lists/types.js';
import { collectValues } from './context.js';

/** What {@link addFormatOptions} adds. */
export interface FormatOptions {
  ncmec?: string[];
  ncmecExcludeNegativeFeedback?: true;
  stopncii?: string[];
  threatexchange?: string[];
  csv?: string[];
  column?: CsvColumns;
}

/** Adds the options. */
export function addFormatOptions(command: Command): Command {
  return command
    .option('--ncmec <file>', 'an answer of NCMEC hash sharing v2 (XML); may be repeated', collectValues)
    .option('--ncmec-exclude-negative-feedback', 'leave out entries that a member gave negative feedback on')
    .option('--stopncii <file>', 'pages of StopNCII (JSON); may be repeated', collectValues)
    .option('--threatexchange <file>', 'a CSV file of ThreatExchange; may be repeated', collectValues)
    .option('--csv <file>', 'a CSV file with the columns of --column; may be repeated', collectValues)
    .option(
      '--column <what=name>',
      `the name of a column in --csv files; what is ${[...SIGNALS, 'label'].join(', ')}; may be repeated`,
      column,
    );
}

/** Formats that have an option, by its name. */
export const FORMATS = ['ncmec', 'stopncii', 'threatexchange', 'csv'] as const;
/** Name of a format. */
export type Format = (typeof FORMATS)[number];

/** @returns true where the word is a format's name */
export function isFormat(word: string | undefined): word is Format {
  return (FORMATS as readonly (string | undefined)[]).includes(word);
}

/**
 * @param options - as parsed
 * @param used - formats that there are files of
 * @returns gives the reader of a format: one for all files of the same supplier, for one file may take back what
 *   another one says
 * @throws PublisherError `usage`
 */
export function formatReaders(
  options: FormatOptions,
  used: ReadonlySet<string>,
): (format: Format, supplier?: string) => ListReader {
  const { column: columns } = options;
  const excludeNegativeFeedback = options.ncmecExcludeNegativeFeedback === true;
  if (excludeNegativeFeedback && !used.has('ncmec')) {
    usage('--ncmec-exclude-negative-feedback is for NCMEC lists, and there is none');
  }
  if (columns !== undefined && !used.has('csv')) usage('--column is for --csv lists, and there is none');
  if (used.has('csv') && !SIGNALS.some((signal) => columns?.[signal] !== undefined)) {
    usage('--csv needs a column of hashes, such as --column md5=MD5');
  }
  const make: Readonly<Record<Format, () => ListReader>> = {
    ncmec: () => ncmecReader({ excludeNegativeFeedback }),
    stopncii: stopNciiReader,
    threatexchange: threatExchangeReader,
    csv: () => csvReader(columns ?? {}),
  };
  const readers = new Map<string, ListReader>();
  return (format, supplier = '') => {
    const key = `${format} ${supplier}`;
    const reader = readers.get(key) ?? make[format]();
    readers.set(key, reader);
    return reader;
  };
}

/** One and many of what a reader left out. */
const LEFT_OUT: Readonly<Record<Skipped, readonly [one: string, many: string]>> = {
  photodna: ['PhotoDNA hash', 'PhotoDNA hashes'],
  'other-kind': ['fingerprint of another kind', 'fingerprints of other kinds'],
  deleted: ['deleted entry', 'deleted entries'],
  'negative-feedback': ['entry with negative feedback', 'entries with negative feedback'],
  'not-confirmed': ['entry that is not confirmed', 'entries that are not confirmed'],
  'no-hash': ['row without a hash', 'rows without a hash'],
};

/**
 * @param skipped - what readers left out, and how often
 * @returns a line on each
 */
export function describeSkipped(skipped: ReadonlyMap<Skipped, number>): string[] {
  return (Object.keys(LEFT_OUT) as Skipped[]).flatMap((what) => {
    const count = skipped.get(what) ?? 0;
    if (count === 0) return [];
    const line = `${count} ${LEFT_OUT[what][count === 1 ? 0 : 1]} skipped`;
    return [what === 'photodna' ? `${line}: proprietary, see docs/list-formats.md` : line];
  });
}

function column(value: string, previous: CsvColumns | undefined): CsvColumns {
  const [, what, name] = /^([a-z0-9]+)=(.*)$/s.exec(value) ?? [];
  const known: readonly string[] = [...SIGNALS, 'label'];
  if (what === undefined || !known.includes(what) || name.trim() === '') {
    throw new InvalidArgumentError(`It must be WHAT=NAME, WHAT being one of ${known.join(', ')}.`);
  }
  const key = what as Signal | 'label';
  if (previous?.[key] !== undefined)
    throw new InvalidArgumentError(`There is a column for '${what}' already.`);
  return { ...previous, [key]: name.trim() };
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

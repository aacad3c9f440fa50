/**
 * Reads CSV files of ThreatExchange: descriptors as its web pages give and take them (`td_indicator_type`, …), and
 * what the `threatexchange` command line prints (`signal_type`, …).
 * @module
 */
import type { Signal } from '../../snapshot/types.js';
import { columnIndex, type RowHandler, readCsv } from './csv-rows.js';
import { parseHash } from './hex.js';
import { labelProblem } from './label-parser.js';
import { ListFault, readingOf } from './text-chunks.js';
import type { EntrySink, ListReader } from './types.js';

/** One way of writing the rows. */
interface Layout {
  type: string;
  value: string;
  /** Column that says what is thought of the hash, and what it has to say. */
  opinion: string;
  confirmed: string;
  tags: string;
  /** What stands between tags. */
  between: RegExp;
  signals: Readonly<Record<string, Signal>>;
  photoDna: string;
}

const LAYOUTS: readonly Layout[] = [
  {
    type: 'td_indicator_type',
    value: 'td_raw_indicator',
    opinion: 'td_status',
    confirmed: 'MALICIOUS',
    tags: 'td_subjective_tags',
    between: /;/,
    signals: {
      HASH_MD5: 'md5',
      HASH_VIDEO_MD5: 'md5',
      HASH_SHA1: 'sha1',
      HASH_SHA256: 'sha256',
      HASH_PDQ: 'pdq',
    },
    photoDna: 'HASH_PHOTODNA',
  },
  {
    type: 'signal_type',
    value: 'signal_str',
    opinion: 'category',
    confirmed: 'POSITIVE_CLASS',
    tags: 'tags',
    between: /\s/,
    signals: { PDQ: 'pdq', VIDEO_MD5: 'md5' },
    photoDna: 'PHOTODNA',
  },
];

/**
 * A reader of rows that are marked as what the list is for; others are counted.
 * @returns the reader; it may be used for several files in turn
 */
export function threatExchangeReader(): ListReader {
  return {
    signals: [],
    read: (chunks, sink) =>
      readingOf(sink, () =>
        readCsv(
          chunks,
          (names) => rowHandler(names, sink),
          (line, message) => sink.problem(line, message),
        ),
      ),
  };
}

function rowHandler(names: readonly string[], sink: EntrySink): RowHandler {
  const layout = LAYOUTS.find(({ type }) => columnIndex(names, type) >= 0);
  if (layout === undefined) {
    throw new ListFault(0, `has neither a column '${LAYOUTS[0].type}' nor '${LAYOUTS[1].type}'`);
  }
  const [typeAt, valueAt, opinionAt, tagsAt] = [layout.type, layout.value, layout.opinion, layout.tags].map(
    (name) => {
      const at = columnIndex(names, name);
      if (at < 0) throw new ListFault(0, `has no column '${name}'`);
      return at;
    },
  );
  return (row, line) => {
    const type = row[typeAt].trim().toUpperCase();
    const signal = Object.hasOwn(layout.signals, type) ? layout.signals[type] : undefined;
    if (signal === undefined) {
      sink.skipped?.(type === layout.photoDna ? 'photodna' : 'other-kind');
      return;
    }
    const parsed = parseHash(row[valueAt], signal);
    const label = labelOf(row[tagsAt], layout.between);
    const problem = parsed.problem ?? labelProblem(label);
    if (problem !== undefined) sink.problem(line, problem);
    else if (row[opinionAt].trim().toUpperCase() !== layout.confirmed) sink.skipped?.('not-confirmed');
    else if (parsed.problem === undefined) sink.entry(signal, parsed.hash, label, line);
  };
}

/** Tags have no order: each once, sorted, so that the same tags are the same label. */
function labelOf(tags: string, between: RegExp): string {
  const each = tags.split(between).map((tag) => tag.trim());
  return [...new Set(each)].filter(Boolean).sort().join(';');
}

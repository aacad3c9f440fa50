/**
 * Reads answers of StopNCII's `FetchHashes`: pages in JSON, one or several in a file.
 *
 * A record is known by its kind of signal and its hash. Its newest state counts, in whatever page it stands; one that
 * was withdrawn or deleted is left out.
 * @module
 */
import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import type { Signal } from '../../snapshot/types.js';
import { parseHash } from './hex.js';
import { LatestRecords } from './latest-records.js';
import { ListFault, readingOf, textPieces } from './text-chunks.js';
import type { EntrySink, ListReader, Skipped } from './types.js';

/** Values within values; the format has five. */
export const MAX_JSON_DEPTH = 32;
/** Characters of a record, and of everything between two of them. */
export const MAX_JSON_RECORD = 1024 * 1024;

/** `signalType` of what is read. */
const SIGNAL_OF: Readonly<Record<string, Signal>> = { ImagePDQ: 'pdq', VideoMD5: 'md5' };
const GONE: ReadonlyMap<string, Skipped> = new Map([
  ['Withdrawn', 'deleted'],
  ['Deleted', 'deleted'],
]);
/** States of hashes that are used; one that isn't known could mean that a hash should not be. */
const THERE = new Set(['Unknown', 'Received', 'Active']);

/**
 * A reader for the pages that make up one list; they may come in any order.
 * @returns the reader; it gives its entries when it is told that there are no more files
 */
export function stopNciiReader(): ListReader {
  const records = new LatestRecords();
  let last: EntrySink | undefined;
  let pages = 0;
  let unfinished = 0;
  return {
    signals: [],
    read: (chunks, sink) =>
      readingOf(sink, async () => {
        last = sink;
        const reading = new StopNciiReading(records, sink);
        for await (const piece of textPieces(chunks)) reading.write(piece);
        reading.end();
        pages += reading.pages;
        unfinished += reading.unfinished;
      }),
    finish() {
      if (pages > 0 && unfinished === pages) {
        last?.note?.('every page given says that there are more: the last page seems to be missing');
      }
      pages = unfinished = 0;
      records.emit();
    },
  };
}

/** The reading of one file. */
class StopNciiReading {
  /** Pages that were read, and how many of them say that there are more. */
  pages = 0;
  unfinished = 0;
  readonly #records: LatestRecords;
  readonly #sink: EntrySink;
  readonly #number: number;
  readonly #tokens = new Tokenizer({ separator: '' });
  readonly #values = new TokenParser({
    separator: '',
    keepStack: false,
    paths: ['$.hashRecords.*', '$.hashRecords', '$.hasMoreRecords'],
  });
  #line = 1;
  #depth = 0;
  /** Characters since the last record, or since the beginning. */
  #since = 0;
  #count = 0;
  #pageHasRecords = false;

  constructor(records: LatestRecords, sink: EntrySink) {
    this.#records = records;
    this.#sink = sink;
    this.#number = records.addSink(sink);
    this.#tokens.onError = this.#values.onError = (error) => {
      throw error instanceof ListFault ? error : new ListFault(this.#line, 'is not well-formed JSON');
    };
    this.#tokens.onToken = (token) => {
      this.#beforeToken(token.token);
      this.#values.write(token);
      this.#afterToken(token.token);
    };
    this.#values.onValue = ({ value, key, parent, stack }) => {
      if (stack.length === 2 && !Array.isArray(parent)) this.#refuse(NO_PAGE);
      this.#value(value, key, stack.length);
    };
  }

  write(text: string): void {
    // Line by line, so that a fault can be said to be in one; a file without line ends is one line.
    for (let at = 0; at < text.length; ) {
      const end = text.indexOf('\n', at);
      const stop = end < 0 ? text.length : end + 1;
      this.#since += stop - at;
      if (this.#since > MAX_JSON_RECORD + text.length)
        this.#refuse(`a record longer than ${MAX_JSON_RECORD} characters`);
      this.#tokens.write(text.slice(at, stop));
      if (end >= 0) this.#line++;
      at = stop;
    }
  }

  end(): void {
    this.#tokens.end();
    if (this.#depth > 0) this.#refuse('ends too early');
    if (this.pages === 0) this.#refuse('is empty');
  }

  #refuse(message: string): never {
    throw new ListFault(this.#line, message);
  }

  #beforeToken(token: TokenType): void {
    const opens = token === TokenType.LEFT_BRACE || token === TokenType.LEFT_BRACKET;
    if (this.#depth === 0 && token !== TokenType.LEFT_BRACE) this.#refuse(NO_PAGE);
    if (this.#depth === 0) this.#pageHasRecords = false;
    if (opens && ++this.#depth > MAX_JSON_DEPTH)
      this.#refuse(`has values nested more than ${MAX_JSON_DEPTH} deep`);
  }

  #afterToken(token: TokenType): void {
    if (token !== TokenType.RIGHT_BRACE && token !== TokenType.RIGHT_BRACKET) return;
    if (--this.#depth > 0) return;
    if (!this.#pageHasRecords) this.#refuse(NO_PAGE);
    this.pages++;
  }

  #value(value: unknown, key: unknown, depth: number): void {
    if (depth === 2) {
      this.#count++;
      this.#since = 0;
      this.#record(value);
    } else if (key === 'hasMoreRecords') {
      if (value === true) this.unfinished++;
    } else if (Array.isArray(value)) this.#pageHasRecords = true;
    else this.#refuse(NO_PAGE);
  }

  #record(record: unknown): void {
    if (typeof record !== 'object' || record === null || Array.isArray(record)) {
      this.#problem('no object');
      return;
    }
    const { signalType, hashValue, hashStatus, lastModtimestamp: time } = record as Record<string, unknown>;
    if (typeof signalType !== 'string') {
      this.#problem("no 'signalType'");
      return;
    }
    const signal = Object.hasOwn(SIGNAL_OF, signalType) ? SIGNAL_OF[signalType] : undefined;
    if (signal === undefined) {
      this.#sink.skipped?.('other-kind');
      return;
    }
    const parsed =
      typeof hashValue === 'string' ? parseHash(hashValue, signal) : { problem: "no 'hashValue'" };
    if (parsed.problem !== undefined) this.#problem(`${signalType}: ${parsed.problem}`);
    else if (typeof time !== 'number' || !Number.isFinite(time)) this.#problem("no 'lastModtimestamp'");
    else if (typeof hashStatus !== 'string') this.#problem("no 'hashStatus'");
    else {
      const { hash } = parsed;
      const gone = GONE.get(hashStatus) ?? (THERE.has(hashStatus) ? undefined : 'not-confirmed');
      const state = { time, label: '', line: this.#line, hashes: [{ signal, hash }] };
      const key = `${signalType}\0${Buffer.from(hash).toString('hex')}`;
      this.#records.put(key, gone === undefined ? state : { ...state, gone }, this.#number);
    }
  }

  /** Says what is wrong with the record, without repeating what it holds. */
  #problem(message: string): void {
    this.#sink.problem(this.#line, `record ${this.#count}: ${message}`);
  }
}

const NO_PAGE = "is no page of StopNCII: an object with an array 'hashRecords'";

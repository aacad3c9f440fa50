/**
 * Reads text and CSV lists: one hash a line, and an optional label after a comma.
 *
 * - UTF-8, with or without a byte order mark; lines end in LF or CRLF.
 * - The hash is in hex digits of either case. Either column may stand in double quotes, as CSV writes them.
 * - Blank lines, and lines whose first character is `#`, are skipped.
 * - The first other line may be a header: `hash` or the signal's name, alone or before `,label`.
 * - Spaces and tabs around a column are ignored.
 *
 * Works on bytes: a list of a million lines is read in less than a second (measured).
 * @module
 */
import { SIGNAL_BYTES, type Signal } from '../../snapshot/types.js';
import { foreignFormat } from './foreign.js';
import { LabelParser } from './label-parser.js';
import { LineSplitter } from './lines.js';
import type { EntrySink, ListReader } from './types.js';

/** Longer lines can't be a hash and a label. */
export const MAX_LINE_BYTES = 4096;

const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const HASH_SIGN = 0x23;
const COMMA = 0x2c;

/** Value of each hex digit by its character code, 255 for other bytes. */
const NIBBLE = new Uint8Array(256).fill(255);
for (let value = 0; value < 16; value++) {
  const digit = value.toString(16);
  NIBBLE[digit.charCodeAt(0)] = value;
  NIBBLE[digit.toUpperCase().charCodeAt(0)] = value;
}

const MAX_DIGITS = 64;

/**
 * A reader of text lists. A line of n hex digits is an entry of each signal in `signals` whose hashes have
 * n digits: one signal for a list of that signal, all of them for a list of exclusions.
 * @param signals - one or more
 * @returns the reader; it may be used for several files in turn
 */
export function textReader(signals: readonly Signal[]): ListReader {
  return { signals, read: (chunks, sink) => new TextReading(signals, sink).run(chunks) };
}

/** The reading of one file. */
class TextReading {
  readonly #signals: readonly Signal[];
  readonly #sink: EntrySink;
  readonly #labels = new LabelParser();
  /** For each number of digits that is a hash: where its bytes go, and the signals that it is an entry of. */
  readonly #byDigits = new Map<number, { hash: Uint8Array; signals: Signal[] }>();
  readonly #digits = new Uint8Array(MAX_DIGITS + 1);
  #sawContent = false;
  #refused = false;

  constructor(signals: readonly Signal[], sink: EntrySink) {
    this.#signals = signals;
    this.#sink = sink;
    for (const signal of signals) {
      const digits = SIGNAL_BYTES[signal] * 2;
      const known = this.#byDigits.get(digits);
      if (known) known.signals.push(signal);
      else this.#byDigits.set(digits, { hash: new Uint8Array(SIGNAL_BYTES[signal]), signals: [signal] });
    }
  }

  async run(chunks: AsyncIterable<Uint8Array>): Promise<void> {
    const splitter = new LineSplitter(
      MAX_LINE_BYTES,
      (bytes, start, end, line) => this.#line(bytes, start, end, line),
      (line) => {
        if (!this.#refused) this.#sink.problem(line, `longer than ${MAX_LINE_BYTES} bytes`);
      },
    );
    for await (const chunk of chunks) splitter.push(chunk);
    splitter.end();
  }

  #line(bytes: Uint8Array, lineStart: number, lineEnd: number, line: number): void {
    if (this.#refused) return;
    let start = lineStart;
    let end = lineEnd;
    if (line === 1) {
      const foreign = foreignFormat(bytes.subarray(start, end));
      if (foreign) {
        this.#refused = true;
        this.#sink.problem(0, foreign);
        return;
      }
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    }
    if (end > start && bytes[end - 1] === CARRIAGE_RETURN) end--;
    while (end > start && isBlank(bytes[end - 1])) end--;
    while (start < end && isBlank(bytes[start])) start++;
    if (start >= end || bytes[start] === HASH_SIGN) return;
    const first = !this.#sawContent;
    this.#sawContent = true;
    this.#content(bytes, start, end, line, lineStart, first);
  }

  #content(
    bytes: Uint8Array,
    start: number,
    end: number,
    line: number,
    lineStart: number,
    first: boolean,
  ): void {
    const digits = this.#digits;
    const quoted = bytes[start] === QUOTE;
    let at = quoted ? start + 1 : start;
    let count = 0;
    for (let value: number; at < end && count <= MAX_DIGITS; at++) {
      if ((value = NIBBLE[bytes[at]]) > 15) break;
      digits[count++] = value;
    }
    const digitsEnd = at;
    // What lies behind the end is of another line.
    const closed = at < end && bytes[at] === QUOTE;
    if (quoted && closed) at++;
    while (at < end && isBlank(bytes[at])) at++;

    const known = this.#byDigits.get(count);
    if (known === undefined || (at < end && bytes[at] !== COMMA) || (quoted && !closed)) {
      if (first && this.#isHeader(bytes, start, end)) return;
      this.#sink.problem(line, () => this.#explain(bytes, lineStart, digitsEnd, end, count, quoted));
      return;
    }
    let label = '';
    if (at < end) {
      const parsed = this.#labels.parse(bytes, at + 1, end);
      if (parsed.problem !== undefined) {
        this.#sink.problem(line, parsed.problem);
        return;
      }
      label = parsed.label;
    }
    const { hash, signals } = known;
    for (let i = 0; i < hash.length; i++) hash[i] = (digits[2 * i] << 4) | digits[2 * i + 1];
    for (const signal of signals) this.#sink.entry(signal, hash, label, line);
  }

  #isHeader(bytes: Uint8Array, start: number, end: number): boolean {
    const columns = new TextDecoder()
      .decode(bytes.subarray(start, end))
      .toLowerCase()
      .split(',')
      .map((column) => column.trim().replace(/^"(.*)"$/, '$1'));
    return (
      columns.length <= 2 &&
      (columns[0] === 'hash' || this.#signals.some((signal) => signal === columns[0])) &&
      (columns[1] === undefined || columns[1] === 'label')
    );
  }

  /** Says what is wrong without repeating the line: it may be anything, and lists are no reading matter. */
  #explain(
    bytes: Uint8Array,
    lineStart: number,
    stop: number,
    end: number,
    count: number,
    quoted: boolean,
  ): string {
    const lengths = [...this.#byDigits.keys()].sort((a, b) => a - b).join(', ');
    const expected = `expected ${lengths.replace(/, (\d+)$/, ' or $1')} hex digits`;
    if (count > MAX_DIGITS) return `${expected}, found more than ${MAX_DIGITS}`;
    if (stop < end && bytes[stop] !== COMMA && bytes[stop] !== QUOTE && !isBlank(bytes[stop])) {
      return `${expected}, found ${nameOf(bytes[stop])} in column ${stop - lineStart + 1}`;
    }
    if (!this.#byDigits.has(count)) return `${expected}, found ${count}`;
    return quoted && (stop >= end || bytes[stop] !== QUOTE)
      ? 'the hash has no closing quote'
      : 'text after the hash: a label follows a comma (of the output of sha256sum and the like keep the first column)';
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB;
}

function nameOf(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? `'${String.fromCharCode(byte)}'`
    : `byte 0x${byte.toString(16).padStart(2, '0')}`;
}

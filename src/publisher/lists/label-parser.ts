/**
 * The label column of a text list.
 * @module
 */

/** Bytes of UTF-8 that a label may have. */
export const MAX_LABEL_BYTES = 255;

/** A label, or what is wrong with it. */
export type ParsedLabel = { label: string; problem?: undefined } | { problem: string };

/** Characters that no label needs and that could deceive someone who reads it on a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/**
 * @param label - a label, without surrounding spaces
 * @returns what is wrong with it, or undefined
 */
export function labelProblem(label: string): string | undefined {
  if (FORBIDDEN.test(label)) return 'the label has control characters';
  if (Buffer.byteLength(label) > MAX_LABEL_BYTES) return `the label is longer than ${MAX_LABEL_BYTES} bytes`;
  return undefined;
}

/** Labels remembered by their bytes; a list has few different ones. */
const MAX_REMEMBERED = 4096;

/** Parses label columns. Most lines of a list repeat a label, so results are remembered. */
export class LabelParser {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #remembered = new Map<string, ParsedLabel>();

  /**
   * @param bytes - holds the column
   * @param start - after the comma
   * @param end - the line's end
   * @returns the label without quotes and surrounding spaces, empty for none; or the problem
   */
  parse(bytes: Uint8Array, start: number, end: number): ParsedLabel {
    const key = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
    const known = this.#remembered.get(key);
    if (known) return known;
    const parsed = this.#parse(bytes.subarray(start, end));
    if (this.#remembered.size < MAX_REMEMBERED) this.#remembered.set(key, parsed);
    return parsed;
  }

  #parse(column: Uint8Array): ParsedLabel {
    let text: string;
    try {
      text = this.#decoder.decode(column).trim();
    } catch {
      return { problem: 'the label is not UTF-8' };
    }
    if (text.startsWith('"')) {
      const match = /^"((?:[^"]|"")*)"(.*)$/s.exec(text);
      if (match === null) return { problem: 'the label has no closing quote' };
      if (match[2] !== '') {
        return {
          problem: match[2].trim().startsWith(',') ? TOO_MANY_COLUMNS : 'text after the quoted label',
        };
      }
      text = match[1].replaceAll('""', '"').trim();
    } else if (text.includes(',')) {
      return { problem: TOO_MANY_COLUMNS };
    } else if (text.includes('"')) {
      return { problem: 'a quote inside the label: put the whole label in quotes and double it' };
    }
    const problem = labelProblem(text);
    return problem === undefined ? { label: text } : { problem };
  }
}

const TOO_MANY_COLUMNS = 'more than two columns: put a label that holds a comma in quotes';

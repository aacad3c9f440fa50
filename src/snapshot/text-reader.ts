/**
 * Reads the texts at the end of a snapshot's or a delta's header: a name, then labels in order (docs/snapshot-format.md, 2.5).
 * @module
 */
import { compareText, decodeText } from './text.js';

/** Takes texts one after the other; every rule that they break goes to the caller's `malformed`, which throws. */
export class TextReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #malformed: (message: string) => never;
  #at: number;

  /**
   * @param bytes - of the file
   * @param start - where the texts begin
   * @param end - where the header ends
   * @param malformed - throws the format's own error
   */
  constructor(bytes: Uint8Array, start: number, end: number, malformed: (message: string) => never) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#malformed = malformed;
  }

  /** @returns the next bytes, a view */
  take(length: number): Uint8Array {
    if (length > this.#end - this.#at) this.#malformed('the header ends within a text');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** @returns the name, which must not be empty */
  name(length: number): string {
    const name = this.#text(this.take(length));
    return name === '' ? this.#malformed('the name is empty') : name;
  }

  /**
   * @param count - how many
   * @param what - names them in the error: “the labels”
   * @returns labels, each behind a byte of its length, in ascending order of their bytes
   */
  labels(count: number, what: string): string[] {
    // Each takes a byte at least: nothing is allocated by a count that can't be.
    if (count > this.#end - this.#at) this.#malformed('the header ends within a text');
    const labels: string[] = [];
    let previous: Uint8Array | null = null;
    for (let i = 0; i < count; i++) {
      const encoded = this.take(this.take(1)[0]);
      if (previous !== null && compareText(previous, encoded) >= 0)
        this.#malformed(`${what} are not in order`);
      labels.push(this.#text(encoded));
      previous = encoded;
    }
    return labels;
  }

  /** Checks that nothing is left of the header. */
  finish(): void {
    if (this.#at !== this.#end) this.#malformed('something lies between the labels and the first section');
  }

  #text(encoded: Uint8Array): string {
    return decodeText(encoded) ?? this.#malformed('a text is not well-formed or has control characters');
  }
}

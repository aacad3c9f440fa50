/**
 * Splits chunks of bytes into lines, without making strings.
 * @module
 */

/** Takes a line: `bytes[start..end)` without its line feed, valid during the call; numbered from 1. */
export type LineHandler = (bytes: Uint8Array, start: number, end: number, line: number) => void;

const LINE_FEED = 0x0a;

/** Feeds on chunks cut anywhere and gives whole lines, in bounded memory. */
export class LineSplitter {
  readonly #onLine: LineHandler;
  readonly #onOverlong: (line: number) => void;
  /** The beginning of a line whose end is in a later chunk. */
  readonly #carry: Uint8Array;
  #carried = 0;
  #line = 1;
  #overlong = false;

  /**
   * @param maxLineBytes - longer lines are dropped and reported
   * @param onLine - takes each line
   * @param onOverlong - told the number of each line that was dropped
   */
  constructor(maxLineBytes: number, onLine: LineHandler, onOverlong: (line: number) => void) {
    this.#carry = new Uint8Array(maxLineBytes);
    this.#onLine = onLine;
    this.#onOverlong = onOverlong;
  }

  /** @param chunk - the next bytes; not kept */
  push(chunk: Uint8Array): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, start);
      if (end < 0) break;
      this.#finish(chunk, start, end);
      start = end + 1;
    }
    this.#keep(chunk, start, chunk.length);
  }

  /** No more bytes: a last line without a line feed counts. */
  end(): void {
    if (this.#carried > 0 || this.#overlong) this.#finish(this.#carry, 0, 0);
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    if (this.#overlong || this.#carried + end - start > this.#carry.length) {
      this.#overlong = true;
      this.#carried = 0;
      return;
    }
    this.#carry.set(chunk.subarray(start, end), this.#carried);
    this.#carried += end - start;
  }

  #finish(chunk: Uint8Array, start: number, end: number): void {
    const joined = this.#carried > 0 || this.#overlong || end - start > this.#carry.length;
    if (joined) this.#keep(chunk, start, end);
    if (this.#overlong) this.#onOverlong(this.#line);
    else if (joined) this.#onLine(this.#carry, 0, this.#carried, this.#line);
    else this.#onLine(chunk, start, end, this.#line);
    this.#overlong = false;
    this.#carried = 0;
    this.#line++;
  }
}

/**
 * What a command prints: results on standard output, everything else on standard error.
 *
 * With `--json`, standard output holds JSON Lines only: one compact value a line. A reader that goes away (a
 * broken pipe) ends the work quietly.
 * @module
 */
import type { Writable } from 'node:stream';
import type { Part } from '../parts.js';
import { describeFindings, type Finding } from './findings.js';

/** Streams and clock that the commands work with. */
export interface CliIo {
  /** Opens standard input; called only when a command reads it. */
  stdin(): AsyncIterable<Uint8Array | string>;
  readonly stdout: Writable & { isTTY?: boolean };
  readonly stderr: Writable & { isTTY?: boolean };
  /** Unix time in milliseconds. */
  now(): number;
  /** Environment variables; only that of a passphrase is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where the picture finder lies; default: beside this package's other files. */
  readonly finder?: Part;
}

const PROGRESS_EVERY_MS = 100;

/** The printing side of one run. */
export class Output {
  readonly #io: CliIo;
  #closed = false;
  #failure: Error | undefined;
  #progressAt = 0;
  #progressShown = false;

  constructor(io: CliIo) {
    this.#io = io;
    io.stdout.on('error', (error: NodeJS.ErrnoException) => this.#lost(error));
    // Nobody is left to tell.
    io.stderr.on('error', () => {});
  }

  /** True once nobody reads the results any more: the command should end. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Why results could not be written; a broken pipe is none. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** True where results go to a terminal. */
  get isTerminal(): boolean {
    return this.#io.stdout.isTTY === true;
  }

  /** Prints one result as a line of JSON. */
  json(value: unknown): Promise<void> {
    return this.#write(`${JSON.stringify(value)}\n`);
  }

  /** Prints lines of a result for a person. */
  text(...lines: string[]): Promise<void> {
    return this.#write(lines.map((line) => `${line}\n`).join(''));
  }

  /** Prints a result that is bytes. */
  bytes(bytes: Uint8Array): Promise<void> {
    return this.#write(bytes);
  }

  /** Prints a remark on standard error. */
  note(...lines: string[]): void {
    this.clearProgress();
    for (const line of lines) this.#io.stderr.write(`${line}\n`);
  }

  /** Prints remarks on lines of lists on standard error. */
  findings(first: readonly Finding[], count: number): void {
    this.note(...describeFindings(first, count).map((line) => printable(line)));
  }

  /**
   * Shows how far long work is, where standard error is a terminal; not more than ten times a second.
   * @param text - a short line
   */
  progress(text: string | (() => string)): void {
    if (!this.#io.stderr.isTTY) return;
    const now = this.#io.now();
    if (now - this.#progressAt < PROGRESS_EVERY_MS) return;
    this.#progressAt = now;
    this.#progressShown = true;
    this.#io.stderr.write(`\r\u001b[K${printable(typeof text === 'string' ? text : text())}`);
  }

  /** Takes the progress line away. */
  clearProgress(): void {
    if (!this.#progressShown) return;
    this.#progressShown = false;
    this.#io.stderr.write('\r\u001b[K');
  }

  #write(data: string | Uint8Array): Promise<void> {
    this.clearProgress();
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      this.#io.stdout.write(data, (error) => {
        if (error) this.#lost(error);
        resolve();
      });
    });
  }

  #lost(error: NodeJS.ErrnoException): void {
    this.#closed = true;
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') this.#failure ??= error;
  }
}

/**
 * @param text - a file's name or a label, which may hold anything
 * @returns it with control characters escaped, so that it can't drive a terminal
 */
export function printable(text: string): string {
  return text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * @param rows - cells of each row
 * @param rightAligned - columns of numbers, from 0
 * @returns lines with the columns aligned
 */
export function table(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  }
  return rows.map((row) =>
    row
      .map((cell, i) => (rightAligned.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i])))
      .join('  ')
      .trimEnd(),
  );
}

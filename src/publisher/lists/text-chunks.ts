/**
 * The bytes of a structured list as text, and how its reading ends early.
 * @module
 */
import { FOREIGN_HEAD_BYTES, foreignFormat } from './foreign.js';
import type { EntrySink } from './types.js';

/** Thrown where the rest of a file can't be understood; {@link readingOf} makes a problem of it. */
export class ListFault extends Error {
  override readonly name = 'ListFault';
  /** Line number from 1, 0 for the whole file. */
  readonly line: number;

  /**
   * @param line - line number from 1, 0 for the whole file
   * @param message - what is wrong
   */
  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * @param sink - told of a fault
 * @param read - reads a file to its end, or throws a {@link ListFault}
 */
export async function readingOf(sink: EntrySink, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof ListFault)) throw error;
    sink.problem(error.line, error.message);
  }
}

/** Characters of a piece of text: what a parser holds of a file at a time is of this order. */
const PIECE = 32 * 1024;

/**
 * @param chunks - a file's bytes in order, cut anywhere
 * @returns its text without a byte order mark, in pieces of at most 32768 UTF-16 code units
 * @throws ListFault where it isn't UTF-8
 */
export async function* textPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let lines = 1;
  for await (const chunk of withoutForeign(chunks)) {
    const text = decode(decoder, lines, chunk);
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) lines++;
    for (let at = 0; at < text.length; at += PIECE) yield text.slice(at, at + PIECE);
  }
  decode(decoder, lines);
}

/**
 * @param chunks - a file's bytes in order, cut anywhere
 * @returns the same bytes
 * @throws ListFault where the file is plainly something else
 */
export async function* withoutForeign(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array | null = new Uint8Array(0);
  for await (const chunk of chunks) {
    if (head === null) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < FOREIGN_HEAD_BYTES) continue;
    checkHead(head);
    yield head;
    head = null;
  }
  if (head === null) return;
  checkHead(head);
  yield head;
}

function checkHead(head: Uint8Array): void {
  const foreign = foreignFormat(head);
  if (foreign !== undefined) throw new ListFault(0, foreign);
}

function decode(decoder: TextDecoder, line: number, chunk?: Uint8Array): string {
  try {
    return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
  } catch {
    throw new ListFault(0, `is not UTF-8, somewhere after line ${line}`);
  }
}

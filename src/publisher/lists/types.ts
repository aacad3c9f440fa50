/**
 * What a reader of hash lists is: it turns the bytes of one file into entries, whatever the format.
 * @module
 */
import type { Signal } from '../../snapshot/types.js';

/** A file of hashes, not yet opened. */
export interface ListSource {
  /** As the user named it; `-` for standard input. */
  readonly name: string;
  /** Bytes in all, where known beforehand. */
  readonly bytes?: number;
  /**
   * Opens the file. Called once.
   * @throws PublisherError `input-unreadable`, here or while iterating
   */
  open(): AsyncIterable<Uint8Array>;
}

/** Where a reader puts what it finds. */
export interface EntrySink {
  /**
   * @param signal - what kind of hash it is
   * @param hash - as many bytes as the signal has, in the order of its hex digits; the reader's own, copy what is
   *   kept
   * @param label - the publisher's category; empty for none
   * @param line - line number from 1, for remarks
   */
  entry(signal: Signal, hash: Uint8Array, label: string, line: number): void;
  /**
   * A line that is not what the format allows. Reading goes on.
   * @param line - line number from 1, 0 for the whole file
   * @param message - what is wrong, or a function that says so
   */
  problem(line: number, message: string | (() => string)): void;
}

/** Reads one format. */
export interface ListReader {
  /** Signals that its entries may have. The list gets a section for each, even if no entry turns up. */
  readonly signals: readonly Signal[];
  /**
   * @param chunks - the file's bytes in order, cut anywhere
   * @param sink - takes entries and problems
   * @returns when the last byte was read
   */
  read(chunks: AsyncIterable<Uint8Array>, sink: EntrySink): Promise<void>;
}

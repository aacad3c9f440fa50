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
  /**
   * Something of the list that is left out as it should be. A sink that doesn't count leaves this out.
   * @param what - what it was
   */
  skipped?(what: Skipped): void;
  /**
   * A remark on the list as a whole. A sink that takes none leaves this out.
   * @param message - what is remarked
   */
  note?(message: string): void;
}

/**
 * What a reader leaves out on purpose:
 *
 * | | |
 * |---|---|
 * | `photodna` | a PhotoDNA hash, which only a licensee can compute |
 * | `other-kind` | a fingerprint of another kind that no scan computes |
 * | `deleted` | an entry that its owner took back |
 * | `negative-feedback` | an entry that a member spoke against, where that was asked for |
 * | `not-confirmed` | an entry that is not marked as what the list is for |
 * | `no-hash` | a row without a hash in any column that is read |
 */
export type Skipped =
  | 'photodna'
  | 'other-kind'
  | 'deleted'
  | 'negative-feedback'
  | 'not-confirmed'
  | 'no-hash';

/** Reads one format. */
export interface ListReader {
  /**
   * Signals that the list gets a section of even if no entry turns up. Those that only the file can tell of are not
   * among them.
   */
  readonly signals: readonly Signal[];
  /**
   * @param chunks - the file's bytes in order, cut anywhere
   * @param sink - takes entries and problems
   * @returns when the last byte was read
   */
  read(chunks: AsyncIterable<Uint8Array>, sink: EntrySink): Promise<void>;
  /**
   * After the last of the files that the reader was used for. A reader of a format in which one file takes back what
   * another one said gives its entries only now, each to the sink of its own file, and is then as new. Such a reader
   * shall be used for the files of one list, and of one list only.
   */
  finish?(): void;
}

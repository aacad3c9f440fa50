/**
 * The last word on each record of an exchange: what was changed or taken back later replaces what was said before,
 * whatever the order of the files.
 * @module
 */
import { createHash } from 'node:crypto';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../snapshot/types.js';
import type { EntrySink, Skipped } from './types.js';

/** One hash of a record. */
export interface RecordHash {
  signal: Signal;
  hash: Uint8Array;
}

/** What a file says of a record. */
export interface RecordState {
  /** Time of the statement; only the order counts. */
  time: number;
  /** The label that all hashes share. */
  label: string;
  /** Line number from 1. */
  line: number;
  hashes: readonly RecordHash[];
  /** Why the record is no entry (any more); hashes don't count then. */
  gone?: Skipped;
}

/** Hashes that a record may have. */
export const MAX_RECORD_HASHES = 255;

const ROW_BYTES = 8 + 4 + 4 + 4 + 2 + 1 + 1;
const FIRST_BYTES = 64 * 1024;

/**
 * Holds the last statement on each record in a few hundred bytes a record, hashes included.
 *
 * Of two statements the later one counts. Of two at the same time, that the record is gone counts more than that it
 * is there, and two that are both there count together: so the result does not depend on the order of reading.
 */
export class LatestRecords {
  /** Where the last row on each record is, by a 128-bit digest of the record's key. */
  #rows = new Map<string, number>();
  /** Rows: time, row before of the same time (plus 1), label, line, sink, gone, number of hashes; then the hashes. */
  #bytes = new Uint8Array(FIRST_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  readonly #labels: string[] = [];
  readonly #labelNumbers = new Map<string, number>();
  readonly #gone: Skipped[] = [];
  readonly #sinks: EntrySink[] = [];

  /**
   * @param sink - takes the entries of the file that is read next
   * @returns the number to give to `put`
   */
  addSink(sink: EntrySink): number {
    return this.#sinks.push(sink) - 1;
  }

  /**
   * @param key - what identifies the record
   * @param state - what the file says of it; at most {@link MAX_RECORD_HASHES} hashes
   * @param sink - the file's number from `addSink`
   */
  put(key: string, state: RecordState, sink: number): void {
    const digest = createHash('sha256').update(key).digest().toString('latin1', 0, 16);
    const known = this.#rows.get(digest);
    let before = 0;
    if (known !== undefined) {
      const time = this.#view.getFloat64(known, true);
      if (state.time < time) return;
      if (state.time === time) before = known + 1;
    }
    this.#rows.set(digest, this.#append(state, sink, before));
  }

  /** Gives the entries of all records that are there, counts those that are gone, and forgets them all. */
  emit(): void {
    for (const last of this.#rows.values()) {
      const gone = this.#goneAt(last);
      if (gone === undefined) for (const row of this.#sameTime(last)) this.#emitRow(row);
      else this.#sinks[this.#view.getUint16(last + 20, true)].skipped?.(gone);
    }
    this.#rows = new Map();
    this.#bytes = new Uint8Array(FIRST_BYTES);
    this.#view = new DataView(this.#bytes.buffer);
    this.#length = this.#labels.length = this.#gone.length = this.#sinks.length = 0;
    this.#labelNumbers.clear();
  }

  #goneAt(last: number): Skipped | undefined {
    for (const row of this.#sameTime(last)) {
      const gone = this.#bytes[row + 22];
      if (gone !== 0) return this.#gone[gone - 1];
    }
    return undefined;
  }

  *#sameTime(last: number): Generator<number> {
    for (let row = last; row >= 0; row = this.#view.getUint32(row + 8, true) - 1) yield row;
  }

  #emitRow(row: number): void {
    const label = this.#labels[this.#view.getUint32(row + 12, true)];
    const line = this.#view.getUint32(row + 16, true);
    const sink = this.#sinks[this.#view.getUint16(row + 20, true)];
    let at = row + ROW_BYTES;
    for (let left = this.#bytes[row + 23]; left > 0; left--) {
      const signal = SIGNALS[this.#bytes[at++]];
      sink.entry(signal, this.#bytes.subarray(at, (at += SIGNAL_BYTES[signal])), label, line);
    }
  }

  #append({ time, label, line, hashes, gone }: RecordState, sink: number, before: number): number {
    const kept = gone === undefined ? hashes : [];
    if (kept.length > MAX_RECORD_HASHES) throw new RangeError(`'hashes' is ${kept.length} of them`);
    const row = this.#length;
    this.#reserve(ROW_BYTES + kept.length * 33);
    this.#view.setFloat64(row, time, true);
    this.#view.setUint32(row + 8, before, true);
    this.#view.setUint32(row + 12, this.#labelNumber(label), true);
    this.#view.setUint32(row + 16, line, true);
    this.#view.setUint16(row + 20, sink, true);
    this.#bytes[row + 22] = gone === undefined ? 0 : this.#goneNumber(gone);
    this.#bytes[row + 23] = kept.length;
    let at = row + ROW_BYTES;
    for (const { signal, hash } of kept) {
      this.#bytes[at++] = SIGNALS.indexOf(signal);
      this.#bytes.set(hash, at);
      at += hash.length;
    }
    this.#length = at;
    return row;
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + bytes, Math.ceil(this.#bytes.length * 1.6)));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #labelNumber(label: string): number {
    let number = this.#labelNumbers.get(label);
    if (number === undefined) this.#labelNumbers.set(label, (number = this.#labels.push(label) - 1));
    return number;
  }

  #goneNumber(gone: Skipped): number {
    const at = this.#gone.indexOf(gone);
    return at < 0 ? this.#gone.push(gone) : at + 1;
  }
}

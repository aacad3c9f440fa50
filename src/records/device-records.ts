/**
 * What a scanner keeps on the device if its host asks for it: counts for statistics, and appeals. Nothing of it is sent
 * anywhere, and nothing waits for storage: what can't be written stays in memory and is tried again with the next change.
 * @module
 */
import { ScanError } from '../errors.js';
import type { Outcome } from '../outcome.js';
import { type CountedList, type Counts, countsOfLists, countsOfScan } from '../statistics/cells.js';
import { dayOf, exportStatistics, type StatisticsExport } from '../statistics/export.js';
import { type Appeal, appealOf } from './appeals.js';
import { type Kept, merge, nothingKept, RecordStore } from './record-store.js';

/** For how long records are kept. */
export const KEPT_DAYS = 400;

const STORAGE_TIMEOUT_MS = 5_000;
const DAY_MS = 86_400_000;

/** Settings of {@link DeviceRecords}. */
export interface RecordsOptions {
  statistics: boolean;
  appeals: boolean;
  /** Name of the database. Default `presieve-records`. */
  databaseName?: string;
  storageTimeoutMs?: number;
  /** Milliseconds since 1970. Default: the device's clock. */
  now?: () => number;
}

/** See the module. */
export class DeviceRecords {
  readonly #options: RecordsOptions;
  readonly #now: () => number;
  readonly #store: RecordStore | undefined;
  /** Not yet written. */
  #pending = nothingKept();
  /** Storage is used by one at a time: what is being written is neither in memory nor in storage. */
  #turn: Promise<unknown> = Promise.resolve();
  #writeIsDue = false;
  #closed = false;

  constructor(options: RecordsOptions) {
    const { databaseName = 'presieve-records', storageTimeoutMs = STORAGE_TIMEOUT_MS, now } = options;
    this.#options = options;
    this.#now = now ?? Date.now;
    if (typeof indexedDB !== 'undefined' && (options.statistics || options.appeals))
      this.#store = new RecordStore({ databaseName, timeoutMs: storageTimeoutMs });
  }

  /**
   * Counts a scan, and gives a match its appeal.
   * @param outcome - as the worker gave it
   * @returns the outcome for the host
   */
  scanned(outcome: Outcome): Outcome {
    if (this.#options.statistics) this.#count(countsOfScan(outcome));
    if (!this.#options.appeals || outcome.verdict !== 'match') return outcome;
    const appeal = appealOf(outcome, this.#now());
    this.#pending.appeals.set(appeal.id, appeal);
    this.#write();
    return { ...outcome, appeal: appeal.id };
  }

  /** Counts the versions of the lists that a worker has opened. */
  opened(lists: readonly CountedList[]): void {
    if (this.#options.statistics && lists.length > 0) this.#count(countsOfLists(lists));
  }

  /**
   * @returns counts of the days that are over
   * @throws ScanError `invalid-argument` where statistics are off
   */
  async statistics(): Promise<StatisticsExport> {
    if (!this.#options.statistics) throw off('statistics');
    return exportStatistics((await this.#read()).days, dayOf(this.#now()));
  }

  /**
   * @returns the appeals on this device, the newest first
   * @throws ScanError `invalid-argument` where appeals are off
   */
  async appeals(): Promise<Appeal[]> {
    if (!this.#options.appeals) throw off('appeals');
    const appeals = [...(await this.#read()).appeals.values()];
    return appeals.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
  }

  /**
   * Deletes all records of this device, whichever scanner of the app made them.
   * @throws Error (by rejection) where storage refuses
   */
  forget(): Promise<void> {
    return this.#inTurn(async () => {
      this.#pending = nothingKept();
      await this.#store?.clear();
    });
  }

  /** Writes what is left, and ends. */
  close(): void {
    this.#write();
    this.#closed = true;
    void this.#inTurn(async () => this.#store?.close());
  }

  #count(counts: Counts): void {
    merge(this.#pending, { days: new Map([[dayOf(this.#now()), counts]]), appeals: new Map() });
    this.#write();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** What comes before its turn goes into the same write. */
  #write(): void {
    const store = this.#store;
    if (store === undefined || this.#closed || this.#writeIsDue) return;
    this.#writeIsDue = true;
    void this.#inTurn(async () => {
      this.#writeIsDue = false;
      const batch: Kept = this.#pending;
      this.#pending = nothingKept();
      try {
        await store.add(batch, dayOf(this.#now() - KEPT_DAYS * DAY_MS));
      } catch {
        // Back into memory, before what came meanwhile; the next change tries again.
        merge(batch, this.#pending);
        this.#pending = batch;
      }
    });
  }

  /** What storage holds, and what it could not take. */
  #read(): Promise<Kept> {
    return this.#inTurn(async () => {
      const kept = (await this.#store?.read().catch(() => undefined)) ?? nothingKept();
      merge(kept, this.#pending);
      return kept;
    });
  }
}

function off(option: string): ScanError {
  return new ScanError('invalid-argument', `"${option}" is off: create the scanner with ${option}: true`);
}

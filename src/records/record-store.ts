/**
 * Where records are kept. Changes are sums and new records, each in one short transaction, so that tabs which write at the
 * same time lose nothing of each other.
 * @module
 */
import type { DBSchema } from 'idb';
import { DatabaseConnection } from '../database/connection.js';
import { addCounts, type Counts } from '../statistics/cells.js';
import type { Appeal } from './appeals.js';

/** Raised with every incompatible change of what is kept. */
const DATABASE_VERSION = 1;

interface Schema extends DBSchema {
  /** By day, `YYYY-MM-DD`. */
  days: { key: string; value: Counts };
  /** By id. */
  appeals: { key: string; value: Appeal };
}

const STORES: ['days', 'appeals'] = ['days', 'appeals'];

/** What is kept. */
export interface Kept {
  days: Map<string, Counts>;
  appeals: Map<string, Appeal>;
}

/** @returns a store of nothing */
export function nothingKept(): Kept {
  return { days: new Map(), appeals: new Map() };
}

/** Adds `more` to `kept`, in place. */
export function merge(kept: Kept, more: Kept): void {
  for (const [day, counts] of more.days) kept.days.set(day, addCounts(kept.days.get(day) ?? {}, counts));
  for (const [id, appeal] of more.appeals) kept.appeals.set(id, appeal);
}

/** Settings of {@link RecordStore}. */
export interface RecordStoreOptions {
  readonly databaseName: string;
  readonly timeoutMs: number;
}

/** See the module. */
export class RecordStore {
  readonly #database: DatabaseConnection<Schema>;

  constructor({ databaseName, timeoutMs }: RecordStoreOptions) {
    // For those alone who keep records; and now rather than at the first scan, since no request may come of a scan.
    const openDB = import('idb').then((idb) => idb.openDB);
    openDB.catch(() => {});
    const options = { name: databaseName, version: DATABASE_VERSION, stores: STORES, timeoutMs, openDB };
    this.#database = new DatabaseConnection(options);
  }

  /**
   * Adds to what is kept, all or nothing.
   * @param more - what to add
   * @param keepFrom - days before it are deleted, and so are appeals from before it
   * @throws Error where storage fails or takes too long
   */
  add(more: Kept, keepFrom: string): Promise<void> {
    return this.#database.write('adding to the records', async (transaction) => {
      const days = transaction.objectStore('days');
      const appeals = transaction.objectStore('appeals');
      for (const [day, counts] of more.days)
        await days.put(addCounts((await days.get(day)) ?? {}, counts), day);
      for (const appeal of more.appeals.values()) await appeals.put(appeal, appeal.id);
      await days.delete(IDBKeyRange.upperBound(keepFrom, true));
      for (const { id, at } of await appeals.getAll()) if (at < keepFrom) await appeals.delete(id);
    });
  }

  /** @returns all that is kept */
  read(): Promise<Kept> {
    return this.#database.read('reading the records', async (database) => {
      const transaction = database.transaction(STORES);
      const days = transaction.objectStore('days');
      const [keys, counts, appeals] = await Promise.all([
        days.getAllKeys(),
        days.getAll(),
        transaction.objectStore('appeals').getAll(),
      ]);
      return {
        days: new Map(keys.map((day, i) => [day, counts[i]])),
        appeals: new Map(appeals.map((appeal) => [appeal.id, appeal])),
      };
    });
  }

  /** Deletes everything. */
  clear(): Promise<void> {
    return this.#database.write('deleting the records', async (transaction) => {
      await transaction.objectStore('days').clear();
      await transaction.objectStore('appeals').clear();
    });
  }

  /** Ends the connection; later calls fail. */
  close(): void {
    this.#database.close();
  }
}

/**
 * Where records are kept: IndexedDB with a deadline on every call (it can hang for good), a new connection after a lost
 * one, one short transaction a write. Changes are sums and new records, so that tabs which write at the same time lose
 * nothing of each other.
 * @module
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction } from 'idb';
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
type Writing = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

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
  readonly #options: RecordStoreOptions;
  readonly #idb: Promise<typeof import('idb')>;
  #database: Promise<IDBPDatabase<Schema>> | undefined;
  #closed = false;

  constructor(options: RecordStoreOptions) {
    this.#options = options;
    // For those alone who keep records; and now rather than at the first scan, since no request may come of a scan.
    this.#idb = import('idb');
    this.#idb.catch(() => {});
  }

  /**
   * Adds to what is kept, all or nothing.
   * @param more - what to add
   * @param keepFrom - days before it are deleted, and so are appeals from before it
   * @throws Error where storage fails or takes too long
   */
  add(more: Kept, keepFrom: string): Promise<void> {
    return this.#write(async (transaction) => {
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
    return this.#call(async (database) => {
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
    return this.#write(async (transaction) => {
      await transaction.objectStore('days').clear();
      await transaction.objectStore('appeals').clear();
    });
  }

  /** Ends the connection; later calls fail. */
  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  #write(work: (transaction: Writing) => Promise<void>): Promise<void> {
    return this.#call(async (database, onTimeout) => {
      const transaction = database.transaction(STORES, 'readwrite');
      onTimeout(() => transaction.abort());
      // Both are awaited below; without this an abort would be an unhandled rejection, too.
      transaction.done.catch(() => {});
      try {
        await work(transaction);
        await transaction.done;
      } catch (error) {
        // Where the transaction is over already there is nothing to abort.
        try {
          transaction.abort();
        } catch {}
        throw error;
      }
    });
  }

  #disconnect(): void {
    const database = this.#database;
    this.#database = undefined;
    database?.then((open) => open.close()).catch(() => {});
  }

  #connect(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    const opening: Promise<IDBPDatabase<Schema>> = this.#idb.then(({ openDB }) =>
      openDB<Schema>(this.#options.databaseName, DATABASE_VERSION, {
        upgrade(database) {
          database.createObjectStore('days');
          database.createObjectStore('appeals');
        },
        // Another tab holds an older version open: the deadline of the call ends the wait.
        blocked: () => {},
        // Another tab wants to upgrade or delete: stand aside, the next call connects anew.
        blocking: () => this.#forget(opening),
        terminated: () => this.#forget(opening),
      }),
    );
    this.#database = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(connection: Promise<IDBPDatabase<Schema>>): void {
    if (this.#database === connection) this.#database = undefined;
    connection.then((open) => open.close()).catch(() => {});
  }

  async #call<T>(
    work: (database: IDBPDatabase<Schema>, onTimeout: (abort: () => void) => void) => Promise<T>,
  ): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let abort = () => {};
    let expired = false;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        expired = true;
        try {
          abort();
        } catch {}
        // Whatever hangs, the next call must not hang on the same connection.
        this.#disconnect();
        reject(new Error(`storage did not answer within ${this.#options.timeoutMs} ms`));
      }, this.#options.timeoutMs);
    });
    const running = (async () => {
      const connection = this.#database ?? this.#connect();
      const onTimeout = (action: () => void) => {
        abort = action;
      };
      try {
        const database = await connection;
        // The caller was told that nothing happened.
        if (expired) throw new Error('too late');
        return await work(database, onTimeout);
      } catch (error) {
        // Thrown by `transaction()` on a connection that was closed under us: nothing of the call has happened.
        if (!(error instanceof Error && error.name === 'InvalidStateError')) throw error;
        this.#forget(connection);
        return work(await this.#connect(), onTimeout);
      }
    })();
    running.catch(() => {});
    try {
      return await Promise.race([running, deadline]);
    } finally {
      clearTimeout(timer);
    }
  }
}

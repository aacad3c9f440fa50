/**
 * A connection to IndexedDB that can be relied on: a deadline on every call (IndexedDB can hang for good), a new
 * connection after a lost one, transactions that are whole or undone.
 * @module
 */
import type { DBSchema, IDBPDatabase, IDBPTransaction, openDB, StoreNames } from 'idb';

/** What a {@link DatabaseConnection} opens. */
export interface DatabaseOptions<S extends DBSchema> {
  readonly name: string;
  /** Raised with every incompatible change of what is kept. */
  readonly version: number;
  /** Its object stores, all made by the first version. */
  readonly stores: StoreNames<S>[];
  /** Milliseconds that a call may take. */
  readonly timeoutMs: number;
  /** The library's `openDB`, which may still be loading. */
  readonly openDB: typeof openDB | Promise<typeof openDB>;
}

/** A transaction that writes. */
export type Writing<S extends DBSchema> = IDBPTransaction<S, StoreNames<S>[], 'readwrite'>;

type OnTimeout = (abort: () => void) => void;

/** See the module. */
export class DatabaseConnection<S extends DBSchema> {
  readonly #options: DatabaseOptions<S>;
  #database: Promise<IDBPDatabase<S>> | undefined;
  #closed = false;

  constructor(options: DatabaseOptions<S>) {
    this.#options = options;
  }

  /**
   * @param what - names the call in its error: “reading the state”
   * @param work - reads from the database; run again if the connection was lost before it began
   * @returns what `work` returns
   * @throws Error (by rejection) what `work` throws, or that it took too long
   */
  read<T>(what: string, work: (database: IDBPDatabase<S>) => Promise<T>): Promise<T> {
    return this.#call(what, work);
  }

  /**
   * One transaction over all object stores: all of it or nothing.
   * @param what - names the call in its error
   * @param work - must await nothing but the transaction's own requests, or it ends by itself
   * @param durability - `strict` where what is written has to outlive a crash of the machine
   * @throws Error (by rejection) what `work` throws, or that it took too long; nothing was written then
   */
  write(
    what: string,
    work: (transaction: Writing<S>) => Promise<void>,
    durability: IDBTransactionDurability = 'default',
  ): Promise<void> {
    return this.#call(what, async (database, onTimeout) => {
      const transaction = database.transaction(this.#options.stores, 'readwrite', { durability });
      onTimeout(() => transaction.abort());
      // Both are awaited below; without this an abort would be an unhandled rejection, too.
      transaction.done.catch(() => {});
      try {
        await work(transaction);
        await transaction.done;
      } catch (error) {
        // Where the transaction is already over there is nothing to abort.
        try {
          transaction.abort();
        } catch {}
        throw error;
      }
    });
  }

  /** Ends the connection; later calls fail. */
  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  #disconnect(): void {
    const database = this.#database;
    this.#database = undefined;
    database?.then((open) => open.close()).catch(() => {});
  }

  #connect(): Promise<IDBPDatabase<S>> {
    if (this.#closed) return Promise.reject(new Error('the store is closed'));
    const opening = this.#open(() => this.#forget(opening));
    this.#database = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  async #open(forget: () => void): Promise<IDBPDatabase<S>> {
    const { name, version, stores } = this.#options;
    const open = await this.#options.openDB;
    return open<S>(name, version, {
      upgrade(database) {
        for (const store of stores) database.createObjectStore(store);
      },
      // Another tab holds an older version open: the deadline of the call ends the wait.
      blocked: () => {},
      // Another tab wants to upgrade or delete: stand aside, the next call connects anew.
      blocking: forget,
      terminated: forget,
    });
  }

  #forget(connection: Promise<IDBPDatabase<S>>): void {
    if (this.#database === connection) this.#database = undefined;
    connection.then((open) => open.close()).catch(() => {});
  }

  async #call<T>(
    what: string,
    work: (database: IDBPDatabase<S>, onTimeout: OnTimeout) => Promise<T>,
  ): Promise<T> {
    const { timeoutMs } = this.#options;
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
        reject(new Error(`${what} took longer than ${timeoutMs} ms`));
      }, timeoutMs);
    });
    const run = async (connection: Promise<IDBPDatabase<S>>): Promise<T> => {
      const database = await connection;
      // The caller was told that nothing happened.
      if (expired) throw new Error('too late');
      return work(database, (action) => {
        abort = action;
      });
    };
    const running = (async () => {
      const connection = this.#database ?? this.#connect();
      try {
        return await run(connection);
      } catch (error) {
        if (!isLostConnection(error)) throw error;
        this.#forget(connection);
        return run(this.#connect());
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

/**
 * Thrown synchronously by `transaction()` on a connection that was closed under us, by the browser or another tab: nothing
 * of the call has happened.
 */
function isLostConnection(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidStateError';
}

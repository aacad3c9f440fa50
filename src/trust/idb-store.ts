/**
 * The store in IndexedDB: two object stores, one short transaction a commit, strict durability, a deadline on every call
 * (IndexedDB can hang for good), and a new connection after a lost one. Lists are kept as ArrayBuffers: WebKit loses
 * Blobs.
 * @module
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { asTrustError, TrustError, toFailure } from './errors.js';
import { DEFAULT_TRUST_LIMITS, type TrustLimits } from './limits.js';
import {
  checkRevision,
  MemoryStore,
  type RepositoryState,
  type SnapshotBytes,
  type TrustStore,
} from './store.js';

/** Raised with every incompatible change of what is kept. */
const DATABASE_VERSION = 1;

interface Schema extends DBSchema {
  /** By repository. */
  states: { key: string; value: RepositoryState };
  /** By repository and SHA-256. */
  snapshots: { key: [string, string]; value: ArrayBuffer };
}

/** Settings of {@link IdbStore}. */
export interface IdbStoreOptions {
  /** Name of the database. Default `presieve-lists`. */
  readonly databaseName?: string;
  readonly storageTimeoutMs: number;
}

/** See the module. */
export class IdbStore implements TrustStore {
  readonly kind = 'indexeddb';
  readonly fallbackReason = undefined;
  readonly #name: string;
  readonly #timeoutMs: number;
  #database: Promise<IDBPDatabase<Schema>> | undefined;
  #closed = false;

  constructor({ databaseName = 'presieve-lists', storageTimeoutMs }: IdbStoreOptions) {
    this.#name = databaseName;
    this.#timeoutMs = storageTimeoutMs;
  }

  readState(repository: string): Promise<RepositoryState | undefined> {
    return this.#call('reading the state', async (database) => {
      const state = await database.get('states', repository);
      return state?.format === 1 ? state : undefined;
    });
  }

  readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined> {
    return this.#call('reading a list', async (database) => {
      const bytes = await database.get('snapshots', [repository, sha256]);
      return bytes && new Uint8Array(bytes);
    });
  }

  commit(repository: string, state: RepositoryState, snapshots: readonly SnapshotBytes[]): Promise<void> {
    // Copied before the transaction opens: it would end by itself during any other work.
    const buffers = snapshots.map(({ sha256, bytes }) => ({ sha256, buffer: bytes.slice().buffer }));
    return this.#call('committing an update', async (database, onTimeout) => {
      const transaction = database.transaction(['states', 'snapshots'], 'readwrite', {
        durability: 'strict',
      });
      onTimeout(() => transaction.abort());
      // Both are awaited below; without this an abort would be an unhandled rejection, too.
      transaction.done.catch(() => {});
      try {
        const states = transaction.objectStore('states');
        const kept = transaction.objectStore('snapshots');
        checkRevision(await states.get(repository), state);
        for (const { sha256, buffer } of buffers) await kept.put(buffer, [repository, sha256]);
        await states.put(state, repository);
        const named = new Set(state.lists.map((list) => list.sha256));
        const range = IDBKeyRange.bound([repository, ''], [repository, '\uffff']);
        for (const key of await kept.getAllKeys(range)) if (!named.has(key[1])) await kept.delete(key);
        await transaction.done;
      } catch (error) {
        // Nothing of a failed commit may stay; where the transaction is already over there is nothing to abort.
        try {
          transaction.abort();
        } catch {}
        throw error;
      }
    });
  }

  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  #disconnect(): void {
    const database = this.#database;
    this.#database = undefined;
    database?.then((open) => open.close()).catch(() => {});
  }

  #connect(): Promise<IDBPDatabase<Schema>> {
    if (this.#closed) return Promise.reject(new TrustError('storage', 'the store is closed'));
    const opening: Promise<IDBPDatabase<Schema>> = openDB<Schema>(this.#name, DATABASE_VERSION, {
      upgrade(database) {
        database.createObjectStore('states');
        database.createObjectStore('snapshots');
      },
      // Another tab holds an older version open: the deadline of the call ends the wait.
      blocked: () => {},
      // Another tab wants to upgrade or delete: stand aside, the next call connects anew.
      blocking: () => this.#forget(opening),
      terminated: () => this.#forget(opening),
    });
    this.#database = opening;
    opening.catch(() => this.#forget(opening));
    return opening;
  }

  #forget(connection: Promise<IDBPDatabase<Schema>>): void {
    if (this.#database === connection) this.#database = undefined;
    connection.then((open) => open.close()).catch(() => {});
  }

  /** Runs one call under the deadline; a connection that was lost before the call is made anew once. */
  async #call<T>(
    what: string,
    work: (database: IDBPDatabase<Schema>, onTimeout: (abort: () => void) => void) => Promise<T>,
  ): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let abort: (() => void) | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        try {
          abort?.();
        } catch {}
        // Whatever hangs, the next call must not hang on the same connection.
        this.#disconnect();
        reject(new TrustError('storage', `${what} took longer than ${this.#timeoutMs} ms`));
      }, this.#timeoutMs);
    });
    const onTimeout = (action: () => void) => {
      abort = action;
    };
    const run = async (): Promise<T> => {
      const connection = this.#database ?? this.#connect();
      try {
        return await work(await connection, onTimeout);
      } catch (error) {
        // A connection that was closed under us, by the browser or another tab.
        if (!isLostConnection(error)) throw error;
        this.#forget(connection);
        return work(await this.#connect(), onTimeout);
      }
    };
    const running = run();
    running.catch(() => {});
    try {
      return await Promise.race([running, deadline]);
    } catch (error) {
      throw asTrustError(error, 'storage');
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Thrown synchronously by `transaction()` on a closed connection, so nothing of the call has happened. */
function isLostConnection(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidStateError';
}

/**
 * IndexedDB if it works here, else memory.
 * @param options - name and deadline
 * @returns a store that was tried; `fallbackReason` says why it is the memory
 */
export async function openStore(
  options: IdbStoreOptions = DEFAULT_TRUST_LIMITS satisfies Pick<TrustLimits, 'storageTimeoutMs'>,
): Promise<TrustStore> {
  if (typeof indexedDB === 'undefined')
    return new MemoryStore({ code: 'storage', message: 'there is no IndexedDB here' });
  const store = new IdbStore(options);
  try {
    await store.readState('');
    return store;
  } catch (error) {
    store.close();
    return new MemoryStore(toFailure(error));
  }
}

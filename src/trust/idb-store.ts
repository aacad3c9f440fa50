/**
 * The store in IndexedDB: two object stores, one short transaction a commit, strict durability. Lists are kept as
 * ArrayBuffers: WebKit loses Blobs.
 * @module
 */
import { type DBSchema, openDB } from 'idb';
import { DatabaseConnection, type Writing } from '../database/connection.js';
import { asTrustError, toFailure } from './errors.js';
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
  readonly #database: DatabaseConnection<Schema>;

  constructor({ databaseName = 'presieve-lists', storageTimeoutMs }: IdbStoreOptions) {
    this.#database = new DatabaseConnection<Schema>({
      name: databaseName,
      version: DATABASE_VERSION,
      stores: ['states', 'snapshots'],
      timeoutMs: storageTimeoutMs,
      openDB,
    });
  }

  readState(repository: string): Promise<RepositoryState | undefined> {
    return coded(
      this.#database.read('reading the state', async (database) => {
        const state = await database.get('states', repository);
        return state?.format === 1 ? state : undefined;
      }),
    );
  }

  readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined> {
    return coded(
      this.#database.read('reading a list', async (database) => {
        const bytes = await database.get('snapshots', [repository, sha256]);
        return bytes && new Uint8Array(bytes);
      }),
    );
  }

  commit(repository: string, state: RepositoryState, snapshots: readonly SnapshotBytes[]): Promise<void> {
    // Copied before the transaction opens: it would end by itself during any other work.
    const buffers = snapshots.map(({ sha256, bytes }) => ({ sha256, buffer: bytes.slice().buffer }));
    const work = async (transaction: Writing<Schema>) => {
      const states = transaction.objectStore('states');
      const kept = transaction.objectStore('snapshots');
      checkRevision(await states.get(repository), state);
      for (const { sha256, buffer } of buffers) await kept.put(buffer, [repository, sha256]);
      await states.put(state, repository);
      const named = new Set(state.lists.map((list) => list.sha256));
      const range = IDBKeyRange.bound([repository, ''], [repository, '\uffff']);
      for (const key of await kept.getAllKeys(range)) if (!named.has(key[1])) await kept.delete(key);
    };
    return coded(this.#database.write('committing an update', work, 'strict'));
  }

  close(): void {
    this.#database.close();
  }
}

/** Whatever storage throws is the store's `storage`, unless it has a code already. */
async function coded<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw asTrustError(error, 'storage');
  }
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

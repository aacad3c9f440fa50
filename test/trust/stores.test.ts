import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FallbackStore } from '../../src/trust/fallback-store.js';
import { IdbStore, openStore } from '../../src/trust/idb-store.js';
import { EMPTY_STATE, MemoryStore, type RepositoryState, type TrustStore } from '../../src/trust/store.js';
import { createFakeLocks } from '../support/fake-locks.js';
import { MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { createMemoryHost } from '../support/repository-host.js';
import { Client, codeOf, START, TEST_LIMITS } from '../support/victim.js';

let databases = 0;
const newName = () => `stores-${databases++}`;
const idb = (databaseName = newName(), storageTimeoutMs = 15_000) =>
  new IdbStore({ databaseName, storageTimeoutMs });

function stateWith(revision: number, ...digests: string[]): RepositoryState {
  const lists = digests.map((sha256) => ({ sha256 }) as RepositoryState['lists'][number]);
  return { ...EMPTY_STATE, revision, lists };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe.each<[string, () => TrustStore]>([
  ['memory', () => new MemoryStore()],
  ['IndexedDB', () => idb()],
  ['fallback over IndexedDB', () => new FallbackStore(idb())],
])('%s', (_name, create) => {
  test('keeps states and the lists that they name, each repository its own', async () => {
    const store = create();
    const bytes = Uint8Array.of(1, 2, 3);
    expect(await store.readState('a')).toBeUndefined();
    await store.commit('a', stateWith(1, 'x', 'y'), [
      { sha256: 'x', bytes },
      { sha256: 'y', bytes: Uint8Array.of(4) },
    ]);
    await store.commit('b', stateWith(1, 'x'), [{ sha256: 'x', bytes: Uint8Array.of(5) }]);
    bytes[0] = 9;
    expect(await store.readSnapshot('a', 'x')).toEqual(Uint8Array.of(1, 2, 3));
    await store.commit('a', stateWith(2, 'y'), []);
    expect(await store.readSnapshot('a', 'x')).toBeUndefined();
    expect(await store.readSnapshot('a', 'y')).toEqual(Uint8Array.of(4));
    expect(await store.readSnapshot('b', 'x')).toEqual(Uint8Array.of(5));
    expect((await store.readState('a'))?.revision).toBe(2);
    store.close();
  });

  test('a commit on another revision is a conflict and changes nothing', async () => {
    const store = create();
    await store.commit('a', stateWith(1, 'x'), [{ sha256: 'x', bytes: Uint8Array.of(1) }]);
    const late = store.commit('a', stateWith(1, 'z'), [{ sha256: 'z', bytes: Uint8Array.of(2) }]);
    await expect(late).rejects.toMatchObject({ code: 'conflict' });
    expect(await store.readSnapshot('a', 'z')).toBeUndefined();
    expect(await store.readSnapshot('a', 'x')).toEqual(Uint8Array.of(1));
    store.close();
  });
});

describe('IndexedDB', () => {
  test('trusted state survives a restart', async () => {
    const name = newName();
    const first = idb(name);
    await first.commit('a', stateWith(1, 'x'), [{ sha256: 'x', bytes: Uint8Array.of(1) }]);
    first.close();
    const second = idb(name);
    expect((await second.readState('a'))?.revision).toBe(1);
    await expect(first.readState('a')).rejects.toMatchObject({ code: 'storage' });
    second.close();
  });

  test('commits are strict', async () => {
    const store = idb();
    const spy = vi.spyOn(IDBDatabase.prototype, 'transaction');
    await store.commit('a', stateWith(1), []);
    const writing = spy.mock.calls.filter(([, mode]) => mode === 'readwrite');
    expect(writing).toEqual([[['states', 'snapshots'], 'readwrite', { durability: 'strict' }]]);
    store.close();
  });

  test('a call on a database that never opens ends at its deadline', async () => {
    // A request of the real class, as `idb` wants it, that nobody ever answers.
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => new IDBOpenDBRequest());
    await expect(idb(newName(), 500).readState('a')).rejects.toMatchObject({
      code: 'storage',
      message: 'reading the state took longer than 500 ms',
    });
  });

  test('a hanging transaction ends at the deadline, and the next call works', async () => {
    const store = idb(newName(), 2000);
    await store.commit('a', stateWith(1), []);
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
      // Kept alive by a request after the other, as a stuck disk keeps it.
      const spin = () => {
        const request = this.get('none');
        request.onsuccess = spin;
      };
      spin();
      return new EventTarget() as IDBRequest<IDBValidKey>;
    });
    await expect(store.commit('a', stateWith(2), [])).rejects.toMatchObject({ code: 'storage' });
    put.mockRestore();
    expect((await store.readState('a'))?.revision).toBe(1);
    await store.commit('a', stateWith(2), []);
    store.close();
  });

  test('a lost connection is made anew', async () => {
    const name = newName();
    const store = idb(name);
    await store.commit('a', stateWith(1), []);
    const opened: IDBDatabase[] = [];
    const transaction = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      opened.push(this);
      return transaction.apply(this, args);
    });
    await store.readState('a');
    forceCloseDatabase(opened[0] as never);
    expect((await store.readState('a'))?.revision).toBe(1);
    opened.at(-1)!.close();
    expect((await store.readState('a'))?.revision).toBe(1);
    store.close();
  });

  test('another tab that deletes or upgrades the database is not blocked', async () => {
    const name = newName();
    const store = idb(name);
    await store.commit('a', stateWith(1), []);
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onblocked = () => reject(new Error('blocked'));
    });
    // Eviction looks the same: the state is gone, and the next call makes a new database.
    expect(await store.readState('a')).toBeUndefined();
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.open(name, 2);
      request.onsuccess = () => resolve();
      request.onblocked = () => reject(new Error('blocked'));
    });
    await expect(store.readState('a')).rejects.toMatchObject({ code: 'storage' });
    store.close();
  });

  test('an old tab that blocks the upgrade only costs the deadline', async () => {
    const name = newName();
    const blocker = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(name, 1);
      request.onsuccess = () => resolve(request.result);
    });
    const deleting = indexedDB.deleteDatabase(name);
    await expect(idb(name, 500).readState('a')).rejects.toMatchObject({ code: 'storage' });
    blocker.close();
    await new Promise((resolve) => {
      deleting.onsuccess = resolve;
    });
  });
});

describe('openStore', () => {
  test('is IndexedDB where that works', async () => {
    const store = await openStore({ databaseName: newName(), storageTimeoutMs: 15_000 });
    expect(store.kind).toBe('indexeddb');
    store.close();
  });

  test('is the memory where there is none, and says so', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const store = await openStore();
    expect(store).toMatchObject({ kind: 'memory', fallbackReason: { code: 'storage' } });
  });

  test('is the memory where it throws or hangs, and says so', async () => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    open.mockImplementation(() => {
      throw new DOMException('denied', 'SecurityError');
    });
    const denied = await openStore({ databaseName: newName(), storageTimeoutMs: 15_000 });
    expect(denied).toMatchObject({ kind: 'memory', fallbackReason: { message: 'denied' } });
    open.mockImplementation(() => new EventTarget() as IDBOpenDBRequest);
    const hung = await openStore({ databaseName: newName(), storageTimeoutMs: 100 });
    expect(hung).toMatchObject({ kind: 'memory', fallbackReason: { code: 'storage' } });
  });
});

describe('two tabs', () => {
  async function twoTabs(locks: ReturnType<typeof createFakeLocks> | null, limits = TEST_LIMITS) {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, START);
    const host = createMemoryHost(repository.files);
    const name = newName();
    const clock = { now: START };
    const tab = () => new Client(host, repository.anchor, idb(name), clock, { locks, limits });
    return { host, repository, tabs: [tab(), tab()] as const };
  }
  const downloads = (requests: string[]) => requests.filter((path) => path.startsWith('targets/')).length;

  test('that update at once do one download', async () => {
    const { host, tabs } = await twoTabs(createFakeLocks());
    const reports = await Promise.all(tabs.map((tab) => tab.update()));
    expect(reports.map(codeOf)).toEqual(['ok', 'ok']);
    expect(reports.map(({ changed }) => changed)).toEqual([true, true]);
    expect(downloads(host.requests)).toBe(1);
    for (const tab of tabs) expect(await tab.inUse()).toBe('1');
  });

  test('a frozen tab that holds the lock only costs the deadline', async () => {
    const locks = createFakeLocks();
    void locks.request('presieve-update-mock', { mode: 'exclusive' }, () => new Promise(() => {}));
    const { tabs } = await twoTabs(locks, { ...TEST_LIMITS, lockTimeoutMs: 500 });
    await tabs[0].mustUpdate();
    expect(await tabs[0].inUse()).toBe('1');
  });

  test('a lock manager that fails does not fail the update', async () => {
    const { tabs } = await twoTabs({ request: () => Promise.reject(new Error('no locks in this frame')) });
    await tabs[0].mustUpdate();
  });

  test('without locks never corrupt what is stored', async () => {
    const { repository, tabs } = await twoTabs(null);
    for (let version = 2; version < 6; version++) {
      const reports = await Promise.all(tabs.map((tab) => tab.update()));
      expect(reports.map(codeOf)).toContain('ok');
      for (const report of reports) expect(['ok', 'conflict']).toContain(codeOf(report));
      for (const tab of tabs) expect(await tab.inUse()).toBe(String(version - 1));
      repository.setList(version);
      repository.publish();
    }
  });
});

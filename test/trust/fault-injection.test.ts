/** The store fails, or the process dies, at every single write of an update in turn. */
import 'fake-indexeddb/auto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FallbackStore } from '../../src/trust/fallback-store.js';
import { IdbStore } from '../../src/trust/idb-store.js';
import type { TrustStore } from '../../src/trust/store.js';
import { type Device, FragileStore } from '../support/fragile-store.js';
import { MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { createMemoryHost, type RepositoryHost } from '../support/repository-host.js';
import { Client, codeOf, HOUR, START } from '../support/victim.js';

interface World {
  repository: MockRepository;
  host: RepositoryHost;
  clock: { now: number };
  client(store: TrustStore): Client;
}

async function createWorld(): Promise<World> {
  const repository = await MockRepository.create(NODE_MOCK_CRYPTO, START);
  repository.setUrgent(1, 10);
  repository.publish();
  const host = createMemoryHost(repository.files);
  const clock = { now: START };
  return { repository, host, clock, client: (store) => new Client(host, repository.anchor, store, clock) };
}

/** Everything that an update can change: root, list, urgent list. */
function publishNext({ repository, clock }: World): void {
  clock.now += HOUR;
  repository.now = clock.now;
  repository.rotateRoot();
  repository.setList(2);
  repository.setUrgent(2, 12);
  repository.publish();
}

/** What may be in use between the old state and the new one. Bytes are checked against their digests by `readLists`. */
const WHOLE = ['1 u1', '2 u1', '2 u2'];

describe('a device without transactions', () => {
  async function updateFailingAt(failAt: number, dies: boolean): Promise<{ writes: number; codes: string }> {
    const world = await createWorld();
    const device: Device = new Map();
    await world.client(new FragileStore(device)).mustUpdate();
    publishNext(world);
    const fragile = new FragileStore(device, failAt, dies);
    const report = await world.client(fragile).update();
    // The restart.
    const client = world.client(new FragileStore(device));
    const inUse = await client.inUse();
    expect(WHOLE).toContain(inUse);
    // Without a failure it is the new one.
    if (fragile.writes < failAt) expect(inUse).toBe('2 u2');
    await client.mustUpdate();
    expect(await client.inUse()).toBe('2 u2');
    // Nothing is left over: two lists and the state.
    expect(device.size).toBe(3);
    return { writes: fragile.writes, codes: codeOf(report) };
  }

  test.each([true, false])('at every write in turn; everything fails after it: %s', async (dies) => {
    const { writes } = await updateFailingAt(0, dies);
    expect(writes).toBeGreaterThanOrEqual(7);
    for (let failAt = 1; failAt <= writes; failAt++) {
      const { codes } = await updateFailingAt(failAt, dies);
      expect(codes).not.toBe('ok');
    }
  });

  test('with a memory to fall back on, the new lists are in use until the restart', async () => {
    for (const failAt of [1, 2, 3]) {
      const world = await createWorld();
      const device: Device = new Map();
      await world.client(new FragileStore(device)).mustUpdate();
      publishNext(world);
      const store = new FallbackStore(new FragileStore(device, failAt));
      const client = world.client(store);
      await client.mustUpdate();
      expect(await client.inUse()).toBe('2 u2');
      const status = await client.repository.status();
      expect(status).toMatchObject({ store: 'memory', storeFailure: { message: 'the disk is full' } });
      expect(WHOLE).toContain(await world.client(new FragileStore(device)).inUse());
    }
  });
});

describe('IndexedDB', () => {
  let databases = 0;
  const open = (databaseName: string) => new IdbStore({ databaseName, storageTimeoutMs: 15_000 });

  afterEach(() => vi.restoreAllMocks());

  async function updateFailingAt(failAt: number, how: 'aborted' | 'thrown'): Promise<number> {
    const world = await createWorld();
    const name = `faults-${databases++}`;
    const before = open(name);
    await world.client(before).mustUpdate();
    before.close();
    publishNext(world);
    const store = open(name);
    let writes = 0;
    for (const method of ['put', 'delete'] as const) {
      const original = IDBObjectStore.prototype[method] as (...args: unknown[]) => IDBRequest;
      vi.spyOn(IDBObjectStore.prototype, method).mockImplementation(function (
        this: IDBObjectStore,
        ...args: unknown[]
      ) {
        if (++writes < failAt || failAt === 0) return original.apply(this, args);
        // What a full disk does, or the end of the process: the transaction is gone, as is every later one.
        if (how === 'aborted') this.transaction.abort();
        throw new DOMException('the disk is full', 'QuotaExceededError');
      });
    }
    const report = await world.client(store).update();
    vi.restoreAllMocks();
    store.close();
    if (failAt > 0) expect(codeOf(report)).toBe('storage');
    const restarted = open(name);
    const client = world.client(restarted);
    const inUse = await client.inUse();
    expect(WHOLE).toContain(inUse);
    if (failAt === 0) expect(inUse).toBe('2 u2');
    await client.mustUpdate();
    expect(await client.inUse()).toBe('2 u2');
    restarted.close();
    return writes;
  }

  test.each(['aborted', 'thrown'] as const)('at every write in turn: %s', async (how) => {
    const writes = await updateFailingAt(0, how);
    expect(writes).toBeGreaterThanOrEqual(7);
    for (let failAt = 1; failAt <= writes; failAt++) await updateFailingAt(failAt, how);
  });
});

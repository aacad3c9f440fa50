/**
 * Bundled for a page: the attack suite on the browser's own IndexedDB and streams.
 * @module
 */
import { openStore } from '../../src/trust/idb-store.js';
import { ATTACKS } from '../trust/attack-cases.js';
import { NOBLE_MOCK_CRYPTO } from './noble-mock-crypto.js';
import { createMemoryHost } from './repository-host.js';
import type { AttackEnvironment } from './victim.js';

let databases = 0;

const environment: AttackEnvironment = {
  crypto: NOBLE_MOCK_CRYPTO,
  createHost: async (files) => createMemoryHost(files),
  async createStore() {
    const store = await openStore({ databaseName: `attack-${databases++}`, storageTimeoutMs: 15_000 });
    if (store.kind !== 'indexeddb') throw new Error(`no IndexedDB: ${store.fallbackReason?.message}`);
    return store;
  },
};

/** Runs one case by its name. @throws Error if the client does not stand it */
export async function runAttack(name: string): Promise<void> {
  const attack = ATTACKS.find((candidate) => candidate.name === name);
  if (attack === undefined) throw new Error(`no attack "${name}"`);
  await attack.run(environment);
}

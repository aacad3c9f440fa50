import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/trust/idb-store.js';
import { MemoryStore } from '../../src/trust/store.js';
import { createHttpHost } from '../support/http-host.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { createMemoryHost } from '../support/repository-host.js';
import type { AttackEnvironment } from '../support/victim.js';
import { ATTACKS } from './attack-cases.js';

const CASE_TIMEOUT_MS = 20_000;
let databases = 0;

const ENVIRONMENTS: Record<string, AttackEnvironment> = {
  'streams in memory, memory store': {
    crypto: NODE_MOCK_CRYPTO,
    createHost: async (files) => createMemoryHost(files),
    createStore: async () => new MemoryStore(),
  },
  'loopback http, IndexedDB': {
    crypto: NODE_MOCK_CRYPTO,
    createHost: createHttpHost,
    createStore: () => openStore({ databaseName: `attack-${databases++}`, storageTimeoutMs: 3000 }),
  },
};

test('every attack has a name of its own', () => {
  expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
});

describe.each(Object.entries(ENVIRONMENTS))('attack suite: %s', (_name, environment) => {
  test.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
    '%s',
    (_attackName, attack) => attack.run(environment),
    CASE_TIMEOUT_MS,
  );
});

import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { openStore } from '../../src/trust/idb-store.js';
import { MemoryStore } from '../../src/trust/store.js';
import { createHttpHost } from '../support/http-host.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { createMemoryHost } from '../support/repository-host.js';
import type { AttackEnvironment } from '../support/victim.js';
import { ATTACKS } from './attack-cases.js';

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
    createStore: () => openStore({ databaseName: `attack-${databases++}`, storageTimeoutMs: 15_000 }),
  },
};

test('every attack has a name of its own', () => {
  expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
});

/** What an attack suite has to have, and cases that are it. The signer's refusal is in test/browser/ceremony.test.ts. */
test.each<[string, RegExp, number]>([
  ['rollback of each role', /^rollback of (the (root|timestamp|snapshot|targets)|a delegated role)$/, 5],
  ['freeze', /^freeze: /, 4],
  ['mix-and-match', /^mix-and-match: /, 4],
  ['fewer signatures than the threshold', /^fewer signatures than the threshold$/, 1],
  ['the same key twice', /^the same key (twice|under two)/, 3],
  ['a signature by a removed key', /by a removed key$/, 2],
  ['root rotation over several versions', /^root rotation over several versions$/, 1],
  ['root with a broken chain', /^a root (chain with a version left out|with(out)? )/, 4],
  ['endless data', /^endless data: /, 5],
  ['slow data', /^slow data: /, 5],
  ['truncated files', /^a truncated file: /, 5],
  ['bit-flipped files', /^a flipped bit: /, 5],
  ['a delta for the wrong base', /^a delta for the wrong base$/, 1],
  ['wrong content length', /^a content length that is too (small|large): /, 10],
  ['HTML instead of JSON', /^HTML instead of the file: /, 5],
  ['a huge version number', /huge (list )?version|^a version that is none: (1e\+300|9007199254740992)$/, 4],
  ['deeply nested JSON', /^deeply nested JSON/, 2],
  ['two clients shown different lists', /^two clients shown different lists: /, 2],
  ['an urgent list past its cap', /^an urgent list past its cap$/, 1],
  ['an urgent list past its 48 hours', /^an urgent list (past its|for more than) 48 hours$/, 2],
  ['signed garbage', /^signed garbage: /, 4],
])('the suite has %s', (_what, pattern, count) => {
  expect(ATTACKS.filter(({ name }) => pattern.test(name)).map(({ name }) => name)).toHaveLength(count);
});

describe.each(Object.entries(ENVIRONMENTS))('attack suite: %s', (_name, environment) => {
  test.each(ATTACKS.map((attack) => [attack.name, attack] as const))('%s', (_attackName, attack) =>
    attack.run(environment),
  );
});

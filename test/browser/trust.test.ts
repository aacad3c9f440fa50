/**
 * The list client in a browser: the attack suite on real IndexedDB and streams, and the trust worker on a repository
 * served over HTTP.
 */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { TRUST_PROTOCOL_VERSION, type TrustWorkerApi } from '../../src/trust/protocol.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { makeList } from '../support/lists.js';
import { LIST, MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { renewOnRetry } from '../support/retry.js';
import { ATTACKS } from '../trust/attack-cases.js';

/** What {@link importOnto} puts on the page. */
interface Globals {
  attacks: { runAttack(name: string): Promise<void> };
  Comlink: typeof import('comlink');
}

let engine: Engine;
let server: TestServer;

async function importOnto(page: EnginePage, name: keyof Globals, specifier: string): Promise<void> {
  await page.evaluate(
    async (wanted) => {
      Object.assign(globalThis, { [wanted.name]: await (globalThis as TestPage).load(wanted.specifier) });
    },
    { name, specifier },
  );
}

async function bundle(path: string): Promise<string> {
  const entry = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  const options = {
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
  } as const;
  const { outputFiles } = await esbuild.build({ entryPoints: [entry], ...options });
  return outputFiles[0]!.text;
}

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  server.files.set('/attacks.js', {
    body: await bundle('test/support/attack-page.ts'),
    type: 'text/javascript',
  });
  server.files.set('/trust.worker.js', {
    body: await bundle('src/trust/trust.worker.ts'),
    type: 'text/javascript',
  });
});

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

describe('attack suite in a browser', () => {
  let page: EnginePage;
  const openPage = async () => {
    page = await openTab(engine, `${server.origin}/`);
    await importOnto(page, 'attacks', '/attacks.js');
  };
  beforeAll(openPage);
  renewOnRetry(openPage);

  it.each(ATTACKS.map(({ name }) => name))('%s', (name) =>
    page.evaluate((attack) => (globalThis as unknown as Globals).attacks.runAttack(attack), name),
  );
});

describe('trust worker in a browser', () => {
  /** Starts a new worker on the page, does one thing with it, ends it. */
  async function withWorker(page: EnginePage, anchor: Uint8Array, act: 'update' | 'read' | 'start') {
    return page.evaluate(
      async ({ root, list, action }) => {
        const { Comlink } = globalThis as unknown as Globals;
        const worker = new Worker('/trust.worker.js', { type: 'module' });
        const api = Comlink.wrap<TrustWorkerApi>(worker);
        const config = {
          repository: 'mock',
          metadataUrl: `${location.origin}/lists/metadata/`,
          targetsUrl: `${location.origin}/lists/targets/`,
          root: Uint8Array.from(root),
          lists: [{ name: list }],
        };
        const told: boolean[] = [];
        let onTold = () => {};
        const onUpdate = (_repository: string, changed: boolean) => {
          told.push(changed);
          onTold();
        };
        const version = await api.hello({ repositories: [config] }, Comlink.proxy({ onUpdate }));
        const update = action === 'update' ? await api.update() : undefined;
        if (action === 'start') {
          const first = new Promise<void>((resolve) => {
            onTold = resolve;
          });
          await api.start();
          await first;
        }
        const lists = await api.readLists();
        const status = await api.status();
        await api.stop();
        worker.terminate();
        const read = lists.ok
          ? await Promise.all(
              lists.value.map(async ({ name, version: listVersion, bytes, sha256 }) => {
                const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource));
                const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
                return { name, version: listVersion, matches: hex === sha256 };
              }),
            )
          : lists.failure;
        return { version, update, read, status, told };
      },
      { root: [...anchor], list: LIST, action: act },
    );
  }

  it('fetches, keeps what it fetched, refuses, and reports', async () => {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
    const publish = () => {
      for (const [path, body] of repository.files) server.files.set(`/lists/${path}`, { body });
    };
    publish();
    const profile = await engine.newProfile();
    const page = await profile.open(`${server.origin}/`);
    await importOnto(page, 'Comlink', 'comlink');
    const first = await withWorker(page, repository.anchor, 'update');
    expect(first).toMatchObject({
      version: { protocol: TRUST_PROTOCOL_VERSION, holdsLifeLock: false },
      update: { ok: true, value: true },
      read: [{ name: LIST, version: 1, matches: true }],
      status: { ok: true, value: [{ store: 'indexeddb', lists: [{ version: 1, expired: false }] }] },
    });
    // Another worker, as after a restart, without a word to the server.
    const again = await withWorker(page, repository.anchor, 'read');
    expect(again.read).toEqual([{ name: LIST, version: 1, matches: true }]);

    repository.setList(2);
    repository.publish({ signers: { targets: repository.keys.targets.slice(0, 1) } });
    publish();
    const refused = await withWorker(page, repository.anchor, 'update');
    expect(refused.update).toEqual({ ok: true, value: false });
    expect(refused.read).toEqual([{ name: LIST, version: 1, matches: true }]);
    expect(refused.status).toMatchObject({ value: [{ lastUpdate: { failure: { code: 'threshold' } } }] });

    repository.publish();
    publish();
    const started = await withWorker(page, repository.anchor, 'start');
    expect(started.told).toEqual([true]);
    expect(started.read).toEqual([{ name: LIST, version: 2, matches: true }]);
    await profile.close();
  });

  it('takes a delta in place of the list', async () => {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
    const facts = { list: LIST, created: 1_700_000_000 };
    const publish = (version: number, entries: number) => {
      const bytes = makeList({ name: LIST, version, pdqDecoys: entries, capacity: 4096 });
      const presieve = { ...facts, version, entries };
      repository.targets.targets = {};
      repository.addFile('targets', `${LIST}/${version}.snapshot`, bytes, { presieve });
      return bytes;
    };
    const serve = () => {
      repository.publish();
      for (const [path, body] of repository.files) server.files.set(`/lists/${path}`, { body });
    };
    const base = publish(2, 900);
    serve();
    const profile = await engine.newProfile();
    const page = await profile.open(`${server.origin}/`);
    await importOnto(page, 'Comlink', 'comlink');
    const first = await withWorker(page, repository.anchor, 'update');
    expect(first.status).toMatchObject({ value: [{ statistics: { fullSnapshots: 1, deltasApplied: 0 } }] });

    const next = publish(3, 950);
    const presieve = { ...facts, base: 2, version: 3, entries: 950 };
    repository.addFile('targets', `${LIST}/2-3.delta`, makeDelta(base, next), { presieve });
    serve();
    const second = await withWorker(page, repository.anchor, 'update');
    expect(second.read).toEqual([{ name: LIST, version: 3, matches: true }]);
    expect(second.status).toMatchObject({ value: [{ statistics: { fullSnapshots: 1, deltasApplied: 1 } }] });
    await profile.close();
  });
});

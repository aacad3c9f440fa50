/**
 * Signed lists in a browser, with the built workers, against a repository served over loopback.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage, Profile } from '../support/engines/types.js';
import { makeList } from '../support/lists.js';
import { LIST, MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';

let engine: Engine;
let server: TestServer;
let repository: MockRepository;
let profile: Profile;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
});
afterAll(async () => {
  await engine?.close();
  await server?.close();
});
beforeEach(async () => {
  repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
  serve(repository.files);
});
afterEach(async () => {
  takeDown();
  await profile?.close();
});

function takeDown(): void {
  for (const path of [...server.files.keys()]) if (path.startsWith('/lists/')) server.files.delete(path);
}

function serve(files: ReadonlyMap<string, Uint8Array>): void {
  takeDown();
  for (const [path, body] of files) server.files.set(`/lists/${path}`, { body });
}

type Options = import('../../src/index.js').ScannerOptions;
type UpdaterStatus = NonNullable<import('../../src/index.js').ScannerStatus['updater']>;
type Held = TestPage & {
  scanner: import('../../src/index.js').Scanner;
  scanWorker: Worker;
  trustWorkers: Worker[];
  /** A scan's verdict and the versions that it used. */
  scanPlain(): Promise<string>;
  /** What was said of the updater, in order; and of a scan that began when it was said to be restarting. */
  told: UpdaterStatus[];
  meanwhile?: Promise<string>;
};

/** A page with a running scanner on it; workers by their paths. */
async function start(
  options: Pick<Options, 'policy' | 'limits'> & {
    minVersion?: number;
    scanWorker?: string;
    trustWorker?: string;
  } = {},
): Promise<EnginePage> {
  const page = await profile.open(`${server.origin}/`);
  await page.evaluate(
    async ({ root, name, minVersion, policy, limits, scanWorker, trustWorker }) => {
      const here = globalThis as Held;
      here.trustWorkers = [];
      here.told = [];
      here.scanPlain = async () => {
        // A plain PNG of one colour, so that the perceptual check is owed.
        const canvas = new OffscreenCanvas(64, 64);
        const drawing = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
        for (let i = 0; i < 64; i++) drawing.fillRect((i * 37) % 64, (i * 11) % 64, 9, 3);
        const outcome = await here.scanner.scan(await canvas.convertToBlob());
        const versions = outcome.lists.map(({ version }) => version);
        return [outcome.verdict, outcome.reason ?? '', ...versions].join(' ');
      };
      const { createScanner } = await here.load<typeof import('../../src/index.js')>('presieve');
      here.scanner = createScanner({
        ...(policy && { policy }),
        ...(limits && { limits }),
        onStatus: ({ updater }) => {
          if (updater) here.told.push(updater);
          if (updater?.state === 'restarting') here.meanwhile ??= here.scanPlain();
        },
        ...(scanWorker && {
          createWorker: () => {
            here.scanWorker = new Worker(scanWorker, { type: 'module' });
            return here.scanWorker;
          },
        }),
        ...(trustWorker && {
          createTrustWorker: () => {
            const worker = new Worker(trustWorker, { type: 'module' });
            here.trustWorkers.push(worker);
            return worker;
          },
        }),
        lists: [{ name, repository: '/lists', root: JSON.parse(root), ...(minVersion && { minVersion }) }],
      });
      await here.scanner.ready;
    },
    {
      root: new TextDecoder().decode(repository.anchor),
      name: LIST,
      ...options,
    },
  );
  return page;
}

const scan = (page: EnginePage) => page.evaluate(() => (globalThis as Held).scanPlain());
const status = (page: EnginePage) => page.evaluate(() => (globalThis as Held).scanner.status());
const update = (page: EnginePage) => page.evaluate(() => (globalThis as Held).scanner.update());

describe('signed lists in a browser', () => {
  beforeEach(async () => {
    profile = await engine.newProfile();
  });

  it('are fetched at the first start, and used offline at the second', async () => {
    const first = await start();
    expect(await scan(first)).toBe('no-known-match  1');
    const { lists, updater } = await status(first);
    expect(updater).toEqual({ state: 'running' });
    expect(lists).toMatchObject([
      {
        name: LIST,
        kind: 'signed',
        inUse: true,
        version: 1,
        sha256: repository.targets.targets[`${LIST}/1.snapshot`].hashes.sha256,
        repository: `${server.origin}/lists/`,
        urgent: false,
        expired: false,
        store: 'indexeddb',
      },
    ]);
    const organisations = lists[0]?.approvingKeys?.map(({ organisation }) => organisation);
    expect(organisations?.sort()).toEqual(['organisation 1', 'organisation 2', 'organisation 3']);
    await first.close();
    takeDown();
    const second = await start();
    expect(await scan(second)).toBe('no-known-match  1');
    expect((await update(second)).lists).toMatchObject([
      { version: 1, inUse: true, lastUpdate: { failure: { code: expect.any(String) } } },
    ]);
    expect(await scan(second)).toBe('no-known-match  1');
  });

  it('give no-list without a repository and without a store, at once', async () => {
    takeDown();
    const page = await start();
    expect(await scan(page)).toBe('inconclusive no-list');
    expect((await status(page)).lists).toMatchObject([{ name: LIST, inUse: false }]);
  });

  it('reach a running scanner by update(), an urgent list beside the ordinary one', async () => {
    const page = await start();
    expect(await scan(page)).toBe('no-known-match  1');
    repository.setList(2);
    repository.setUrgent(7, 3);
    repository.publish();
    serve(repository.files);
    expect((await update(page)).lists).toMatchObject([
      { version: 2, urgent: false },
      { version: 7, urgent: true, entries: 3 },
    ]);
    expect(await scan(page)).toBe('no-known-match  2 7');
  });

  it('are updated by a delta where that is smaller', async () => {
    const first = repository.setList(2, 2000);
    repository.publish();
    serve(repository.files);
    const page = await start();
    expect(await scan(page)).toBe('no-known-match  2');
    const created = Math.floor(repository.now / 1000);
    const added = Array.from({ length: 10 }, (_, i) => repository.sha256(Uint8Array.of(i)));
    const next = makeList({
      name: LIST,
      version: 3,
      createdSeconds: created,
      pdqDecoys: 2000,
      hashes: { pdq: added },
    });
    const delta = makeDelta(first, next);
    expect(delta.length).toBeLessThan(next.length / 2);
    const facts = { list: LIST, version: 3, created, entries: 2010 };
    delete repository.targets.targets[`${LIST}/2.snapshot`];
    repository.addFile('targets', `${LIST}/3.snapshot`, next, { presieve: facts });
    repository.addFile('targets', `${LIST}/2-3.delta`, delta, {
      presieve: { ...facts, base: 2 },
    });
    repository.publish();
    serve(repository.files);
    const { lists, repositories } = await update(page);
    expect(lists).toMatchObject([{ version: 3, entries: 2010, sha256: repository.sha256(next) }]);
    expect(repositories).toMatchObject([{ statistics: { deltasApplied: 1, fullSnapshots: 1 } }]);
    expect(await scan(page)).toBe('no-known-match  3');
  });

  it('reach a second tab that finds the store updated by the first', async () => {
    const [one, two] = [await start(), await start()];
    expect([await scan(one), await scan(two)]).toEqual(['no-known-match  1', 'no-known-match  1']);
    // The second tab's own first update, which the first tab's next one would join, has ended then.
    await update(two);
    repository.setList(2);
    repository.publish();
    serve(repository.files);
    await update(one);
    await update(two);
    expect([await scan(one), await scan(two)]).toEqual(['no-known-match  2', 'no-known-match  2']);
  });

  it('stay when an older one is served, and the status has the code', async () => {
    const before = repository.copyFiles();
    repository.setList(2);
    repository.publish();
    serve(repository.files);
    const page = await start();
    expect(await scan(page)).toBe('no-known-match  2');
    serve(before);
    expect((await update(page)).lists).toMatchObject([
      { version: 2, inUse: true, lastUpdate: { failure: { code: 'rollback' } } },
    ]);
    expect(await scan(page)).toBe('no-known-match  2');
  });

  it('below the floor of the app are not used', async () => {
    const page = await start({ minVersion: 2 });
    expect(await scan(page)).toBe('inconclusive no-list');
    expect((await status(page)).lists).toMatchObject([
      { inUse: false, lastUpdate: { failure: { code: 'version-floor' } } },
    ]);
  });

  it('whose approval has expired are used as the policy says', async () => {
    const HOUR = 3_600_000;
    const soon = new Date(Date.now() + HOUR).toISOString().replace(/\.\d+Z$/, 'Z');
    repository.publish({ edit: { targets: (signed) => Object.assign(signed, { expires: soon }) } });
    serve(repository.files);
    /** Workers whose clock is ahead, by so much from the start and by so much more when they are told. */
    const clocked = (name: string, file: string, aheadMs: number) => {
      const clock = `let ahead = ${aheadMs};
        const now = Date.now;
        Date.now = () => now() + ahead;
        addEventListener('message', ({ data }) => { if (data?.aheadMs) ahead = data.aheadMs; });`;
      server.files.set(`/${name}.clock.js`, { body: clock, type: 'text/javascript' });
      const body = `import '/${name}.clock.js'; import '${file}';`;
      server.files.set(`/${name}.worker.js`, { body, type: 'text/javascript' });
      return `/${name}.worker.js`;
    };
    const strict = await start({ scanWorker: clocked('strict', '/dist/worker/scan.worker.js', 0) });
    expect(await scan(strict)).toBe('no-known-match  1');
    await strict.evaluate((aheadMs) => {
      const now = Date.now;
      Date.now = () => now() + aheadMs;
      (globalThis as Held).scanWorker.postMessage({ aheadMs });
    }, 2 * HOUR);
    expect(await scan(strict)).toBe('inconclusive list-expired');
    expect((await status(strict)).lists).toMatchObject([{ version: 1, expired: true }]);
    const lenient = await start({
      policy: { onExpiredList: 'scan' },
      scanWorker: clocked('lenient', '/dist/worker/scan.worker.js', 2 * HOUR),
      trustWorker: clocked('lenient-trust', '/dist/trust/trust.worker.js', 2 * HOUR),
    });
    expect(await scan(lenient)).toBe('no-known-match  1');
  });

  it.each([
    ['hangs', 'loop', 'timeout'],
    ['is gone', 'close', 'worker-lost'],
  ])('go on to be updated after their worker %s', async (_what, order, code) => {
    server.files.set('/obedient.trust.worker.js', {
      body: `import '/obedient.js'; import '/dist/trust/trust.worker.js';`,
      type: 'text/javascript',
    });
    server.files.set('/obedient.js', {
      body: `addEventListener('message', ({ data }) => {
        if (data === 'loop') for (;;);
        if (data === 'close') close();
      });`,
      type: 'text/javascript',
    });
    const page = await start({
      limits: { watchdogIntervalMs: 200, workerStartTimeoutMs: 6_000 },
      trustWorker: '/obedient.trust.worker.js',
    });
    expect(await scan(page)).toBe('no-known-match  1');
    repository.setList(2);
    repository.publish();
    serve(repository.files);
    await page.evaluate((order) => (globalThis as Held).trustWorkers.at(-1)?.postMessage(order), order);
    const told = () =>
      page.evaluate(() => (globalThis as Held).told.filter(({ restarts }) => restarts === 1));
    await expect.poll(told).toContainEqual(expect.objectContaining({ state: 'running' }));
    const restarting = { state: 'restarting', failure: expect.objectContaining({ code }) };
    expect(await told()).toContainEqual(expect.objectContaining(restarting));
    expect(await page.evaluate(() => (globalThis as Held).meanwhile)).toBe('no-known-match  1');
    await expect.poll(() => scan(page)).toBe('no-known-match  2');
    expect(await page.evaluate(() => (globalThis as Held).trustWorkers.length)).toBe(2);
  });

  it('of which a newer one is garbage are those of before, also after a restart', async () => {
    const page = await start();
    expect(await scan(page)).toBe('no-known-match  1');
    repository.setList(2);
    const path = `${LIST}/2.snapshot`;
    const { custom } = repository.targets.targets[path];
    repository.addFile('targets', path, new TextEncoder().encode('not a list'), custom);
    repository.publish();
    serve(repository.files);
    expect((await update(page)).lists).toMatchObject([
      { version: 1, inUse: true, lastUpdate: { failure: { code: 'unreadable' } } },
    ]);
    expect(await scan(page)).toBe('no-known-match  1');
    await page.close();
    const again = await start();
    expect(await scan(again)).toBe('no-known-match  1');
    expect((await status(again)).lists).toMatchObject([
      { version: 1, lastUpdate: { failure: { code: 'unreadable' } } },
    ]);
  });

  it('are fetched by the trust worker alone', async () => {
    server.files.set('/told.worker.js', {
      body: `import '/telling.js'; import '/dist/worker/scan.worker.js';`,
      type: 'text/javascript',
    });
    server.files.set('/telling.js', {
      body: `addEventListener('message', (event) => {
        if (event.data !== 'requested') return;
        event.stopImmediatePropagation();
        event.ports[0].postMessage(
          performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
        );
      });`,
      type: 'text/javascript',
    });
    const page = await start({ scanWorker: '/told.worker.js' });
    expect(await scan(page)).toBe('no-known-match  1');
    const inWorker = await page.evaluate(() => {
      const { port1, port2 } = new MessageChannel();
      (globalThis as Held).scanWorker.postMessage('requested', [port2]);
      return new Promise<string[]>((resolve) => {
        port1.onmessage = ({ data }) => resolve(data);
      });
    });
    const onPage = await page.evaluate(() =>
      performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname),
    );
    // What each has loaded is seen at all, and no list is among it.
    expect(onPage).toContain('/dist/index.js');
    expect([...onPage, ...inWorker].filter((path) => path.startsWith('/lists/'))).toEqual([]);
  });
});

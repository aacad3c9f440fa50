/**
 * A repository made by the command line, followed over loopback by the client in Node and by a scanner in Chromium, when
 * someone tries to smuggle an entry into it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Scanner } from '../../src/index.js';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { MemoryStore } from '../../src/trust/store.js';
import { Ceremony, LIST } from '../publisher/ceremony.js';
import { publishAsStaged } from '../publisher/thief.js';
import { launchChromium, openPage, startServer, type TestPage, type TestServer } from '../support/browser.js';
import { createHttpHost } from '../support/http-host.js';
import { Client, codeOf } from '../support/victim.js';

const COUNTS = { alpha: 60, beta: 50, gamma: 40 };
const SMUGGLED = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22';

type Held = TestPage & { scanner: Scanner };
let browser: Browser;
let server: TestServer;
let ceremony: Ceremony;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  server = await startServer();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
});
beforeEach(async () => {
  ceremony = new Ceremony();
  await ceremony.init();
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  ceremony.close();
});

/** The same files for both: a client in Node, and a scanner on a page. */
async function follow(files: Map<string, Uint8Array>) {
  const host = await createHttpHost(files);
  closing.push(() => host.close());
  const client = new Client(host, readFileSync(ceremony.root), new MemoryStore(), ceremony, { applyDelta });
  await client.mustUpdate();
  const page = await openPage(browser, server);
  closing.push(() => page.context().close());
  const serve = (next: Map<string, Uint8Array>) => {
    host.files = next;
    for (const path of [...server.files.keys()]) if (path.startsWith('/lists/')) server.files.delete(path);
    for (const [path, body] of next) server.files.set(`/lists/${path}`, { body });
  };
  serve(files);
  await page.evaluate(
    async ({ root, name }) => {
      const here = globalThis as Held;
      const { createScanner } = await here.load<typeof import('../../src/index.js')>('presieve');
      here.scanner = createScanner({ lists: [{ name, repository: '/lists', root }] });
    },
    { root: readFileSync(ceremony.root, 'utf8'), name: LIST },
  );
  return { client, page, serve };
}

const update = (page: Page) => page.evaluate(() => (globalThis as Held).scanner.update());

/** Builds version 2 with an entry that alpha did not see, and stages it. */
async function smuggle(first: string): Promise<{ honest: string[]; smuggled: string[] }> {
  const honest = [...ceremony.lists({ ...COUNTS, beta: 52 }), '--quorum', '2'];
  const extra = ceremony.write('extra.txt', SMUGGLED);
  const smuggled = [...honest, '--from', `beta=pdq:${extra}`, '--from', `gamma=pdq:${extra}`];
  await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(2, smuggled, first));
  return { honest, smuggled };
}

it('a signer whose inputs do not give the digest: no signature, and nobody gets the list', async () => {
  const first = await ceremony.release(1, COUNTS);
  const { client, page, serve } = await follow(ceremony.files());
  expect((await update(page)).lists).toMatchObject([{ version: 1, inUse: true }]);
  const { honest, smuggled } = await smuggle(first);
  const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
  expect(await ceremony.fails(...sign, ...honest)).toContain('entries instead of');
  // Gamma is in the plot.
  await ceremony.sign('targets', 'gamma', ...smuggled);
  const staged = JSON.parse(readFileSync(join(ceremony.dir, 'staged/targets.json'), 'utf8'));
  expect(staged.signatures).toHaveLength(1);
  const publish = ['repo', 'publish', ceremony.dir, ceremony.out, ...ceremony.onlineKeys(), '--json'];
  expect((await ceremony.run(publish)).stderr).toContain(
    'targets version 2 is signed by 1 (gamma) of the 2 keys',
  );

  // And with the publisher's server and online keys in the plot, too.
  serve(await publishAsStaged(ceremony));
  expect(codeOf(await client.update())).toBe('threshold');
  expect(await client.inUse()).toBe('1');
  expect((await update(page)).lists).toMatchObject([
    { version: 1, inUse: true, lastUpdate: { failure: { code: 'threshold' } } },
  ]);
});

it('what two of three organisations signed is taken, the very bytes, by a delta', async () => {
  const first = await ceremony.release(1, COUNTS);
  const { client, page, serve } = await follow(ceremony.files());
  await update(page);
  await ceremony.release(2, { ...COUNTS, beta: 52 }, first);
  serve(ceremony.files());
  await client.mustUpdate();
  const { sha256 } = (await client.list())!;
  const { lists, repositories } = await update(page);
  expect(lists).toMatchObject([{ version: 2, inUse: true, sha256 }]);
  expect(repositories).toMatchObject([{ statistics: { fullSnapshots: 1, deltasApplied: 1 } }]);
  expect(lists[0].approvingKeys?.map(({ organisation }) => organisation).sort()).toEqual(['alpha', 'gamma']);
});

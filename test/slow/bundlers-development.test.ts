/**
 * The bundler apps as developers run them: Vite's development server, webpack and esbuild in development mode.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildApp, makeApp } from '../bundlers/apps.js';
import { galleryFile, openApp } from '../bundlers/driver.js';
import { launchChromium } from '../support/browser.js';
import { MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { type InstalledPackage, installPacked, removeInstalled } from '../support/packed-package.js';
import { type StaticServer, serveFolder } from '../support/serve-folder.js';

let browser: Browser;
let packed: InstalledPackage;
let lists: StaticServer;
let root: string;

beforeAll(async () => {
  packed = await installPacked();
  browser = await launchChromium();
  const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
  root = new TextDecoder().decode(repository.anchor);
  lists = await serveFolder(repository.files, { 'access-control-allow-origin': '*' });
});
afterAll(async () => {
  await browser?.close();
  await lists?.close();
  if (packed) removeInstalled(packed);
});

async function expectItWorks(origin: string): Promise<void> {
  const app = await openApp(browser, `${origin}/?lists=${lists.origin}/`);
  expect(app.status).toMatchObject({ updater: { state: 'running' } });
  expect(app.status.parts?.filter(({ state }) => state !== 'ready')).toEqual([]);
  expect(await app.scan(galleryFile('boats.jpg'))).toMatchObject({ verdict: 'match' });
  expect(await app.scan(galleryFile('cat.jpg'))).toMatchObject({ verdict: 'no-known-match' });
  // The test holds no connection for Vite's hot reloading.
  expect(app.troubles.filter((text) => !/websocket|favicon/i.test(text))).toEqual([]);
  await app.close();
}

it.each(['webpack', 'esbuild'] as const)('%s in development mode', async (name) => {
  const folder = await buildApp(makeApp(packed, name, root, `${name}-development`), name, 'development');
  const server = await serveFolder(folder);
  await expectItWorks(server.origin).finally(() => server.close());
});

describe('Vite’s development server', () => {
  async function withServer(project: string, then: (origin: string) => Promise<void>): Promise<void> {
    const vite: ViteDevServer = await createServer({
      root: project,
      configFile: join(project, 'vite.config.js'),
      logLevel: 'error',
      server: { host: '127.0.0.1', port: 0, hmr: false, ws: false },
    });
    await vite.listen();
    try {
      await then(vite.resolvedUrls!.local[0].replace(/\/$/, ''));
    } finally {
      await vite.close();
    }
  }

  it('works with the package left out of its pre-bundling', () =>
    withServer(makeApp(packed, 'vite', root, 'vite-development'), expectItWorks));

  it('works with worker factories, the package pre-bundled or not', async () => {
    const project = makeApp(packed, 'vite', root, 'vite-factories');
    writeFileSync(join(project, 'vite.config.js'), 'export default {};');
    writeFileSync(
      join(project, 'options.js'),
      `import scanWorker from 'presieve/worker/scan.worker.js?worker&url';
       import trustWorker from 'presieve/worker/trust.worker.js?worker&url';
       export const options = {
         createWorker: () => new Worker(scanWorker, { type: 'module' }),
         createTrustWorker: () => new Worker(trustWorker, { type: 'module' }),
       };`,
    );
    await withServer(project, expectItWorks);
  });

  it('works without either: since its version 8, Vite takes workers along when it pre-bundles', async () => {
    const project = makeApp(packed, 'vite', root, 'vite-plain');
    writeFileSync(join(project, 'vite.config.js'), 'export default {};');
    await withServer(project, expectItWorks);
  });
});

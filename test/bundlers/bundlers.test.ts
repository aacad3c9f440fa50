/**
 * One page, built by each bundler from the packed package and driven in a real browser: ordinary headers, a strict content
 * policy, cross-origin isolation.
 */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/browser.js';
import { MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { type StaticServer, serveFolder } from '../support/serve-folder.js';
import { APP_NAMES, type AppName, buildApp, makeApp, partNames } from './apps.js';
import { galleryFile, openApp } from './driver.js';

const HEIC = fileURLToPath(new URL('../data/heic/boats.heic', import.meta.url));
const CORS = { 'access-control-allow-origin': '*' };

let browser: Browser;
let lists: StaticServer;
let root: string;

beforeAll(async () => {
  browser = await launchChromium();
  const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
  root = new TextDecoder().decode(repository.anchor);
  lists = await serveFolder(repository.files, CORS);
});
afterAll(async () => {
  await browser?.close();
  await lists?.close();
});

const HEADERS: Record<string, (lists: string) => Record<string, string>> = {
  'without headers': () => ({}),
  'under a strict content policy': (lists) => ({
    'content-security-policy': `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' ${lists}`,
  }),
  'under cross-origin isolation': () => ({
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-embedder-policy': 'require-corp',
  }),
};

describe.each(APP_NAMES)('%s, production', (name: AppName) => {
  let folder: string;
  let parts: string[];
  beforeAll(async () => {
    const project = makeApp(inject('packed'), name, root);
    parts = partNames(project);
    folder = await buildApp(project, name, 'production');
  });

  for (const [how, headers] of Object.entries(HEADERS)) {
    // An import map is an inline script, which that policy forbids.
    if (name === 'plain' && how.includes('policy')) continue;
    it(`${how}: a listed photo matches, another doesn't`, async () => {
      const server = await serveFolder(folder, headers(lists.origin));
      try {
        const app = await openApp(browser, `${server.origin}/?lists=${lists.origin}/`);
        expect(app.status).toMatchObject({
          isolated: how.includes('isolation'),
          updater: { state: 'running' },
          parts: expect.arrayContaining(parts.map((name) => ({ name, state: 'ready' }))),
          lists: [{ name: 'Presieve demo list' }, { name: 'hotline', inUse: true }],
        });
        expect(await app.scan(galleryFile('boats.jpg'))).toMatchObject({
          verdict: 'match',
          coverage: { complete: 'all' },
          matches: expect.arrayContaining([{ list: 'Presieve demo list', signal: 'perceptual' }]),
        });
        expect(await app.scan(HEIC)).toMatchObject({ verdict: 'match', coverage: { complete: 'all' } });
        expect(await app.scan(galleryFile('boats-small.jpg'))).toMatchObject({ verdict: 'match' });
        expect(await app.scan(galleryFile('cat.jpg'))).toMatchObject({ verdict: 'no-known-match' });
        expect(app.troubles).toEqual([]);
        await app.close();
      } finally {
        await server.close();
      }
    });
  }
});

/**
 * What leaves the scan worker, and the page's client, during a scan: outcomes and progress, nothing else.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import {
  launchChromium,
  openPage,
  startServer,
  type TestPage,
  type TestServer,
  toBase64,
} from '../support/browser.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { findLeaks, type LeakRecord, visibleTrace } from '../support/privacy/inspect.js';
import { buildHarnessedWorker, PLANTS } from '../support/privacy/plants.js';
import { renewOnRetry } from '../support/retry.js';

const photo = stdlibPhoto('nagasaki-boats');
const prelude = readFileSync(new URL('../support/privacy/prelude.js', import.meta.url), 'utf8');
const digest = (name: string) => createHash(name).update(photo).digest();

interface Observed {
  outcome: { verdict: string; matches: unknown[] };
  worker: LeakRecord[];
  page: LeakRecord[];
  stored: string[];
  requests: string[];
}

let browser: Browser;
let server: TestServer;
let page: Page;
let secrets: Uint8Array[];
let listing: Uint8Array;
let notListing: Uint8Array;

beforeAll(async () => {
  const pdq = await hashPhoto(photo);
  secrets = [digest('md5'), digest('sha1'), digest('sha256'), ...dihedralHashes(pdq).map(({ bits }) => bits)];
  const other = 'ab'.repeat(32);
  const hashes = (hex: (name: string) => string, hash: string) => ({
    md5: [{ hash: hex('md5'), label: 'category a' }],
    sha1: [hex('sha1')],
    sha256: [hex('sha256')],
    pdq: [hash],
  });
  listing = makeList({
    name: 'list',
    hashes: hashes((name) => digest(name).toString('hex'), hashToHex(pdq.bits)),
    pdqDecoys: 1000,
  });
  const lengths: Record<string, number> = { md5: 32, sha1: 40, sha256: 64 };
  notListing = makeList({
    name: 'list',
    hashes: hashes((name) => other.repeat(2).slice(0, lengths[name]), other),
    pdqDecoys: 1000,
  });
  browser = await launchChromium();
  server = await startServer();
  await openTab();
});
renewOnRetry(openTab);

async function openTab(): Promise<void> {
  page = await openPage(browser, server);
}

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

/** Scans the photo in a fresh page with a harnessed worker, and collects all that left either realm. */
async function observe(workerCode: string, list: Uint8Array): Promise<Observed> {
  server.files.set('/harnessed.worker.js', { body: workerCode, type: 'text/javascript' });
  server.files.set('/leak', { body: 'leaked' });
  const context = await browser.newContext();
  await context.addInitScript(prelude);
  const fresh = await context.newPage();
  await fresh.goto(server.origin);
  try {
    return await fresh.evaluate(
      async ({ list, photo }) => {
        const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
          'presieve',
        );
        const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const harness = (globalThis as unknown as { __presieveHarness: { dump(): unknown[]; clear(): void } })
          .__presieveHarness;
        let worker: Worker | undefined;
        const scanner = createScanner({
          lists: [bytes(list)],
          labels: true,
          createWorker: () => {
            worker = new Worker('/harnessed.worker.js', { type: 'module' });
            return worker;
          },
        });
        await scanner.ready;
        performance.clearResourceTimings();
        const outcome = await scanner.scan(new File([bytes(photo)], 'boats.jpg'), { onProgress: () => {} });
        await new Promise((resolve) => setTimeout(resolve, 50));
        const { port1, port2 } = new MessageChannel();
        const dumped = new Promise<unknown[]>((resolve) => {
          port1.onmessage = ({ data }) => resolve(data);
        });
        worker?.postMessage({ presieveHarness: 'dump' }, [port2]);
        const workerRecords = await dumped;
        const stored = [
          ...(await indexedDB.databases()).map(({ name }) => `IndexedDB ${name}`),
          ...(await caches.keys()).map((name) => `cache ${name}`),
          ...Object.keys(localStorage),
          ...Object.keys(sessionStorage),
          document.cookie,
        ].filter(Boolean);
        // comlink talks to its worker; only what leaves the page counts here.
        const pageRecords = harness
          .dump()
          .filter((record) => (record as { channel: string }).channel !== 'port');
        return {
          outcome,
          worker: workerRecords,
          page: pageRecords,
          stored,
          requests: performance.getEntriesByType('resource').map(({ name }) => name),
        } as never;
      },
      { list: toBase64(list), photo: toBase64(photo) },
    );
  } finally {
    await context.close();
  }
}

const allowed = () => ({ listNames: ['list'], labels: ['category a'], secrets });
const leaksIn = (seen: Observed) => [
  ...findLeaks(seen.worker, allowed()),
  ...findLeaks(seen.page, allowed()),
  ...seen.stored.map((what) => `stored: ${what}`),
  ...seen.requests.map((url) => `request: ${url}`),
];

describe('the worker as it is', () => {
  it('lets out nothing but the outcome, whether the file is listed or not', async () => {
    const worker = await buildHarnessedWorker(null);
    const listed = await observe(worker, listing);
    const unlisted = await observe(worker, notListing);
    expect(listed.outcome.verdict).toBe('match');
    expect(listed.outcome.matches).toHaveLength(4);
    expect(unlisted.outcome.verdict).toBe('no-known-match');
    expect(leaksIn(listed)).toEqual([]);
    expect(leaksIn(unlisted)).toEqual([]);
    expect(listed.worker.length).toBeGreaterThan(3);
    // A match shows in the outcome only: same messages, same progress.
    expect(visibleTrace(listed.worker)).toEqual(visibleTrace(unlisted.worker));
  });

  it('makes no request in the whole life of the built worker after its own script', async () => {
    const requests: string[] = [];
    const listener = (request: { url(): string }) => requests.push(request.url());
    page.context().on('request', listener);
    await page.evaluate(
      async ({ list, photo }) => {
        const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
          'presieve',
        );
        const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
        const scanner = createScanner({ lists: [bytes(list)] });
        await scanner.scan(bytes(photo));
        scanner.close();
      },
      { list: toBase64(listing), photo: toBase64(photo) },
    );
    page.context().off('request', listener);
    const beyondScripts = requests.filter((url) => !/\/(dist|node_modules)\/.*\.m?js$/.test(url));
    expect(beyondScripts).toEqual([]);
    expect(requests.filter((url) => url.endsWith('/dist/worker/scan.worker.js'))).toHaveLength(1);
  });
});

describe('a worker with a planted leak', () => {
  it.each(Object.keys(PLANTS))('%s is caught', async (name) => {
    const worker = await buildHarnessedWorker(PLANTS[name]);
    const seen = await observe(worker, listing);
    const leaks = leaksIn(seen);
    if (leaks.length === 0) {
      const clean = await observe(worker, notListing);
      expect(visibleTrace(seen.worker), 'the leak left no trace').not.toEqual(visibleTrace(clean.worker));
    } else {
      expect(leaks.length).toBeGreaterThan(0);
    }
  });
});

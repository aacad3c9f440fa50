/** Fingerprints in a real Chromium: the example page, and the package as it is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HashPage } from '../../examples/fingerprint/records.js';
// @ts-expect-error: a plain script
import { serveDemo } from '../../scripts/serve-demo.mjs';
// @ts-expect-error: a plain script
import { buildFingerprintExample } from '../../scripts/serve-fingerprint.mjs';
import { launchChromium } from '../support/browser.js';
import { renewOnRetry } from '../support/retry.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const gallery = (name: string) => at(`examples/demo/gallery/${name}`);
const presieve = (...args: string[]) =>
  JSON.parse(execFileSync(process.execPath, [at('dist/publisher/cli.js'), ...args], { encoding: 'utf8' }));

let folder: string;
let server: { url: string; close(): Promise<void> };
let browser: Browser;
let page: Page;
const served: string[] = [];
const troubles: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presieve-fingerprint-'));
  await buildFingerprintExample(join(folder, 'site'));
  server = await serveDemo(join(folder, 'site'), 0, (address: string) => served.push(address));
  browser = await launchChromium();
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  troubles.length = 0;
  page = await browser.newPage();
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(server.url);
}
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the example page', () => {
  it('turns pictures into records that a list is built from, and asks for nothing but its worker', async () => {
    served.length = 0;
    await page.setInputFiles(
      '#pick',
      ['boats.jpg', 'cat.jpg', 'sky.png', 'broken.jpg', 'notes.txt'].map(gallery),
    );
    await page.waitForFunction(() => document.querySelectorAll('#files li[data-state]').length === 5);
    const states = await page.$$eval('#files li', (rows) =>
      rows.map((row) => (row as HTMLElement).dataset.state),
    );
    expect(states).toEqual(['ready', 'ready', 'refused', 'refused', 'refused']);
    const json = (await page.textContent('#json')) ?? '';
    const records = JSON.parse(json) as HashPage;
    expect(records.count).toBe(2);
    const { pdq } = presieve('hash', '--json', gallery('boats.jpg'));
    // Chromium's decoder and the one in Node may differ in a bit or two.
    expect(distance(records.hashRecords[0].hashValue, pdq)).toBeLessThanOrEqual(2);
    // The browser may ask for the page's icon late, and does it by itself.
    const asked = served.filter((path) => path !== '/icon.svg');
    expect(new Set(asked)).toEqual(new Set(['/fingerprint.worker.js']));
    expect(troubles).toEqual([]);

    writeFileSync(join(folder, 'records.json'), json);
    const list = join(folder, 'list.snapshot');
    presieve(
      'build',
      '--name',
      'portal',
      '--list-version',
      '1',
      '--stopncii',
      join(folder, 'records.json'),
      '--out',
      list,
      '--json',
    );
    let scanned = '';
    try {
      execFileSync(process.execPath, [
        at('dist/publisher/cli.js'),
        'scan',
        '--json',
        '--list',
        list,
        gallery('boats.jpg'),
      ]);
    } catch (error) {
      scanned = String((error as { stdout: Buffer }).stdout);
    }
    expect(JSON.parse(scanned).outcome).toMatchObject({
      verdict: 'match',
      matches: [{ signal: 'perceptual' }],
    });
  });

  it('ends at an abort, and says so where the worker is missing', async () => {
    writeFileSync(join(folder, 'site/entry.js'), await exposed());
    await page.addScriptTag({ type: 'module', url: 'entry.js' });
    await page.waitForFunction(() => 'fingerprint' in globalThis);
    const codes = await page.evaluate(async () => {
      const { fingerprint } = globalThis as unknown as {
        fingerprint: typeof import('../../src/fingerprint/index.js').fingerprint;
      };
      const code = (promise: Promise<unknown>) =>
        promise.then(
          () => 'none',
          (error: { code?: string }) => error.code,
        );
      const make = (name: string) => () => new Worker(name, { type: 'module' });
      const abort = new AbortController();
      const long = new Blob(Array.from({ length: 64 }, () => new Uint8Array(2 ** 20)));
      const aborted = fingerprint(long, {
        createWorker: make('fingerprint.worker.js'),
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      return [
        await code(aborted),
        await code(fingerprint(long, { createWorker: make('fingerprint.worker.js'), timeoutMs: 1 })),
        await code(fingerprint(long, { createWorker: make('nothing-here.js') })),
      ];
    });
    expect(codes).toEqual(['aborted', 'timeout', 'worker-unavailable']);
  });
});

/** The entry, as one module that puts its function where the test finds it. */
async function exposed(): Promise<string> {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    stdin: {
      contents:
        "import { fingerprint } from './dist/fingerprint/index.js'; globalThis.fingerprint = fingerprint;",
      resolveDir: at('.'),
    },
    bundle: true,
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

function distance(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; bits > 0n; bits >>= 1n) count += Number(bits & 1n);
  return count;
}

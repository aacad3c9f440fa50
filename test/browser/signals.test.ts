/**
 * A licensee's signal end to end, with the built worker in Chromium: from a list file to a match, and what happens where
 * its code can't be had.
 */

import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Part } from '../../src/index.js';
import { addSignal, bytesSource } from '../../src/publisher/index.js';
import { averageHash } from '../support/average-hash.js';
import {
  launchChromium,
  openPage,
  startServer,
  type TestPage,
  type TestServer,
  toBase64,
} from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

const signals = (code: string): Part => ({ name: 'signals', code });
let browser: Browser;
let server: TestServer;
let page: Page;
/** Lossless, so that every engine hashes the same pixels. */
let listed: Uint8Array;
let other: Uint8Array;

async function hashOf(png: Uint8Array): Promise<string> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const readRows = (y: number, count: number) => data.subarray(y * width * 4, (y + count) * width * 4);
  return Buffer.from(averageHash.hash({ width, height, readRows })!).toString('hex');
}

beforeAll(async () => {
  browser = await launchChromium();
  server = await startServer();
  const png = async (name: Parameters<typeof stdlibPhoto>[0]) =>
    Uint8Array.from(await sharp(stdlibPhoto(name)).removeAlpha().png().toBuffer());
  listed = await png('locomotion-house-cat');
  other = await png('nagasaki-boats');
  const plain = makeList({ hashes: { md5: [{ hash: '0'.repeat(32), label: 'A' }] }, pdqDecoys: 10 });
  const text = new TextEncoder().encode(`${await hashOf(listed)},A\n${'5a'.repeat(32)},A\n`);
  server.files.set('/list', { body: await addSignal(plain, averageHash, [bytesSource('list', text)]) });
  const code = await bundleEntry('average.part.ts');
  server.files.set('/average.part.js', { body: code, type: 'text/javascript' });
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

/** Scans a picture with these parts. */
const scan = (picture: Uint8Array, parts: Part[]) =>
  page.evaluate(
    async ({ base64, declared }) => {
      const here = globalThis as TestPage;
      const { createScanner } = await here.load<typeof import('../../src/index.js')>('presieve');
      const scanner = createScanner({ lists: ['/list'], parts: declared, labels: true });
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
      try {
        const { verdict, matches, coverage } = await scanner.scan(new Blob([bytes]));
        return { verdict, matches, coverage, parts: (await scanner.status()).parts };
      } finally {
        scanner.close();
      }
    },
    { base64: toBase64(picture), declared: parts },
  );

describe("a licensee's signal in Chromium", () => {
  it('finds the picture that its list has, and no other', async () => {
    expect(await scan(listed, [signals('/average.part.js')])).toEqual({
      verdict: 'match',
      matches: [{ list: 'test list', signal: 'perceptual', label: 'A' }],
      coverage: { complete: 'all', notes: [] },
      parts: [{ name: 'signals', state: 'ready' }],
    });
    expect(await scan(other, [signals('/average.part.js')])).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('is skipped where the host does not declare it', async () => {
    expect(await scan(listed, [])).toMatchObject({ verdict: 'no-known-match', coverage: { notes: [] } });
  });

  it('is noted where its code is not there', async () => {
    expect(await scan(other, [signals('/nowhere.js')])).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['part-missing'] },
      parts: [{ name: 'signals', state: 'failed' }],
    });
  });

  it('has no code in this package', async () => {
    const refused = page.evaluate(async () => {
      const here = globalThis as TestPage;
      const { createScanner } = await here.load<typeof import('../../src/index.js')>('presieve');
      createScanner({ lists: ['/list'], parts: ['signals'] });
    });
    await expect(refused).rejects.toThrow(/the code of 'signals' is yours/);
  });
});

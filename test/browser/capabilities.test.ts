/**
 * What each engine offers to a module worker, as a table; and what a scan says where something that it needs is missing.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { startServer, type TestPage, type TestServer, toBase64 } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

let engine: Engine;
let server: TestServer;
let page: EnginePage;
const photo = stdlibPhoto('locomotion-house-cat');

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  server.files.set('/list', { body: makeList({ name: 'decoys', pdqDecoys: 10 }) });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

describe('the platform', () => {
  /** Without these the package can't scan pictures, or can't keep lists. */
  const NEEDED = [
    ...['module worker', 'OffscreenCanvas 2d', 'WebAssembly SIMD', 'IndexedDB', 'Web Locks'],
    ...['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp'].map((kind) => `picture: ${kind}`),
  ];

  it('has what a scan needs; what else it has is printed', async () => {
    const small = sharp(photo).resize({ width: 64 });
    const pictures: Record<string, Uint8Array> = {
      jpeg: await small.clone().jpeg().toBuffer(),
      png: await small.clone().png().toBuffer(),
      webp: await small.clone().webp().toBuffer(),
      avif: await small.clone().avif({ effort: 1 }).toBuffer(),
      gif: await small.clone().gif().toBuffer(),
      bmp: whiteBmp(),
      tiff: await small.clone().tiff().toBuffer(),
    };
    for (const [kind, body] of Object.entries(pictures)) server.files.set(`/pictures/${kind}`, { body });
    const code = await bundleEntry('capabilities.worker.ts');
    server.files.set('/capabilities.worker.js', { body: code, type: 'text/javascript' });
    const found = await page.evaluate(
      (paths) => {
        const worker = new Worker('/capabilities.worker.js', { type: 'module' });
        worker.postMessage(paths);
        return new Promise<Record<string, boolean>>((resolve, reject) => {
          worker.onmessage = ({ data }) => resolve(data);
          worker.onerror = ({ message }) => reject(new Error(message));
        });
      },
      Object.fromEntries(Object.keys(pictures).map((kind) => [kind, `/pictures/${kind}`])),
    );
    console.table(Object.entries(found).map(([feature, has]) => ({ feature, [engine.version]: has })));
    expect(NEEDED.filter((feature) => !found[feature])).toEqual([]);
  });
});

describe('a scan in a worker that lacks something', () => {
  /** Scans a photo with a worker from which something was taken before it started. */
  async function scanWithout(take: string): Promise<Outcome> {
    server.files.set('/lacking.js', { body: take, type: 'text/javascript' });
    server.files.set('/lacking.worker.js', {
      body: `import '/lacking.js'; import '/dist/worker/scan.worker.js';`,
      type: 'text/javascript',
    });
    return page.evaluate(async (file) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const scanner = createScanner({
        lists: ['/list'],
        createWorker: () => new Worker('/lacking.worker.js', { type: 'module' }),
      });
      const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
      const outcome = await scanner.scan(bytes);
      scanner.close();
      return outcome;
    }, toBase64(photo));
  }

  it('looks all the same without Web Locks, WebCodecs or SIMD', async () => {
    const outcome = await scanWithout(`
      Object.defineProperty(navigator, 'locks', { value: undefined });
      delete globalThis.ImageDecoder;
      delete globalThis.VideoDecoder;
      const validate = WebAssembly.validate;
      WebAssembly.validate = () => false;`);
    expect(outcome).toMatchObject({ verdict: 'no-known-match', coverage: { complete: 'all' } });
  });

  it('finds the same where a content security policy forbids WebAssembly', async () => {
    const pdq = hashToHex((await hashPhoto(photo)).bits);
    const sha256 = createHash('sha256').update(photo).digest('hex');
    server.files.set('/photos', { body: makeList({ hashes: { pdq: [pdq], sha256: [sha256] } }) });
    server.files.set('/strict.worker.js', {
      body: await readFile(new URL('../../dist/worker/scan.worker.js', import.meta.url)),
      type: 'text/javascript',
      headers: { 'content-security-policy': "default-src 'none'; script-src 'self'" },
    });
    const copy = await sharp(photo).resize({ width: 200 }).png().toBuffer();
    const files = [photo, copy, stdlibPhoto('allium-oreophilum')].map(toBase64);
    const signals = await page.evaluate(async (files) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const scanner = createScanner({
        lists: ['/photos'],
        createWorker: () => new Worker('/strict.worker.js', { type: 'module' }),
      });
      const found: (string | undefined)[] = [];
      for (const file of files) {
        const { verdict, reason, matches } = await scanner.scan(
          Uint8Array.from(atob(file), (c) => c.charCodeAt(0)),
        );
        found.push(reason ?? matches[0]?.signal ?? verdict);
      }
      scanner.close();
      return found;
    }, files);
    expect(signals).toEqual(['exact', 'perceptual', 'no-known-match']);
  });

  it.each([
    ['createImageBitmap', 'undecodable'],
    ['OffscreenCanvas', 'readback-blocked'],
  ])('says that it could not look, without %s', async (name, reason) => {
    expect(
      await scanWithout(`Object.defineProperty(globalThis, '${name}', { value: undefined })`),
    ).toMatchObject({
      verdict: 'inconclusive',
      reason,
    });
  });
});

/** A BMP of one white pixel, which sharp does not write. */
function whiteBmp(): Uint8Array {
  const bytes = new Uint8Array(58);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, 1, true);
  view.setInt32(22, 1, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, 4, true);
  bytes.set([0xff, 0xff, 0xff], 54);
  return bytes;
}

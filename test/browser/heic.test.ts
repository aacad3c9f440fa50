/**
 * HEIC in a real browser: the hash of a HEIC picture is that of the same picture as PNG, and the part works in the built
 * worker under a strict content security policy, where the platform itself does not decode HEIC.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome, Part, PartLibrary, PartStatus } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { LIBHEIF_BUNDLE } from '../../src/parts/heic.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { boats, codedPictures, gridFile, heicFixture, property, writeHeif } from '../support/heif.js';
import { makeList } from '../support/lists.js';
import { hexDistance } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

const LIBRARY = '/libheif-bundle.mjs';
const root = new URL('../../', import.meta.url);

let engine: Engine;
let server: TestServer;
let page: EnginePage;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  const script = { type: 'text/javascript' };
  server.files.set('/heic.js', { body: await bundleEntry('heic-in-browser.ts'), ...script });
  const library = readFileSync(new URL('node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs', root));
  server.files.set(LIBRARY, { body: library, ...script });
  server.files.set('/index.html', { body: '<!doctype html>', type: 'text/html' });
  server.files.set('/other.mjs', { body: 'export default 1', ...script });
  // A worker has the policy of its own file.
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'";
  server.files.set('/strict.worker.js', {
    body: readFileSync(new URL('dist/worker/scan.worker.js', root)),
    ...script,
    headers: { 'content-security-policy': policy },
  });
  const { bits } = await hashPhoto(await boats().png().toBuffer());
  server.files.set('/boats.snapshot', {
    body: makeList({ name: 'boats', hashes: { pdq: [hashToHex(bits)] }, pdqDecoys: 2000 }),
  });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
  await page.evaluate(() => (globalThis as TestPage).load('/heic.js'));
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

const hashes = (file: Uint8Array, library: string | null = LIBRARY) => {
  server.files.set('/picture', { body: file });
  return page.evaluate(
    (library) =>
      (
        globalThis as unknown as {
          heicInBrowser(url: string, library: string | null): Promise<string[] | string>;
        }
      ).heicInBrowser('/picture', library),
    library,
  );
};

describe('a HEIC picture has the hash of the same picture as PNG', () => {
  it.each([
    ['8 bits', () => heicFixture('boats'), 0],
    ['10 bits', () => heicFixture('boats-10bit'), 0],
    ['a grid of tiles', () => writeHeif(gridFile()), 0],
    ['turned', () => writeHeif(gridFile({ properties: [property.irot(1)] })), 270],
  ])('%s', async (_what, file, turn) => {
    const [hash] = await hashes(file());
    const { bits } = await hashPhoto(await boats().rotate(turn).png().toBuffer());
    expect(hexDistance(hash, hashToHex(bits))).toBeLessThanOrEqual(6);
  });

  it('transparent, composited twice', async () => {
    expect(await hashes(heicFixture('boats-alpha'))).toHaveLength(2);
  });

  it('but none without the part, unless the platform decodes it', async () => {
    const made = await hashes(heicFixture('boats'), null);
    console.info(`${engine.name} by itself: ${typeof made === 'string' ? made : 'decodes HEIC'}`);
    if (typeof made === 'string') expect(made).toBe('unsupported');
    else expect(hexDistance(made[0], (await hashes(heicFixture('boats')))[0])).toBeLessThanOrEqual(8);
  });
});

interface Scanned {
  outcomes: Outcome[];
  parts: PartStatus[];
}

async function scan(files: Uint8Array[], library: PartLibrary | null): Promise<Scanned> {
  files.forEach((body, i) => void server.files.set(`/file-${i}`, { body }));
  const part: Part | null = library && { name: 'heic', code: '/dist/parts/heic.part.js', library };
  return page.evaluate(
    async ({ count, part }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const scanner = createScanner({
        lists: ['/boats.snapshot'],
        parts: part === null ? [] : [part],
        createWorker: () => new Worker('/strict.worker.js', { type: 'module' }),
      });
      const outcomes: Outcome[] = [];
      try {
        for (let i = 0; i < count; i++) {
          const file = await (await fetch(`/file-${i}`, { cache: 'no-store' })).blob();
          outcomes.push(await scanner.scan(file));
        }
        for (;;) {
          const { parts } = await scanner.status();
          if (parts.every(({ state }) => state !== 'loading')) return { outcomes, parts };
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } finally {
        scanner.close();
      }
    },
    { count: files.length, part },
  ) as Promise<Scanned>;
}

describe('the built worker, under a strict policy', () => {
  const cut = () => heicFixture('boats').slice(0, 5000);
  const damaged = () => {
    const bytes = heicFixture('boats');
    return bytes.fill(0x5a, bytes.length - 10_300, bytes.length - 10_250);
  };
  const several = () => writeHeif({ items: [codedPictures('boats-quarters')[0], codedPictures('boats')[0]] });

  it.each([
    ['as it came', {}],
    ['checked', LIBHEIF_BUNDLE],
  ])('finds a listed picture, also after damaged ones; libheif %s', async (_how, check) => {
    const { outcomes, parts } = await scan(
      [heicFixture('boats'), cut(), damaged(), several(), heicFixture('boats-10bit')],
      { url: LIBRARY, ...check },
    );
    expect(parts).toEqual([{ name: 'heic', state: 'ready' }]);
    const [whole, short, , both, deep] = outcomes;
    expect(whole).toMatchObject({ verdict: 'match', coverage: { complete: 'all', notes: [] } });
    expect(short).toMatchObject({ verdict: 'inconclusive', reason: 'undecodable' });
    expect(both).toMatchObject({ verdict: 'match', coverage: { complete: 'all', notes: [] } });
    expect(deep).toMatchObject({ verdict: 'match', coverage: { complete: 'all', notes: [] } });
  });

  it.each<[string, PartLibrary, RegExp]>([
    ['is not there', { url: '/nowhere.mjs' }, /could not be imported from .*nowhere\.mjs: HTTP status 404,/],
    ['is an HTML page', { url: '/index.html' }, /index\.html: HTTP status 200, text\/html/],
    ['is something else', { url: '/other.mjs' }, /is not libheif/],
    [
      'is another version',
      { url: '/other.mjs', ...LIBHEIF_BUNDLE },
      /"library" is a file of 16 bytes, not 1989119/,
    ],
    [
      'was changed',
      { url: LIBRARY, ...LIBHEIF_BUNDLE, sha256: 'ab'.repeat(32) },
      /"library" is not the file that belongs to this version/,
    ],
  ])('a library that %s is told, and scans go on', async (_what, library, message) => {
    const { outcomes, parts } = await scan([heicFixture('boats')], library);
    expect(parts).toEqual([{ name: 'heic', state: 'failed', error: expect.stringMatching(message) }]);
    if (outcomes[0].verdict === 'inconclusive') expect(outcomes[0].reason).toBe('unsupported');
  });
});

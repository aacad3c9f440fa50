/**
 * The built package in a real browser: matches, hostile files, and workers that loop or die.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { startServer, type TestPage, type TestServer, toBase64 } from '../support/browser.js';
import { picturesOfEachFormat } from '../support/cut-pictures.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { hostileFiles } from '../support/hostile-files.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

const photo = stdlibPhoto('airplane-from-above');
const listed = stdlibPhoto('nagasaki-boats');
const sha256 = createHash('sha256').update(listed).digest('hex');
const md5 = createHash('md5').update(listed).digest('hex');

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** What may be said of a picture that is cut off. */
const CUT_OFF = [
  {
    verdict: 'inconclusive',
    reason: 'undecodable',
    coverage: { complete: 'partial', notes: ['perceptual-unchecked'] },
  },
  ...['picture-cut', 'animation-cut'].map((note) => ({
    verdict: 'no-known-match',
    reason: undefined,
    coverage: { complete: 'partial', notes: [note], finder: 'off' },
  })),
];

let engine: Engine;
let server: TestServer;
let page: EnginePage;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  const pdq = hashToHex((await hashPhoto(listed)).bits);
  const list = makeList({
    name: 'boats',
    version: 4,
    hashes: {
      sha256: [{ hash: sha256, label: 'harbour' }],
      md5: [md5],
      pdq: [{ hash: pdq, label: 'harbour' }],
    },
    pdqDecoys: 5000,
  });
  server.files.set('/boats.snapshot', { body: list });
  server.files.set('/pdq-only.snapshot', { body: makeList({ name: 'pdq only', hashes: { pdq: [pdq] } }) });
  server.files.set('/md5-only.snapshot', {
    body: makeList({ name: 'md5 only', hashes: { md5: [md5] }, demo: true }),
  });
  server.files.set('/html.snapshot', { body: '<!doctype html><p>not found</p>' });
  await openPage();
});
renewOnRetry(openPage);

/** A page with a scanner on it. */
async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
  await page.evaluate(async () => {
    const presieve = await (globalThis as TestPage).load<PageGlobals['presieve']>('presieve');
    Object.assign(globalThis, {
      presieve,
      bytes: (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
      scanner: presieve.createScanner({ lists: ['/boats.snapshot'], labels: true }),
    });
  });
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

/** The page's globals, for code inside `page.evaluate`. */
type PageGlobals = typeof globalThis & {
  presieve: typeof import('../../src/index.js');
  scanner: import('../../src/index.js').Scanner;
  bytes(text: string): Uint8Array<ArrayBuffer>;
};

async function scan(file: Uint8Array): Promise<Outcome> {
  return page.evaluate((file) => {
    const { scanner, bytes } = globalThis as PageGlobals;
    return scanner.scan(new Blob([bytes(file)]));
  }, toBase64(file));
}

async function scanWith(list: string, file: Uint8Array): Promise<Outcome> {
  return page.evaluate(
    async ({ list, file }) => {
      const { presieve, bytes } = globalThis as PageGlobals;
      const scanner = presieve.createScanner({ lists: [list] });
      try {
        return await scanner.scan(bytes(file));
      } finally {
        scanner.close();
      }
    },
    { list, file: toBase64(file) },
  );
}

describe('a scan', () => {
  it('matches the listed file, exactly and perceptually', async () => {
    const outcome = await scan(listed);
    expect(outcome).toEqual({
      verdict: 'match',
      action: 'block',
      matches: [
        { list: 'boats', signal: 'exact-weak' },
        { list: 'boats', signal: 'exact', label: 'harbour' },
        { list: 'boats', signal: 'perceptual', label: 'harbour' },
      ],
      coverage: { complete: 'all', notes: [] },
      lists: [{ name: 'boats', version: 4, ageSeconds: expect.any(Number) }],
    });
  });

  it('matches a smaller, re-encoded and mirrored copy perceptually, and asks', async () => {
    const copy = await sharp(listed).flop().resize({ width: 500 }).webp({ quality: 70 }).toBuffer();
    expect(await scan(copy)).toMatchObject({
      verdict: 'match',
      action: 'ask',
      matches: [{ list: 'boats', signal: 'perceptual', label: 'harbour' }],
    });
  });

  it('does not match another photo', async () => {
    expect(await scan(photo)).toMatchObject({ verdict: 'no-known-match', action: 'allow', matches: [] });
  });

  it('owes only what the list calls for', async () => {
    const words = new TextEncoder().encode('words');
    expect(await scanWith('/pdq-only.snapshot', words)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unsupported',
    });
    expect(await scanWith('/md5-only.snapshot', words)).toMatchObject({ verdict: 'no-known-match' });
    const weak = await scanWith('/md5-only.snapshot', listed);
    expect(weak).toMatchObject({ verdict: 'match', matches: [{ list: 'md5 only', signal: 'exact-weak' }] });
    expect(weak.coverage).toEqual({ complete: 'digests-only', notes: [] });
    expect(weak.lists[0]).toMatchObject({ demo: true });
  });

  it('reports progress that rises to 1', async () => {
    const fractions = await page.evaluate(async (file) => {
      const { scanner, bytes } = globalThis as PageGlobals;
      const seen: number[] = [];
      await scanner.scan(bytes(file), { onProgress: ({ fraction }) => seen.push(fraction) });
      return seen;
    }, toBase64(listed));
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('refuses a list that is not one, by code, and says which and why', async () => {
    const errors = await page.evaluate(() => {
      const { presieve } = globalThis as PageGlobals;
      const refusals = ['/html.snapshot', '/nowhere.snapshot', Uint8Array.of(1, 2, 3)].map((list) =>
        presieve.createScanner({ lists: [list] }).ready.then(
          () => 'ready',
          (error) => [error.code, error.message],
        ),
      );
      return Promise.all(refusals);
    });
    expect(errors).toEqual([
      [
        'list-invalid',
        'the list at /html.snapshot: an HTML page, not a snapshot: is the list deployed there?',
      ],
      ['list-unavailable', 'the list at /nowhere.snapshot could not be fetched: HTTP status 404'],
      ['list-invalid', 'lists[0]: no snapshot begins like this'],
    ]);
  });
});

describe('files that must not break it', () => {
  it('have their stated outcomes, and the next scan still works', async () => {
    for (const { name, bytes, expected, elsewhere } of await hostileFiles()) {
      const { verdict, reason, coverage } = await scan(bytes);
      const seen = {
        verdict,
        ...(reason ? { reason } : {}),
        complete: coverage.complete,
        notes: coverage.notes,
      };
      expect.soft(seen, name).toEqual(elsewhere?.[engine.name] ?? expected);
    }
    expect(await scan(listed)).toMatchObject({ verdict: 'match' });
  });

  it('are never said to be wholly looked at where they are cut off', async () => {
    for (const [format, bytes] of Object.entries(await picturesOfEachFormat())) {
      expect((await scan(bytes)).coverage, format).toEqual({ complete: 'all', notes: [], finder: 'off' });
      for (const share of [0.3, 0.5, 0.97]) {
        const { verdict, reason, coverage } = await scan(bytes.subarray(0, bytes.length * share));
        const said = `${format}, ${share} of it: ${verdict} ${reason} ${coverage.complete} ${coverage.notes}`;
        expect.soft(CUT_OFF, said).toContainEqual({ verdict, reason, coverage });
      }
    }
  });

  it('include 200 MB of noise, read in pieces', async () => {
    const outcome = await page.evaluate(async () => {
      const { scanner } = globalThis as PageGlobals;
      const piece = crypto.getRandomValues(new Uint8Array(65536));
      const noise = new Blob(Array.from({ length: 3200 }, () => piece));
      return scanner.scan(noise, {});
    });
    expect(outcome).toMatchObject({ verdict: 'no-known-match', coverage: { complete: 'digests-only' } });
  });

  it.each([
    ['vanishes', 'nothing'],
    ['vanishes after its size was asked for', 'size'],
    ['changes', 'content'],
  ])('include a file that %s after it was picked', async (_name, what) => {
    const folder = mkdtempSync(join(tmpdir(), 'presieve-'));
    const path = join(folder, 'photo.jpg');
    writeFileSync(path, listed);
    // Some engines compare times of change by whole seconds.
    utimesSync(path, LONG_AGO, LONG_AGO);
    await page.evaluate(() => {
      document.body.innerHTML = '<input type="file">';
    });
    await page.chooseFiles('input', [path]);
    if (what !== 'nothing') await page.evaluate(() => document.querySelector('input')?.files?.[0].size);
    if (what === 'content') writeFileSync(path, photo.subarray(0, 1000));
    else rmSync(path);
    const outcome = await page.evaluate(() => {
      const { scanner } = globalThis as PageGlobals;
      return scanner.scan(document.querySelector('input')?.files?.[0] as File);
    });
    rmSync(folder, { recursive: true });
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'unreadable' });
  });
});

describe('canvas read-back', () => {
  it.each([
    ['noise', 'data[i] ^= (i >> 4) & 1'],
    ['plain white', 'data[i] = 255'],
  ])('that gives %s is noticed', async (_name, alter) => {
    const altered = `
      const original = OffscreenCanvasRenderingContext2D.prototype.getImageData;
      OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...args) {
        const image = original.apply(this, args), data = image.data;
        for (let i = 0; i < data.length; i++) { ${alter}; }
        return image;
      };`;
    server.files.set('/altered.js', { body: altered, type: 'text/javascript' });
    const worker = `import '/altered.js'; import '/dist/worker/scan.worker.js';`;
    server.files.set('/altered.worker.js', { body: worker, type: 'text/javascript' });
    const outcome = await page.evaluate(async (file) => {
      const { presieve, bytes } = globalThis as PageGlobals;
      const scanner = presieve.createScanner({
        lists: ['/pdq-only.snapshot'],
        createWorker: () => new Worker('/altered.worker.js', { type: 'module' }),
      });
      const result = await scanner.scan(bytes(file));
      scanner.close();
      return result;
    }, toBase64(listed));
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'readback-blocked' });
  });
});

describe('a worker that loops or is killed', () => {
  /** Scans two files with a first worker that has a fault, and a second one that hasn't. */
  async function twoScans(fault: string, scanTimeoutMs: number): Promise<Outcome[]> {
    server.files.set('/faulty.worker.js', {
      body: `import '/dist/worker/scan.worker.js';
        const digest = Blob.prototype.slice;
        Blob.prototype.slice = function (...args) { ${fault}; return digest.apply(this, args); };`,
      type: 'text/javascript',
    });
    return page.evaluate(
      async ({ file, scanTimeoutMs }) => {
        const { presieve, bytes } = globalThis as PageGlobals;
        let made = 0;
        const scanner = presieve.createScanner({
          lists: ['/boats.snapshot'],
          limits: { scanTimeoutMs },
          createWorker: () =>
            new Worker(made++ === 0 ? '/faulty.worker.js' : '/dist/worker/scan.worker.js', {
              type: 'module',
            }),
        });
        await scanner.ready;
        const outcomes = await Promise.all([scanner.scan(bytes(file)), scanner.scan(bytes(file))]);
        scanner.close();
        return outcomes;
      },
      { file: toBase64(listed), scanTimeoutMs },
    );
  }

  it('a loop ends at the deadline, and the queued scan goes on', async () => {
    const [looped, next] = await twoScans('for (;;) {}', 5000);
    expect(looped).toMatchObject({ verdict: 'inconclusive', reason: 'timeout' });
    expect(next).toMatchObject({ verdict: 'match' });
  });

  it('a killed worker is noticed long before the deadline', async () => {
    const started = Date.now();
    const [killed, next] = await twoScans('self.close()', 120_000);
    expect(killed).toMatchObject({ verdict: 'inconclusive', reason: 'worker-lost' });
    expect(next).toMatchObject({ verdict: 'match' });
    expect(Date.now() - started).toBeLessThan(60_000);
  });

  it('a worker that throws outside a call is lost, and the queued scan goes on', async () => {
    const [lost, next] = await twoScans(
      'setTimeout(() => { throw new Error("fault"); }); return new Blob([])',
      60_000,
    );
    expect(lost).toMatchObject({ verdict: 'inconclusive' });
    expect(next).toMatchObject({ verdict: 'match' });
  });

  it('a missing worker file is worker-unavailable, not a hang', async () => {
    const code = await page.evaluate(() => {
      const { presieve } = globalThis as PageGlobals;
      const createWorker = () => new Worker('/no-such.worker.js', { type: 'module' });
      return presieve.createScanner({ lists: ['/boats.snapshot'], createWorker }).ready.catch((e) => e.code);
    });
    expect(code).toBe('worker-unavailable');
  });

  it('an abort in mid-scan is an outcome, and the next scan works', async () => {
    const [aborted, next] = await page.evaluate(async (file) => {
      const { scanner, bytes } = globalThis as PageGlobals;
      const controller = new AbortController();
      const piece = new Uint8Array(1 << 20);
      const big = new Blob(Array.from({ length: 200 }, () => piece));
      // At the first sign of its digests, which by far are not at their end then.
      const first = scanner.scan(big, {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      });
      return Promise.all([first, scanner.scan(bytes(file))]);
    }, toBase64(listed));
    expect(aborted).toMatchObject({ verdict: 'inconclusive', reason: 'aborted' });
    expect(next).toMatchObject({ verdict: 'match' });
  });
});

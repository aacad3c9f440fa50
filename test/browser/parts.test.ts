/**
 * Declared parts in real browsers, under a strict content security policy: loaded when the worker starts, never later.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Part, PartStatus, Scanner } from '../../src/index.js';
import { VERSION } from '../../src/version.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { makeList } from '../support/lists.js';
import { renewOnRetry } from '../support/retry.js';

const WORDS = 'some words';
const part = (change: Partial<Part> = {}): Part => ({
  name: 'video',
  code: '/tiny.part.js',
  files: [
    { name: 'words', url: '/words', bytes: 10, sha256: createHash('sha256').update(WORDS).digest('hex') },
  ],
  ...change,
});

let engine: Engine;
let server: TestServer;
let page: EnginePage;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  const code = await bundleEntry('tiny.part.ts');
  server.files.set('/tiny.part.js', { body: code, type: 'text/javascript' });
  server.files.set('/old.part.js', { body: code.replaceAll(VERSION, '0.0.0'), type: 'text/javascript' });
  server.files.set('/index.part.js', { body: '<!doctype html>', type: 'text/html' });
  server.files.set('/words', { body: WORDS });
  server.files.set('/other-words', { body: 'lost words' });
  server.files.set('/list', { body: makeList({ hashes: { md5: ['0'.repeat(32)] } }) });
  const start = server.files.get('/');
  // The inline scripts are the test's own; what the package runs needs none of it.
  const policy =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'; connect-src 'self'";
  server.files.set('/strict', { body: '', ...start, headers: { 'content-security-policy': policy } });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/strict`);
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

beforeEach(() => {
  server.requests.length = 0;
});

/** Starts a scanner, scans a text, and waits for the part to be ready or failed. */
async function startWith(parts: (Part | string)[], crashFirst = false): Promise<PartStatus[]> {
  return page.evaluate(
    async ({ parts, crashFirst }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const workers: Worker[] = [];
      const scanner: Scanner = createScanner({
        lists: ['/list'],
        parts: parts as never,
        createWorker: () => {
          const worker = new Worker('/dist/worker/scan.worker.js', { type: 'module' });
          workers.push(worker);
          return worker;
        },
      });
      const settled = async () => {
        for (;;) {
          const { parts } = await scanner.status();
          if (parts.every(({ state }) => state !== 'loading')) return parts;
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      };
      const scan = () => scanner.scan(new Blob(['words']));
      try {
        if ((await scan()).verdict !== 'no-known-match') throw new Error('the scan was held up');
        if (crashFirst) {
          await settled();
          // In this order: WebKit delivers nothing to a worker that was terminated.
          workers[0].dispatchEvent(new ErrorEvent('error', { message: 'gone' }));
          workers[0].terminate();
          if ((await scan()).verdict !== 'no-known-match') throw new Error('no scan after a restart');
        }
        return await settled();
      } finally {
        scanner.close();
      }
    },
    { parts, crashFirst },
  );
}

describe('a part', () => {
  it('is loaded at the start, with its files, and again by the next worker', async () => {
    expect(await startWith([part()], true)).toEqual([{ name: 'video', state: 'ready' }]);
    expect(server.requests.filter((path) => path === '/words')).toHaveLength(1);
  });

  it('by its bare name is the file beside the package', async () => {
    server.files.set('/dist/parts/video.part.js', {
      body: "export const part = { name: 'video', version: 'mine', create() {} }",
      type: 'text/javascript',
    });
    const [{ state, error }] = await startWith(['video']);
    server.files.delete('/dist/parts/video.part.js');
    expect({ state, error }).toEqual({ state: 'failed', error: expect.stringContaining('mine') });
  });

  it.each([
    ['of another version', { code: '/old.part.js' }, /another version: 0\.0\.0/],
    ['that is an HTML page', { code: '/index.part.js' }, /import|MIME|module/i],
    ['that is not there', { code: '/nowhere.js' }, /import|module/i],
    [
      'with another data file',
      { files: [{ ...part().files?.[0], url: '/other-words' }] as Part['files'] },
      /"words" is not the file/,
    ],
    [
      'with a data file that is not there',
      { files: [{ ...part().files?.[0], url: '/nowhere' }] as Part['files'] },
      /404/,
    ],
  ])('%s fails, and scans go on', async (_what, change, message) => {
    expect(await startWith([part(change)])).toEqual([
      { name: 'video', state: 'failed', error: expect.stringMatching(message) },
    ]);
  });

  it('that nobody declared is not requested', async () => {
    expect(await startWith([])).toEqual([]);
    expect(server.requests.filter((path) => path.includes('part.js'))).toEqual([]);
  });
});

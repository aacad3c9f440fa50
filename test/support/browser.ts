/**
 * A static server over the built package, for tests that run in Node and drive a page; and Playwright's Chromium, for
 * those that use what only Chromium offers.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';

export { launchChromium } from './engines/chromium.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

const MIME: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** Bytes served at a path, made by the test. */
export interface ServedFile {
  body: string | Uint8Array;
  type?: string;
  headers?: Record<string, string>;
}

/** A server on a loopback port. */
export interface TestServer {
  readonly origin: string;
  /** Paths (with a leading slash) to what the test serves there; may be added to at any time. */
  readonly files: Map<string, ServedFile>;
  /** Paths that were asked for, by pages and workers alike, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** The blank page of the tests: bare imports of the unbundled package resolve through an import map. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>Presieve tests</title><link rel="icon" href="data:,">
<script type="importmap">{"imports":{
  "presieve":"/dist/index.js",
  "presieve/demo":"/dist/demo/index.js",
  "comlink":"/node_modules/comlink/dist/esm/comlink.mjs",
  "idb":"/node_modules/idb/build/index.js"
}}</script>
<script>globalThis.load = (specifier) => import(specifier)</script>`;

/** Serves the blank page at `/`, the built package, comlink, and what a test adds. */
export async function startServer(): Promise<TestServer> {
  const files = new Map<string, ServedFile>([['/', { body: PAGE, type: MIME['.html'] }]]);
  const requests: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname));
    requests.push(path);
    const served = files.get(path);
    try {
      const body = served?.body ?? (await readPackaged(path));
      response.writeHead(200, {
        'content-type': served?.type ?? MIME[extname(path)] ?? 'application/octet-stream',
        ...served?.headers,
      });
      response.end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readPackaged(path: string): Promise<Uint8Array> {
  if (!/^\/(dist|node_modules\/(comlink\/dist|idb\/build))\//.test(path)) throw new Error('not served');
  return readFile(`${root}${path}`);
}

/** A page of Chromium on the test server; its uncaught errors are printed. */
export async function openPage(browser: Browser, server: TestServer, path = '/'): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error('page error:', error));
  await page.goto(server.origin + path);
  return page;
}

/** What the blank page offers: `import()` itself would be rewritten by the test runner. */
export type TestPage = typeof globalThis & {
  load<T = Record<string, never>>(specifier: string): Promise<T>;
};

/** Bytes as base64, for handing to `page.evaluate`. */
export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * The messenger example in Chromium: built in a project that has the packed package, and served under an origin that no
 * server has by the very function that answers Electron's protocol.
 * @module
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
// @ts-expect-error: a plain script
import { createHandler, listsFromFolder } from '../../examples/electron-messenger/serve.js';
import { type InstalledPackage, makeProject, run } from '../support/packed-package.js';

const SOURCE = fileURLToPath(new URL('../../examples/electron-messenger', import.meta.url));
export const GALLERY = fileURLToPath(new URL('../../examples/demo/gallery', import.meta.url));
export const ORIGIN = 'https://messenger.invalid';

/** @returns the project's folder, built */
export async function buildMessenger(packed: InstalledPackage): Promise<string> {
  const project = makeProject(packed, 'electron-messenger', [SOURCE], ['esbuild', 'sharp']);
  await run(project, process.execPath, 'build.js', GALLERY);
  return project;
}

/** Files of the parts that it declares. */
const PART_FILES = [
  '/video.part.js',
  '/finder.part.js',
  '/finder/picture-finder.onnx',
  '/finder/ort-wasm-simd-threaded.wasm',
];

/** An opened messenger. */
export interface OpenedMessenger {
  readonly page: Page;
  /** Names and sizes of what was sent. */
  readonly sent: [string, number][];
  /** Paths that the renderer and its workers asked the protocol for. */
  readonly requests: string[];
  /** Anything that was asked of anybody else, and errors. */
  readonly troubles: string[];
  /** While true, the lists' host can't be reached. */
  offline: boolean;
  /** Attaches files of the gallery. */
  attach(...names: string[]): Promise<void>;
  /** A fresh start of the window, with what it has stored. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the messenger and waits for its list, and until it asked for its parts. */
export async function openMessenger(
  browser: Browser,
  project: string,
  options: BrowserContextOptions = {},
): Promise<OpenedMessenger> {
  const context = await browser.newContext({ viewport: { width: 1080, height: 760 }, ...options });
  const lists = listsFromFolder(join(project, 'build/lists')) as (path: string) => Promise<Response>;
  const handle = createHandler(join(project, 'build/app'), {
    fetchList: (path: string) => (opened.offline ? Promise.reject(new Error('offline')) : lists(path)),
    send: async (name: string, bytes: Uint8Array) => void opened.sent.push([name, bytes.length]),
  }) as (request: Request) => Promise<Response>;
  const troubles: string[] = [];
  const requests: string[] = [];
  await context.route('**/*', async (route) => {
    const request = route.request();
    if (!request.url().startsWith(`${ORIGIN}/`)) {
      troubles.push(request.url());
      return route.abort();
    }
    requests.push(new URL(request.url()).pathname);
    const body = request.postDataBuffer();
    const response = await handle(
      new Request(request.url(), {
        method: request.method(),
        headers: await request.allHeaders(),
        ...(body && { body: new Uint8Array(body) }),
      }),
    );
    await route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  });
  let page!: Page;
  const open = async () => {
    page = await context.newPage();
    page.on('pageerror', (error) => troubles.push(String(error)));
    page.on('console', (message) => {
      // The browser's own words on a list that could not be fetched.
      if (message.type() === 'error' && !message.text().includes('status of 503'))
        troubles.push(message.text());
    });
    await page.goto(`${ORIGIN}/`);
    await page.waitForSelector('#list-status[data-tone="ready"]');
    for (const file of PART_FILES) while (!requests.includes(file)) await page.waitForTimeout(50);
  };
  const opened: OpenedMessenger = {
    get page() {
      return page;
    },
    sent: [],
    requests,
    troubles,
    offline: false,
    attach: (...names) =>
      page.setInputFiles(
        '#picker',
        names.map((name) => join(GALLERY, name)),
      ),
    restart: async () => {
      await page.close();
      await open();
    },
    close: () => context.close(),
  };
  await open();
  return opened;
}

/**
 * The web form example, from the packed package: what the server receives of files that are clear, listed and alike.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/browser.js';
import { makeProject } from '../support/packed-package.js';

const SOURCE = fileURLToPath(new URL('../../examples/web-form', import.meta.url));
const GALLERY = fileURLToPath(new URL('../../examples/demo/gallery', import.meta.url));

let browser: Browser;
let server: Server;
let page: Page;
const uploads: string[] = [];

beforeAll(async () => {
  const project = makeProject(inject('packed'), 'web-form', [SOURCE]);
  const { createFormServer } = await import(pathToFileURL(join(project, 'server.js')).href);
  server = createFormServer().listen(0, '127.0.0.1') as Server;
  await once(server, 'listening');
  server.on('request', ({ method, url }) => method === 'POST' && uploads.push(url));
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});
beforeEach(async () => {
  uploads.length = 0;
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});

/** Picks a file and sends the form. @returns what the page says, and what it was asked */
async function send(name: string, confirmed: boolean): Promise<{ answer: string | null; asked: string[] }> {
  const asked: string[] = [];
  page.on('dialog', (dialog) => {
    asked.push(dialog.message());
    void (confirmed ? dialog.accept() : dialog.dismiss());
  });
  await page.setInputFiles('[name="photo"]', join(GALLERY, name));
  await page.click('[name="send"]');
  await page.waitForFunction(
    () =>
      /sent/i.test(document.querySelector('#answer')?.textContent ?? '') &&
      !document.querySelector('button')?.disabled,
  );
  await page.waitForFunction(() => document.querySelector('#received')?.textContent !== 'Nothing yet.');
  return { answer: await page.textContent('#answer'), asked };
}

it('does not send a listed file', async () => {
  expect(await send('boats.jpg', true)).toEqual({
    answer: expect.stringContaining('was not sent'),
    asked: [],
  });
  expect(uploads).toEqual([]);
  expect(await page.textContent('#received')).toBe('Nothing.');
});

it('asks about one that looks alike', async () => {
  const { answer, asked } = await send('boats-small.jpg', false);
  expect([answer, asked.length]).toEqual(['Not sent.', 1]);
  expect(uploads).toEqual([]);
});

it('sends another file as it is, with not a word about the scan', async () => {
  expect(await send('cat.jpg', false)).toEqual({ answer: 'Sent.', asked: [] });
  const bytes = readFileSync(join(GALLERY, 'cat.jpg'));
  const received = (await page.textContent('#received')) ?? '';
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(received).toContain(`POST /upload, ${bytes.length} bytes, SHA-256 ${sha256}`);
  expect(received).not.toMatch(/presieve|verdict|no-known-match|coverage|pdq/i);
  expect(uploads).toEqual(['/upload']);
});

/**
 * The messenger example: what is sent, asked and blocked, dropped files, no network, and its headers.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/browser.js';
import { buildMessenger, GALLERY, type OpenedMessenger, ORIGIN, openMessenger } from './messenger.js';

let browser: Browser;
let project: string;
let messenger: OpenedMessenger;

beforeAll(async () => {
  project = await buildMessenger(inject('packed'));
  browser = await launchChromium();
});
afterAll(() => browser?.close());
afterEach(async () => {
  const closing: OpenedMessenger | undefined = messenger;
  messenger = undefined as never;
  await closing?.close();
  expect(closing?.troubles ?? []).toEqual([]);
});

const size = (name: string) => statSync(join(GALLERY, name)).size;
const fates = () =>
  messenger.page.$$eval('.attachment', (rows) =>
    rows.map((row) => [
      row.querySelector('[data-part="name"]')?.textContent,
      (row as HTMLElement).dataset.fate,
    ]),
  );
const decided = () =>
  expect.poll(fates, { timeout: 120_000 }).not.toContainEqual([expect.anything(), 'checking']);

it('sends what is clear, asks about what looks alike, and never sends what is listed', async () => {
  messenger = await openMessenger(browser, project);
  const { page, sent } = messenger;
  await messenger.attach('cat.jpg', 'boats.jpg', 'airplane-mirrored.jpg', 'notes.txt');
  expect(await page.isDisabled('#send')).toBe(true);
  await decided();
  expect(await fates()).toEqual([
    ['cat.jpg', 'clear'],
    ['boats.jpg', 'blocked'],
    ['airplane-mirrored.jpg', 'ask'],
    ['notes.txt', 'clear'],
  ]);
  // One has to be decided first.
  expect(await page.isDisabled('#send')).toBe(true);
  await page.click('[aria-label="Send airplane-mirrored.jpg anyway"]');
  await page.fill('#text', 'Here they are');
  await page.click('#send');
  await expect
    .poll(() => sent)
    .toEqual(['cat.jpg', 'airplane-mirrored.jpg', 'notes.txt'].map((name) => [name, size(name)]));
  expect(await fates()).toEqual([['boats.jpg', 'blocked']]);
  expect(await page.textContent('.message:last-child')).toContain('Here they are');
  await page.click('#send', { force: true });
  await page.click('[aria-label="Remove boats.jpg"]');
  expect(await page.isHidden('#tray')).toBe(true);
  expect(sent.length).toBe(3);
});

it('looks at frames of videos, and into screenshots', async () => {
  messenger = await openMessenger(browser, project);
  await messenger.attach('slides.webm', 'evening.webm', 'chat.jpg', 'chat-cat.jpg');
  await decided();
  expect(await fates()).toEqual([
    ['slides.webm', 'ask'],
    ['evening.webm', 'clear'],
    ['chat.jpg', 'ask'],
    ['chat-cat.jpg', 'clear'],
  ]);
});

it('shows progress, and takes files that are dropped', async () => {
  messenger = await openMessenger(browser, project);
  const { page } = messenger;
  const files = ['alps.jpg', 'window.jpg', 'ink.jpg'].map((name) => ({
    name,
    bytes: readFileSync(join(GALLERY, name)).toString('base64'),
  }));
  const seen = await page.evaluate(async (dropped) => {
    const transfer = new DataTransfer();
    for (const { name, bytes } of dropped) {
      transfer.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name));
    }
    const fire = (type: string) =>
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true }));
    fire('dragenter');
    const whileOver = !(document.querySelector('#drop') as HTMLElement).hidden;
    fire('drop');
    const values = new Set<number>();
    while (document.querySelector('[data-fate="checking"]')) {
      values.add(document.querySelectorAll('progress')[1]?.value ?? -1);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
    return { whileOver, values: [...values] };
  }, files);
  expect(seen.whileOver).toBe(true);
  expect(await page.isHidden('#drop')).toBe(true);
  expect(seen.values).toContain(0);
  expect(seen.values.some((value) => value > 0 && value <= 1)).toBe(true);
  expect(await fates()).toEqual(files.map(({ name }) => [name, 'clear']));
});

it('works offline with the stored list', async () => {
  messenger = await openMessenger(browser, project);
  messenger.offline = true;
  await messenger.restart();
  await messenger.attach('boats.jpg', 'cat.jpg');
  await decided();
  expect(await fates()).toEqual([
    ['boats.jpg', 'blocked'],
    ['cat.jpg', 'clear'],
  ]);
  await expect.poll(() => messenger.page.textContent('#list-status')).toContain('offline');
});

it('asks for nothing on account of a file, and could ask nobody else', async () => {
  messenger = await openMessenger(browser, project);
  const { page, requests } = messenger;
  const before = requests.length;
  await messenger.attach('boats.jpg', 'cat.jpg', 'broken.jpg', 'holiday.jpg', 'slides.webm', 'chat.jpg');
  await decided();
  expect(requests.slice(before)).toEqual([]);
  // The headers, not this test's routing, are what stops it.
  const refused = await page.evaluate(async () => {
    const violations: string[] = [];
    addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
      violations.push(effectiveDirective),
    );
    await fetch('https://elsewhere.invalid/').catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    return [...violations, crossOriginIsolated, typeof (globalThis as { require?: unknown }).require];
  });
  expect(refused).toEqual(['connect-src', true, 'undefined']);
  // The console's words on that refusal are no trouble.
  expect(messenger.troubles.splice(0).filter((text) => !text.includes('elsewhere.invalid'))).toEqual([]);
});

it('keeps the main process to what it says', () => {
  // Electron itself is not run here: at least the switches are where they belong.
  const main = readFileSync(join(project, 'main.js'), 'utf8');
  for (const line of [
    'app.enableSandbox()',
    'contextIsolation: true',
    'sandbox: true',
    'nodeIntegration: false',
  ])
    expect(main).toContain(line);
  expect(ORIGIN).toMatch(/^https:/);
});

/** The demo page as it is served, in a real Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SAMPLES } from '../../examples/demo/samples.js';
// @ts-expect-error: a plain script
import { buildDemo, serveDemo } from '../../scripts/serve-demo.mjs';
import { launchChromium } from '../support/browser.js';

let folder: string;
let server: { url: string; close(): Promise<void> };
let browser: Browser;
let page: Page;

/** What the server was asked for: the truth that the page's own counters are held against. */
const served: string[] = [];
/** What the browser asked anybody for, and what went wrong in the page. */
const asked: string[] = [];
const troubles: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presieve-demo-'));
  await buildDemo(folder);
  server = await serveDemo(folder, 0, (address: string) => served.push(address));
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await page.context().close();
  const elsewhere = asked.filter((url) => !url.startsWith(server.url) && !url.startsWith('blob:'));
  expect(elsewhere).toEqual([]);
  expect(troubles).toEqual([]);
});

async function open(query = '', viewport = { width: 1280, height: 900 }): Promise<void> {
  asked.length = 0;
  troubles.length = 0;
  const context = await browser.newContext({ viewport });
  page = await context.newPage();
  context.on('request', (request) => asked.push(request.url()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  // Choosers are caught from the start: turning that on takes a moment, which a key press would not wait for.
  page.on('filechooser', () => {});
  await page.goto(server.url + query);
  await page.waitForSelector('.tile');
  await expectRequests('0 (page 0, worker 0)');
  served.length = 0;
}

async function expectRequests(words: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('#requests')?.textContent?.endsWith(wanted),
    `Network requests made by these scans: ${words}`,
  );
}

/** The text of the newest card's parts, once its scan has ended. */
async function newestCard(): Promise<Record<string, string>> {
  await page.waitForSelector('#results > .card:first-child:not([data-tone="running"])');
  return page.$eval('#results > .card:first-child', (card) =>
    Object.fromEntries(
      [...card.querySelectorAll<HTMLElement>('[data-part]')].map((each) => [
        each.dataset.part,
        each.innerText.trim(),
      ]),
    ),
  );
}

/** Tries a sample of the gallery. */
async function trySample(file: string): Promise<Record<string, string>> {
  const index = SAMPLES.findIndex((sample) => sample.file === file);
  await page.locator('.tile').nth(index).click();
  await page.waitForSelector(`#results > .card:first-child [data-part="name"]:text-is("${file}")`);
  return newestCard();
}

describe('the gallery', () => {
  /** File, badge, action, coverage. */
  const EXPECTED: [string, string, string, string][] = [
    ['boats.jpg', 'Match', 'Block', 'Every check'],
    ['airplane.jpg', 'Match', 'Block', 'Every check'],
    ['acanthus.jpg', 'Match', 'Block', 'Every check'],
    ['allium.jpg', 'Match', 'Block', 'Every check'],
    ['hills.jpg', 'Match', 'Block', 'Every check'],
    ['boats-small.jpg', 'Looks alike', 'Ask', 'Every check'],
    ['airplane-mirrored.jpg', 'Looks alike', 'Ask', 'Every check'],
    ['hills-grey.webp', 'Looks alike', 'Ask', 'Every check'],
    ['acanthus-faded.png', 'Looks alike', 'Ask', 'Every check'],
    ['chat.jpg', 'Looks alike', 'Ask', 'Every check'],
    ['album.jpg', 'Looks alike', 'Ask', 'Every check'],
    ['slides.webm', 'Looks alike', 'Ask', '10, of a video of 9 s'],
    ['evening.webm', 'No known match', 'Allow', '10, of a video of 9 s'],
    ['alps.jpg', 'No known match', 'Allow', 'Every check'],
    ['cat.jpg', 'No known match', 'Allow', 'Every check'],
    ['window.jpg', 'No known match', 'Allow', 'Every check'],
    ['ink.jpg', 'No known match', 'Allow', 'Every check'],
    ['chat-cat.jpg', 'No known match', 'Allow', 'were looked for as well'],
    ['sky.png', 'No known match', 'Allow', 'too little detail'],
    ['broken.jpg', 'No answer', 'Ask', 'could not be compared'],
    ['holiday.jpg', 'No answer', 'Ask', 'could not be compared'],
    ['notes.txt', 'No known match', 'Allow', 'byte for byte only'],
  ];

  it('gives each sample the outcome that it stands for, and makes no request', async () => {
    await open();
    expect(EXPECTED.map(([file]) => file)).toEqual(SAMPLES.map(({ file }) => file));
    const seen: [string, string, string, string][] = [];
    for (const [file, , , coverage] of EXPECTED) {
      const card = await trySample(file);
      seen.push([
        file,
        card.badge,
        card.action.split(':')[0],
        card.coverage.includes(coverage) ? coverage : card.coverage,
      ]);
      expect(card.lists).toMatch(/^Presieve demo list, version 1, built .+ demo list$/);
    }
    expect(seen).toEqual(EXPECTED);
    await expectRequests('0 (page 0, worker 0)');
    expect(served).toEqual([]);
  });

  it('shows how far the scan of a video is, and its first frame', async () => {
    await open();
    const index = SAMPLES.findIndex(({ file }) => file === 'evening.webm');
    await page.waitForFunction((at) => document.querySelectorAll('.tile')[at].querySelector('canvas'), index);
    const seen = await page.evaluate(async (at) => {
      const fractions = new Set<number>();
      (document.querySelectorAll('.tile')[at] as HTMLElement).click();
      for (
        let card = null;
        (card = document.querySelector('.card')) && card.matches('[data-tone=running]');
      ) {
        const bar = card.querySelector('progress');
        if (bar?.hasAttribute('value')) fractions.add(bar.value);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return [...fractions];
    }, index);
    expect(seen.filter((fraction) => fraction > 0.2 && fraction < 1).length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await page.waitForSelector('.card .thumb canvas');
    const bright = await page.$eval('.card .thumb canvas', (canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data;
      return [...(pixels ?? [])].reduce((most, value, i) => (i % 4 === 3 ? most : Math.max(most, value)), 0);
    });
    expect(bright).toBeGreaterThan(100);
  });

  it('shows labels only when asked', async () => {
    await open();
    expect((await trySample('boats.jpg')).matches).not.toContain('demo-photo');
    await page.getByText('Show labels').click();
    expect((await newestCard()).matches).toContain('demo-photo');
  });
});

describe('requests', () => {
  it('counts one that is planted in the worker', async () => {
    await open('?plant=fetch');
    await trySample('alps.jpg');
    await expectRequests('1 (page 0, worker 1)');
    await trySample('boats.jpg');
    await expectRequests('1 (page 0, worker 1)');
    expect(served.length).toBe(1);
  });

  it('counts the page’s own, called and loaded', async () => {
    await open();
    await page.evaluate(async () => {
      await fetch('icon.svg?called');
      await new Promise((done) => {
        const image = new Image();
        image.onload = done;
        image.src = 'icon.svg?loaded';
      });
    });
    await expectRequests('2 (page 2, worker 0)');
    expect(served).toEqual(['/icon.svg?called', '/icon.svg?loaded']);
  });
});

it('cancels a scan that hangs, scans on, and names the reloaded worker apart', async () => {
  await open();
  // Not awaited: this worker never answers again.
  page
    .workers()[0]
    .evaluate(() => {
      for (;;);
    })
    .catch(() => {});
  await page.locator('.tile').first().click();
  await page.getByRole('button', { name: 'Cancel the scan of boats.jpg' }).click();
  expect((await newestCard()).meaning).toBe('You cancelled this scan.');
  expect((await trySample('airplane.jpg')).badge).toBe('Match');
  await expectRequests('0 (page 0, worker 0); the worker’s own code was loaded again once');
  expect(served.sort()).toEqual(['/counting.worker.js', '/finder.part.js', '/video.part.js']);
});

it('scans many picked files at once', async () => {
  await open();
  await page.setInputFiles(
    '#picker',
    SAMPLES.slice(0, 14).map(({ file }) => join(folder, 'gallery', file)),
  );
  await page.waitForFunction(() => document.querySelector('#results')?.getAttribute('aria-busy') === 'false');
  const names = await page.$$eval('#results [data-part="name"]', (all) =>
    all.map((each) => each.textContent),
  );
  expect(names).toEqual(SAMPLES.slice(0, 14).map(({ file }) => file));
  expect(await page.textContent('#summary')).toBe('14 scanned: 12 matches, 2 without a known match');
  await expectRequests('0 (page 0, worker 0)');
});

it('works by keyboard alone', async () => {
  await open();
  const focused = () =>
    page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('Skip to choosing files');
  await page.keyboard.press('Enter');
  expect(await focused()).toBe('picker');

  const chooser = page.waitForEvent('filechooser');
  await page.keyboard.press('Space');
  await (await chooser).setFiles(join(folder, 'gallery/cat.jpg'));
  expect((await newestCard()).badge).toBe('No known match');

  await page.keyboard.press('Tab');
  expect(await focused()).toContain('Boats in a river');
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement as Element);
    return `${style.outlineStyle} ${style.outlineWidth}`;
  });
  expect(outline).toBe('solid 3px');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#results > .card:nth-child(2)');
  expect((await newestCard()).badge).toBe('Match');
  // The focus stays where it was, and the outcome is said instead.
  expect(await focused()).toContain('Boats in a river');
  expect(await page.textContent('#announcements')).toContain(
    'boats.jpg: Match. This exact file is on a list.',
  );

  await page.focus('#labels');
  await page.keyboard.press('Space');
  expect((await newestCard()).matches).toContain('demo-photo');
  await page.keyboard.press('Tab');
  expect(await focused()).toBe('clear');
  await page.keyboard.press('Enter');
  expect(await page.locator('.card').count()).toBe(0);
});

it('fits a narrow phone', async () => {
  await open('', { width: 360, height: 700 });
  await trySample('holiday.jpg');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

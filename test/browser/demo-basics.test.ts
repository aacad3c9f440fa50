/**
 * The demo page in every engine: samples, a picked file, labels. What needs a keyboard, viewports or a look into the
 * network is in demo.test.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SAMPLES } from '../../examples/demo/samples.js';
// @ts-expect-error: a plain script
import { buildDemo, serveDemo } from '../../scripts/serve-demo.mjs';
import { startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage, Profile } from '../support/engines/types.js';
import { renewOnRetry } from '../support/retry.js';

let folder: string;
let server: { url: string; close(): Promise<void> };
let engine: Engine;
let profile: Profile;
let page: EnginePage;
const served: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presieve-demo-'));
  await buildDemo(folder);
  server = await serveDemo(folder, 0, (address: string) => served.push(address));
  engine = await startEngine();
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  profile = await engine.newProfile();
  page = await profile.open(server.url);
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Badges of all cards, newest first, once nothing runs any more. */
async function badges(): Promise<string[]> {
  await expect
    .poll(() => page.evaluate(() => document.querySelector('#results')?.getAttribute('aria-busy')), {
      timeout: 120_000,
    })
    .toBe('false');
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('#results [data-part="badge"]')].map((badge) =>
      badge.innerText.trim(),
    ),
  );
}

it('gives the samples their outcomes, and asks the server for nothing', async () => {
  const wanted = {
    'boats.jpg': 'Match',
    'airplane-mirrored.jpg': 'Looks alike',
    'hills-grey.webp': 'Looks alike',
    'chat.jpg': 'Looks alike',
    'slides.webm': 'Looks alike',
    'evening.webm': 'No known match',
    'alps.jpg': 'No known match',
    // Firefox shows what there is of it, so that is compared; that the rest is missing is said all the same.
    'broken.jpg': engine.name === 'firefox' ? 'No known match' : 'No answer',
    'notes.txt': 'No known match',
  };
  await expect
    .poll(() => page.evaluate(() => document.querySelectorAll('.tile').length))
    .toBe(SAMPLES.length);
  await expect
    .poll(() => page.evaluate(() => document.querySelector('#requests')?.textContent))
    .toContain('0 (page 0, worker 0)');
  served.length = 0;
  for (const [file, badge] of Object.entries(wanted)) {
    const index = SAMPLES.findIndex((sample) => sample.file === file);
    const before = (await badges()).length;
    await page.evaluate((at) => document.querySelectorAll<HTMLElement>('.tile')[at]?.click(), index);
    await expect
      .poll(() => page.evaluate(() => document.querySelectorAll('#results > .card').length))
      .toBe(before + 1);
    expect((await badges())[0], file).toBe(badge);
    if (file !== 'broken.jpg') continue;
    const said = await page.evaluate(() => document.querySelector('#results > .card')?.textContent);
    expect(said).toContain(badge === 'No answer' ? 'could not be compared' : 'The picture is cut off');
  }
  expect(served).toEqual([]);
});

it('scans picked files from disk', async () => {
  const files = ['boats.jpg', 'cat.jpg'];
  const before = (await badges()).length;
  await page.chooseFiles(
    '#picker',
    files.map((file) => join(folder, 'gallery', file)),
  );
  await expect
    .poll(() => page.evaluate(() => document.querySelectorAll('#results > .card').length))
    .toBe(before + 2);
  expect((await badges()).slice(0, 2).sort()).toEqual(['Match', 'No known match']);
});

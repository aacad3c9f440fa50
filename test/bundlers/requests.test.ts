/**
 * What an app asks the network for never depends on the file that was picked: with every part declared, photos, videos,
 * a text and broken files are scanned, each by a fresh page and one after the other.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { launchChromium } from '../support/browser.js';
import { ClipFolder } from '../support/clips.js';
import { type StaticServer, serveFolder } from '../support/serve-folder.js';
import { buildApp, makeApp, partNames } from './apps.js';
import { galleryFile, openApp, type PickedFile } from './driver.js';

const heic = Buffer.from('0000001c667479706865696300000000686569636d6966316d696166', 'hex');
const clips = new ClipFolder();
const FILES: Record<string, PickedFile> = {
  'a listed photo': galleryFile('boats.jpg'),
  'another photo': galleryFile('cat.jpg'),
  'a video': clips.at('clip.webm'),
  'the start of a video': galleryFile('holiday.jpg'),
  'a HEIC picture': fileURLToPath(new URL('../data/heic/boats.heic', import.meta.url)),
  'the start of a HEIC picture': { name: 'photo.heic', mimeType: 'image/heic', buffer: heic },
  'a text': galleryFile('notes.txt'),
  'a broken photo': galleryFile('broken.jpg'),
};

let browser: Browser;
let server: StaticServer;
let parts: string[];

beforeAll(async () => {
  clips.film('clip.webm', ['locomotion-house-cat'], 2, [
    '-c:v',
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '8',
  ]);
  browser = await launchChromium();
  const project = makeApp(inject('packed'), 'vite', 'null', 'requests');
  parts = partNames(project);
  server = await serveFolder(await buildApp(project, 'vite', 'production'));
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  clips.close();
});

/** Requests of a fresh page that scans one file, as the browser and as the server saw them. */
async function requestsFor(file: PickedFile, { origin, requests } = server): Promise<string[]> {
  requests.length = 0;
  const app = await openApp(browser, `${origin}/`);
  expect(await app.scan(file)).toHaveProperty('verdict');
  await app.close();
  return [...app.requests, ...requests.map((path) => `served ${path}`)].sort();
}

it('has every part, and uses it', async () => {
  const app = await openApp(browser, `${server.origin}/`);
  expect(parts.sort()).toEqual(['finder', 'heic', 'video']);
  expect(app.status.parts?.map(({ name, state }) => `${name} ${state}`).sort()).toEqual([
    'finder ready',
    'heic ready',
    'video ready',
  ]);
  // The finder looks at what matched nothing; had it failed, there would be a note.
  expect(await app.scan(FILES['another photo'])).toMatchObject({
    verdict: 'no-known-match',
    coverage: { complete: 'all', notes: [] },
  });
  expect(await app.scan(FILES['a HEIC picture'])).toMatchObject({
    verdict: 'match',
    coverage: { complete: 'all', notes: [] },
  });
  const video = await app.scan(FILES['a video']);
  expect(video).toMatchObject({ coverage: { complete: 'all', video: { seconds: 2, codec: 'vp8' } } });
  await app.close();
});

it('asks for the same whatever file is picked', async () => {
  const first = await requestsFor(FILES['a listed photo']);
  expect(first.filter((line) => !line.startsWith(server.origin) && !line.startsWith('served /'))).toEqual([]);
  for (const name of [
    /scan\.worker/,
    /video\.part/,
    /finder\.part/,
    /heic\.part/,
    /libheif/,
    /\.onnx$/,
    /\.wasm$/,
  ])
    expect(
      first.filter((line) => /^served/.test(line) && name.test(line)),
      String(name),
    ).not.toEqual([]);
  for (const [name, file] of Object.entries(FILES)) expect(await requestsFor(file), name).toEqual(first);
});

it('asks for nothing once it has started', async () => {
  const app = await openApp(browser, `${server.origin}/`);
  const before = [app.requests.length, server.requests.length];
  for (const file of Object.values(FILES)) expect(await app.scan(file)).toHaveProperty('verdict');
  expect([app.requests.length, server.requests.length]).toEqual(before);
  await app.close();
});

it('would notice an app that fetches a decoder when a file calls for it', async () => {
  const project = makeApp(inject('packed'), 'plain', 'null', 'late');
  writeFileSync(
    join(project, 'options.js'),
    `const decode = async () => (await fetch('/late-decoder.wasm'), null);
     export const options = { decoder: { types: ['heic'], decode } };`,
  );
  const late = await serveFolder(project);
  const forPhoto = await requestsFor(FILES['a listed photo'], late);
  const forHeic = await requestsFor(FILES['the start of a HEIC picture'], late);
  await late.close();
  expect(forHeic.filter((line) => !forPhoto.includes(line))).toEqual([
    `${late.origin}/late-decoder.wasm`,
    'served /late-decoder.wasm',
  ]);
});

/**
 * The picture finder in every engine: a listed photo inside a screenshot, and inside a clip of one, is found by those who
 * declared the part.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { ClipFolder } from '../support/clips.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

const gallery = (name: string) =>
  readFileSync(new URL(`../../examples/demo/gallery/${name}`, import.meta.url));

let engine: Engine;
let server: TestServer;
let page: EnginePage;
let clips: ClipFolder;

beforeAll(async () => {
  clips = new ClipFolder();
  clips.write('chat.jpg', gallery('chat.jpg'));
  clips.ffmpeg(
    ...['-loop', '1', '-framerate', '4', '-i', 'chat.jpg', '-t', '5'],
    ...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '2M', '-pix_fmt', 'yuv420p'],
    'chat.webm',
  );
  engine = await startEngine();
  server = await startServer();
  const pdq = hashToHex((await hashPhoto(gallery('airplane.jpg'))).bits);
  server.files.set('/list', { body: makeList({ hashes: { pdq: [pdq] }, pdqDecoys: 5000 }) });
  server.files.set('/chat.jpg', { body: gallery('chat.jpg') });
  server.files.set('/chat.webm', { body: clips.read('chat.webm') });
  server.files.set('/other.jpg', { body: stdlibPhoto('nagasaki-boats') });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
  clips?.close();
});

/** Outcomes of files, one scanner for all of them; parts are ready before the first scan. */
async function scan(files: readonly string[], parts: readonly string[]): Promise<Outcome[]> {
  return page.evaluate(
    async ({ files, parts }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const scanner = createScanner({
        lists: ['/list'],
        parts: parts as never,
        limits: { scanTimeoutMs: 100_000, maxVideoTimeoutMs: 100_000 },
      });
      await scanner.ready;
      for (;;) {
        const states = (await scanner.status()).parts;
        const failed = states.find(({ state }) => state === 'failed');
        if (failed) throw new Error(`${failed.name}: ${failed.error}`);
        if (states.every(({ state }) => state === 'ready')) break;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      const outcomes: Outcome[] = [];
      for (const file of files) outcomes.push(await scanner.scan(await (await fetch(file)).blob()));
      scanner.close();
      return outcomes;
    },
    { files, parts },
  );
}

describe('a listed photo in a screenshot', () => {
  it('is found by the part, and a photo that is not listed is looked into', async () => {
    const [chat, other] = await scan(['/chat.jpg', '/other.jpg'], ['finder']);
    expect(chat).toMatchObject({ verdict: 'match', matches: [{ signal: 'perceptual' }] });
    expect(chat.coverage).toEqual({ complete: 'all', notes: [] });
    expect(other).toMatchObject({ verdict: 'no-known-match', coverage: { complete: 'all', finder: 'ran' } });
  });

  it('is not found without it, and the coverage says so', async () => {
    const [chat] = await scan(['/chat.jpg'], []);
    expect(chat).toMatchObject({ verdict: 'no-known-match', coverage: { finder: 'off' } });
  });

  it('is found in a clip of it', async () => {
    const [clip] = await scan(['/chat.webm'], ['video', 'finder']);
    expect(clip).toMatchObject({ verdict: 'match', matches: [{ signal: 'perceptual' }] });
  });
});

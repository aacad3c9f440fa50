/**
 * Motion photos in every engine, through the parts of the built package: the video inside is decoded where it lies.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { startServer, type TestServer } from '../support/browser.js';
import { ClipFolder } from '../support/clips.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { heicFixture } from '../support/heif.js';
import { makeList } from '../support/lists.js';
import { MOTION_KINDS, motionPhoto } from '../support/motion.js';
import { stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';
import { scanInPage } from '../support/scan-in-page.js';

const SECONDS = 3;

let engine: Engine;
let server: TestServer;
let page: EnginePage;
let clips: ClipFolder;
let video: Uint8Array;

beforeAll(async () => {
  clips = new ClipFolder();
  clips.film('cat.mp4', ['locomotion-house-cat'], SECONDS);
  clips.film('hevc.mp4', ['locomotion-house-cat'], 1, [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-tag:v',
    'hvc1',
  ]);
  video = clips.read('cat.mp4');
  const frames = [0.4, 1.2, 2].map((seconds) => clips.frame('cat.mp4', seconds));
  const pdq = await Promise.all(frames.map(async (png) => hashToHex((await hashPhoto(png)).bits)));
  engine = await startEngine();
  server = await startServer();
  server.files.set('/frames.snapshot', {
    body: makeList({ name: 'frames', hashes: { pdq }, pdqDecoys: 2000 }),
  });
  const library = new URL('../../node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs', import.meta.url);
  server.files.set('/libheif-bundle.mjs', { body: readFileSync(library), type: 'text/javascript' });
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

const HEIC = {
  name: 'heic' as const,
  code: '/dist/parts/heic.part.js',
  library: { url: '/libheif-bundle.mjs' },
};

async function scan(bytes: Uint8Array, withVideo = true): Promise<Outcome> {
  const parts = withVideo ? [HEIC, 'video' as const] : [HEIC];
  return (await scanInPage(page, server, bytes, { lists: ['/frames.snapshot'], parts })).outcome;
}

const still = (kind: string) => (kind === 'heic' ? heicFixture('boats') : stdlibPhoto('nagasaki-boats'));

describe.each(MOTION_KINDS)('a motion photo of the kind "%s"', (kind) => {
  it('matches by its video', async () => {
    expect(await scan(motionPhoto(kind, still(kind), video))).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'all', notes: [], video: { seconds: SECONDS, codec: 'h264' } },
    });
  });

  it('without the part says that its video was not looked at', async () => {
    expect(await scan(motionPhoto(kind, still(kind), video), false)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['motion-unchecked'] },
    });
  });
});

describe('a motion photo', () => {
  it('alone, without its video, is complete', async () => {
    expect(await scan(still('offset'))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('whose video can not be decoded here says so, and names the codec', async () => {
    const outcome = await scan(motionPhoto('directory', still('directory'), clips.read('hevc.mp4')));
    if (outcome.verdict === 'match') expect(outcome.coverage.complete).toBe('all');
    else
      expect(outcome).toMatchObject({
        verdict: 'no-known-match',
        coverage: { complete: 'partial', notes: ['motion-unchecked'], video: { frames: 0, codec: 'hevc' } },
      });
  });

  it('whose video is damaged says so', async () => {
    const damaged = video.slice().fill(0x55, 200);
    expect(await scan(motionPhoto('samsung', still('samsung'), damaged))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['motion-unchecked'] },
    });
  });
});

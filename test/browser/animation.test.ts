/**
 * Animations in a real browser: the platform's frames, the same put together from stills, and what a scan makes of a
 * listed picture among them.
 */
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { type AnimationFormat, makeAnimation, photoFrames, randomFrames } from '../support/animations.js';
import { startServer, type TestPage, type TestServer, toBase64 } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { ClipFolder } from '../support/clips.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

const listed = stdlibPhoto('nagasaki-boats');
const others = STDLIB_PHOTOS.filter((name) => name !== 'nagasaki-boats').map(stdlibPhoto);

let engine: Engine;
let server: TestServer;
let page: EnginePage;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  const pdq = hashToHex((await hashPhoto(listed)).bits);
  const list = makeList({ name: 'boats', hashes: { pdq: [pdq] }, pdqDecoys: 5000 });
  server.files.set('/boats.snapshot', { body: list });
  server.files.set('/frames.js', {
    body: await bundleEntry('frames-in-browser.ts'),
    type: 'text/javascript',
  });
  server.files.set('/no-image-decoder.worker.js', {
    body: `import '/no-image-decoder.js'; import '/dist/worker/scan.worker.js';`,
    type: 'text/javascript',
  });
  server.files.set('/no-image-decoder.js', {
    body: 'delete globalThis.ImageDecoder;',
    type: 'text/javascript',
  });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
  await page.evaluate(() => (globalThis as TestPage).load('/frames.js'));
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

async function framesOf(bytes: Uint8Array, how: 'platform' | 'stills'): Promise<Buffer[] | null> {
  const frames = await page.evaluate(
    ({ bytes, how }) => {
      const blob = new Blob([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))]);
      return (
        globalThis as unknown as { framesInBrowser(file: Blob, how: string): Promise<string[] | null> }
      ).framesInBrowser(blob, how);
    },
    { bytes: toBase64(bytes), how },
  );
  return frames?.map((frame) => Buffer.from(frame, 'base64')) ?? null;
}

interface ScanHow {
  worker?: string;
  limits?: object;
}

async function scan(file: Uint8Array, { worker = '/dist/worker/scan.worker.js', limits = {} }: ScanHow = {}) {
  server.files.set('/picture', { body: file });
  return page.evaluate(
    async ({ worker, limits }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const scanner = createScanner({
        lists: ['/boats.snapshot'],
        limits,
        createWorker: () => new Worker(worker, { type: 'module' }),
      });
      const blob = await (await fetch('/picture', { cache: 'no-store' })).blob();
      try {
        return await scanner.scan(blob);
      } finally {
        scanner.close();
      }
    },
    { worker, limits },
  ) as Promise<Outcome>;
}

describe.each<AnimationFormat>(['gif', 'png', 'webp'])('an animated %s', (format) => {
  it('put together from stills shows what the platform shows', async () => {
    for (let seed = 20; seed < 26; seed++) {
      const file = await makeAnimation(format, 48, 40, randomFrames(format, seed));
      const [platform, stills] = [await framesOf(file, 'platform'), await framesOf(file, 'stills')];
      expect(stills).toHaveLength(8);
      // WebKit has no decoder of animations.
      if (engine.name === 'webkit') expect(platform).toBeNull();
      if (platform === null) continue;
      expect(platform).toHaveLength(8);
      stills?.forEach((frame, i) => {
        let most = 0;
        for (let at = 0; at < frame.length; at++) {
          const alpha = at | 3;
          const onWhite = (rgba: Buffer) => 255 + ((rgba[at] - 255) * rgba[alpha]) / 255;
          if (at !== alpha) most = Math.max(most, Math.abs(onWhite(frame) - onWhite(platform[i])));
        }
        expect(most, `seed ${seed}, frame ${i}`).toBeLessThanOrEqual(3);
      });
    }
  });

  it.each([
    ['by the platform', undefined],
    ['from stills', '/no-image-decoder.worker.js'],
  ])('with a listed picture as one of its frames matches: %s', async (_how, worker) => {
    const how = worker === undefined ? {} : { worker };
    const file = await makeAnimation(
      format,
      320,
      240,
      await photoFrames([others[0], others[1], listed, others[2]]),
    );
    expect(await scan(file, how)).toMatchObject({
      verdict: 'match',
      action: 'ask',
      matches: [{ list: 'boats', signal: 'perceptual' }],
      coverage: { complete: 'all', notes: [] },
    });
    const without = await makeAnimation(format, 320, 240, await photoFrames(others));
    expect(await scan(without, how)).toMatchObject({
      verdict: 'no-known-match',
      action: 'allow',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('beyond a limit is partial', async () => {
    const file = await makeAnimation(format, 320, 240, await photoFrames([others[0], listed, others[1]]));
    const cut = { verdict: 'no-known-match', coverage: { complete: 'partial', notes: ['animation-cut'] } };
    expect(await scan(file, { limits: { maxAnimationFrames: 2 } })).toMatchObject(cut);
    expect(await scan(file, { limits: { maxAnimationBytes: file.length - 1 } })).toMatchObject(cut);
    expect(await scan(file, { limits: { maxAnimationFrames: 3 } })).toMatchObject({ verdict: 'match' });
  });
});

describe('an AVIF sequence', () => {
  async function sequence(photos: readonly Uint8Array[]): Promise<Uint8Array> {
    const clips = new ClipFolder();
    try {
      for (const [i, photo] of photos.entries()) {
        const png = await sharp(photo).resize(320, 240, { fit: 'fill' }).png().toBuffer();
        clips.write(`${i}.png`, png);
      }
      const encoder = ['-c:v', 'libaom-av1', '-cpu-used', '8', '-crf', '20', '-pix_fmt', 'yuv420p'];
      clips.ffmpeg('-framerate', '2', '-i', '%d.png', ...encoder, 'sequence.avif');
      return clips.read('sequence.avif');
    } finally {
      clips.close();
    }
  }

  it('has all frames looked at where the platform has them, else its first, and says so', async () => {
    const [first, second] = others;
    const later = await scan(await sequence([first, listed, second]));
    const without = await scan(await sequence([first, second]));
    if (engine.name !== 'webkit') {
      expect(later).toMatchObject({ verdict: 'match', coverage: { complete: 'all', notes: [] } });
      expect(without).toMatchObject({ verdict: 'no-known-match', coverage: { complete: 'all', notes: [] } });
    } else {
      const cut = { verdict: 'no-known-match', coverage: { complete: 'partial', notes: ['animation-cut'] } };
      expect(later).toMatchObject(cut);
      expect(without).toMatchObject(cut);
    }
    expect(await scan(await sequence([listed, first]))).toMatchObject({ verdict: 'match' });
  });
});

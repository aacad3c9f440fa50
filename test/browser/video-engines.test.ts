/**
 * Videos in every engine: what it can decode is looked at, what it can't is unsupported by name, and frames have the reference's
 * hashes.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { ClipFolder } from '../support/clips.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import type { FramesInBrowser } from '../support/entries/video-frames-in-browser.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { renewOnRetry } from '../support/retry.js';
import { scanInPage } from '../support/scan-in-page.js';
import { compareWithReference, VPDQ, vpdqClip } from '../support/vpdq-clips.js';

const REALTIME = ['-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-an'];

interface Codec {
  name: string;
  file: string;
  /** As `VideoDecoder` calls it; null: none decodes it. */
  config: string | null;
  options: string[];
}

const CODECS: readonly Codec[] = [
  { name: 'h264', file: 'h264.mp4', config: 'avc1.4d401e', options: ['-c', 'copy', '-an'] },
  { name: 'vp8', file: 'vp8.webm', config: 'vp8', options: ['-c:v', 'libvpx', '-threads', '1', ...REALTIME] },
  { name: 'vp9', file: 'vp9.webm', config: 'vp09.00.21.08', options: ['-c:v', 'libvpx-vp9', ...REALTIME] },
  {
    name: 'av1',
    file: 'av1.mp4',
    config: 'av01.0.01M.08',
    options: ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '40', '-an'],
  },
  {
    name: 'hevc',
    file: 'hevc.mp4',
    config: 'hev1.1.6.L63.90',
    options: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-an'],
  },
  { name: 'mpeg4', file: 'mpeg4.mp4', config: null, options: ['-c:v', 'mpeg4', '-an'] },
];

/** Every engine here decodes these, WebKitGTK with the plugins that are installed beside it. */
const EVERYWHERE = ['h264', 'vp8', 'vp9', 'av1'];

/** Bits that another decoder may cost a frame, and all frames in the median. */
const MAX_DISTANCE = 10;
const MAX_MEDIAN = 2;
/** Firefox gives colours, of which those beyond 0 and 255 are cut off: a clip of bright ones loses luma there. */
const MAX_MEDIAN_OF_COLOURS = 4;

let engine: Engine;
let server: TestServer;
let page: EnginePage;
let clips: ClipFolder;

beforeAll(async () => {
  clips = new ClipFolder();
  clips.film('film.mp4', ['nagasaki-boats', 'locomotion-house-cat'], 2);
  const { bits } = await hashPhoto(clips.frame('film.mp4', 1));
  const hashes = { pdq: [hashToHex(bits)], md5: ['ab'.repeat(16)] };
  engine = await startEngine();
  server = await startServer();
  server.files.set('/list.snapshot', { body: makeList({ name: 'frames', hashes, pdqDecoys: 5000 }) });
  server.files.set('/frames.js', {
    body: await bundleEntry('video-frames-in-browser.ts'),
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
  clips?.close();
});

/** What the engine says of itself, in a worker, where scans decode. */
function decodes(config: string): Promise<boolean> {
  return page.evaluate(
    (codec) =>
      new Promise<boolean>((resolve) => {
        const ask = `(async () => {
          const has = typeof VideoDecoder === 'function';
          postMessage(has && (await VideoDecoder.isConfigSupported({ codec: '${codec}' })).supported === true);
        })().catch(() => postMessage(false))`;
        const url = URL.createObjectURL(new Blob([ask], { type: 'text/javascript' }));
        const worker = new Worker(url);
        worker.onmessage = ({ data }) => {
          worker.terminate();
          URL.revokeObjectURL(url);
          resolve(data);
        };
      }),
    config,
  );
}

async function scan(bytes: Uint8Array): Promise<Outcome> {
  return (await scanInPage(page, server, bytes, { lists: ['/list.snapshot'] })).outcome;
}

describe('a video', () => {
  it.each(CODECS)(
    'in $name is looked at, or unsupported by name',
    async ({ name, file, config, options }) => {
      clips.ffmpeg('-i', 'film.mp4', ...options, file);
      const can = config !== null && (await decodes(config));
      if (EVERYWHERE.includes(name)) expect(can, `${engine.version} decodes ${name}`).toBe(true);
      const outcome = await scan(clips.read(file));
      console.log(`${engine.version}, ${name}: ${outcome.verdict} ${outcome.reason ?? ''}`);
      if (can) {
        expect(outcome).toMatchObject({
          verdict: 'match',
          coverage: { complete: 'all', notes: [], video: { frames: 10, seconds: 4, codec: name } },
        });
      } else {
        expect(outcome).toMatchObject({
          verdict: 'inconclusive',
          reason: 'unsupported',
          coverage: { notes: ['perceptual-unchecked'], video: { frames: 0, codec: name } },
        });
      }
    },
  );

  it.skipIf(VPDQ === null)('has the reference hashes (../shared/conformance/vpdq)', async () => {
    const table = [];
    for (const name of ['pattern-hd-no-bar', 'test-padded-dimensions', 'chair-19-sd-bar']) {
      server.files.set('/clip', { body: vpdqClip(name) });
      const found = await page.evaluate(async () => {
        const { framesInBrowser } = globalThis as unknown as {
          framesInBrowser(file: Blob, every: number): Promise<FramesInBrowser | null>;
        };
        return framesInBrowser(await (await fetch('/clip', { cache: 'no-store' })).blob(), 1);
      });
      table.push(compareWithReference(name, found as FramesInBrowser));
    }
    console.table(table);
    for (const { clip, compared, median, most } of table) {
      expect(compared, clip).toBeGreaterThanOrEqual(5);
      expect(median, clip).toBeLessThanOrEqual(
        engine.name === 'firefox' ? MAX_MEDIAN_OF_COLOURS : MAX_MEDIAN,
      );
      expect(most, clip).toBeLessThanOrEqual(MAX_DISTANCE);
    }
  });
});

/**
 * vPDQ's own clips in a real browser: frames against the hashes that the reference implementation gives, and scans with a
 * list that `presieve build --vpdq` made of one clip's text.
 */
import { readdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { cli } from '../publisher/cli-harness.js';
import { launchChromium, openPage, startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { ClipFolder } from '../support/clips.js';
import type { FramesInBrowser } from '../support/entries/video-frames-in-browser.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { renewOnRetry } from '../support/retry.js';
import { scanInPage } from '../support/scan-in-page.js';
import { vpdqClip as clip, compareWithReference, VPDQ, vpdqNames } from '../support/vpdq-clips.js';

/** Bits that another decoder may cost a frame, and all frames in the median. */
const MAX_DISTANCE = 10;
const MAX_MEDIAN = 2;

const ORIGINAL = 'chair-orig-22-sd-bar';
const SECONDS = 22.4;
const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-an'];

/** Versions of the original, by file name: options of ffmpeg. */
const VERSIONS: readonly (readonly [what: string, file: string, options: readonly string[]])[] = [
  ['as it is', 'same.mp4', ['-c', 'copy']],
  ['in Matroska', 'box.mkv', ['-c', 'copy', '-an']],
  [
    'half the size and bit rate',
    'half.mp4',
    ['-vf', 'scale=iw/2:ih/2', ...H264, '-b:v', 'HALF', '-maxrate', 'HALF', '-bufsize', 'HALF'],
  ],
  ['cropped by 2 %', 'crop.mp4', ['-vf', 'crop=trunc(iw*0.49)*2:trunc(ih*0.49)*2', ...H264]],
  ['mirrored', 'mirror.mp4', ['-vf', 'hflip', ...H264]],
  ['its middle third', 'third.mp4', ['-ss', `${SECONDS / 3}`, '-t', `${SECONDS / 3}`, ...H264]],
  [
    'as VP9 in WebM',
    'vp9.webm',
    ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-an'],
  ],
];

describe.skipIf(VPDQ === null)("vPDQ's own clips (../shared/conformance/vpdq)", () => {
  let browser: Browser;
  let server: TestServer;
  let page: Page;
  let clips: ClipFolder;
  const rows: Record<string, unknown>[] = [];

  beforeAll(async () => {
    clips = new ClipFolder();
    browser = await launchChromium();
    server = await startServer();
    const entry = await bundleEntry('video-frames-in-browser.ts');
    server.files.set('/frames.js', { body: entry, type: 'text/javascript' });
    await openTab();
    const list = clips.at('chair.snapshot');
    const text = `${VPDQ}${ORIGINAL}.txt`;
    const build = await cli(
      ['build', '--name', 'videos', '--list-version', '1', '--out', list].concat('--vpdq', text),
    );
    expect(build).toMatchObject({ code: 0 });
    server.files.set('/videos.snapshot', { body: clips.read('chair.snapshot') });
  });

  renewOnRetry(openTab);

  async function openTab(): Promise<void> {
    page = await openPage(browser, server);
    await page.evaluate(async () => void (await (globalThis as TestPage).load('/frames.js')));
  }

  afterAll(async () => {
    if (rows.length > 0) console.table(rows);
    await browser?.close();
    await server?.close();
    clips?.close();
  });

  async function framesOf(bytes: Uint8Array): Promise<FramesInBrowser> {
    server.files.set('/clip', { body: bytes });
    const found = await page.evaluate(async () => {
      const { framesInBrowser } = globalThis as unknown as {
        framesInBrowser(file: Blob, every: number): Promise<FramesInBrowser | null>;
      };
      return framesInBrowser(await (await fetch('/clip', { cache: 'no-store' })).blob(), 1);
    });
    if (found === null) throw new Error('no video track');
    return found;
  }

  async function scan(what: string, bytes: Uint8Array, list = '/videos.snapshot'): Promise<Outcome> {
    const { outcome, ms } = await scanInPage(page, server, bytes, { lists: [list], labels: true });
    const { frames, seconds } = outcome.coverage.video ?? {};
    rows.push({ file: what, verdict: outcome.verdict, frames, seconds, 'scan, ms': Math.round(ms) });
    return outcome;
  }

  const MATCH = { verdict: 'match', matches: [{ list: 'videos', signal: 'perceptual' }] };

  it('have the reference hashes in Chromium: one frame a second, within 10 bits, 2 in the median', async () => {
    const names = vpdqNames();
    expect(names.length).toBeGreaterThanOrEqual(7);
    const table = [];
    for (const name of names) {
      const found = await framesOf(clip(name));
      expect(found.frames, name).toHaveLength(Math.ceil(found.durationSeconds));
      for (const { size } of found.frames) expect(size, name).toBe(`${found.width}x${found.height}`);
      table.push(compareWithReference(name, found));
    }
    console.table(table);
    for (const { clip, compared, median, most } of table) {
      expect(compared, clip).toBeGreaterThan(0);
      expect(median, clip).toBeLessThanOrEqual(MAX_MEDIAN);
      expect(most, clip).toBeLessThanOrEqual(MAX_DISTANCE);
    }
  });

  it.each([ORIGINAL, 'chair-19-sd-bar', 'chair-22-sd-grey-bar'])(
    'are found as cuts of one recording: %s',
    async (name) => {
      const outcome = await scan(name, clip(name));
      expect(outcome).toMatchObject(MATCH);
      expect(outcome.coverage).toMatchObject({ complete: 'all', notes: [], video: { codec: 'h264' } });
    },
  );

  it('with a large logo agree in a tenth of their frames: reported, either way', async () => {
    const { verdict } = await scan('chair-22-with-large-logo-bar', clip('chair-22-with-large-logo-bar'));
    expect(['match', 'no-known-match']).toContain(verdict);
  });

  it.each(['doorknob-hd-no-bar', 'pattern-hd-no-bar', 'test-padded-dimensions'])(
    'are not taken for another recording: %s',
    async (name) => {
      const outcome = await scan(name, clip(name));
      expect(outcome).toMatchObject({
        verdict: 'no-known-match',
        matches: [],
        coverage: { complete: 'all' },
      });
    },
  );

  it.each(VERSIONS)('are found in another version: %s', async (what, file, options) => {
    const source = clip(ORIGINAL);
    clips.write('original.mp4', source);
    const half = `${Math.round((source.length * 8) / SECONDS / 2)}`;
    clips.ffmpeg('-i', 'original.mp4', ...options.map((option) => (option === 'HALF' ? half : option)), file);
    expect(await scan(`${ORIGINAL}: ${what}`, clips.read(file))).toMatchObject(MATCH);
  });

  it('are found by a list of pictures: frames as photos, between those that the scan looks at', async () => {
    const table = [];
    for (const name of [ORIGINAL, 'chair-19-sd-bar', 'test-padded-dimensions']) {
      const bytes = clip(name);
      clips.write(`${name}.mp4`, bytes);
      clips.ffmpeg(
        '-i',
        `${name}.mp4`,
        '-vf',
        "select='eq(mod(n,30),15)'",
        '-vsync',
        'vfr',
        `${name}-%d.png`,
      );
      const pictures = readdirSync(clips.path).filter((file) => file.startsWith(`${name}-`));
      const photos = await Promise.all(
        pictures.map(async (file) => {
          const { bits } = await hashPhoto(await sharp(clips.read(file)).jpeg({ quality: 85 }).toBuffer());
          return { hash: hashToHex(bits), label: file };
        }),
      );
      server.files.set('/photos.snapshot', {
        body: makeList({ name: 'videos', hashes: { pdq: photos }, pdqDecoys: 20_000 }),
      });
      const outcome = await scan(`${name}, against photos`, bytes, '/photos.snapshot');
      expect(outcome).toMatchObject({ verdict: 'match' });
      const found = outcome.matches.map(({ label }) => label);
      table.push({ clip: name, photos: photos.length, found: found.length });
      // One of them alone is enough.
      const alone = photos.filter(({ label }) => label === found[0]);
      server.files.set('/photo.snapshot', {
        body: makeList({ name: 'videos', hashes: { pdq: alone }, pdqDecoys: 20_000 }),
      });
      expect(await scan(`${name}, against one photo`, bytes, '/photo.snapshot')).toMatchObject(MATCH);
    }
    console.table(table);
    const other = clip('pattern-hd-no-bar');
    expect(await scan('pattern-hd-no-bar, against photos', other, '/photos.snapshot')).toMatchObject({
      verdict: 'no-known-match',
      matches: [],
    });
  });
});

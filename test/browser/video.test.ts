/**
 * Videos in a real browser, through the video part of the built package: containers, codecs, re-encodings, broken files.
 */
import { createHash } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { launchChromium, openPage, startServer, type TestServer } from '../support/browser.js';
import { ClipFolder } from '../support/clips.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { renewOnRetry } from '../support/retry.js';
import { type PageOutcome, type PageScan, scanInPage } from '../support/scan-in-page.js';

const SECONDS = 12;
const FAST = ['-preset', 'ultrafast', '-crf', '23'];
const H264 = ['-c:v', 'libx264', ...FAST];

let browser: Browser;
let server: TestServer;
let page: Page;
let clips: ClipFolder;

beforeAll(async () => {
  clips = new ClipFolder();
  // Three scenes of four seconds; and others, of three more photos.
  clips.film('original.mp4', ['airplane-from-above', 'nagasaki-boats', 'locomotion-house-cat'], 4);
  clips.film('other.mp4', ['acanthus-mollis', 'allium-oreophilum', 'french-alpine-landscape'], 4);
  clips.film('short.mp4', ['nagasaki-boats'], 1);
  const frames = [2, 6, 10].map((seconds) => clips.frame('original.mp4', seconds));
  const hashes = await Promise.all(frames.map(async (png) => hashToHex((await hashPhoto(png)).bits)));
  browser = await launchChromium();
  server = await startServer();
  server.files.set('/frames.snapshot', {
    body: makeList({ name: 'frames', hashes: { pdq: hashes }, pdqDecoys: 20_000 }),
  });
  const md5 = createHash('md5').update(clips.read('original.mp4')).digest('hex');
  server.files.set('/digests.snapshot', {
    body: makeList({ name: 'digests', hashes: { md5: [md5], pdq: ['ab'.repeat(32)] } }),
  });
  await openTab();
});
renewOnRetry(openTab);

async function openTab(): Promise<void> {
  page = await openPage(browser, server);
}

afterAll(async () => {
  await browser?.close();
  await server?.close();
  clips?.close();
});

interface Scan extends Omit<PageScan, 'lists'> {
  list?: string;
}

const scan = (
  bytes: Uint8Array,
  { list = '/frames.snapshot', parts, limits }: Scan = {},
): Promise<PageOutcome> =>
  scanInPage(page, server, bytes, { lists: [list], ...(parts && { parts }), ...(limits && { limits }) });

const outcomeOf = async (name: string, options?: Scan) => (await scan(clips.read(name), options)).outcome;
const MATCH = { verdict: 'match', matches: [{ list: 'frames', signal: 'perceptual' }] };

describe('a video, against a list of images made from frames of it', () => {
  it('matches, and says what was looked at', async () => {
    const { outcome, progress } = await scan(clips.read('original.mp4'));
    expect(outcome).toMatchObject({
      ...MATCH,
      action: 'ask',
      coverage: { complete: 'all', notes: [], video: { frames: SECONDS, seconds: SECONDS, codec: 'h264' } },
    });
    // Progress has a channel of its own: some of it may come behind the outcome.
    expect(progress.length).toBeGreaterThan(SECONDS / 2);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  });

  it.each<[string, string, string, string[]]>([
    ['QuickTime', 'mov', 'h264', ['-c', 'copy']],
    ['Matroska', 'mkv', 'h264', ['-c', 'copy']],
    ['MPEG-TS', 'ts', 'h264', ['-c', 'copy']],
    ['fragments', 'frag.mp4', 'h264', ['-c', 'copy', '-movflags', 'frag_keyframe+empty_moov']],
    [
      'VP8 in WebM',
      'vp8.webm',
      'vp8',
      ['-c:v', 'libvpx', '-threads', '1', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '1M', '-an'],
    ],
    [
      'VP9 in WebM',
      'vp9.webm',
      'vp9',
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-b:v', '500k', '-an'],
    ],
    ['AV1 in Matroska', 'av1.mkv', 'av1', ['-c:v', 'libsvtav1', '-preset', '12', '-crf', '40', '-an']],
    ['one key frame in all', 'one-key.mp4', 'h264', [...H264, '-g', '9999', '-sc_threshold', '0', '-an']],
    ['only key frames', 'all-key.mp4', 'h264', [...H264, '-g', '1', '-an']],
    [
      'half the size and bit rate',
      'half.mp4',
      'h264',
      ['-vf', 'scale=iw/2:ih/2', ...H264, '-b:v', '150k', '-an'],
    ],
    ['cropped by 2 %', 'crop.mp4', 'h264', ['-vf', 'crop=iw*0.96:ih*0.96', ...H264, '-an']],
    ['mirrored', 'mirror.mp4', 'h264', ['-vf', 'hflip', ...H264, '-an']],
    ['black bars', 'bars.mp4', 'h264', ['-vf', 'pad=iw:ih*4/3:0:(oh-ih)/2', ...H264, '-an']],
    ['its middle third', 'third.mp4', 'h264', ['-ss', '4', '-t', '4', ...H264, '-an']],
    [
      '10 bits',
      '10bit.mkv',
      'vp9',
      [
        '-c:v',
        'libvpx-vp9',
        '-profile:v',
        '2',
        '-pix_fmt',
        'yuv420p10le',
        '-deadline',
        'realtime',
        '-cpu-used',
        '8',
        '-b:v',
        '500k',
        '-an',
      ],
    ],
  ])('matches in another form: %s', async (_what, extension, codec, options) => {
    const name = `original.${extension}`;
    clips.ffmpeg('-i', 'original.mp4', ...options, name);
    const outcome = await outcomeOf(name);
    expect(outcome).toMatchObject(MATCH);
    expect(outcome.coverage).toMatchObject({ complete: 'all', notes: [], video: { codec } });
  });

  it('matches with the rotation that the container tells', async () => {
    clips.ffmpeg('-i', 'original.mp4', '-vf', 'transpose=2', ...H264, '-an', 'lying.mp4');
    clips.ffmpeg('-i', 'lying.mp4', '-c', 'copy', '-metadata:s:v:0', 'rotate=270', 'rotated.mp4');
    expect(await outcomeOf('rotated.mp4')).toMatchObject(MATCH);
  });

  it('matches at a variable frame rate, and with one frame a minute', async () => {
    const some = "select='not(mod(n\\,50))+not(mod(n\\,37))'";
    clips.ffmpeg('-i', 'original.mp4', '-vf', some, '-vsync', 'vfr', ...H264, '-an', 'vfr.mkv');
    expect(await outcomeOf('vfr.mkv')).toMatchObject({ ...MATCH, coverage: { complete: 'all', notes: [] } });
    clips.ffmpeg(
      '-i',
      'original.mp4',
      '-vf',
      "select='eq(n\\,50)+eq(n\\,150)+eq(n\\,250)',setpts=N*60/TB",
      '-vsync',
      'vfr',
      ...H264,
      '-an',
      'minutes.mkv',
    );
    const { coverage, ...outcome } = await outcomeOf('minutes.mkv');
    expect(outcome).toMatchObject(MATCH);
    expect(coverage).toMatchObject({ complete: 'all', notes: [], video: { frames: 3 } });
  });

  it('matches in a clip of a second, of which ten frames are looked at', async () => {
    const outcome = await outcomeOf('short.mp4', { list: '/short.snapshot' }).catch(() => null);
    expect(outcome).toBeNull();
    const hash = await hashPhoto(clips.frame('short.mp4', 0.5));
    server.files.set('/short.snapshot', {
      body: makeList({ name: 'frames', hashes: { pdq: [hashToHex(hash.bits)] }, pdqDecoys: 20_000 }),
    });
    expect(await outcomeOf('short.mp4', { list: '/short.snapshot' })).toMatchObject({
      ...MATCH,
      coverage: { complete: 'all', video: { frames: 10, seconds: 1 } },
    });
  });

  it('does not match where it shows something else', async () => {
    const outcome = await outcomeOf('other.mp4');
    expect(outcome).toMatchObject({ verdict: 'no-known-match', matches: [], action: 'allow' });
    expect(outcome.coverage).toEqual({
      complete: 'all',
      notes: [],
      video: { frames: SECONDS, seconds: SECONDS, codec: 'h264' },
      finder: 'off',
    });
  });

  it('matches by a single frame only where that is looked at', async () => {
    // One frame of the boats, 40 ms long, in the middle of other scenes.
    const flash = (name: string, ...keyFrames: string[]) =>
      clips.ffmpeg(
        '-i',
        'other.mp4',
        '-i',
        'original.mp4',
        '-filter_complex',
        '[1:v]trim=start_frame=150:end_frame=151,setpts=PTS-STARTPTS[b];[0:v]trim=0:6,setpts=PTS-STARTPTS[a];[0:v]trim=6:12,setpts=PTS-STARTPTS[c];[a][b][c]concat=n=3:v=1[v]',
        '-map',
        '[v]',
        ...H264,
        ...keyFrames,
        name,
      );
    // Another frame of that second is a key frame, which is cheaper.
    flash('keys.mp4', '-g', '10');
    expect(await outcomeOf('keys.mp4')).toMatchObject({ verdict: 'no-known-match' });
    flash('no-keys.mp4', '-g', '9999', '-sc_threshold', '0');
    expect(await outcomeOf('no-keys.mp4')).toMatchObject(MATCH);
  });
});

describe('a budget', () => {
  it('is spread over the whole length', async () => {
    const outcome = await outcomeOf('original.mp4', { limits: { maxFrames: 6 } });
    // One of them is enough, if it is near enough.
    expect(outcome).toMatchObject(MATCH);
    expect(outcome.coverage).toEqual({
      complete: 'partial',
      notes: ['frames-sampled'],
      video: { frames: 6, seconds: SECONDS, codec: 'h264' },
    });
  });

  it('of time gives fewer frames instead of no answer', async () => {
    clips.ffmpeg('-stream_loop', '39', '-i', 'other.mp4', '-c:v', 'copy', '-an', 'long.mp4');
    const outcome = await outcomeOf('long.mp4', {
      limits: { scanTimeoutMs: 4000, scanTimeoutMsPerMebibyte: 0, scanTimeoutMsPerVideoSecond: 0 },
    });
    console.log('480 s in 4 s:', outcome.reason, outcome.coverage.video);
    expect(outcome).toMatchObject({ verdict: 'no-known-match', action: 'ask' });
    expect(outcome.coverage).toMatchObject({ complete: 'partial', notes: ['frames-sampled'] });
    expect(outcome.coverage.video?.frames).toBeGreaterThan(5);
  });
});

describe('what can not be looked at', () => {
  it('without the part is unsupported, after its digests', async () => {
    const without = await outcomeOf('other.mp4', { parts: [], list: '/digests.snapshot' });
    expect(without).toMatchObject({ verdict: 'inconclusive', reason: 'unsupported' });
    expect(without.coverage).toEqual({ complete: 'partial', notes: ['perceptual-unchecked'] });
    expect(await outcomeOf('original.mp4', { parts: [], list: '/digests.snapshot' })).toMatchObject({
      verdict: 'match',
      matches: [{ signal: 'exact-weak' }],
    });
  });

  it.each<[string, string, string[], object]>([
    [
      'HEVC',
      'hevc.mp4',
      ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-an'],
      { codec: 'hevc' },
    ],
    ['MPEG-4 Part 2', 'xvid.mp4', ['-c:v', 'mpeg4', '-an'], { codec: 'mpeg4' }],
    ['Theora in Matroska', 'theora.mkv', ['-c:v', 'libtheora', '-an'], { codec: 'theora' }],
  ])('%s is unsupported by name', async (_what, name, options, video) => {
    clips.ffmpeg('-i', 'other.mp4', '-t', '3', ...options, name);
    const outcome = await outcomeOf(name, { list: '/digests.snapshot' });
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'unsupported' });
    expect(outcome.coverage).toMatchObject({
      complete: 'partial',
      notes: ['perceptual-unchecked'],
      video: { frames: 0, ...video },
    });
  });

  it('AVI is unsupported', async () => {
    clips.ffmpeg('-i', 'other.mp4', '-t', '2', '-c:v', 'mpeg4', '-an', 'old.avi');
    expect(await outcomeOf('old.avi')).toMatchObject({ verdict: 'inconclusive', reason: 'unsupported' });
  });

  it('a file with sound alone has nothing to look at', async () => {
    clips.ffmpeg('-i', 'other.mp4', '-vn', '-c:a', 'copy', 'sound.mkv');
    expect(await outcomeOf('sound.mkv', { list: '/digests.snapshot' })).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'digests-only', notes: [] },
    });
  });

  it('a file cut off is looked at as far as it goes, and says so', async () => {
    clips.ffmpeg('-i', 'original.mp4', ...H264, '-g', '25', '-an', '-movflags', '+faststart', 'whole.mp4');
    const whole = clips.read('whole.mp4');
    const { outcome } = await scan(whole.slice(0, whole.length * 0.6));
    expect(outcome).toMatchObject(MATCH);
    expect(outcome.coverage).toMatchObject({ complete: 'partial', notes: ['frames-missing'] });
    clips.ffmpeg('-i', 'original.mp4', '-c', 'copy', 'cut.mkv');
    const mkv = clips.read('cut.mkv');
    const cut = (await scan(mkv.slice(0, mkv.length * 0.6))).outcome;
    expect(cut.verdict).toBe('match');
    expect(cut.coverage).toMatchObject({ complete: 'partial', notes: ['frames-missing'] });
  });

  it('a file with a damaged middle is looked at around it, and says so', async () => {
    clips.ffmpeg('-i', 'original.mp4', ...H264, '-g', '25', '-an', '-movflags', '+faststart', 'whole.mp4');
    const bytes = clips.read('whole.mp4');
    bytes.fill(0xff, bytes.length * 0.4, bytes.length * 0.6);
    const { outcome } = await scan(bytes);
    expect(outcome).toMatchObject(MATCH);
    expect(outcome.coverage.complete).toBe('partial');
    expect(outcome.coverage.notes).toContain('frames-missing');
  });

  it.each([
    ['without its index', (bytes: Uint8Array) => bytes.slice(0, bytes.length * 0.5)],
    [
      'of noise behind its header',
      (bytes: Uint8Array) => bytes.map((b, i) => (i < 64 ? b : (i * 2654435761) >>> 24)),
    ],
  ])('a file %s is undecodable', async (_what, broken) => {
    const { outcome } = await scan(broken(clips.read('other.mp4')));
    expect(outcome.verdict).toBe('inconclusive');
    expect(['undecodable', 'unsupported']).toContain(outcome.reason);
  });

  it('nothing of it reaches the console', async () => {
    const said: string[] = [];
    const listener = (message: { text(): string }) => said.push(message.text());
    page.on('console', listener);
    const bytes = clips.read('original.mp4');
    bytes.fill(0, bytes.length * 0.3);
    await scan(bytes);
    page.off('console', listener);
    expect(said).toEqual([]);
  });
});

/**
 * Long and large videos in Chromium, as files on disk: time, memory, and what is said of them.
 */
import {
  closeSync,
  ftruncateSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { loadavg } from 'node:os';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { launchChromium, openPage, startServer, type TestPage, type TestServer } from '../support/browser.js';
import { ClipFolder } from '../support/clips.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';

const MEBIBYTE = 1024 ** 2;

/** What scanning may add to the memory of any process of the browser. */
const MOST_ADDED = 512 * MEBIBYTE;

/** Encoded once, then repeated without encoding. */
const LOOP_SECONDS = 20;
const LOOPS = 30;

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-an'];
const SIX_MEGABITS = ['-b:v', '6M', '-maxrate', '6M', '-bufsize', '6M'];
const PATTERN = (size: string, rate: number, seconds: number) => [
  ...['-f', 'lavfi', '-t', `${seconds}`, '-i', `testsrc2=size=${size}:rate=${rate}`],
];

let browser: Browser;
let server: TestServer;
let page: Page;
let clips: ClipFolder;
const rows: Record<string, unknown>[] = [];

beforeAll(async () => {
  clips = new ClipFolder();
  browser = await launchChromium();
  server = await startServer();
  clips.film('listed.mp4', ['nagasaki-boats'], 1);
  const { bits } = await hashPhoto(clips.frame('listed.mp4', 0.5));
  const hashes = { pdq: [hashToHex(bits)], md5: ['ab'.repeat(16)] };
  server.files.set('/list.snapshot', { body: makeList({ name: 'photos', hashes, pdqDecoys: 100_000 }) });
  page = await openPage(browser, server);
});

afterAll(async () => {
  if (rows.length > 0) console.table(rows);
  await browser?.close();
  await server?.close();
  clips?.close();
});

/** Resident bytes of each process of the browser, by its id: now, or the most there were. Empty where there is no /proc. */
async function residentBytes(field: 'VmRSS' | 'VmHWM'): Promise<Map<number, number>> {
  const protocol = await browser.newBrowserCDPSession();
  const { processInfo } = await protocol.send('SystemInfo.getProcessInfo');
  await protocol.detach();
  const bytes = new Map<number, number>();
  for (const { id } of processInfo) {
    try {
      const [, kibibytes] = readFileSync(`/proc/${id}/status`, 'utf8').match(`${field}:\\s+(\\d+)`) ?? [];
      if (kibibytes !== undefined) bytes.set(id, Number(kibibytes) * 1024);
    } catch {
      // It has ended, or this is no Linux.
    }
  }
  return bytes;
}

interface Measured {
  outcome: Outcome;
  ms: number;
  /** The most that a process had, in bytes, beyond what it had before; null where that can't be read. */
  added: number | null;
}

async function scan(what: string, name: string): Promise<Measured> {
  await page.reload();
  await page.setContent('<input type="file">');
  await page.setInputFiles('input', clips.at(name));
  const before = await residentBytes('VmRSS');
  for (const id of before.keys()) writeFileSync(`/proc/${id}/clear_refs`, '5');
  const { outcome, ms } = await page.evaluate(async () => {
    const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
      'presieve',
    );
    const file = (document.querySelector('input') as HTMLInputElement).files?.[0] as File;
    const scanner = createScanner({ lists: ['/list.snapshot'], parts: ['video'] });
    try {
      await scanner.ready;
      const start = performance.now();
      return { outcome: await scanner.scan(file), ms: performance.now() - start };
    } finally {
      scanner.close();
    }
  });
  const peaks = [...(await residentBytes('VmHWM'))];
  const most = Math.max(...peaks.map(([, bytes]) => bytes));
  const added =
    peaks.length === 0 ? null : Math.max(...peaks.map(([id, bytes]) => bytes - (before.get(id) ?? 0)));
  const { frames, seconds = 0 } = outcome.coverage.video ?? {};
  rows.push({
    file: what,
    MiB: Math.round(statSync(clips.at(name)).size / MEBIBYTE),
    verdict: outcome.verdict,
    complete: outcome.coverage.complete,
    notes: outcome.coverage.notes.join(' '),
    frames,
    's of video': seconds,
    s: Number((ms / 1000).toFixed(1)),
    'times real time': Number((seconds / (ms / 1000)).toFixed(1)),
    'peak, MiB': Math.round(most / MEBIBYTE),
    'added, MiB': added === null ? null : Math.round(added / MEBIBYTE),
    load: loadavg()[0].toFixed(1),
  });
  return { outcome, ms, added };
}

function deadlineMs(name: string, seconds: number): number {
  const { scanTimeoutMs, scanTimeoutMsPerMebibyte, scanTimeoutMsPerVideoSecond } = DEFAULT_LIMITS;
  const mebibytes = statSync(clips.at(name)).size / MEBIBYTE;
  return scanTimeoutMs + scanTimeoutMsPerMebibyte * mebibytes + scanTimeoutMsPerVideoSecond * seconds;
}

describe('a video of ten minutes at 1920 x 1080', () => {
  const SECONDS = LOOP_SECONDS * LOOPS;

  it('is looked at to its end within the deadline, in bounded memory', async () => {
    clips.ffmpeg(...PATTERN('1920x1080', 30, LOOP_SECONDS), ...H264, ...SIX_MEGABITS, 'loop.mp4');
    clips.ffmpeg('-stream_loop', `${LOOPS - 1}`, '-i', 'loop.mp4', '-c', 'copy', 'long.mp4');
    const { outcome, ms, added } = await scan('ten minutes, 1080p', 'long.mp4');
    // The ceiling: another decoder alone, with all threads and with one, on the same machine right afterwards.
    for (const threads of ['0', '1']) {
      const start = performance.now();
      clips.ffmpeg('-threads', threads, '-i', 'loop.mp4', '-f', 'null', '-');
      const speed = (LOOP_SECONDS * 1000) / (performance.now() - start);
      const file = `ffmpeg decoding all its frames, ${threads === '0' ? 'all threads' : 'one thread'}`;
      rows.push({ file, 'times real time': Number(speed.toFixed(1)), load: loadavg()[0].toFixed(1) });
    }
    expect(outcome).toMatchObject({ verdict: 'no-known-match', matches: [] });
    expect(outcome.coverage.video).toMatchObject({ seconds: SECONDS, codec: 'h264' });
    expect(outcome.coverage.notes.filter((note) => note !== 'frames-sampled')).toEqual([]);
    expect(ms).toBeLessThan(deadlineMs('long.mp4', SECONDS));
    if (added !== null) expect(added).toBeLessThan(MOST_ADDED);
  });
});

describe('a video file of two gigabytes', () => {
  it('is never in memory, and is still looked at', async () => {
    clips.film('small.mp4', ['nagasaki-boats', 'locomotion-house-cat'], 5);
    clips.ffmpeg('-i', 'small.mp4', '-c', 'copy', '-movflags', '+faststart', 'large.mp4');
    // A box "free" behind it: size 1 says that 64 bits of size follow. Most of it takes no room on a disk.
    const start = statSync(clips.at('large.mp4')).size;
    const box = Buffer.alloc(16);
    box.writeUInt32BE(1, 0);
    box.write('free', 4, 'latin1');
    box.writeBigUInt64BE(BigInt(2 * 1024 ** 3), 8);
    const file = openSync(clips.at('large.mp4'), 'r+');
    writeSync(file, box, 0, box.length, start);
    ftruncateSync(file, start + 2 * 1024 ** 3);
    closeSync(file);
    const { outcome, added } = await scan('two gibibytes, of which 10 s are video', 'large.mp4');
    expect(outcome).toMatchObject({ verdict: 'match', coverage: { complete: 'all', video: { frames: 10 } } });
    if (added !== null) expect(added).toBeLessThan(MOST_ADDED);
  });
});

describe('a video of ten hours with a frame a minute', () => {
  it('has each frame looked at once; windows are fewer than seconds, and that is said', async () => {
    clips.ffmpeg(
      ...PATTERN('640x360', 1, 600),
      ...['-vf', 'setpts=N*60/TB', '-vsync', 'vfr', ...H264, 'hours.mkv'],
    );
    const { outcome, added } = await scan('ten hours, a frame a minute', 'hours.mkv');
    expect(outcome).toMatchObject({ verdict: 'no-known-match', matches: [] });
    expect(outcome.coverage).toMatchObject({ complete: 'partial', notes: ['frames-sampled'] });
    expect(outcome.coverage.video?.frames).toBe(600);
    if (added !== null) expect(added).toBeLessThan(MOST_ADDED);
  });
});

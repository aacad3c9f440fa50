import { CustomVideoDecoder, type EncodedPacket, registerDecoder, VideoSample } from 'mediabunny';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { VideoSource } from '../../src/scan/video.js';
import { openVideo } from '../../src/video/open-video.js';
import { ClipFolder } from '../support/clips.js';

const RATE = 25;
const SECONDS = 8;

/** Timestamps of the packets that were decoded, in order; and one at which decoding fails. */
const decoded: number[] = [];
let failAt: number | null = null;

/** Node decodes nothing: in place of each frame it gives one pixel that tells its number. */
class NumberedDecoder extends CustomVideoDecoder {
  static override supports(): boolean {
    return true;
  }
  init(): void {}
  decode({ timestamp }: EncodedPacket): void {
    decoded.push(timestamp);
    if (failAt !== null && Math.abs(timestamp - failAt) < 1e-3) {
      this.onError(new Error('a broken packet'));
      return;
    }
    const pixel = new Uint8Array(4).fill(Math.round(timestamp * RATE));
    this.onSample(new VideoSample(pixel, { format: 'RGBA', codedWidth: 1, codedHeight: 1, timestamp }));
  }
  flush(): void {}
  close(): void {}
}

let clips: ClipFolder;
let video: VideoSource;
beforeAll(() => {
  registerDecoder(NumberedDecoder);
  clips = new ClipFolder();
  const pattern = ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', `testsrc2=size=64x64:rate=${RATE}`];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-sc_threshold', '0'];
  clips.ffmpeg(...pattern, ...encode, '-g', '50', 'clip.mp4');
  clips.ffmpeg('-f', 'lavfi', '-t', '1', '-i', 'sine', 'sound.mp4');
});
afterAll(() => clips?.close());
afterEach(() => vi.unstubAllGlobals());

async function open(deviceMemory: number): Promise<VideoSource> {
  decoded.length = 0;
  failAt = null;
  vi.stubGlobal('navigator', { userAgent: '', vendor: '', deviceMemory });
  return (await openVideo(new Blob([clips.read('clip.mp4') as BlobPart]))) as VideoSource;
}

/** Numbers of the frames that are shown at these times; null where one is still shown. */
async function shownAt(times: Iterable<number>): Promise<(number | null)[]> {
  const shown = [];
  for await (const { image } of video.frames(times))
    shown.push(image === null ? null : image.readRows(0, 1)[0]);
  return shown;
}

describe.each([1, 2])('a video with %i decoders', (decoders) => {
  beforeEach(async () => {
    video = await open(decoders === 2 ? 8 : 4);
  });

  it('gives the frames of a video in order, and none twice', async () => {
    expect(await shownAt([0, 0.1, 0.11, 3, 3.01, 7.99])).toEqual([0, 2, null, 75, null, 199]);
    video.close();
  });

  it('decodes the next frame while the last one is looked at', async () => {
    const frames = video.frames([0, 0.2, 0.4, 0.6])[Symbol.asyncIterator]();
    const { value } = await frames.next();
    expect(value?.requested).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(Math.max(...decoded)).toBeGreaterThanOrEqual(0.2);
    // What was given stays what it was.
    expect(value?.image?.readRows(0, 1)[0]).toBe(0);
    await frames.return?.();
    video.close();
  });

  it('draws few times ahead, at first one more than was answered', async () => {
    let drawn = 0;
    function* times() {
      for (; drawn < 100; drawn++) yield drawn / 20;
    }
    let answered = 0;
    for await (const _ of video.frames(times())) {
      answered++;
      expect(drawn).toBeLessThanOrEqual(Math.min(2 * answered + 2, answered + 12));
    }
    expect(answered).toBe(100);
    video.close();
  });

  it('decodes ahead, and nothing twice', async () => {
    // A key frame every two seconds.
    const times = Array.from({ length: 39 }, (_, i) => 0.1 + i / 5);
    const frames = video.frames(times)[Symbol.asyncIterator]();
    for (let i = 0; i < 8; i++) await frames.next();
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (decoders === 2) expect(Math.max(...decoded)).toBeGreaterThan(2.5);
    const shown = [];
    for (let next = await frames.next(); !next.done; next = await frames.next()) {
      shown.push(next.value.image?.readRows(0, 1)[0]);
    }
    expect(shown).toEqual(times.slice(8).map((time) => Math.floor(time * RATE + 1e-6)));
    expect(new Set(decoded).size).toBe(decoded.length);
    video.close();
  });

  it('can be asked for earlier frames afterwards', async () => {
    expect(await shownAt([6, 6.2, 6.4])).toEqual([150, 155, 160]);
    expect(await shownAt([1, 1.2, 5])).toEqual([25, 30, 125]);
    expect(await shownAt([5])).toEqual([125]);
    video.close();
  });

  it('can be asked for others by whoever stopped early', async () => {
    for await (const { requested } of video.frames([0, 1, 2, 3, 4, 5])) if (requested >= 2) break;
    expect(await shownAt([1, 1.2])).toEqual([25, 30]);
    video.close();
  });

  it('leaves out what depends on a broken packet, and goes on at the next key frame', async () => {
    failAt = 2.4;
    expect(await shownAt([0, 1, 3, 3.5, 4.2, 5])).toEqual([0, 25, 105, 125]);
    video.close();
  });
});

it('is null for sound alone, and a failure where the index is cut off', async () => {
  expect(await openVideo(new Blob([clips.read('sound.mp4') as BlobPart]))).toBeNull();
  // ffmpeg writes the index last.
  const bytes = clips.read('clip.mp4');
  const index = Buffer.from(bytes).lastIndexOf('moov') - 4;
  expect(index).toBeGreaterThan(bytes.length / 2);
  for (const end of [index, index + 100]) {
    const opened = openVideo(new Blob([bytes.slice(0, end) as BlobPart]));
    await expect(opened).rejects.toMatchObject({ name: 'CheckFailure', reason: 'undecodable' });
  }
});

it('says of Matroska that is cut off that it is, not of sound that goes on for longer', async () => {
  clips.ffmpeg('-i', 'clip.mp4', '-c', 'copy', 'clip.mkv');
  clips.ffmpeg('-i', 'clip.mp4', '-f', 'lavfi', '-t', '12', '-i', 'sine', '-c:v', 'copy', 'longer.mkv');
  const isCutOff = async (bytes: Uint8Array) => {
    const opened = await openVideo(new Blob([bytes as BlobPart]));
    opened?.close();
    return opened?.cutOff;
  };
  const whole = clips.read('clip.mkv');
  expect(await isCutOff(whole)).toBe(false);
  expect(await isCutOff(clips.read('clip.mp4'))).toBe(false);
  expect(await isCutOff(clips.read('longer.mkv'))).toBe(false);
  expect(await isCutOff(whole.slice(0, whole.length * 0.6))).toBe(true);
});

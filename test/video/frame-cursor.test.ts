import {
  BlobSource,
  CustomVideoDecoder,
  type EncodedPacket,
  Input,
  MP4,
  registerDecoder,
  VideoSample,
} from 'mediabunny';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FrameCursor } from '../../src/video/frame-cursor.js';
import { ClipFolder } from '../support/clips.js';

const RATE = 25;
const SECONDS = 8;

/** Timestamps of the packets that were decoded, in order; and one at which decoding fails. */
const decoded: number[] = [];
let failAt: number | null = null;
/** What decoders gave. */
const given: VideoSample[] = [];

/** @returns frames that nobody has closed */
function openFrames(): number {
  return given.filter((sample) => {
    try {
      sample.clone().close();
      return true;
    } catch {
      return false;
    }
  }).length;
}

/** Node decodes nothing: in place of each frame it gives one grey pixel, at the frame's time. */
class CountingDecoder extends CustomVideoDecoder {
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
    const init = { format: 'RGBA', codedWidth: 1, codedHeight: 1, timestamp } as const;
    const sample = new VideoSample(new Uint8Array(4).fill(128), init);
    given.push(sample);
    this.onSample(sample);
  }
  flush(): void {}
  close(): void {}
}

let clips: ClipFolder;
beforeAll(() => {
  registerDecoder(CountingDecoder);
  clips = new ClipFolder();
  const pattern = ['-f', 'lavfi', '-t', `${SECONDS}`, '-i', `testsrc2=size=64x64:rate=${RATE}`];
  const encode = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-sc_threshold', '0'];
  clips.ffmpeg(...pattern, ...encode, '-g', `${RATE}`, 'keys.mp4');
  clips.ffmpeg(...pattern, ...encode, '-g', '9999', 'one-key.mp4');
});
afterAll(() => clips?.close());
beforeEach(() => {
  decoded.length = 0;
  given.length = 0;
  failAt = null;
});

async function cursorOf(name: string): Promise<FrameCursor> {
  const source = new BlobSource(new Blob([clips.read(name) as BlobPart]));
  const track = await new Input({ formats: [MP4], source }).getPrimaryVideoTrack();
  if (track === null) throw new Error('no video track');
  return new FrameCursor(track);
}

/** Timestamps of the frames that are shown at these times. */
async function shownAt(cursor: FrameCursor, times: readonly number[]): Promise<(number | null)[]> {
  const shown = [];
  for (const [i, time] of times.entries()) {
    const frame = await cursor.frameAt(time, times[i + 1]);
    shown.push(frame === null ? null : Math.round(frame.timestamp * 1000) / 1000);
  }
  return shown;
}

describe('a walk from frame to frame', () => {
  it('gives what is shown at each time', async () => {
    const cursor = await cursorOf('keys.mp4');
    expect(await shownAt(cursor, [0, 0.05, 0.1, 1, 1.99, 7.97, 7.999])).toEqual([
      0, 0.04, 0.08, 1, 1.96, 7.96, 7.96,
    ]);
    await cursor.close();
  });

  it('takes frames that lie close together from one pass', async () => {
    const cursor = await cursorOf('keys.mp4');
    await shownAt(cursor, [0, 0.1, 0.2, 0.3]);
    expect(decoded.filter((time) => time === 0)).toHaveLength(1);
    await cursor.close();
  });

  it('decodes one that stands alone from its key frame, and skips what lies between', async () => {
    const cursor = await cursorOf('keys.mp4');
    await shownAt(cursor, [0.2, 4.2, 6]);
    const between = decoded.filter((time) => (time >= 1.5 && time < 4) || (time >= 5 && time < 6));
    expect(between).toEqual([]);
    expect(decoded).toContain(4);
    await cursor.close();
  });

  it('goes on where there is no other key frame to begin at, and decodes nothing twice', async () => {
    const cursor = await cursorOf('one-key.mp4');
    expect(await shownAt(cursor, [0.2, 4.2, 6])).toEqual([0.2, 4.2, 6]);
    expect(new Set(decoded).size).toBe(decoded.length);
    await cursor.close();
  });

  it('knows key frames by the index alone', async () => {
    const cursor = await cursorOf('keys.mp4');
    expect(await Promise.all([0, 0.99, 1, 5.5].map((time) => cursor.keyFrameAt(time)))).toEqual([0, 0, 1, 5]);
    expect(decoded).toEqual([]);
  });

  it('can go on behind a frame that is broken', async () => {
    const cursor = await cursorOf('keys.mp4');
    failAt = 2.2;
    expect(await shownAt(cursor, [0, 1])).toEqual([0, 1]);
    await expect(shownAt(cursor, [2.3, 2.4])).rejects.toThrow();
    expect(await shownAt(cursor, [3, 4])).toEqual([3, 4]);
    await cursor.close();
  });

  it('gives up the frame that is on its way when it is closed, frees it, and can go on anywhere', async () => {
    for (const [first, second] of [
      [[0, 0.1], 6],
      [[4.2, 7], 7],
    ] as const) {
      const cursor = await cursorOf('one-key.mp4');
      const [time, next] = first;
      await cursor.frameAt(time, next);
      const onItsWay = cursor.frameAt(second, undefined);
      await cursor.close();
      expect(await onItsWay).toBeNull();
      const count = decoded.length;
      expect(count).toBeLessThan(2 * RATE * SECONDS);
      expect(await shownAt(cursor, [1.2, 1.3])).toEqual([1.2, 1.28]);
      await cursor.close();
    }
    expect(openFrames()).toBe(0);
  });
});

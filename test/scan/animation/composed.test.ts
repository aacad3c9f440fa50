import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../../src/limits.js';
import { createNodeDecoder } from '../../../src/publisher/node-decoder.js';
import { splitApng } from '../../../src/scan/animation/apng.js';
import { openComposed } from '../../../src/scan/animation/composed.js';
import { splitGif } from '../../../src/scan/animation/gif.js';
import { splitWebp } from '../../../src/scan/animation/webp.js';
import { sniff } from '../../../src/scan/sniff.js';
import type { ImageDecoder } from '../../../src/scan/types.js';
import {
  type AnimationFormat,
  type MadeFrame,
  makeAnimation,
  randomFrames,
} from '../../support/animations.js';

const decoder = createNodeDecoder(DEFAULT_LIMITS);

async function open(bytes: Uint8Array, maxPixels = DEFAULT_LIMITS.maxPixels) {
  const frames = await openComposed(new Blob([bytes as BlobPart]), await sniff(bytes), decoder, maxPixels);
  if (frames === null) throw new Error('not opened');
  return frames;
}

async function allFrames(bytes: Uint8Array): Promise<Uint8Array[]> {
  const frames = await open(bytes);
  const seen: Uint8Array[] = [];
  for (let i = 0; i < frames.count; i++) {
    const image = await frames.frame(i);
    seen.push(Uint8Array.from(image.readRows(0, image.height)));
  }
  return seen;
}

/** What the specifications say, pixel by pixel, in floating point. */
function viewed(width: number, height: number, frames: readonly MadeFrame[]): number[][] {
  const blank = () => new Array<number>(width * height * 4).fill(0);
  let canvas = blank();
  return frames.map((frame, i) => {
    const before = canvas.slice();
    const eachPixel = (visit: (at: number, from: number) => void) => {
      for (let y = 0; y < frame.height; y++) {
        for (let x = 0; x < frame.width; x++) {
          visit(((frame.top + y) * width + frame.left + x) * 4, (y * frame.width + x) * 4);
        }
      }
    };
    eachPixel((at, from) => {
      const [r, g, b, a] = frame.rgba.subarray(from, from + 4);
      const under = frame.blend === 'replace' ? 0 : canvas[at + 3] * (1 - a / 255);
      const sum = a + under;
      [r, g, b].forEach((c, k) => {
        canvas[at + k] = sum === 0 ? 0 : (c * a + canvas[at + k] * under) / sum;
      });
      canvas[at + 3] = sum;
    });
    const shown = canvas.slice();
    if (frame.after === 'restore') canvas = i === 0 ? blank() : before;
    if (frame.after === 'clear') eachPixel((at) => canvas.fill(0, at, at + 4));
    return shown;
  });
}

const onWhite = (rgba: ArrayLike<number>, at: number, c: number) =>
  255 + ((rgba[at + c] - 255) * rgba[at + 3]) / 255;

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let at = 0; at < a.length; at += 4) {
    for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(onWhite(a, at, c) - onWhite(b, at, c)));
  }
  return most;
}

describe.each<AnimationFormat>(['gif', 'png', 'webp'])('%s put together from stills', (format) => {
  it('shows what the specification says, with every disposal and blending', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const made = randomFrames(format, seed);
      const seen = await allFrames(await makeAnimation(format, 48, 40, made));
      const expected = viewed(48, 40, made);
      expect(seen).toHaveLength(made.length);
      seen.forEach((frame, i) => {
        expect(largestDifference(frame, expected[i]), `seed ${seed}, frame ${i}`).toBeLessThanOrEqual(2);
      });
    }
  });

  it('cut off anywhere gives the frames before the end, says so, and never throws', async () => {
    const whole = await makeAnimation(format, 48, 40, randomFrames(format, 5));
    const split = { gif: splitGif, png: splitApng, webp: splitWebp }[format];
    expect(split(whole, 100)).toMatchObject({ width: 48, height: 40, cut: false });
    expect(split(whole, 100).frames).toHaveLength(8);
    let before = 0;
    for (let length = 0; length < whole.length; length += 7) {
      const { frames, cut } = split(whole.subarray(0, length), 100);
      expect(cut).toBe(true);
      expect(frames.length).toBeGreaterThanOrEqual(before);
      before = frames.length;
      for (const frame of frames) frame.file();
    }
    expect(split(whole, 3)).toMatchObject({ cut: true, frames: { length: 3 } });
  });

  it('with any byte changed never throws but for a frame, and ends', async () => {
    const whole = await makeAnimation(format, 48, 40, randomFrames(format, 6, 4));
    const split = { gif: splitGif, png: splitApng, webp: splitWebp }[format];
    for (let at = 0; at < whole.length; at += 11) {
      const damaged = whole.slice();
      damaged[at] ^= 0xff;
      const { frames } = split(damaged, 100);
      expect(frames.length).toBeLessThanOrEqual(100);
      for (const frame of frames) frame.file();
    }
  });
});

describe('an animation put together from stills', () => {
  it('agrees with libvips on GIF and WebP that sharp made', async () => {
    const frames = randomFrames('gif', 9).map(({ rgba }) => rgba);
    const side = 40;
    const pages = Buffer.concat(frames.map((_, i) => Buffer.from(randomPage(side, i))));
    const raw = { width: side, height: side * frames.length, channels: 4 as const, pageHeight: side };
    for (const format of ['gif', 'webp'] as const) {
      const options = format === 'gif' ? { dither: 0 } : { lossless: true };
      const file = await sharp(pages, { raw }).toFormat(format, options).toBuffer();
      const expected = await sharp(file, { pages: -1 }).ensureAlpha().raw().toBuffer();
      const seen = await allFrames(new Uint8Array(file));
      expect(seen).toHaveLength(frames.length);
      seen.forEach((frame, i) => {
        const page = expected.subarray(i * side * side * 4, (i + 1) * side * side * 4);
        expect(largestDifference(frame, page), `${format} ${i}`).toBeLessThanOrEqual(1);
      });
    }
  });

  it('goes on after a damaged frame, and says that one was left out', async () => {
    const made = randomFrames('webp', 3, 3);
    const whole = await makeAnimation('webp', 48, 40, made);
    const second = Buffer.from(whole).indexOf('ANMF', Buffer.from(whole).indexOf('ANMF') + 4);
    const damaged = whole.slice();
    damaged.fill(0xff, second + 32, second + 40);
    const frames = await open(damaged);
    await frames.frame(0);
    await expect(frames.frame(1)).rejects.toThrow();
    expect((await frames.frame(2)).width).toBe(48);
    expect(frames.cut).toBe(true);
  });

  it('never decodes a frame beyond the limit, nor opens a picture beyond it', async () => {
    const sizes: number[] = [];
    const counting: ImageDecoder = {
      decode: (file, type) => {
        sizes.push(file.size);
        return decoder.decode(file, type);
      },
    };
    const bytes = await makeAnimation('gif', 48, 40, randomFrames('gif', 2, 2));
    const descriptor = 13 + 768 + 8;
    expect(bytes[descriptor]).toBe(0x2c);
    const huge = bytes.slice();
    huge.set([0xff, 0xff, 0xff, 0xff], descriptor + 5);
    const type = await sniff(bytes);
    const frames = await openComposed(new Blob([huge]), type, counting, 4000);
    await expect(frames?.frame(0)).rejects.toMatchObject({ reason: 'too-large' });
    expect(sizes).toEqual([]);
    await expect(openComposed(new Blob([bytes]), type, counting, 1000)).rejects.toMatchObject({
      reason: 'too-large',
    });
  });

  it('is not there for AVIF', async () => {
    const type = { kind: 'image' as const, type: 'avif', decodable: true, animated: true };
    expect(await openComposed(new Blob(['x']), type, decoder, 1000)).toBeNull();
  });
});

function randomPage(side: number, i: number): Uint8Array {
  const rgba = new Uint8Array(side * side * 4);
  for (let at = 0; at < rgba.length; at += 4) {
    const x = (at / 4) % side;
    const y = Math.floor(at / 4 / side);
    rgba.set([x > i * 3 ? 255 : 0, y > i * 4 ? 255 : 51, (i * 51) % 256, (x - y) % 7 === 0 ? 0 : 255], at);
  }
  return rgba;
}

import { VideoSample, type VideoSampleInit } from 'mediabunny';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashDistance } from '../../src/kernels/pdq-distance.js';
import { hashImage } from '../../src/scan/hash-image.js';
import type { DecodedImage } from '../../src/scan/types.js';
import { ENOUGH_PIXELS, FramePixels } from '../../src/video/frame-pixels.js';
import { seededBytes } from '../support/lists.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

type Init = VideoSampleInit & {
  format: NonNullable<VideoSampleInit['format']>;
  codedWidth: number;
  codedHeight: number;
  timestamp: number;
};

/** Bits that halving a frame may cost its hash: far fewer than other decoders and encoders do. */
const MOST_MOVED = 6;

const samples: VideoSample[] = [];
afterEach(() => {
  for (const sample of samples.splice(0)) sample.close();
});

function sampleOf(bytes: Uint8Array, width: number, height: number, init: Partial<Init> = {}): VideoSample {
  const all = { format: 'I420', codedWidth: width, codedHeight: height, timestamp: 0, ...init };
  const sample = new VideoSample(bytes, all as Init);
  samples.push(sample);
  return sample;
}

/** A frame of luma alone, in I420; its colours are nonsense, which must not matter. */
function grey(luma: Uint8Array, width: number, height: number, init: Partial<Init> = {}): VideoSample {
  const chroma = Math.ceil(width / 2) * Math.ceil(height / 2);
  const bytes = new Uint8Array(luma.length + 2 * chroma).fill(77);
  bytes.set(luma);
  return sampleOf(bytes, width, height, { colorSpace: { fullRange: true } as never, ...init });
}

function pixelsOf(image: DecodedImage, stripRows = image.height): number[] {
  const pixels: number[] = [];
  for (let y = 0; y < image.height; y += stripRows) {
    const count = Math.min(stripRows, image.height - y);
    const words = Uint8Array.from(image.readRows(y, count));
    for (let i = 0; i < words.length; i += 4) {
      expect(words[i]).toBe(words[i + 1]);
      expect(words[i]).toBe(words[i + 2]);
      pixels.push(words[i]);
    }
  }
  return pixels;
}

describe('pixels of a frame', () => {
  it('are its luma, as it is where it has the full range, else drawn out from 16 to 235', async () => {
    const luma = Uint8Array.of(0, 16, 17, 126, 234, 235, 255, 100);
    const pixels = new FramePixels();
    expect(pixelsOf(await pixels.pictureOf(grey(luma, 4, 2)))).toEqual([...luma]);
    const limited = grey(luma, 4, 2, { colorSpace: { fullRange: false } as never });
    expect(pixelsOf(await pixels.pictureOf(limited))).toEqual([0, 0, 1, 128, 254, 255, 255, 98]);
  });

  it.each([0, 90, 180, 270] as const)(
    'are upright after a turn by %i degrees, mirrored or not',
    async (rotation) => {
      const [width, height] = [6, 4];
      const luma = Uint8Array.from({ length: width * height }, (_, i) => i * 10);
      for (const flip of [false, true]) {
        const image = await new FramePixels().pictureOf(grey(luma, width, height, { rotation, flip }));
        const turned = rotation % 180 !== 0;
        expect([image.width, image.height]).toEqual(turned ? [height, width] : [width, height]);
        const expected = [];
        for (let y = 0; y < image.height; y++) {
          for (let column = 0; column < image.width; column++) {
            const x = flip ? image.width - 1 - column : column;
            // Where the pixel was before it was turned clockwise.
            const [sx, sy] = {
              0: [x, y],
              90: [y, height - 1 - x],
              180: [width - 1 - x, height - 1 - y],
              270: [width - 1 - y, x],
            }[rotation];
            expected.push(luma[sy * width + sx]);
          }
        }
        expect(pixelsOf(image), `flip ${flip}`).toEqual(expected);
        expect(pixelsOf(image, 1), `flip ${flip}, row by row`).toEqual(expected);
      }
    },
  );

  it.each([
    ['I420P10', 2],
    ['I420P12', 4],
  ] as const)('of %s are brought to eight bits', async (format, bits) => {
    const words = Uint16Array.from({ length: 4 * 2 + 2 * 2 }, (_, i) => (i * 20) << bits);
    const sample = sampleOf(new Uint8Array(words.buffer), 4, 2, {
      format,
      colorSpace: { fullRange: true } as never,
    });
    expect(pixelsOf(await new FramePixels().pictureOf(sample))).toEqual([0, 20, 40, 60, 80, 100, 120, 140]);
  });

  it.each([
    ['RGBA', [10, 20, 30, 40], true],
    ['RGBX', [10, 20, 30, 255], false],
    ['BGRA', [30, 20, 10, 40], true],
    ['BGRX', [30, 20, 10, 255], false],
  ] as const)('of %s are colours', async (format, [r, g, b, a], mayHaveAlpha) => {
    const image = await new FramePixels().pictureOf(
      sampleOf(Uint8Array.of(10, 20, 30, 40), 1, 1, { format }),
    );
    expect([...image.readRows(0, 1)]).toEqual([r, g, b, a]);
    expect(image.mayHaveAlpha).toBe(mayHaveAlpha);
  });

  it.each([
    ['bt709', 0.2126, 0.7152, 0.0722],
    ['smpte170m', 0.299, 0.587, 0.114],
    ['bt2020-ncl', 0.2627, 0.678, 0.0593],
  ] as const)(
    'that a decoder turned into colours by %s are the luma that they were',
    async (matrix, r, g, b) => {
      const colours = seededBytes(4 * 64, 9);
      const sample = sampleOf(colours, 8, 8, { format: 'BGRX', colorSpace: { matrix } as never });
      const pixels = pixelsOf(await new FramePixels().pictureOf(sample));
      const expected = (i: number) =>
        Math.round(b * colours[4 * i] + g * colours[4 * i + 1] + r * colours[4 * i + 2]);
      expect(pixels).toEqual(pixels.map((_, i) => expected(i)));
    },
  );

  it('with a plane of transparency keep it', async () => {
    const bytes = Uint8Array.of(10, 20, 30, 40, 128, 128, 0, 85, 170, 255);
    const sample = sampleOf(bytes, 2, 2, { format: 'I420A', colorSpace: { fullRange: true } as never });
    const image = await new FramePixels().pictureOf(sample);
    expect(image.mayHaveAlpha).toBe(true);
    expect([...image.readRows(0, 2)].filter((_, i) => i % 4 === 3)).toEqual([0, 85, 170, 255]);
  });

  it('of a later, smaller frame do not show the one before', async () => {
    const pixels = new FramePixels();
    await pixels.pictureOf(grey(new Uint8Array(64 * 64).fill(200), 64, 64));
    const image = await pixels.pictureOf(grey(new Uint8Array(8 * 8).fill(50), 8, 8));
    expect(new Set(pixelsOf(image))).toEqual(new Set([50]));
  });
});

describe('a large frame', () => {
  const side = 2 * ENOUGH_PIXELS;

  it.each([
    ['one pixel too small is left as it is', side - 1, 3, side - 1, 3],
    ['is halved', side, 4, side / 2, 2],
    ['is halved again where it is twice as large', 4, 2 * side, 1, side / 2],
    ['of odd sides loses a line', side + 1, 3, side / 2, 1],
    ['of one row keeps it', side, 1, side / 2, 1],
  ])('%s', async (_, width, height, expectedWidth, expectedHeight) => {
    const luma = seededBytes(width * height, 5);
    const image = await new FramePixels().pictureOf(grey(luma, width, height));
    expect([image.width, image.height]).toEqual([expectedWidth, expectedHeight]);
    if (width === side && height > 1) {
      const at = (x: number, y: number) => luma[y * width + x];
      const expected = Array.from({ length: expectedWidth * expectedHeight }, (_, i) => {
        const [x, y] = [2 * (i % expectedWidth), 2 * Math.floor(i / expectedWidth)];
        return (at(x, y) + at(x + 1, y) + at(x, y + 1) + at(x + 1, y + 1) + 2) >> 2;
      });
      expect(pixelsOf(image)).toEqual(expected);
    }
  });

  it('of ten bits is halved in eight', async () => {
    const words = Uint16Array.from({ length: side * 2 * 1.5 }, (_, i) => (i % 200) << 2);
    const sample = sampleOf(new Uint8Array(words.buffer), side, 2, {
      format: 'I420P10',
      colorSpace: { fullRange: true } as never,
    });
    const image = await new FramePixels().pictureOf(sample);
    const at = (i: number) => i % 200;
    const expected = Array.from(
      { length: side / 2 },
      (_, x) => (at(2 * x) + at(2 * x + 1) + at(side + 2 * x) + at(side + 2 * x + 1) + 2) >> 2,
    );
    expect(pixelsOf(image)).toEqual(expected);
    expect([image.width, image.height]).toEqual([side / 2, 1]);
  });

  it('has nearly the hash that it had', async () => {
    const kernel = await createPdqKernel();
    const moved = [];
    for (const photo of STDLIB_PHOTOS) {
      const { data, info } = await sharp(stdlibPhoto(photo))
        .resize({ width: side, height: (side * 9) / 16, fit: 'cover' })
        .greyscale()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const luma = Uint8Array.from(data);
      const whole: DecodedImage = {
        width: info.width,
        height: info.height,
        mayHaveAlpha: false,
        readRows(y, count) {
          const words = new Uint32Array(info.width * count);
          const from = y * info.width;
          for (let at = 0; at < words.length; at++) words[at] = 0xff000000 | (luma[from + at] * 0x010101);
          return new Uint8Array(words.buffer);
        },
        close: () => {},
      };
      const halved = await new FramePixels().pictureOf(grey(luma, info.width, info.height));
      expect(halved.width).toBe(side / 2);
      const [a, b] = [whole, halved].map(
        (image) => hashImage(image, kernel)?.pictures[0].hash.bits as Uint8Array,
      );
      moved.push(hashDistance(a, b));
    }
    console.log('bits that halving costs:', moved.join(' '));
    expect(Math.max(...moved)).toBeLessThanOrEqual(MOST_MOVED);
  });
});

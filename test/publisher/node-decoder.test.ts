import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { sniff } from '../../src/scan/sniff.js';
import { CheckFailure } from '../../src/scan/types.js';
import { seededBytes } from '../support/lists.js';

const WIDTH = 40;
const HEIGHT = 30;
const decoder = createNodeDecoder({ maxPixels: 1_000_000 });

/** A picture whose every pixel tells where it is. */
const PIXELS = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => {
  const [x, y] = [Math.floor(i / 3) % WIDTH, Math.floor(i / 3 / WIDTH)];
  return [x * 6, y * 8, 120][i % 3];
});
const picture = () => sharp(PIXELS, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

async function decode(bytes: Uint8Array, maxPixels?: number) {
  const file = new Blob([bytes as BlobPart]);
  const chosen = maxPixels === undefined ? decoder : createNodeDecoder({ maxPixels });
  const image = await chosen.decode(file, await sniff(bytes));
  const rgba = Uint8Array.from(image.readRows(0, image.height));
  const { width, height, mayHaveAlpha } = image;
  const at = (x: number, y: number) => [...rgba.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  return { width, height, mayHaveAlpha, rgba, at, image };
}

async function failure(bytes: Uint8Array, maxPixels?: number): Promise<string> {
  const error = await decode(bytes, maxPixels).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(CheckFailure);
  return (error as CheckFailure).reason;
}

const OPAQUE = Array.from({ length: WIDTH * HEIGHT * 4 }, (_, i) =>
  i % 4 === 3 ? 255 : PIXELS[Math.floor(i / 4) * 3 + (i % 4)],
);
const far = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from({ length: a.length }, (_, i) => Math.abs(a[i] - b[i])).reduce((x, y) => Math.max(x, y), 0);

describe('pixels', () => {
  it.each([
    ['PNG', () => picture().png(), 0],
    ['palette PNG', () => picture().png({ palette: true, colours: 256, dither: 0 }), 24],
    ['16-bit PNG', () => picture().toColourspace('rgb16').png(), 0],
    ['lossless WebP', () => picture().webp({ lossless: true }), 0],
    ['AVIF', () => picture().avif({ quality: 95, chromaSubsampling: '4:4:4' }), 8],
    ['JPEG', () => picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), 4],
    [
      'progressive JPEG',
      () => picture().jpeg({ quality: 100, progressive: true, chromaSubsampling: '4:4:4' }),
      4,
    ],
  ])('%s', async (_, make, tolerance) => {
    const { width, height, rgba, mayHaveAlpha } = await decode(await make().toBuffer());
    expect([width, height, mayHaveAlpha]).toEqual([WIDTH, HEIGHT, false]);
    expect(rgba).toHaveLength(WIDTH * HEIGHT * 4);
    expect(far(rgba, OPAQUE)).toBeLessThanOrEqual(tolerance);
  });

  it('grey pictures become RGBA', async () => {
    const grey = await picture().toColourspace('b-w').png().toBuffer();
    const { rgba, at } = await decode(grey);
    expect(rgba).toHaveLength(WIDTH * HEIGHT * 4);
    expect(new Set(at(20, 10).slice(0, 3)).size).toBe(1);
  });

  it('CMYK, as ink on white without a profile', async () => {
    const inks = Uint8Array.from({ length: 32 * 32 * 4 }, (_, i) => [200, 100, 50, 30][i % 4]);
    const jpeg = await sharp(inks, { raw: { width: 32, height: 32, channels: 4 } })
      .pipelineColourspace('cmyk')
      .toColourspace('cmyk')
      .jpeg({ quality: 100 })
      .toBuffer();
    expect((await sharp(jpeg).metadata()).space).toBe('cmyk');
    const stored = await sharp(jpeg).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
    const [c, m, y, k] = stored;
    const { at, mayHaveAlpha } = await decode(jpeg);
    expect(mayHaveAlpha).toBe(false);
    expect(
      far(at(0, 0), [...[c, m, y].map((ink) => ((255 - ink) * (255 - k)) / 255), 255]),
    ).toBeLessThanOrEqual(1);
  });

  it('are read in rows, until the picture is closed', async () => {
    const { image, rgba } = await decode(await picture().png().toBuffer());
    expect([...image.readRows(7, 2)]).toEqual([...rgba.subarray(7 * WIDTH * 4, 9 * WIDTH * 4)]);
    image.close();
    expect(image.readRows(0, 1)).toHaveLength(0);
  });
});

describe('colour profiles', () => {
  it.each(['jpeg', 'png', 'webp'] as const)('are ignored: %s', async (format) => {
    const options = format === 'webp' ? { lossless: true } : {};
    const plain = await decode(await picture().toFormat(format, options).toBuffer());
    // Without a conversion: the same numbers, only called Display P3.
    const tagged = await sharp(await picture().toFormat(format, options).toBuffer())
      .keepIccProfile()
      .withIccProfile('p3', { attach: true })
      .toFormat(format, options)
      .toBuffer();
    expect((await sharp(tagged).metadata()).hasProfile).toBe(true);
    const raw = await sharp(tagged, { ignoreIcc: true }).ensureAlpha().raw().toBuffer();
    const converted = await sharp(tagged).ensureAlpha().raw().toBuffer();
    const seen = (await decode(tagged)).rgba;
    expect(far(seen, raw)).toBe(0);
    expect(far(seen, converted)).toBeGreaterThan(5);
    expect(plain.width).toBe(WIDTH);
  });
});

describe('EXIF orientation', () => {
  // Where the stored pixel (4, 20) is seen, and the size of what is seen.
  it.each([
    [1, 4, 20, WIDTH],
    [2, WIDTH - 5, 20, WIDTH],
    [3, WIDTH - 5, HEIGHT - 21, WIDTH],
    [4, 4, HEIGHT - 21, WIDTH],
    [5, 20, 4, HEIGHT],
    [6, HEIGHT - 21, 4, HEIGHT],
    [7, HEIGHT - 21, WIDTH - 5, HEIGHT],
    [8, 20, WIDTH - 5, HEIGHT],
  ])('%i is applied', async (orientation, x, y, width) => {
    for (const encoded of [
      picture().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }),
      picture().png(),
      picture().webp({ lossless: true }),
    ]) {
      const seen = await decode(await encoded.withMetadata({ orientation }).toBuffer());
      expect(seen.width).toBe(width);
      expect(far(seen.at(x, y), [4 * 6, 20 * 8, 120, 255])).toBeLessThanOrEqual(4);
    }
  });
});

describe('transparency', () => {
  const rgba = Uint8Array.from(OPAQUE, (value, i) => (i % 4 === 3 ? (i >> 2) & 255 : value));
  const transparent = () => sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } });

  it.each([
    ['PNG', () => transparent().png()],
    ['WebP', () => transparent().webp({ lossless: true, exact: true })],
  ])('%s is not premultiplied', async (_, make) => {
    const seen = await decode(await make().toBuffer());
    expect(seen.mayHaveAlpha).toBe(true);
    expect(far(seen.rgba, rgba)).toBe(0);
  });

  it('a transparent GIF has it', async () => {
    expect((await decode(await transparent().gif().toBuffer())).mayHaveAlpha).toBe(true);
  });
});

describe('animations', () => {
  it.each(['gif', 'webp'] as const)('give their first frame: %s', async (format) => {
    const first = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#ff0000' } })
      .png()
      .toBuffer();
    const second = await sharp({ create: { width: 20, height: 10, channels: 3, background: '#0000ff' } })
      .png()
      .toBuffer();
    const moving = await sharp([first, second], { join: { animated: true } })
      .toFormat(format, { lossless: true })
      .toBuffer();
    const seen = await decode(moving);
    expect([seen.width, seen.height]).toEqual([20, 10]);
    expect(far(seen.at(10, 5), [255, 0, 0, 255])).toBeLessThanOrEqual(3);
  });
});

describe('what is refused', () => {
  let photo: Uint8Array;
  beforeAll(async () => {
    const noise = seededBytes(200 * 150 * 3, 3);
    photo = await sharp(noise, { raw: { width: 200, height: 150, channels: 3 } })
      .jpeg()
      .toBuffer();
  });

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif'] as const)('a %s file that is cut off', async (format) => {
    const whole = await sharp(photo).toFormat(format).toBuffer();
    await expect(decode(whole)).resolves.toBeDefined();
    expect(await failure(whole.subarray(0, Math.floor(whole.length * 0.6)))).toBe('undecodable');
  });

  it('a JPEG without its last two bytes, which Chromium refuses as well', async () => {
    expect(await failure(photo.subarray(0, photo.length - 2))).toBe('undecodable');
  });

  it('pictures over the limit', async () => {
    expect(await failure(photo, 200 * 150 - 1)).toBe('too-large');
    await expect(decode(photo, 200 * 150)).resolves.toBeDefined();
  });

  it.each(['tiff'] as const)('types that browsers do not decode: %s', async (format) => {
    expect(await failure(await sharp(photo).toFormat(format).toBuffer())).toBe('unsupported');
  });

  it('an SVG, which sharp would draw', async () => {
    expect(await failure(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'))).toBe(
      'unsupported',
    );
  });

  it('damaged bytes, without an exception of another kind', async () => {
    const whole = await sharp(photo).png().toBuffer();
    for (let i = 0; i < 60; i++) {
      const damaged = Uint8Array.from(whole);
      damaged.set(seededBytes(8, i + 1), 8 + Math.floor(((whole.length - 16) * i) / 60));
      await decode(damaged).catch((error) => expect(error).toBeInstanceOf(CheckFailure));
    }
  });
});

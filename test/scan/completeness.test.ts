import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { isCutOff } from '../../src/scan/completeness.js';
import { sniff } from '../../src/scan/sniff.js';
import { makeAnimation, photoFrames } from '../support/animations.js';
import { picturesOfEachFormat } from '../support/cut-pictures.js';
import { pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const cutOff = async (bytes: Uint8Array) => isCutOff(new Blob([bytes as BlobPart]), await sniff(bytes));
const joined = (...pieces: (Uint8Array | number[])[]) =>
  new Uint8Array(pieces.flatMap((piece) => [...piece]));
const files = await picturesOfEachFormat();
const told = Object.entries(files).filter(([format]) => format !== 'avif');

describe('a whole picture', () => {
  it.each(Object.entries(files))('is not called cut off: %s', async (_format, bytes) => {
    expect(await cutOff(bytes)).toBe(false);
  });

  it('nor are photos of this checkout, nor animations', async () => {
    for (const name of STDLIB_PHOTOS) expect(await cutOff(stdlibPhoto(name)), name).toBe(false);
    const frames = await photoFrames(STDLIB_PHOTOS.map(stdlibPhoto), 60, 40);
    for (const format of ['gif', 'png', 'webp'] as const) {
      expect(await cutOff(await makeAnimation(format, 60, 40, frames)), format).toBe(false);
    }
  });

  it.skipIf(SHARED === null)('nor are the reference images and photos in ../shared', async () => {
    const photos = ['cc0', 'natural'].flatMap((folder) =>
      readdirSync(join(`${SHARED}photos`, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(jpe?g|png|webp|gif|bmp|avif)$/i.test(name))
        .map((name) => join(`${SHARED}photos`, folder, name)),
    );
    const paths = [...pdqConformance().map(({ path }) => path), ...photos];
    const flagged: string[] = [];
    for (const path of paths) if (await cutOff(readFileSync(path))) flagged.push(path);
    console.log(`${flagged.length} of ${paths.length} ordinary pictures called cut off`);
    expect(flagged).toEqual([]);
  });

  it.each(told)('may be followed by anything: %s', async (_format, bytes) => {
    const film = joined([0, 0, 0, 24], new TextEncoder().encode('ftypmp42'), new Array(90_000).fill(7));
    expect(await cutOff(joined(bytes, film))).toBe(false);
    expect(await cutOff(joined(bytes, new Array(100).fill(0)))).toBe(false);
  });

  it('is a JPEG without an end marker at the very end, where another picture follows it', async () => {
    const second = files.jpeg.subarray(0, files.jpeg.length >> 1);
    expect(await cutOff(joined(files.jpeg, second))).toBe(false);
  });
});

describe('a picture that is cut off', () => {
  it.each(told)('is called so, wherever the cut is: %s', async (format, bytes) => {
    // Short of the last byte of padding, and of the end of a BMP's last row.
    const slack = format === 'bmp' ? 5 : 2;
    const type = await sniff(bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 64, max: bytes.length - slack }), async (length) => {
        expect(await isCutOff(new Blob([bytes.subarray(0, length)]), type)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is called so where an EXIF thumbnail has an end marker of its own', async () => {
    const thumbnail = await sharp(stdlibPhoto('nagasaki-boats')).resize(60).jpeg().toBuffer();
    const segment = [0xff, 0xe1, (thumbnail.length + 8) >> 8, (thumbnail.length + 8) & 255];
    const exif = joined(segment, new TextEncoder().encode('Exif\0\0'), thumbnail);
    const whole = joined(files.jpeg.subarray(0, 2), exif, files.jpeg.subarray(2));
    expect(await cutOff(joined(whole, [0]))).toBe(false);
    expect(await cutOff(whole.subarray(0, whole.length >> 1))).toBe(true);
  });

  it('is called so where the rest was filled with zeros', async () => {
    for (const format of ['jpeg', 'progressive jpeg', 'png', 'interlaced png']) {
      const half = files[format].slice().fill(0, files[format].length >> 1);
      expect(await cutOff(half), format).toBe(true);
    }
  });
});

describe('noise', () => {
  it('gets an answer', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(files)),
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(),
        async (file, noise, place) => {
          const bytes = file.slice();
          bytes.set(noise, place % (bytes.length - noise.length));
          expect(typeof (await cutOff(bytes))).toBe('boolean');
        },
      ),
      { numRuns: 100 },
    );
    for (const type of ['jpeg', 'png', 'webp', 'gif', 'bmp', 'avif', 'svg']) {
      for (const bytes of [[], [0xff], new Array(200).fill(0xff), new Array(200).fill(0)]) {
        expect(typeof (await isCutOff(new Blob([new Uint8Array(bytes)]), { type }))).toBe('boolean');
      }
    }
  });
});

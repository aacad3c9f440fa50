import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { cropped, findBorders, OuterLines, type Rectangle } from '../../src/scan/borders.js';
import type { DecodedImage } from '../../src/scan/types.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

function picture(width: number, height: number, rgba: Uint8Array): DecodedImage {
  return {
    width,
    height,
    mayHaveAlpha: false,
    readRows: (y, count) => rgba.subarray(y * width * 4, (y + count) * width * 4),
    close: () => {},
  };
}

async function decode(image: Sharp): Promise<DecodedImage> {
  const { data, info } = await image.removeAlpha().ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return picture(info.width, info.height, new Uint8Array(data));
}

function mayHaveBorder(image: DecodedImage, stripRows: number): boolean {
  const lines = new OuterLines(image.width, image.height);
  for (let y = 0; y < image.height; y += stripRows) {
    const count = Math.min(stripRows, image.height - y);
    lines.strip(image.readRows(y, count), y, count);
  }
  const { rows, columns } = lines.plainSides;
  return rows || columns;
}

const inside = (image: DecodedImage, left: number, top: number, right = left, bottom = top): Rectangle => ({
  left,
  top,
  right: image.width - right,
  bottom: image.height - bottom,
});

describe('borders', () => {
  it.each([
    ['white', '#fff', 90],
    ['black', '#000', 60],
    ['coloured', '#3a7bd5', 40],
  ])('of a %s frame are found to the pixel, also after JPEG', async (_name, background, quality) => {
    const missed: number[] = [];
    for (const name of STDLIB_PHOTOS) {
      const photo = await sharp(stdlibPhoto(name)).resize(640, 480, { fit: 'fill' }).png().toBuffer();
      const framed = await sharp({ create: { width: 702, height: 524, channels: 3, background } })
        .composite([{ input: photo, left: 31, top: 22 }])
        .jpeg({ quality })
        .toBuffer();
      const image = await decode(sharp(framed));
      expect(mayHaveBorder(image, 37), name).toBe(true);
      const expected = inside(image, 31, 22);
      const sides = ['left', 'top', 'right', 'bottom'] as const;
      const misses = findBorders(image).map((found) =>
        Math.max(...sides.map((side) => Math.abs(found[side] - expected[side]))),
      );
      missed.push(Math.min(...misses));
    }
    expect(missed, background).toEqual(STDLIB_PHOTOS.map(() => 0));
  });

  it('of a letterbox are found above and below only', async () => {
    const photo = sharp(stdlibPhoto('airplane-from-above')).resize({ width: 640, height: 300, fit: 'fill' });
    const image = await decode(
      sharp(await photo.extend({ top: 90, bottom: 90, background: '#000' }).png().toBuffer()),
    );
    expect(findBorders(image)).toContainEqual(inside(image, 0, 90));
  });

  it('are not looked for in photos without a plain side', async () => {
    for (const name of STDLIB_PHOTOS) {
      const image = await decode(sharp(stdlibPhoto(name)).resize({ width: 500 }));
      const lines = mayHaveBorder(image, image.height);
      if (!lines) expect(findBorders(image), name).toEqual([]);
    }
  });

  it('of any width on any side are found to the pixel', () => {
    const side = fc.oneof(fc.constant(0), fc.integer({ min: 6, max: 100 }));
    fc.assert(
      fc.property(fc.tuple(side, side, side, side), fc.integer(), (lines, seed) => {
        const [width, height] = [300, 260];
        const [left, top, right, bottom] = lines.map((n, i) =>
          Math.floor((n * [width, height][i % 2]) / 300),
        );
        const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
          const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
          const isInside = x >= left && x < width - right && y >= top && y < height - bottom;
          return isInside ? (Math.imul((i >> 2) + seed, 2654435761) >>> (8 * (i & 3))) & 255 : 17;
        });
        const expected = { left, top, right: width - right, bottom: height - bottom };
        const found = findBorders(picture(width, height, rgba));
        if (left + top + right + bottom === 0) expect(found).toEqual([]);
        else expect(found[0]).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('are looked for in the outer lines first', () => {
    const [width, height] = [600, 400];
    const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
      i < 20 * width * 4 ? 255 : Math.imul(i, 2654435761) >>> 24,
    );
    const rows: number[] = [];
    const whole = picture(width, height, rgba);
    const counting = {
      ...whole,
      readRows: (y: number, count: number) => {
        for (let row = y; row < y + count; row++) rows.push(row);
        return whole.readRows(y, count);
      },
    };
    expect(findBorders(counting, { rows: true, columns: false })).toContainEqual(inside(whole, 0, 20, 0, 0));
    expect(new Set(rows).size).toBe(rows.length);
  });

  it('of a plain picture are none', () => {
    const image = picture(50, 40, new Uint8Array(50 * 40 * 4).fill(200));
    expect(mayHaveBorder(image, 7)).toBe(true);
    expect(findBorders(image)).toEqual([]);
  });

  it('never make a picture of less than a third, or of nothing, whatever the pixels', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer(),
        fc.nat(3),
        (width, height, seed, kind) => {
          const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) =>
            kind === 0 ? 255 : (Math.imul(i + seed, 2654435761) >>> (kind * 8)) & 255,
          );
          const image = picture(width, height, rgba);
          expect(typeof mayHaveBorder(image, 3)).toBe('boolean');
          for (const { left, top, right, bottom } of findBorders(image)) {
            expect(left >= 0 && top >= 0 && right <= width && bottom <= height).toBe(true);
            expect(right - left).toBeGreaterThanOrEqual(width * 0.3);
            expect(bottom - top).toBeGreaterThanOrEqual(height * 0.3);
          }
        },
      ),
    );
  });
});

describe('a part of a picture', () => {
  it('has the pixels of the whole', () => {
    const rgba = Uint8Array.from({ length: 7 * 5 * 4 }, (_, i) => i);
    const part = cropped(picture(7, 5, rgba), { left: 2, top: 1, right: 6, bottom: 4 });
    expect([part.width, part.height]).toEqual([4, 3]);
    const rows = part.readRows(1, 2);
    expect(rows.length).toBe(4 * 2 * 4);
    for (let y = 0; y < 2; y++)
      for (let i = 0; i < 16; i++) expect(rows[y * 16 + i]).toBe(rgba[((y + 2) * 7 + 2) * 4 + i]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INPUT_SIDE, networkInput } from '../../src/kernels/network-input.js';
import { MAX_SURVEY_PIXELS, type Survey, Surveyor, shrunk } from '../../src/kernels/survey.js';

type Pixel = readonly [r: number, g: number, b: number];

function survey(width: number, height: number, pixel: (x: number, y: number) => Pixel, rows = 7): Survey {
  const surveyor = new Surveyor(width, height);
  for (let y = 0; y < height; y += rows) {
    const count = Math.min(rows, height - y);
    const strip = new Uint8Array(width * count * 4);
    for (let i = 0; i < width * count; i++) {
      strip.set([...pixel(i % width, y + Math.floor(i / width)), 255], i * 4);
    }
    surveyor.strip(new Uint32Array(strip.buffer), count);
  }
  return surveyor.end();
}

describe('a survey', () => {
  it('holds the luma of each pixel, whatever the strips', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (w, h, rows) => {
          const pixel = (x: number, y: number): Pixel => [(x * 37) & 255, (y * 59) & 255, (x * y) & 255];
          const { luma } = survey(w, h, pixel, rows);
          expect([luma.width, luma.height]).toEqual([w, h]);
          for (let i = 0; i < w * h; i++) {
            const [r, g, b] = pixel(i % w, Math.floor(i / w));
            expect(Math.abs(luma.data[i] - (0.299 * r + 0.587 * g + 0.114 * b))).toBeLessThan(0.51);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('gives grey back as it was, so that a hash of it is a hash of the picture', () => {
    const { luma } = survey(256, 1, (x) => [x, x, x]);
    expect([...luma.data]).toEqual(Array.from({ length: 256 }, (_, x) => x));
  });

  it('takes every second pixel where there are too many', () => {
    const [width, height] = [2500, 1700];
    expect(width * height).toBeGreaterThan(MAX_SURVEY_PIXELS);
    const { luma } = survey(
      width,
      height,
      (x, y) => (x % 2 === 0 && y % 2 === 0 ? [200, 200, 200] : [0, 0, 0]),
      100,
    );
    expect([luma.width, luma.height]).toEqual([1250, 850]);
    expect(luma.data.every((value) => value === 200)).toBe(true);
  });

  it('has the thumbnail that the network was trained on', () => {
    const [width, height] = [700, 300];
    const pixel = (x: number, y: number): Pixel => [(x * y) & 255, (x >> 1) & 255, (y * 3) & 255];
    const whole = new Uint8Array(width * height * 4);
    for (let i = 0; i < width * height; i++) whole.set(pixel(i % width, Math.floor(i / width)), i * 4);
    expect(survey(width, height, pixel).thumbnail).toEqual(networkInput(whole, width, height));
  });

  it('makes the thumbnail of a large picture from some of its pixels', () => {
    const { thumbnail } = survey(4100, 2100, (x, y) => [x < 2050 ? 255 : 0, y < 1050 ? 255 : 0, 51], 100);
    const at = (channel: number, x: number, y: number) =>
      thumbnail[(channel * INPUT_SIDE + y) * INPUT_SIDE + x];
    for (const i of [0, 60, 120]) {
      const seen = [at(0, i, 9), at(0, 255 - i, 9), at(1, 9, i), at(1, 9, 255 - i)];
      expect(seen.map((value) => Math.round(value * 1e5) / 1e5)).toEqual([1, 0, 1, 0]);
      expect(at(2, i, i)).toBeCloseTo(0.2, 5);
    }
  });

  it.each([
    [1, 1],
    [3, 700],
    [255, 257],
    [1023, 90],
  ])('fills the thumbnail of a picture of %i x %i', (width, height) => {
    const { thumbnail } = survey(width, height, () => [102, 0, 255]);
    const size = INPUT_SIDE * INPUT_SIDE;
    expect(Math.max(...thumbnail.slice(0, size).map((value) => Math.abs(value - 0.4)))).toBeLessThan(1e-5);
    expect(Math.min(...thumbnail.slice(2 * size))).toBeGreaterThan(0.9999);
  });
});

describe('a shrunk plane', () => {
  it('has the means of its cells', () => {
    const data = Uint8Array.from({ length: 7 * 5 }, (_, i) => (i * 31) & 255);
    const small = shrunk({ width: 7, height: 5, data }, 2);
    expect([small.width, small.height]).toEqual([3, 2]);
    for (let y = 0; y < 2; y++) {
      for (let x = 0; x < 3; x++) {
        const at = y * 14 + x * 2;
        const mean = (data[at] + data[at + 1] + data[at + 7] + data[at + 8]) / 4;
        expect(small.data[y * 3 + x]).toBe(Math.floor(mean + 0.5));
      }
    }
  });
});

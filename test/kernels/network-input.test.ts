/**
 * What the network sees of a picture.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INPUT_SIDE } from '../../src/finder/layout.js';
import { NetworkInput, networkInput } from '../../src/kernels/network-input.js';

const AREA = INPUT_SIDE * INPUT_SIDE;

function noise(width: number, height: number, channels: number): Uint8Array {
  let state = width * 31 + height;
  return Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

function mean(values: ArrayLike<number>, from = 0, to = values.length, step = 1): number {
  let sum = 0;
  for (let i = from; i < to; i += step) sum += values[i];
  return (sum * step) / (to - from);
}

describe("the network's input", () => {
  it('is the picture itself where it has that size', () => {
    const pixels = noise(INPUT_SIDE, INPUT_SIDE, 3);
    const input = networkInput(pixels, INPUT_SIDE, INPUT_SIDE, 3);
    for (const i of [0, 1, 255, 256, 40_000, AREA - 1]) {
      for (let c = 0; c < 3; c++) expect(input[c * AREA + i]).toBeCloseTo(pixels[i * 3 + c] / 255, 6);
    }
  });

  it('is the mean of whole blocks where the size is a multiple', () => {
    const [width, height] = [INPUT_SIDE * 2, INPUT_SIDE * 3];
    const pixels = noise(width, height, 4);
    const input = networkInput(pixels, width, height);
    const [x, y] = [77, 201];
    const block = [0, 1, 2].flatMap((dy) =>
      [0, 1].map((dx) => pixels[((y * 3 + dy) * width + x * 2 + dx) * 4 + 1]),
    );
    expect(input[AREA + y * INPUT_SIDE + x]).toBeCloseTo(mean(block) / 255, 5);
  });

  it('keeps the mean of each channel at any size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }), (width, height) => {
        const pixels = noise(width, height, 3);
        const input = networkInput(pixels, width, height, 3);
        for (let c = 0; c < 3; c++) {
          const wanted = mean(pixels, c, pixels.length + c, 3) / 255;
          expect(mean(input, c * AREA, (c + 1) * AREA)).toBeCloseTo(wanted, 4);
        }
      }),
      { numRuns: 6 },
    );
  });

  it('is the same however the rows are cut', () => {
    const [width, height] = [101, 317];
    const pixels = noise(width, height, 4);
    const whole = networkInput(pixels, width, height);
    const input = new NetworkInput(width, height);
    for (let y = 0; y < height; y += 100) {
      const count = Math.min(100, height - y);
      input.rows(pixels.subarray(y * width * 4, (y + count) * width * 4), count);
    }
    expect(Buffer.compare(Buffer.from(input.finish().buffer), Buffer.from(whole.buffer))).toBe(0);
  });

  it('refuses what is no picture', () => {
    expect(() => new NetworkInput(0, 5)).toThrow(/^'width'/);
    expect(() => new NetworkInput(5, 1.5)).toThrow(/^'height'/);
    expect(() => new NetworkInput(5, 5).finish()).toThrow(/^'rows'/);
    expect(() => new NetworkInput(5, 5).rows(new Uint8Array(19), 1)).toThrow(/^'pixels'/);
    expect(() => new NetworkInput(1, 1).rows(new Uint8Array(8), 2)).toThrow(/^'count'/);
  });
});

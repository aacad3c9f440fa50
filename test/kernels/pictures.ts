/**
 * Made-up pictures for the kernels, the same on every machine, and how to feed them.
 * @module
 */
import type { PdqHash, PdqKernel } from '../../src/kernels/types.js';

/** RGBA, row-major. */
export interface Picture {
  width: number;
  height: number;
  rgba: Uint8Array;
}

/** A small generator of 32-bit numbers (Mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

type Painter = (x: number, y: number, channel: number, random: () => number) => number;

/** Kinds of picture: a value of 0 to 255 for each pixel and channel. */
const PAINTERS = {
  noise: (_x, _y, _channel, random) => random() >>> 24,
  extremes: (_x, _y, _channel, random) => (random() >>> 31 ? 255 : 0),
  gradient: (x, y, channel) => (x * (channel + 1) + y * 3) & 255,
  slope: (x, y, channel) => Math.floor(127.5 + 100 * Math.sin(x / 97 + channel) + 27 * Math.cos(y / 53)),
  stripes: (x) => (x & 1 ? 255 : 0),
  checks: (x, y) => (((x >> 3) + (y >> 3)) & 1 ? 240 : 15),
  photo: (x, y, channel, random) =>
    90 + 60 * Math.sin(x / 31 + y / 57 + channel / 3) + (x > y ? 50 : 0) + (random() >>> 27),
  grey: () => 119,
  black: () => 0,
  white: () => 255,
} satisfies Record<string, Painter>;

/** Name of a kind of picture. */
export type Kind = keyof typeof PAINTERS;
/** All kinds. */
export const KINDS = Object.keys(PAINTERS) as Kind[];

/** Paints a picture. Alpha is noise in all of them: no kernel may look at it. */
export function paint(kind: Kind, width: number, height: number, seed = 1): Picture {
  const random = seeded(seed);
  const painter: Painter = PAINTERS[kind];
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0, p = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) rgba[p++] = painter(x, y, channel, random);
      rgba[p++] = random();
    }
  }
  return { width, height, rgba };
}

/**
 * Hashes a picture.
 * @param stripRows - rows of each strip, taken in turn; all at once by default
 */
export function hashWith(
  kernel: PdqKernel,
  picture: Picture,
  stripRows: number[] = [picture.height],
): PdqHash {
  const { width, height, rgba } = picture;
  kernel.begin(width, height);
  for (let y = 0, i = 0; y < height; i++) {
    const count = Math.min(height - y, stripRows[i % stripRows.length]);
    kernel.rows(rgba.subarray(y * width * 4, (y + count) * width * 4), count);
    y += count;
  }
  return kernel.end();
}

/** Where two hashes differ, in words; empty where every number is the same by `Object.is`. */
export function differences(a: PdqHash, b: PdqHash): string[] {
  const found: string[] = [];
  const compare = (what: string, x: number, y: number) => {
    if (!Object.is(x, y)) found.push(`${what}: ${x} is not ${y}`);
  };
  compare('coefficients', a.coefficients.length, b.coefficients.length);
  for (let i = 0; i < a.coefficients.length; i++) {
    compare(`coefficient ${i}`, a.coefficients[i], b.coefficients[i]);
  }
  compare('median', a.median, b.median);
  compare('quality', a.quality, b.quality);
  for (let i = 0; i < 32; i++) compare(`byte ${i}`, a.bits[i], b.bits[i]);
  return found;
}

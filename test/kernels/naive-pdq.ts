/**
 * PDQ as its description tells it, in double precision, without any of the kernels' shortcuts: luma of every
 * pixel, a box filter along rows and columns, twice, over the whole picture, and only then the samples. It
 * shares no code with src/.
 * @module
 */
import type { Picture } from './pictures.js';

/** What the oracle found. */
export interface NaivePdq {
  coefficients: Float64Array;
  median: number;
  /** 64 hex digits, bit 255 first. */
  hex: string;
  quality: number;
}

/** Averages each of `count` values, `stride` apart, over a window that the edges cut. */
function box(
  from: Float64Array,
  to: Float64Array,
  offset: number,
  count: number,
  stride: number,
  window: number,
) {
  const after = Math.floor(window / 2);
  const before = window - 1 - after;
  for (let i = 0; i < count; i++) {
    const first = Math.max(0, i - before);
    const last = Math.min(count - 1, i + after);
    let sum = 0;
    for (let k = first; k <= last; k++) sum += from[offset + k * stride];
    to[offset + i * stride] = sum / (last - first + 1);
  }
}

/** 64 x 64 samples of the picture's luma, filtered. */
function samplesOf({ width, height, rgba }: Picture): Float64Array {
  let plane = new Float64Array(width * height);
  let other = new Float64Array(width * height);
  for (let i = 0; i < plane.length; i++) {
    plane[i] = 0.299 * rgba[i * 4] + 0.587 * rgba[i * 4 + 1] + 0.114 * rgba[i * 4 + 2];
  }
  for (let pass = 0; pass < 2; pass++) {
    for (let y = 0; y < height; y++) box(plane, other, y * width, width, 1, Math.ceil(width / 128));
    [plane, other] = [other, plane];
    for (let x = 0; x < width; x++) box(plane, other, x, height, width, Math.ceil(height / 128));
    [plane, other] = [other, plane];
  }
  const samples = new Float64Array(64 * 64);
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      const y = Math.floor(((i + 0.5) * height) / 64);
      const x = Math.floor(((j + 0.5) * width) / 64);
      samples[i * 64 + j] = plane[y * width + x];
    }
  }
  return samples;
}

/** @param picture - sides of 5 or more */
export function naivePdq(picture: Picture): NaivePdq {
  const samples = samplesOf(picture);
  let gradient = 0;
  for (let i = 0; i < 64; i++) {
    for (let j = 0; j < 64; j++) {
      const here = samples[i * 64 + j];
      if (i < 63) gradient += Math.abs(Math.trunc(((here - samples[i * 64 + 64 + j]) * 100) / 255));
      if (j < 63) gradient += Math.abs(Math.trunc(((here - samples[i * 64 + j + 1]) * 100) / 255));
    }
  }
  const wave = (frequency: number, position: number) =>
    Math.sqrt(2 / 64) * Math.cos((Math.PI / 128) * (frequency + 1) * (2 * position + 1));
  const coefficients = new Float64Array(256);
  for (let u = 0; u < 16; u++) {
    for (let v = 0; v < 16; v++) {
      let sum = 0;
      for (let i = 0; i < 64; i++) {
        let line = 0;
        for (let j = 0; j < 64; j++) line += samples[i * 64 + j] * wave(v, j);
        sum += line * wave(u, i);
      }
      coefficients[u * 16 + v] = sum;
    }
  }
  const median = [...coefficients].sort((a, b) => a - b)[127];
  let hex = '';
  for (let j = 255; j >= 0; j -= 4) {
    let digit = 0;
    for (let k = j; k > j - 4; k--) digit = digit * 2 + (coefficients[k] > median ? 1 : 0);
    hex += digit.toString(16);
  }
  return { coefficients, median, hex, quality: Math.min(100, Math.trunc(gradient / 90)) };
}

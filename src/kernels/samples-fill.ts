/**
 * Fills some of a picture's 64 x 64 samples from what surrounds them: each takes the nearest ones left, right, above and below that are
 * kept, weighted by the inverse square of how far they are. That keeps low frequencies about as well as solving for the smoothest
 * fill does (docs/picture-finder.md), in one pass.
 * @module
 */
import { SAMPLES } from './pdq-geometry.js';

/** Weight of a sample so many samples away. */
const WEIGHTS = Float64Array.from({ length: SAMPLES + 1 }, (_, distance) => 1 / (distance * distance));

/** Samples from `left` to before `right`, `top` to before `bottom`. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * @param samples - 64 x 64 of luma, row-major; not changed
 * @param marks - other than 0 for each to fill, 0 for each that is kept
 * @returns new ones; one with nothing kept in its row and column has the mean of all that is kept, or stays
 */
export function filledSamples(samples: Float32Array, marks: Uint8Array): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(samples);
  const window = windowOf(marks);
  if (window === null) return out;
  const { left, top, right, bottom } = window;
  const sums = new Float64Array(samples.length);
  const weights = new Float64Array(samples.length);
  const sweep = (start: number, stride: number, count: number) =>
    spread(samples, marks, sums, weights, start, stride, count);
  for (let y = top; y < bottom; y++) {
    sweep(y * SAMPLES + left, 1, right - left);
    sweep(y * SAMPLES + right - 1, -1, right - left);
  }
  for (let x = left; x < right; x++) {
    sweep(top * SAMPLES + x, SAMPLES, bottom - top);
    sweep((bottom - 1) * SAMPLES + x, -SAMPLES, bottom - top);
  }
  let mean: number | undefined;
  for (let y = top; y < bottom; y++) {
    for (let i = y * SAMPLES + left; i < y * SAMPLES + right; i++) {
      if (marks[i] === 0) continue;
      if (weights[i] === 0) mean ??= meanKept(samples, marks);
      const value = weights[i] > 0 ? sums[i] / weights[i] : (mean as number);
      if (!Number.isNaN(value)) out[i] = value;
    }
  }
  return out;
}

/** All marked samples, and the next ones around them; null where there are none. */
function windowOf(marks: Uint8Array): Window | null {
  let [left, right, top, bottom] = [SAMPLES, -1, -1, -1];
  for (let y = 0; y < SAMPLES; y++) {
    const row = y * SAMPLES;
    let first = 0;
    while (first < SAMPLES && marks[row + first] === 0) first++;
    if (first === SAMPLES) continue;
    let last = SAMPLES - 1;
    while (marks[row + last] === 0) last--;
    if (top < 0) top = y;
    bottom = y;
    if (first < left) left = first;
    if (last > right) right = last;
  }
  if (top < 0) return null;
  return {
    left: Math.max(0, left - 1),
    top: Math.max(0, top - 1),
    right: Math.min(SAMPLES, right + 2),
    bottom: Math.min(SAMPLES, bottom + 2),
  };
}

/** Along one line: the last kept sample has its say in all marked ones that follow it. */
function spread(
  samples: Float32Array,
  marks: Uint8Array,
  sums: Float64Array,
  weights: Float64Array,
  start: number,
  stride: number,
  count: number,
): void {
  let value = 0;
  let distance = 0;
  for (let i = 0, at = start; i < count; i++, at += stride) {
    if (marks[at] === 0) {
      value = samples[at];
      distance = 1;
    } else if (distance > 0) {
      const weight = WEIGHTS[distance++];
      sums[at] += weight * value;
      weights[at] += weight;
    }
  }
}

function meanKept(samples: Float32Array, marks: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (marks[i] !== 0) continue;
    sum += samples[i];
    count++;
  }
  return sum / count;
}

/**
 * PDQ in plain TypeScript: the oracle that the wasm kernel is compared with bit for bit, and the fallback
 * where WebAssembly is refused. Written to be read; docs/kernels.md has the mathematics.
 *
 * The sums over pixels are exact integers, so their order doesn't matter. From the 64 x 64 samples on, every
 * f32 operation is spelt out with `Math.fround`, in the order in which the reference and the wasm kernel do it.
 * @module
 */
import { dctMatrix, FREQUENCIES } from './dct-matrix.js';
import { greyRows, guardKernel, wordsOf } from './guarded-kernel.js';
import { SAMPLES, sampleStart, windowLength } from './pdq-geometry.js';
import { createPlaneSums, type PlaneSums } from './plane-sums.js';
import { Surveyor } from './survey.js';
import type { PdqHash, PdqKernel } from './types.js';

const { fround } = Math;

/** The pixels along one axis that a sum is taken over, and the whole number by which each counts. */
interface Band {
  start: number;
  weights: Float64Array;
}

/** How many of `positions` neighbouring windows (no more than they are long) meet each pixel: a trapezoid. */
function tent(positions: number, window: number): Float64Array {
  const length = positions + window - 1;
  return Float64Array.from({ length }, (_, i) => Math.min(i + 1, positions, length - i));
}

/**
 * The bands of one axis: one for each sample, and for an even window one more for the part of sample 63
 * whose window is cut by the edge and therefore averages over one pixel less.
 */
function bandsOf(pixels: number): Band[] {
  const window = windowLength(pixels);
  const whole = tent(window, window);
  const bands: Band[] = [];
  for (let i = 0; i < SAMPLES; i++) bands.push({ start: sampleStart(i, pixels), weights: whole });
  if (window % 2 === 0) {
    bands[63].weights = tent(window - 1, window);
    bands.push({ start: pixels - (window - 1), weights: new Float64Array(window - 1).fill(1) });
  }
  return bands;
}

/** Adds up one row of RGBA bytes, band by band: R, G and B of each. */
function sumRow(rgba: Uint8Array | Uint8ClampedArray, row: number, bands: Band[], sums: Float64Array): void {
  for (let j = 0; j < bands.length; j++) {
    const { start, weights } = bands[j];
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let i = 0, p = row + start * 4; i < weights.length; i++, p += 4) {
      const weight = weights[i];
      red += weight * rgba[p];
      green += weight * rgba[p + 1];
      blue += weight * rgba[p + 2];
    }
    sums[j * 3] = red;
    sums[j * 3 + 1] = green;
    sums[j * 3 + 2] = blue;
  }
}

/** PDQ's measure of detail: how much neighbouring samples differ, in percent of the range, cut to whole ones. */
function qualityOf(samples: Float32Array): number {
  const step = (a: number, b: number) => Math.abs(Math.trunc(fround(fround(fround(a - b) * 100) / 255)));
  let sum = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      const here = samples[i * SAMPLES + j];
      if (i < SAMPLES - 1) sum += step(here, samples[(i + 1) * SAMPLES + j]);
      if (j < SAMPLES - 1) sum += step(here, samples[i * SAMPLES + j + 1]);
    }
  }
  return Math.min(100, Math.trunc(sum / 90));
}

/** D · samples · Dᵀ in f32, each sum from k = 0 up. */
function transform(samples: Float32Array, dct: Float32Array): Float32Array {
  const half = new Float32Array(FREQUENCIES * SAMPLES);
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      let sum = 0;
      for (let k = 0; k < SAMPLES; k++) {
        sum = fround(sum + fround(dct[i * SAMPLES + k] * samples[k * SAMPLES + j]));
      }
      half[i * SAMPLES + j] = sum;
    }
  }
  const coefficients = new Float32Array(FREQUENCIES * FREQUENCIES);
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < FREQUENCIES; j++) {
      let sum = 0;
      for (let k = 0; k < SAMPLES; k++) {
        sum = fround(sum + fround(half[i * SAMPLES + k] * dct[j * SAMPLES + k]));
      }
      coefficients[i * FREQUENCIES + j] = sum;
    }
  }
  return coefficients;
}

/**
 * PDQ's median: the 128th smallest of the 256 coefficients.
 * @param coefficients - 256 values; not changed
 * @returns one of them
 */
export function medianOf(coefficients: Float32Array): number {
  return Float32Array.from(coefficients).sort()[127];
}

/**
 * The hash's bits: which coefficients are above the median.
 * @param coefficients - 256 values
 * @param median - see {@link medianOf}
 * @returns 32 bytes; bit j is bit (j & 7) of byte (j >> 3)
 */
export function bitsAbove(coefficients: Float32Array, median: number): Uint8Array<ArrayBuffer> {
  const bits = new Uint8Array(32);
  for (let j = 0; j < 256; j++) if (coefficients[j] > median) bits[j >> 3] |= 1 << (j & 7);
  return bits;
}

/**
 * Makes the kernel in plain TypeScript.
 * @returns a kernel of its own; it keeps some 100 KB
 */
export function createPdqReference(): PdqKernel {
  const dct = dctMatrix();
  let width = 0;
  let height = 0;
  let columns: Band[] = [];
  let lines: Band[] = [];
  /** The next row, and the first line of samples that still wants rows. */
  let y = 0;
  let open = 0;
  let rowSums = new Float64Array(0);
  /** R, G, B for each line and column. */
  let sums = new Float64Array(0);
  let plane: PlaneSums | undefined;
  let surveyor: Surveyor | undefined;

  /** Weighted sums to luma samples (BT.601), divided by the weights' total: once in f64, rounded once to f32. */
  function samplesOf(): Float32Array {
    const [windowX, windowY] = [windowLength(width), windowLength(height)];
    const total = 1000 * windowX * windowX * windowY * windowY;
    // A window cut by the edge divides by one pixel less.
    const cutX = windowX / (windowX - 1);
    const cutY = windowY / (windowY - 1);
    const luma = (i: number, j: number) => {
      const p = (i * columns.length + j) * 3;
      return 299 * sums[p] + 587 * sums[p + 1] + 114 * sums[p + 2];
    };
    const alongLine = (i: number, j: number) =>
      j === 63 && columns.length > SAMPLES ? luma(i, j) + cutX * luma(i, j + 1) : luma(i, j);
    const samples = new Float32Array(SAMPLES * SAMPLES);
    for (let i = 0; i < SAMPLES; i++) {
      for (let j = 0; j < SAMPLES; j++) {
        let sum = alongLine(i, j);
        if (i === 63 && lines.length > SAMPLES) sum += cutY * alongLine(i + 1, j);
        samples[i * SAMPLES + j] = sum / total;
      }
    }
    return samples;
  }

  function takeRows(rgba: Uint8Array | Uint8ClampedArray, count: number): void {
    plane?.rows(rgba, count);
    surveyor?.strip(wordsOf(rgba), count);
    for (let k = 0; k < count; k++, y++) {
      while (open < lines.length && lines[open].start + lines[open].weights.length <= y) open++;
      if (open === lines.length) continue;
      let summed = false;
      for (let i = open; i < lines.length && lines[i].start <= y; i++) {
        const weight = lines[i].weights[y - lines[i].start];
        // Band 63 of an even window ends before band 64 does.
        if (weight === undefined) continue;
        if (!summed) sumRow(rgba, k * width * 4, columns, rowSums);
        summed = true;
        const line = i * rowSums.length;
        for (let j = 0; j < rowSums.length; j++) sums[line + j] += weight * rowSums[j];
      }
    }
  }

  return guardKernel('typescript', {
    begin(newWidth, newHeight, wantsPlane, wantsSurvey) {
      width = newWidth;
      height = newHeight;
      columns = bandsOf(width);
      lines = bandsOf(height);
      y = open = 0;
      rowSums = new Float64Array(columns.length * 3);
      sums = new Float64Array(lines.length * columns.length * 3);
      plane = wantsPlane ? createPlaneSums(width, height) : undefined;
      surveyor = wantsSurvey ? new Surveyor(width, height) : undefined;
    },
    rows: takeRows,
    lumaRows: (luma, stride, count) => takeRows(greyRows(luma, width, stride, count), count),
    end(): PdqHash {
      const samples = samplesOf();
      const coefficients = transform(samples, dct);
      const median = medianOf(coefficients);
      return { coefficients, median, bits: bitsAbove(coefficients, median), quality: qualityOf(samples) };
    },
    plane: () => plane!.plane(),
    survey: () => surveyor!.end(),
  });
}

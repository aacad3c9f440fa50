/**
 * Maps from a variant to the picture that it is taken of, and where they put the samples on the extended
 * plane. Positions are in sides of the picture: 0 is its left or upper edge, 1 its right or lower one, and
 * what lies outside is made up (plane-extension.ts).
 * @module
 */
import { SAMPLES } from './pdq-geometry.js';
import { EXTENDED_CELLS, MARGIN, PLANE_CELLS } from './plane-extension.js';

const { fround } = Math;

/** One axis of a variant whose axes are the picture's: the variant's position u lies at `offset + scale · u`. */
export interface AxisMap {
  readonly offset: number;
  readonly scale: number;
}

/**
 * Any straight map: the variant's position (u, v), right and down, lies at
 * `x = x0 + xu · u + xv · v`, `y = y0 + yu · u + yv · v`.
 */
export interface AffineMap {
  readonly x0: number;
  readonly xu: number;
  readonly xv: number;
  readonly y0: number;
  readonly yu: number;
  readonly yv: number;
}

/** Where the samples of one axis lie. */
export interface AxisTaps {
  /** 64 cells of the extended plane, 0 to 168. */
  readonly cells: Uint32Array;
  /** For each, how far the sample is on the way to the next cell, 0 to 1; f32. */
  readonly fractions: Float32Array;
}

/** No number of a map may be larger, either way. */
const LARGEST = 1000;

/**
 * All samples are moved by this much: PDQ's even windows shift a picture by a pixel and odd ones don't, and
 * this is the middle (measured: the median distance of the unchanged picture falls from 9.1 to 7.6 bits).
 */
const SHIFT = 0.001;

/** Position on the extended plane, in cells, of a position in the picture. */
const cellOf = (position: number) => (position + SHIFT) * PLANE_CELLS - 0.5 + MARGIN;

/**
 * The map of an upload to which strips have to be added (or, below 0, cut off) before it is the original.
 * @param before - strip at the left or upper edge, in sides of the upload
 * @param after - strip at the right or lower edge
 */
export function padMap(before: number, after: number): AxisMap {
  return { offset: -before, scale: 1 + before + after };
}

function checkNumbers(what: string, ...numbers: number[]): void {
  for (const number of numbers) {
    if (typeof number !== 'number') throw new TypeError(`'${what}' must be a map of numbers`);
    // Not `> LARGEST`: that lets NaN through.
    if (!(Math.abs(number) <= LARGEST)) {
      throw new RangeError(`'${what}' must hold numbers from -${LARGEST} to ${LARGEST}, not ${number}`);
    }
  }
}

/**
 * Checks a map of one axis.
 * @param what - its name in the error
 * @throws TypeError, RangeError for anything but two numbers from -1000 to 1000
 */
export function checkAxisMap(what: string, map: AxisMap): void {
  checkNumbers(what, map.offset, map.scale);
}

/**
 * Computes where the 64 samples of an axis lie; positions beyond the extended plane are moved to its edge.
 * @param map - was checked
 * @param taps - takes the result
 */
export function placeTaps(map: AxisMap, taps: AxisTaps): void {
  for (let i = 0; i < SAMPLES; i++) {
    const position = cellOf(map.offset + (map.scale * (i + 0.5)) / SAMPLES);
    const inside = Math.min(Math.max(position, 0), EXTENDED_CELLS - 1);
    const cell = Math.min(Math.floor(inside), EXTENDED_CELLS - 2);
    taps.cells[i] = cell;
    taps.fractions[i] = inside - cell;
  }
}

/**
 * Where an affine map puts the samples: sample 0 of row 0, and the steps from there, in cells.
 * @param map - to be checked here
 * @param steps - takes x and y of the first sample, x and y of a step along a row, x and y of a step down; f32
 * @throws TypeError, RangeError for anything but six numbers from -1000 to 1000
 */
export function affineSteps(map: AffineMap, steps: Float32Array): void {
  const { x0, xu, xv, y0, yu, yv } = map;
  checkNumbers('map', x0, xu, xv, y0, yu, yv);
  const step = PLANE_CELLS / SAMPLES;
  steps[0] = cellOf(x0 + (xu + xv) / (2 * SAMPLES));
  steps[1] = cellOf(y0 + (yu + yv) / (2 * SAMPLES));
  steps[2] = xu * step;
  steps[3] = yu * step;
  steps[4] = xv * step;
  steps[5] = yv * step;
}

/**
 * Samples a plane under an affine map: bilinear, all in f32.
 * @param plane - extended, `stride` cells from row to row
 * @param stride - in cells
 * @param steps - see {@link affineSteps}
 * @param out - takes 64 x 64 samples
 */
export function sampleAffine(
  plane: Float32Array,
  stride: number,
  steps: Float32Array,
  out: Float32Array,
): void {
  const [startX, startY, alongX, alongY, downX, downY] = steps;
  const last = EXTENDED_CELLS - 1;
  const between = (a: number, b: number, fraction: number) => fround(a + fround(fround(b - a) * fraction));
  for (let i = 0; i < SAMPLES; i++) {
    const lineX = fround(startX + fround(i * downX));
    const lineY = fround(startY + fround(i * downY));
    for (let j = 0; j < SAMPLES; j++) {
      const x = Math.min(Math.max(fround(lineX + fround(j * alongX)), 0), last);
      const y = Math.min(Math.max(fround(lineY + fround(j * alongY)), 0), last);
      const column = Math.min(Math.floor(x), last - 1);
      const row = Math.min(Math.floor(y), last - 1);
      const fractionX = fround(x - column);
      const p = row * stride + column;
      const q = p + stride;
      const upper = between(plane[p], plane[p + 1], fractionX);
      const lower = between(plane[q], plane[q + 1], fractionX);
      out[i * SAMPLES + j] = between(upper, lower, fround(y - row));
    }
  }
}

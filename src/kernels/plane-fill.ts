/**
 * Fills cells of a picture's plane from what surrounds them: each takes the nearest cells left, right, above and below that are
 * kept, weighted by the inverse square of how far they are. That keeps low frequencies about as well as solving for the smoothest
 * fill does (docs/picture-finder.md), in one pass.
 * @module
 */
import { PLANE_CELLS } from './plane-extension.js';

/** Weight of a cell so many cells away. */
const WEIGHTS = Float64Array.from({ length: PLANE_CELLS + 1 }, (_, distance) => 1 / (distance * distance));

/** Cells from `left` to before `right`, `top` to before `bottom`. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * @param plane - 128 x 128 cells of luma, row-major; not changed
 * @param marks - 1 for each cell to fill, 0 for each that is kept
 * @returns a new plane; a cell with nothing kept in its row and column has the mean of all that is kept, or stays
 */
export function filledPlane(plane: Float32Array, marks: Uint8Array): Float32Array<ArrayBuffer> {
  const out = Float32Array.from(plane);
  const window = windowOf(marks);
  if (window === null) return out;
  const { left, top, right, bottom } = window;
  const sums = new Float64Array(plane.length);
  const weights = new Float64Array(plane.length);
  const sweep = (start: number, stride: number, count: number) =>
    spread(plane, marks, sums, weights, start, stride, count);
  for (let y = top; y < bottom; y++) {
    sweep(y * PLANE_CELLS + left, 1, right - left);
    sweep(y * PLANE_CELLS + right - 1, -1, right - left);
  }
  for (let x = left; x < right; x++) {
    sweep(top * PLANE_CELLS + x, PLANE_CELLS, bottom - top);
    sweep((bottom - 1) * PLANE_CELLS + x, -PLANE_CELLS, bottom - top);
  }
  let mean: number | undefined;
  for (let y = top; y < bottom; y++) {
    for (let i = y * PLANE_CELLS + left; i < y * PLANE_CELLS + right; i++) {
      if (marks[i] === 0) continue;
      if (weights[i] === 0) mean ??= meanKept(plane, marks);
      const value = weights[i] > 0 ? sums[i] / weights[i] : (mean as number);
      if (!Number.isNaN(value)) out[i] = value;
    }
  }
  return out;
}

/** All marked cells, and the next ones around them; null where there are none. */
function windowOf(marks: Uint8Array): Window | null {
  let [left, right, top, bottom] = [PLANE_CELLS, -1, -1, -1];
  for (let y = 0; y < PLANE_CELLS; y++) {
    const row = y * PLANE_CELLS;
    let first = 0;
    while (first < PLANE_CELLS && marks[row + first] === 0) first++;
    if (first === PLANE_CELLS) continue;
    let last = PLANE_CELLS - 1;
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
    right: Math.min(PLANE_CELLS, right + 2),
    bottom: Math.min(PLANE_CELLS, bottom + 2),
  };
}

/** Along one line: the last kept cell has its say in all marked ones that follow it. */
function spread(
  plane: Float32Array,
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
      value = plane[at];
      distance = 1;
    } else if (distance > 0) {
      const weight = WEIGHTS[distance++];
      sums[at] += weight * value;
      weights[at] += weight;
    }
  }
}

function meanKept(plane: Float32Array, marks: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < plane.length; i++) {
    if (marks[i] !== 0) continue;
    sum += plane[i];
    count++;
  }
  return sum / count;
}

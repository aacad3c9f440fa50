/**
 * What a picture's plane may have been before somebody wrote or drew on it: cells near strong contrast (outlined letters,
 * icons, buttons, the rim of a sticker) are taken out and filled from what surrounds them. That blurs strong edges
 * of the picture itself, too, which moves low frequencies far less than a caption does.
 * @module
 */
import { PLANE_CELLS } from './plane-extension.js';

/** How marks are told from the picture. */
export interface MarkRule {
  /** Difference of luma between the lightest and the darkest cell near to a cell from which it is a mark. */
  readonly contrast: number;
  /** How many cells away "near" is, up, down, left and right. */
  readonly near: number;
  /** By how many cells marks are grown. */
  readonly grow: number;
}

/** Marks may cover this share of the plane; more is the picture's own contrast. */
const MOST_COVERED = 0.5;
/** Half sides of the windows that a cell is filled from: the smallest is taken that has enough that is no mark. */
const WINDOWS = [2, 4, 8, 16, 32, 64, 128];
/** Share of a window that must be no mark, save for the last one. */
const ENOUGH = 0.25;

/**
 * @param plane - 128 x 128 cells of luma, row-major; not changed
 * @param rule - what is a mark
 * @returns a new plane, or null where nothing is a mark, or too much is
 */
export function withoutMarks(plane: Float32Array, rule: MarkRule): Float32Array<ArrayBuffer> | null {
  let marks = marksOf(plane, rule);
  for (let i = 0; i < rule.grow; i++) marks = grown(marks);
  let covered = 0;
  for (let i = 0; i < marks.length; i++) covered += marks[i];
  if (covered === 0 || covered > MOST_COVERED * marks.length) return null;
  return filled(plane, marks);
}

/** 1 where the lightest and the darkest cell of the square around a cell differ enough. */
function marksOf(plane: Float32Array, { contrast, near }: MarkRule): Uint8Array {
  let [high, low] = [Float32Array.from(plane), Float32Array.from(plane)];
  for (let i = 0; i < near; i++) [high, low] = widened(high, low);
  const marks = new Uint8Array(plane.length);
  for (let i = 0; i < marks.length; i++) if (high[i] - low[i] >= contrast) marks[i] = 1;
  return marks;
}

/** The greatest of `high` and the least of `low` in the 3 x 3 cells around each. */
function widened(
  high: Float32Array,
  low: Float32Array,
): [Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>] {
  const last = PLANE_CELLS - 1;
  const rowHigh = new Float32Array(high.length);
  const rowLow = new Float32Array(low.length);
  for (let i = 0; i < high.length; i++) {
    const x = i % PLANE_CELLS;
    let [most, least] = [high[i], low[i]];
    if (x > 0) {
      if (high[i - 1] > most) most = high[i - 1];
      if (low[i - 1] < least) least = low[i - 1];
    }
    if (x < last) {
      if (high[i + 1] > most) most = high[i + 1];
      if (low[i + 1] < least) least = low[i + 1];
    }
    rowHigh[i] = most;
    rowLow[i] = least;
  }
  const outHigh = new Float32Array(high.length);
  const outLow = new Float32Array(low.length);
  for (let i = 0; i < high.length; i++) {
    const above = i < PLANE_CELLS ? i : i - PLANE_CELLS;
    const below = i + PLANE_CELLS < high.length ? i + PLANE_CELLS : i;
    let [most, least] = [rowHigh[i], rowLow[i]];
    if (rowHigh[above] > most) most = rowHigh[above];
    if (rowHigh[below] > most) most = rowHigh[below];
    if (rowLow[above] < least) least = rowLow[above];
    if (rowLow[below] < least) least = rowLow[below];
    outHigh[i] = most;
    outLow[i] = least;
  }
  return [outHigh, outLow];
}

/** Marks and the cells next to them. */
function grown(marks: Uint8Array): Uint8Array {
  const last = PLANE_CELLS - 1;
  const rows = new Uint8Array(marks.length);
  for (let i = 0; i < marks.length; i++) {
    const x = i % PLANE_CELLS;
    rows[i] = marks[i] | (x > 0 ? marks[i - 1] : 0) | (x < last ? marks[i + 1] : 0);
  }
  const out = new Uint8Array(marks.length);
  for (let i = 0; i < marks.length; i++) {
    const above = i < PLANE_CELLS ? i : i - PLANE_CELLS;
    const below = i + PLANE_CELLS < marks.length ? i + PLANE_CELLS : i;
    out[i] = rows[i] | rows[above] | rows[below];
  }
  return out;
}

/** The plane with each marked cell as the mean of the others in the smallest window that has enough of them. */
function filled(plane: Float32Array, marks: Uint8Array): Float32Array<ArrayBuffer> {
  const stride = PLANE_CELLS + 1;
  // Sums over all cells above and left of a corner.
  const sums = new Float64Array(stride * stride);
  const counts = new Int32Array(stride * stride);
  for (let y = 0; y < PLANE_CELLS; y++) {
    let sum = 0;
    let count = 0;
    for (let x = 0; x < PLANE_CELLS; x++) {
      const i = y * PLANE_CELLS + x;
      if (marks[i] === 0) {
        sum += plane[i];
        count++;
      }
      const at = (y + 1) * stride + x + 1;
      sums[at] = sums[at - stride] + sum;
      counts[at] = counts[at - stride] + count;
    }
  }
  const out = Float32Array.from(plane);
  for (let i = 0; i < out.length; i++) {
    if (marks[i] === 0) continue;
    const x = i % PLANE_CELLS;
    const y = (i - x) / PLANE_CELLS;
    for (const half of WINDOWS) {
      const top = Math.max(0, y - half);
      const bottom = Math.min(PLANE_CELLS, y + half + 1);
      const left = Math.max(0, x - half);
      const right = Math.min(PLANE_CELLS, x + half + 1);
      const [a, b, c, d] = [
        top * stride + left,
        top * stride + right,
        bottom * stride + left,
        bottom * stride + right,
      ];
      const count = counts[d] - counts[c] - counts[b] + counts[a];
      if (count < ENOUGH * (right - left) * (bottom - top)) continue;
      out[i] = (sums[d] - sums[c] - sums[b] + sums[a]) / count;
      break;
    }
  }
  return out;
}

/**
 * What a picture's plane may have been before somebody wrote or drew on it: cells near strong contrast (outlined letters,
 * icons, buttons, the rim of a sticker) are taken out and filled from what surrounds them. That blurs strong edges
 * of the picture itself, too, which moves low frequencies far less than a caption does.
 * @module
 */
import { PLANE_CELLS } from './plane-extension.js';

/** Marks may cover this share of the plane; more is the picture's own contrast. */
const MOST_COVERED = 0.5;
/** Half sides of the windows that a cell is filled from: the smallest is taken that has enough that is no mark. */
const WINDOWS = [2, 4, 8, 16, 32, 64, 128];
/** Share of a window that must be no mark, save for the last one. */
const ENOUGH = 0.25;

/**
 * @param plane - 128 x 128 cells of luma, row-major
 * @param near - how many cells away is near, up, down, left and right
 * @returns for each cell the difference between the lightest and the darkest cell near to it
 */
export function contrastOf(plane: Float32Array, near: number): Float32Array<ArrayBuffer> {
  let high = plane;
  let low = plane;
  for (let i = 0; i < near; i++) {
    high = highest(high, 1);
    low = highest(low, -1);
  }
  const contrast = new Float32Array(plane.length);
  for (let i = 0; i < contrast.length; i++) contrast[i] = high[i] - low[i];
  return contrast;
}

/**
 * @param plane - 128 x 128 cells of luma, row-major; not changed
 * @param contrast - of the plane's cells, see {@link contrastOf}
 * @param least - contrast from which a cell is a mark
 * @param grow - by how many cells marks are grown
 * @returns a new plane, or null where nothing is a mark, or too much is
 */
export function withoutMarks(
  plane: Float32Array,
  contrast: Float32Array,
  least: number,
  grow: number,
): Float32Array<ArrayBuffer> | null {
  let marks = new Uint8Array(plane.length);
  for (let i = 0; i < marks.length; i++) if (contrast[i] >= least) marks[i] = 1;
  for (let i = 0; i < grow; i++) marks = grown(marks);
  let covered = 0;
  for (let i = 0; i < marks.length; i++) covered += marks[i];
  if (covered === 0 || covered > MOST_COVERED * marks.length) return null;
  return filled(plane, marks);
}

/** The greatest value in the 3 x 3 cells around each, or the least where `sign` is -1. */
function highest(plane: Float32Array, sign: 1 | -1): Float32Array {
  const rows = new Float32Array(plane.length);
  for (let start = 0; start < plane.length; start += PLANE_CELLS) {
    const end = start + PLANE_CELLS - 1;
    let before = sign * plane[start];
    let here = before;
    for (let i = start; i <= end; i++) {
      const behind = i < end ? sign * plane[i + 1] : here;
      const most = here > before ? here : before;
      rows[i] = behind > most ? behind : most;
      before = here;
      here = behind;
    }
  }
  const out = new Float32Array(plane.length);
  for (let i = 0; i < out.length; i++) {
    const above = rows[i < PLANE_CELLS ? i : i - PLANE_CELLS];
    const below = rows[i + PLANE_CELLS < out.length ? i + PLANE_CELLS : i];
    let most = rows[i];
    if (above > most) most = above;
    if (below > most) most = below;
    out[i] = sign * most;
  }
  return out;
}

/** Marks and the cells next to them. */
function grown(marks: Uint8Array): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(marks.length);
  for (let start = 0; start < marks.length; start += PLANE_CELLS) {
    const end = start + PLANE_CELLS - 1;
    rows[start] = marks[start] | marks[start + 1];
    for (let i = start + 1; i < end; i++) rows[i] = marks[i - 1] | marks[i] | marks[i + 1];
    rows[end] = marks[end - 1] | marks[end];
  }
  const out = new Uint8Array(marks.length);
  for (let i = 0; i < out.length; i++) {
    const above = rows[i < PLANE_CELLS ? i : i - PLANE_CELLS];
    const below = rows[i + PLANE_CELLS < out.length ? i + PLANE_CELLS : i];
    out[i] = rows[i] | above | below;
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
    for (let w = 0; w < WINDOWS.length; w++) {
      const half = WINDOWS[w];
      const top = Math.max(0, y - half);
      const bottom = Math.min(PLANE_CELLS, y + half + 1);
      const left = Math.max(0, x - half);
      const right = Math.min(PLANE_CELLS, x + half + 1);
      const upper = top * stride;
      const lower = bottom * stride;
      const count =
        counts[lower + right] - counts[lower + left] - counts[upper + right] + counts[upper + left];
      if (count < ENOUGH * (right - left) * (bottom - top)) continue;
      const sum = sums[lower + right] - sums[lower + left] - sums[upper + right] + sums[upper + left];
      out[i] = sum / count;
      break;
    }
  }
  return out;
}

/**
 * A plane continued beyond its edges, ring by ring: src/kernels/plane-extension.ts tells why and how, and has every f32
 * operation in the same order.
 * @module
 */
import { CELLS, PLANE_CELLS, ROW_BYTES } from './memory';

/** Rings on each side. */
const MARGIN: i32 = (CELLS - PLANE_CELLS) / 2;
/** How far a ring is drawn towards the mean. */
const FADE: f32 = 0.08;
const THIRD: f32 = <f32>(1.0 / 3.0);

/** A ring's side, with room for a value before it and for whole vectors behind it. */
const LINE: usize = memory.data(16 + (CELLS + 6) * 4, 16) + 16;
const SMOOTHED: usize = memory.data(16 + (CELLS + 6) * 4, 16) + 16;

/** Mean of 128 x 128 cells, summed in f64 in their order. */
function meanOf(cells: usize): f32 {
  let sum: f64 = 0;
  for (let at = cells, end = cells + PLANE_CELLS * PLANE_CELLS * 4; at < end; at += 16) {
    sum += <f64>load<f32>(at);
    sum += <f64>load<f32>(at, 4);
    sum += <f64>load<f32>(at, 8);
    sum += <f64>load<f32>(at, 12);
  }
  return <f32>(sum / <f64>(PLANE_CELLS * PLANE_CELLS));
}

/** A line's ends are their own neighbours. */
// @ts-ignore: decorator
@inline
function closeEnds(line: usize, bytes: usize): void {
  store<f32>(line - 4, load<f32>(line));
  store<f32>(line + bytes, load<f32>(line + bytes - 4));
}

/** The mean of each value and its neighbours. */
// @ts-ignore: decorator
@inline
function smoothed(at: usize): v128 {
  const sum = f32x4.add(f32x4.add(v128.load(at - 4), v128.load(at)), v128.load(at + 4));
  return f32x4.mul(sum, f32x4.splat(THIRD));
}

/** Turns LINE into the next ring's side: smoothed twice, then faded. */
function grow(bytes: usize, mean: v128): void {
  closeEnds(LINE, bytes);
  for (let i: usize = 0; i < bytes; i += 16) v128.store(SMOOTHED + i, smoothed(LINE + i));
  closeEnds(SMOOTHED, bytes);
  const fade = f32x4.splat(FADE);
  for (let i: usize = 0; i < bytes; i += 16) {
    const value = smoothed(SMOOTHED + i);
    v128.store(LINE + i, f32x4.add(value, f32x4.mul(f32x4.sub(mean, value), fade)));
  }
}

/** Extends the columns from the edge at `first`, the topmost cell of one, by `step` bytes at a time. */
function growColumns(first: usize, step: isize, mean: v128): void {
  for (let y: usize = 0; y < <usize>PLANE_CELLS; y++) {
    store<f32>(LINE + (y << 2), load<f32>(first + y * ROW_BYTES));
  }
  for (let ring = 0; ring < MARGIN; ring++) {
    grow(PLANE_CELLS * 4, mean);
    first += step;
    for (let y: usize = 0; y < <usize>PLANE_CELLS; y++) {
      store<f32>(first + y * ROW_BYTES, load<f32>(LINE + (y << 2)));
    }
  }
}

/** Extends the rows from the edge at `first`, the first cell of one, by `step` bytes at a time. */
function growRows(first: usize, step: isize, mean: v128): void {
  memory.copy(LINE, first, CELLS * 4);
  for (let ring = 0; ring < MARGIN; ring++) {
    grow(CELLS * 4, mean);
    first += step;
    // Cells behind the last one of a row stay 0.
    memory.copy(first, LINE, CELLS * 4);
  }
}

/** Extends 128 x 128 cells into 170 rows of 176. Returns whether all cells are finite; if not, nothing is written. */
export function extendPlane(cells: usize, plane: usize): bool {
  const mean = meanOf(cells);
  if (!isFinite(mean)) return false;
  const means = f32x4.splat(mean);
  const first = plane + MARGIN * ROW_BYTES + MARGIN * 4;
  for (let y: usize = 0; y < <usize>PLANE_CELLS; y++) {
    memory.copy(first + y * ROW_BYTES, cells + ((y * PLANE_CELLS) << 2), PLANE_CELLS * 4);
  }
  growColumns(first, -4, means);
  growColumns(first + (PLANE_CELLS - 1) * 4, 4, means);
  const left = plane + MARGIN * ROW_BYTES;
  growRows(left, -ROW_BYTES, means);
  growRows(left + (PLANE_CELLS - 1) * ROW_BYTES, ROW_BYTES, means);
  return true;
}

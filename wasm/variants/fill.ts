/**
 * Marked cells filled from what surrounds them: src/kernels/plane-fill.ts tells why and how. The four neighbours of a cell are
 * added in the order of that file, in f64.
 * @module
 */
import { MARKS } from './marks';
import { CELL_BYTES, PLANE_CELLS } from './memory';

const ROW: usize = PLANE_CELLS * 4;

/** Of each marked cell: sum and weight of the kept cells seen so far; f64. */
const SUMS: usize = memory.data(128 * 128 * 8, 16);
const WEIGHTS: usize = memory.data(128 * 128 * 8, 16);
/** Of each column: the last kept cell, and how far away it is, 0 if there is none. */
const VALUES: usize = memory.data(128 * 4, 16);
const DISTANCES: usize = memory.data(128 * 4, 16);

// @ts-ignore: decorator
@inline
function isMarked(x: i32, y: i32): bool {
  return ((load<u64>(MARKS + (y << 4) + ((x >> 6) << 3)) >> (<u64>x & 63)) & 1) != 0;
}

/** Adds a kept cell to a marked one. */
// @ts-ignore: decorator
@inline
function add(cell: usize, value: f32, distance: i32): void {
  const weight: f64 = 1.0 / <f64>(distance * distance);
  store<f64>(SUMS + (cell << 3), load<f64>(SUMS + (cell << 3)) + weight * <f64>value);
  store<f64>(WEIGHTS + (cell << 3), load<f64>(WEIGHTS + (cell << 3)) + weight);
}

/** The kept cells left of marked ones; these begin at 0. */
function fromLeft(cells: usize, y: i32): void {
  let value: f32 = 0;
  let distance: i32 = 0;
  for (let half: i32 = 0; half < 2; half++) {
    for (let bits = load<u64>(MARKS + (y << 4) + (half << 3)); bits != 0; bits &= bits - 1) {
      const x = (half << 6) + <i32>ctz(bits);
      const cell = <usize>(y * PLANE_CELLS + x);
      if (x > 0 && !isMarked(x - 1, y)) {
        value = load<f32>(cells + ((cell - 1) << 2));
        distance = 1;
      } else if (distance > 0) distance++;
      store<f64>(SUMS + (cell << 3), 0);
      store<f64>(WEIGHTS + (cell << 3), 0);
      if (distance > 0) add(cell, value, distance);
    }
  }
}

/** The kept cells right of marked ones. */
function fromRight(cells: usize, y: i32): void {
  let value: f32 = 0;
  let distance: i32 = 0;
  for (let half: i32 = 1; half >= 0; half--) {
    for (let bits = load<u64>(MARKS + (y << 4) + (half << 3)); bits != 0; ) {
      const bit = 63 - <i32>clz(bits);
      bits ^= (<u64>1) << (<u64>bit);
      const x = (half << 6) + bit;
      const cell = <usize>(y * PLANE_CELLS + x);
      if (x < PLANE_CELLS - 1 && !isMarked(x + 1, y)) {
        value = load<f32>(cells + ((cell + 1) << 2));
        distance = 1;
      } else if (distance > 0) distance++;
      if (distance > 0) add(cell, value, distance);
    }
  }
}

/** The kept cells above the marked ones of a row, or below them where `step` is -1. */
function fromLine(cells: usize, y: i32, step: i32): void {
  const before = y - step;
  const isFirst = before < 0 || before >= PLANE_CELLS;
  for (let half: i32 = 0; half < 2; half++) {
    for (let bits = load<u64>(MARKS + (y << 4) + (half << 3)); bits != 0; bits &= bits - 1) {
      const x = (half << 6) + <i32>ctz(bits);
      const column = <usize>x << 2;
      let distance: i32 = 0;
      if (!isFirst) {
        if (!isMarked(x, before)) {
          store<f32>(VALUES + column, load<f32>(cells + before * ROW + column));
          distance = 1;
        } else {
          distance = load<i32>(DISTANCES + column);
          if (distance > 0) distance++;
        }
      }
      store<i32>(DISTANCES + column, distance);
      if (distance > 0) add(<usize>(y * PLANE_CELLS + x), load<f32>(VALUES + column), distance);
    }
  }
}

/** Mean of the cells that are no marks, summed in their order; NaN where there are none. */
function meanKept(cells: usize): f64 {
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let y: i32 = 0; y < PLANE_CELLS; y++) {
    for (let x: i32 = 0; x < PLANE_CELLS; x++) {
      if (isMarked(x, y)) continue;
      sum += <f64>load<f32>(cells + ((y * PLANE_CELLS + x) << 2));
      count++;
    }
  }
  return sum / count;
}

/** Copies 128 x 128 cells to `out`, the marked ones filled. */
export function fillMarks(cells: usize, out: usize): void {
  memory.copy(out, cells, CELL_BYTES);
  for (let y: i32 = 0; y < PLANE_CELLS; y++) {
    fromLeft(cells, y);
    fromRight(cells, y);
  }
  for (let y: i32 = 0; y < PLANE_CELLS; y++) fromLine(cells, y, 1);
  for (let y: i32 = PLANE_CELLS - 1; y >= 0; y--) fromLine(cells, y, -1);
  let mean: f64 = 0;
  let isMeanKnown = false;
  for (let y: i32 = 0; y < PLANE_CELLS; y++) {
    for (let half: i32 = 0; half < 2; half++) {
      for (let bits = load<u64>(MARKS + (y << 4) + (half << 3)); bits != 0; bits &= bits - 1) {
        const cell = <usize>(y * PLANE_CELLS + (half << 6) + <i32>ctz(bits));
        const weight = load<f64>(WEIGHTS + (cell << 3));
        if (weight > 0) {
          store<f32>(out + (cell << 2), <f32>(load<f64>(SUMS + (cell << 3)) / weight));
          continue;
        }
        if (!isMeanKnown) {
          mean = meanKept(cells);
          isMeanKnown = true;
        }
        if (mean == mean) store<f32>(out + (cell << 2), <f32>mean);
      }
    }
  }
}

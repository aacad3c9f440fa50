/**
 * A plane without what was drawn over it: src/kernels/plane-marks.ts tells why and how. Marks are bits, a row of cells in
 * two words; sums are in f64 in the order of that file.
 * @module
 */
import { CELL_BYTES, PLANE_CELLS } from './memory';

const ROW: usize = PLANE_CELLS * 4;
/** Marks may cover so many cells. */
const MOST_COVERED: i32 = (PLANE_CELLS * PLANE_CELLS) / 2;
/** Half side of the smallest window that a cell is filled from; each further one is twice as large. */
const SMALLEST_WINDOW: i32 = 2;
/** One in so many cells of a window must be no mark. */
const ENOUGH: i32 = 4;

/** The lightest and the darkest cell near each: two of each, for passes from one to the other. */
const HIGH: usize = memory.data(2 * 128 * 128 * 4, 16);
const LOW: usize = memory.data(2 * 128 * 128 * 4, 16);
/** A row of each, with room for a value on either side. */
const HIGH_ROW: usize = memory.data(16 + 128 * 4 + 16, 16) + 16;
const LOW_ROW: usize = memory.data(16 + 128 * 4 + 16, 16) + 16;

/** Marks: bit x of a row's 128. */
const MARKS: usize = memory.data(128 * 16, 16);

/** For each corner of cells, sum and number of the cells above and left of it that are no marks. */
const CORNERS: usize = 128 + 1;
const SUMS: usize = memory.data(129 * 129 * 8, 16);
const COUNTS: usize = memory.data(129 * 129 * 4, 16);

/** A row's ends are their own neighbours. */
// @ts-ignore: decorator
@inline
function closeEnds(line: usize): void {
  store<f32>(line - 4, load<f32>(line));
  store<f32>(line + ROW, load<f32>(line + ROW - 4));
}

/** One step further: the extremes of the 3 x 3 cells around each. */
function spread(highFrom: usize, lowFrom: usize, highTo: usize, lowTo: usize): void {
  for (let y: usize = 0; y < <usize>PLANE_CELLS; y++) {
    const here = y * ROW;
    const above = y > 0 ? here - ROW : here;
    const below = y < <usize>(PLANE_CELLS - 1) ? here + ROW : here;
    for (let x: usize = 0; x < ROW; x += 16) {
      const high = f32x4.pmax(v128.load(highFrom + above + x), v128.load(highFrom + below + x));
      const low = f32x4.pmin(v128.load(lowFrom + above + x), v128.load(lowFrom + below + x));
      v128.store(HIGH_ROW + x, f32x4.pmax(high, v128.load(highFrom + here + x)));
      v128.store(LOW_ROW + x, f32x4.pmin(low, v128.load(lowFrom + here + x)));
    }
    closeEnds(HIGH_ROW);
    closeEnds(LOW_ROW);
    for (let x: usize = 0; x < ROW; x += 16) {
      const high = f32x4.pmax(v128.load(HIGH_ROW + x - 4), v128.load(HIGH_ROW + x + 4));
      const low = f32x4.pmin(v128.load(LOW_ROW + x - 4), v128.load(LOW_ROW + x + 4));
      v128.store(highTo + here + x, f32x4.pmax(high, v128.load(HIGH_ROW + x)));
      v128.store(lowTo + here + x, f32x4.pmin(low, v128.load(LOW_ROW + x)));
    }
  }
}

/** Marks the cells with at least so much contrast to those near them. */
function mark(cells: usize, near: i32, least: f32): void {
  let high = cells;
  let low = cells;
  for (let i = 0; i < near; i++) {
    const other = (i & 1) * CELL_BYTES;
    spread(high, low, HIGH + other, LOW + other);
    high = HIGH + other;
    low = LOW + other;
  }
  const limit = f32x4.splat(least);
  for (let word = MARKS; word < MARKS + PLANE_CELLS * 16; word += 8) {
    let bits: u64 = 0;
    for (let x: u64 = 0; x < 64; x += 4, high += 16, low += 16) {
      const contrast = f32x4.sub(v128.load(high), v128.load(low));
      bits |= (<u64>i32x4.bitmask(f32x4.ge(contrast, limit))) << x;
    }
    store<u64>(word, bits);
  }
}

/** Marks the cells next to marks as well: widened rows, each with those above and below it. */
function growMarks(): void {
  let leftAbove: u64 = 0;
  let rightAbove: u64 = 0;
  let left = widened(load<u64>(MARKS), load<u64>(MARKS, 8) << 63);
  let right = widened(load<u64>(MARKS, 8), load<u64>(MARKS) >> 63);
  for (let row = MARKS, last = MARKS + (PLANE_CELLS - 1) * 16; row <= last; row += 16) {
    let leftBelow: u64 = 0;
    let rightBelow: u64 = 0;
    if (row < last) {
      leftBelow = widened(load<u64>(row, 16), load<u64>(row, 24) << 63);
      rightBelow = widened(load<u64>(row, 24), load<u64>(row, 16) >> 63);
    }
    store<u64>(row, leftAbove | left | leftBelow);
    store<u64>(row, rightAbove | right | rightBelow, 8);
    leftAbove = left;
    rightAbove = right;
    left = leftBelow;
    right = rightBelow;
  }
}

/** Half a row of marks, each with its neighbours; `beyond` is the one that the other half adds. */
// @ts-ignore: decorator
@inline
function widened(half: u64, beyond: u64): u64 {
  return half | (half << 1) | (half >> 1) | beyond;
}

function countMarks(): i32 {
  let count: u64 = 0;
  for (let word = MARKS; word < MARKS + PLANE_CELLS * 16; word += 8) count += popcnt(load<u64>(word));
  return <i32>count;
}

/** Whether a cell of half a row is no mark. */
// @ts-ignore: decorator
@inline
function isClear(half: u64, x: usize): bool {
  return ((half >> (x & 63)) & 1) == 0;
}

/** Fills SUMS and COUNTS. The sums of two rows are made side by side, since each addition waits for the one before. */
function sumUp(cells: usize): void {
  for (let y: usize = 0; y < <usize>PLANE_CELLS; y += 2) {
    const corner = y * CORNERS;
    let upperSum: f64 = 0;
    let lowerSum: f64 = 0;
    let upperCount: i32 = 0;
    let lowerCount: i32 = 0;
    let upperMarks: u64 = 0;
    let lowerMarks: u64 = 0;
    let from = cells + y * ROW;
    let sums = SUMS + ((corner + 1) << 3);
    let counts = COUNTS + ((corner + 1) << 2);
    for (let x: usize = 0; x < <usize>PLANE_CELLS; x++, from += 4, sums += 8, counts += 4) {
      if ((x & 63) == 0) {
        const marks = MARKS + (y << 4) + (x >> 3);
        upperMarks = load<u64>(marks);
        lowerMarks = load<u64>(marks, 16);
      }
      const upperClear = isClear(upperMarks, x);
      const lowerClear = isClear(lowerMarks, x);
      upperSum += upperClear ? <f64>load<f32>(from) : 0;
      lowerSum += lowerClear ? <f64>load<f32>(from, ROW) : 0;
      upperCount += i32(upperClear);
      lowerCount += i32(lowerClear);
      const sum = load<f64>(sums) + upperSum;
      const count = load<i32>(counts) + upperCount;
      store<f64>(sums, sum, CORNERS << 3);
      store<f64>(sums, sum + lowerSum, CORNERS << 4);
      store<i32>(counts, count, CORNERS << 2);
      store<i32>(counts, count + lowerCount, CORNERS << 3);
    }
  }
}

/** Fills one marked cell from the smallest window that has enough cells that are no marks. */
function fillCell(x: i32, y: i32, to: usize): void {
  for (let half = SMALLEST_WINDOW; ; half *= 2) {
    const top = max(0, y - half);
    const bottom = min(PLANE_CELLS, y + half + 1);
    const left = max(0, x - half);
    const right = min(PLANE_CELLS, x + half + 1);
    const upperLeft = <usize>top * CORNERS + left;
    const lowerLeft = <usize>bottom * CORNERS + left;
    const width = <usize>(right - left);
    const counts = COUNTS + (lowerLeft << 2);
    const countsAbove = COUNTS + (upperLeft << 2);
    const count =
      load<i32>(counts + (width << 2)) -
      load<i32>(counts) -
      load<i32>(countsAbove + (width << 2)) +
      load<i32>(countsAbove);
    // The window of the whole plane always has enough.
    if (count * ENOUGH < (right - left) * (bottom - top)) continue;
    const sums = SUMS + (lowerLeft << 3);
    const sumsAbove = SUMS + (upperLeft << 3);
    const sum =
      load<f64>(sums + (width << 3)) -
      load<f64>(sums) -
      load<f64>(sumsAbove + (width << 3)) +
      load<f64>(sumsAbove);
    store<f32>(to, <f32>(sum / <f64>count));
    return;
  }
}

/**
 * Takes the marks out of 128 x 128 cells: those with a contrast of at least `least` to the cells up to `near` away, and
 * the cells up to `grow` away from these. Returns whether there are any, and not too many; if so, `out` is filled.
 */
export function withoutMarks(cells: usize, near: i32, least: f32, grow: i32, out: usize): bool {
  mark(cells, near, least);
  for (let i = 0; i < grow; i++) growMarks();
  const covered = countMarks();
  if (covered == 0 || covered > MOST_COVERED) return false;
  sumUp(cells);
  memory.copy(out, cells, CELL_BYTES);
  for (let y: i32 = 0; y < PLANE_CELLS; y++) {
    for (let half: i32 = 0; half < 2; half++) {
      let marks = load<u64>(MARKS + (y << 4) + (half << 3));
      for (; marks != 0; marks &= marks - 1) {
        const x = (half << 6) + <i32>ctz(marks);
        fillCell(x, y, out + ((y * PLANE_CELLS + x) << 2));
      }
    }
  }
  return true;
}

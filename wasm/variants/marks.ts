/**
 * Where something was drawn over a plane: src/kernels/plane-marks.ts tells why and how. Marks are bits, a row of cells in
 * two words, a row of samples in one.
 * @module
 */
import { CELL_BYTES, COVERED, PLANE_CELLS, SAMPLES } from './memory';

const ROW: usize = PLANE_CELLS * 4;
/** Marks may cover so many cells. */
const MOST_COVERED: i32 = (PLANE_CELLS * PLANE_CELLS) / 2;
/** The lightest and the darkest cell near each: two of each, for passes from one to the other. */
const HIGH: usize = memory.data(2 * 128 * 128 * 4, 16);
const LOW: usize = memory.data(2 * 128 * 128 * 4, 16);
/** A row of each, with room for a value on either side. */
const HIGH_ROW: usize = memory.data(16 + 128 * 4 + 16, 16) + 16;
const LOW_ROW: usize = memory.data(16 + 128 * 4 + 16, 16) + 16;

/** Marked cells: bit x of a row's 128. */
const MARKS: usize = memory.data(128 * 16, 16);
/** Marked samples, each of which stands for 2 x 2 cells: bit x of a row's 64. */
export const SAMPLE_MARKS: usize = memory.data(64 * 8, 16);

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

/** Of 64 cells the pairs that have a mark, as the lower 32 bits. */
// @ts-ignore: decorator
@inline
function pairs(cells: u64): u64 {
  cells = (cells | (cells >> 1)) & 0x5555555555555555;
  cells = (cells | (cells >> 1)) & 0x3333333333333333;
  cells = (cells | (cells >> 2)) & 0x0f0f0f0f0f0f0f0f;
  cells = (cells | (cells >> 4)) & 0x00ff00ff00ff00ff;
  cells = (cells | (cells >> 8)) & 0x0000ffff0000ffff;
  return (cells | (cells >> 16)) & 0x00000000ffffffff;
}

/** Marks the samples that have a marked cell. */
function sampleMarks(): void {
  let row = MARKS;
  for (let word = SAMPLE_MARKS; word < SAMPLE_MARKS + SAMPLES * 8; word += 8, row += 32) {
    const left = load<u64>(row) | load<u64>(row, 16);
    const right = load<u64>(row, 8) | load<u64>(row, 24);
    store<u64>(word, pairs(left) | (pairs(right) << 32));
  }
}

/** Marks the samples that the host says are covered, whatever they look like. */
function addCovered(): void {
  const none = i8x16.splat(0);
  for (let from = COVERED, to = SAMPLE_MARKS; to < SAMPLE_MARKS + SAMPLES * 8; from += 16, to += 2) {
    const bits = i8x16.bitmask(i8x16.ne(v128.load(from), none));
    store<u16>(to, load<u16>(to) | <u16>bits);
  }
}

/**
 * Marks the samples of cells with a contrast of at least `least` to the cells up to `near` away, and of the cells up to `grow` away from
 * these; none if `least` is infinite. Returns whether there are any, and not too many, or none were asked for.
 */
function markContrast(cells: usize, near: i32, least: f32, grow: i32): bool {
  if (least == Infinity) {
    memory.fill(SAMPLE_MARKS, 0, SAMPLES * 8);
    return true;
  }
  mark(cells, near, least);
  for (let i = 0; i < grow; i++) growMarks();
  const marked = countMarks();
  if (marked == 0 || marked > MOST_COVERED) return false;
  sampleMarks();
  return true;
}

/** Fills SAMPLE_MARKS. Returns whether there are any, and those by contrast not too many. */
export function findMarks(cells: usize, near: i32, least: f32, grow: i32, withCovered: bool): bool {
  if (!markContrast(cells, near, least, grow)) return false;
  if (withCovered) addCovered();
  let any: u64 = 0;
  for (let word = SAMPLE_MARKS; word < SAMPLE_MARKS + SAMPLES * 8; word += 8) any |= load<u64>(word);
  return any != 0;
}

/**
 * From pixels to 64 x 64 sums: the two box filters of PDQ along each axis, and its sampling, as one banded
 * matrix of whole numbers for each axis (docs/kernels.md, sections 1 and 2).
 *
 * Sums are u32 and may wrap on the way: addition and multiplication modulo 2³² commute, and the host has
 * made sure that the final values fit. Nothing is checked here; the host does.
 * @module
 */
import {
  BLOCK_WEIGHT_BYTES,
  COLUMN_OFFSETS,
  CUT_BOX,
  FIRST_ROWS,
  LAST_TENT,
  LINE_BYTES,
  ROW_SUMS,
  SAMPLES,
  SUM_BYTES,
  SUMS,
  WHOLE_TENT,
} from './memory';

/** Windows of the picture begun. */
export let windowX: i32 = 0;
export let windowY: i32 = 0;
/** Bytes of a row of pixels. */
let rowBytes: usize = 0;
/** Blocks of 8 pixels under a tent. */
let blocks: i32 = 0;
/** Bands along each axis: 64, or 65 for an even window. */
let columns: i32 = 0;
let lines: i32 = 0;
/** Next row of pixels, and the first line of sums that still wants rows. */
let row: i32 = 0;
let open: i32 = 0;

/** How many of `positions` neighbouring windows meet pixel `i` of those that they cover: a trapezoid. */
// @ts-ignore: decorator
@inline
function tentWeight(i: i32, positions: i32, window: i32): i32 {
  return max(0, min(min(i + 1, positions), positions + window - 1 - i));
}

/** What is left of the last sample of an even window: the window that the edge cuts by one pixel. */
// @ts-ignore: decorator
@inline
function cutBoxWeight(i: i32, window: i32): i32 {
  return i32(i >= window - 1 && i < 2 * window - 2);
}

/** First pixel under the tent of a sample: see `sampleStart` in src/kernels/pdq-geometry.ts. */
function sampleStart(sample: i32, pixels: i32, window: i32): i32 {
  const centre = <i32>((<i64>(2 * sample + 1) * pixels) / (2 * SAMPLES));
  return centre - 2 * ((window - 1) / 2);
}

/** Writes where the bands of an axis begin, in units of `scale`. Returns how many there are. */
function placeBands(table: usize, pixels: i32, window: i32, scale: i32): i32 {
  for (let i = 0; i < SAMPLES; i++) store<i32>(table + (i << 2), sampleStart(i, pixels, window) * scale);
  if (window & 1) return SAMPLES;
  // The cut-off part is summed over the same pixels as sample 63, with weights of its own.
  store<i32>(table + (SAMPLES << 2), load<i32>(table + ((SAMPLES - 1) << 2)));
  return SAMPLES + 1;
}

/** Stores the weight of pixel `i` where {@link sumBand} meets it: pixels k and k + 4 of a block share a dot product. */
// @ts-ignore: decorator
@inline
function storeWeight(table: usize, i: i32, weight: i32): void {
  const lanes = table + ((i >> 3) * BLOCK_WEIGHT_BYTES + ((i & 3) << 4) + ((i & 4) >> 1));
  for (let channel = 0; channel < 4; channel++) store<u16>(lanes + (channel << 2), weight);
}

/** Begins a picture: 5 pixels or more each way, windows whose product is 4104 or less. */
export function begin(width: i32, height: i32): void {
  windowX = (width + 127) / 128;
  windowY = (height + 127) / 128;
  rowBytes = <usize>width * 4;
  columns = placeBands(COLUMN_OFFSETS, width, windowX, 4);
  lines = placeBands(FIRST_ROWS, height, windowY, 1);
  blocks = (2 * windowX + 6) >> 3;
  const last = windowX - 1 + (windowX & 1);
  for (let i = 0; i < blocks * 8; i++) {
    storeWeight(WHOLE_TENT, i, tentWeight(i, windowX, windowX));
    storeWeight(LAST_TENT, i, tentWeight(i, last, windowX));
    storeWeight(CUT_BOX, i, cutBoxWeight(i, windowX));
  }
  row = 0;
  open = 0;
  memory.fill(SUMS, 0, (SAMPLES + 1) * LINE_BYTES);
}

/** Weighted sum of the pixels under a band. Pixels behind it, up to a whole block, are met with weight 0. */
// @ts-ignore: decorator
@inline
function sumBand(pixel: usize, weights: usize): v128 {
  let a = i32x4.splat(0);
  let b = a;
  let left = blocks;
  do {
    const first = v128.load(pixel);
    const second = v128.load(pixel, 16);
    // Bytes of pixels 0 and 4, 1 and 5 side by side, then of 2 and 6, 3 and 7: a dot product adds such pairs.
    const low = i8x16.shuffle(first, second, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const high = i8x16.shuffle(first, second, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(low), v128.load(weights)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(low), v128.load(weights, 16)));
    a = i32x4.add(a, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(high), v128.load(weights, 32)));
    b = i32x4.add(b, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(high), v128.load(weights, 48)));
    pixel += 32;
    weights += BLOCK_WEIGHT_BYTES;
  } while (--left);
  return i32x4.add(a, b);
}

/** Sums one row of pixels, band by band. */
// @ts-ignore: decorator
@inline
function sumRow(pixels: usize): void {
  const end = ROW_SUMS + (SAMPLES - 1) * SUM_BYTES;
  let offset = COLUMN_OFFSETS;
  for (let sum = ROW_SUMS; sum < end; sum += SUM_BYTES, offset += 4) {
    v128.store(sum, sumBand(pixels + load<u32>(offset), WHOLE_TENT));
  }
  v128.store(end, sumBand(pixels + load<u32>(offset), LAST_TENT));
  if (columns > SAMPLES) v128.store(end, sumBand(pixels + load<u32>(offset), CUT_BOX), SUM_BYTES);
}

/** Adds the sums of one row, times `weight`, to a line. */
// @ts-ignore: decorator
@inline
function addToLine(line: usize, weight: i32): void {
  const times = i32x4.splat(weight);
  for (let sum = ROW_SUMS, end = ROW_SUMS + columns * SUM_BYTES; sum < end; sum += SUM_BYTES, line += SUM_BYTES) {
    v128.store(line, i32x4.add(v128.load(line), i32x4.mul(v128.load(sum), times)));
  }
}

/** First row of a band. */
// @ts-ignore: decorator
@inline
function firstRow(line: i32): i32 {
  return load<i32>(FIRST_ROWS + (line << 2));
}

/** Weight of the next row in a band that has begun; 0 where it has ended. */
// @ts-ignore: decorator
@inline
function rowWeight(line: i32): i32 {
  const i = row - firstRow(line);
  if (line < SAMPLES - 1 || windowY & 1) return tentWeight(i, windowY, windowY);
  return line == SAMPLES ? cutBoxWeight(i, windowY) : tentWeight(i, windowY - 1, windowY);
}

/** Takes `count` whole rows at `pixels`; 28 bytes behind them must be readable. */
export function rows(pixels: usize, count: i32): void {
  for (const end = row + count; row < end; row++, pixels += rowBytes) {
    while (open < lines && firstRow(open) + 2 * windowY - 1 <= row) open++;
    if (open == lines || firstRow(open) > row) continue;
    sumRow(pixels);
    for (let line = open; line < lines && firstRow(line) <= row; line++) {
      addToLine(SUMS + line * LINE_BYTES, rowWeight(line));
    }
  }
}

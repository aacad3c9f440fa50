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
/** Whole blocks of 4 pixels under a tent, at least one, and whether there are two pixels more. */
let blocks: i32 = 0;
let hasHalfBlock: bool = false;
/** Bands along each axis: 64, or 65 for an even window. */
let columns: i32 = 0;
let lines: i32 = 0;
/** Bands along a row under a whole tent: 64, or 63 for an even window. */
let wholeBands: i32 = 0;
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

/** Stores the weight of pixel `i`: neighbouring pixels share a dot product, once for each channel. */
// @ts-ignore: decorator
@inline
function storeWeight(table: usize, i: i32, weight: i32): void {
  const lanes = table + (((i >> 1) << 4) + ((i & 1) << 1));
  for (let channel = 0; channel < 4; channel++) store<u16>(lanes + (channel << 2), weight);
}

/** Begins a picture: 5 pixels or more each way, windows whose product is 4104 or less. */
export function begin(width: i32, height: i32): void {
  windowX = (width + 127) / 128;
  windowY = (height + 127) / 128;
  rowBytes = <usize>width * 4;
  columns = placeBands(COLUMN_OFFSETS, width, windowX, 4);
  lines = placeBands(FIRST_ROWS, height, windowY, 1);
  // A tent is over 2 · window − 1 pixels: one more, of weight 0, makes pairs.
  blocks = max(1, windowX >> 1);
  hasHalfBlock = windowX > 1 && (windowX & 1) == 1;
  wholeBands = SAMPLES - 1 + (windowX & 1);
  const positions = windowX - 1 + (windowX & 1);
  for (let i = 0; i < max(4, 2 * windowX); i++) {
    storeWeight(WHOLE_TENT, i, tentWeight(i, windowX, windowX));
    storeWeight(LAST_TENT, i, tentWeight(i, positions, windowX));
    storeWeight(CUT_BOX, i, cutBoxWeight(i, windowX));
  }
  row = 0;
  open = 0;
  memory.fill(SUMS, 0, (SAMPLES + 1) * LINE_BYTES);
}

/**
 * Of four pixels, the channels of the first two side by side as u16 (R0 R1 G0 G1 B0 B1 A0 A1), and of the
 * last two. Lanes beyond 15 give 0: one instruction shuffles and widens.
 */
// @ts-ignore: decorator
@inline
function firstTwo(four: v128): v128 {
  return i8x16.swizzle(four, i8x16(0, -1, 4, -1, 1, -1, 5, -1, 2, -1, 6, -1, 3, -1, 7, -1));
}

// @ts-ignore: decorator
@inline
function lastTwo(four: v128): v128 {
  return i8x16.swizzle(four, i8x16(8, -1, 12, -1, 9, -1, 13, -1, 10, -1, 14, -1, 11, -1, 15, -1));
}

/** Adds a block of 4 pixels, weighted, to `sum`. */
// @ts-ignore: decorator
@inline
function addBlock(sum: v128, four: v128, firstWeights: v128, lastWeights: v128): v128 {
  const first = i32x4.dot_i16x8_s(firstTwo(four), firstWeights);
  const last = i32x4.dot_i16x8_s(lastTwo(four), lastWeights);
  return i32x4.add(i32x4.add(sum, first), last);
}

/** Adds the two pixels that an odd window's tent has beyond its last whole block; the second has weight 0. */
// @ts-ignore: decorator
@inline
function addHalfBlock(sum: v128, pixel: usize, weights: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(firstTwo(v128.load64_zero(pixel)), weights));
}

/** First pixel of a band in the row at `pixels`. */
// @ts-ignore: decorator
@inline
function bandAt(pixels: usize, band: i32): usize {
  return pixels + load<u32>(COLUMN_OFFSETS + (band << 2));
}

/** Keeps a band's sum over the row, and adds it, weighted, to the line. */
// @ts-ignore: decorator
@inline
function putSum(band: i32, sum: v128, line: usize, rowWeight: v128): void {
  const offset = band * SUM_BYTES;
  v128.store(ROW_SUMS + offset, sum);
  v128.store(line + offset, i32x4.add(v128.load(line + offset), i32x4.mul(sum, rowWeight)));
}

/** Sums a row's pixels under one band. */
// @ts-ignore: decorator
@inline
function sumBand(pixels: usize, band: i32, weights: usize, line: usize, rowWeight: v128): void {
  let pixel = bandAt(pixels, band);
  let sum = i32x4.splat(0);
  let left = blocks;
  do {
    sum = addBlock(sum, v128.load(pixel), v128.load(weights), v128.load(weights, 16));
    pixel += 16;
    weights += BLOCK_WEIGHT_BYTES;
  } while (--left);
  if (hasHalfBlock) sum = addHalfBlock(sum, pixel, v128.load(weights));
  putSum(band, sum, line, rowWeight);
}

/** The same for four bands under whole tents, which share the loads of the weights. */
// @ts-ignore: decorator
@inline
function sumFourBands(pixels: usize, band: i32, line: usize, rowWeight: v128): void {
  let pixelA = bandAt(pixels, band);
  let pixelB = bandAt(pixels, band + 1);
  let pixelC = bandAt(pixels, band + 2);
  let pixelD = bandAt(pixels, band + 3);
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  let weights = WHOLE_TENT;
  let left = blocks;
  do {
    const first = v128.load(weights);
    const last = v128.load(weights, 16);
    a = addBlock(a, v128.load(pixelA), first, last);
    b = addBlock(b, v128.load(pixelB), first, last);
    c = addBlock(c, v128.load(pixelC), first, last);
    d = addBlock(d, v128.load(pixelD), first, last);
    pixelA += 16;
    pixelB += 16;
    pixelC += 16;
    pixelD += 16;
    weights += BLOCK_WEIGHT_BYTES;
  } while (--left);
  if (hasHalfBlock) {
    const half = v128.load(weights);
    a = addHalfBlock(a, pixelA, half);
    b = addHalfBlock(b, pixelB, half);
    c = addHalfBlock(c, pixelC, half);
    d = addHalfBlock(d, pixelD, half);
  }
  putSum(band, a, line, rowWeight);
  putSum(band + 1, b, line, rowWeight);
  putSum(band + 2, c, line, rowWeight);
  if (band + 3 < wholeBands) putSum(band + 3, d, line, rowWeight);
}

/** Sums a row, band by band, and adds it to a line. */
// @ts-ignore: decorator
@inline
function sumRow(pixels: usize, line: usize, rowWeight: v128): void {
  for (let band = 0; band < SAMPLES; band += 4) sumFourBands(pixels, band, line, rowWeight);
  if (wholeBands < SAMPLES) {
    sumBand(pixels, SAMPLES - 1, LAST_TENT, line, rowWeight);
    sumBand(pixels, SAMPLES, CUT_BOX, line, rowWeight);
  }
}

/** First row of a line. */
// @ts-ignore: decorator
@inline
function firstRow(line: i32): i32 {
  return load<i32>(FIRST_ROWS + (line << 2));
}

/** Weight of the next row in a line, as four lanes: 0 where the line has ended. */
// @ts-ignore: decorator
@inline
function rowWeight(line: i32): v128 {
  const i = row - firstRow(line);
  if (line < SAMPLES - 1 || windowY & 1) return i32x4.splat(tentWeight(i, windowY, windowY));
  return i32x4.splat(line == SAMPLES ? cutBoxWeight(i, windowY) : tentWeight(i, windowY - 1, windowY));
}

/** Adds the sums of a row that was just summed to another line. */
// @ts-ignore: decorator
@inline
function addToLine(line: usize, rowWeight: v128): void {
  for (let sum = ROW_SUMS, end = ROW_SUMS + columns * SUM_BYTES; sum < end; sum += SUM_BYTES, line += SUM_BYTES) {
    v128.store(line, i32x4.add(v128.load(line), i32x4.mul(v128.load(sum), rowWeight)));
  }
}

/** Takes `count` whole rows at `pixels`; 12 bytes behind them must be readable. */
export function rows(pixels: usize, count: i32): void {
  for (const end = row + count; row < end; row++, pixels += rowBytes) {
    while (open < lines && firstRow(open) + 2 * windowY - 1 <= row) open++;
    if (open == lines || firstRow(open) > row) continue;
    sumRow(pixels, SUMS + open * LINE_BYTES, rowWeight(open));
    // Most rows belong to one line, some to two, and in a small picture to many.
    for (let line = open + 1; line < lines && firstRow(line) <= row; line++) {
      addToLine(SUMS + line * LINE_BYTES, rowWeight(line));
    }
  }
}

/**
 * A picture's survey (src/kernels/survey.ts): its luma, and sums for its thumbnail (src/kernels/network-input.ts), in f64
 * and f32 in the order of those files.
 * @module
 */
import { lumaRow } from './luma';

/** Width and height of the thumbnail. */
const SIDE: usize = 256;
/** A column of the thumbnail: first and last sample under it, u32, and how much of these two is, f64. */
const COLUMN_BYTES: usize = 24;
/** A row of sums: R, G, B, A as f32. */
const ROW_BYTES: usize = SIDE * 16;

/** A row of samples, squashed to the thumbnail's width. */
const SQUASHED: usize = memory.data(256 * 16, 16);

let rowBytes: usize = 0;
let lumaWidth: usize = 0;
let lumaStep: i32 = 1;
let columnBytes: usize = 4;
let rowStep: i32 = 1;
/** Samples under a column and a row of the thumbnail. */
let spanX: f64 = 1;
let spanY: f64 = 1;
let columns: usize = 0;
let sums: usize = 0;
/** Next row of pixels, and of samples. */
let row: i32 = 0;
let sampled: i32 = 0;

/**
 * Begins a survey of a picture that is `width` pixels wide, of which `samplesX` x `samplesY` make the thumbnail. `columnPointer`
 * has the thumbnail's columns, `sumPointer` room for 256 x 256 sums of four f32.
 */
export function beginSurvey(
  width: i32,
  step: i32,
  columnStep: i32,
  rowStepWanted: i32,
  samplesX: i32,
  samplesY: i32,
  columnPointer: usize,
  sumPointer: usize,
): void {
  rowBytes = <usize>width << 2;
  lumaStep = step;
  lumaWidth = (width + step - 1) / step;
  columnBytes = <usize>columnStep << 2;
  rowStep = rowStepWanted;
  spanX = <f64>samplesX / <f64>SIDE;
  spanY = <f64>samplesY / <f64>SIDE;
  columns = columnPointer;
  sums = sumPointer;
  row = 0;
  sampled = 0;
  memory.fill(sums, 0, SIDE * ROW_BYTES);
}

/** Takes `count` rows of RGBA. Returns how many rows of luma were written to `luma`; room for 16 bytes more is behind it. */
export function surveyRows(pixels: usize, count: i32, luma: usize): i32 {
  let written: i32 = 0;
  for (const end = row + count; row < end; row++, pixels += rowBytes) {
    if (row % lumaStep == 0) {
      lumaRow(pixels, lumaStep, lumaWidth, luma);
      luma += lumaWidth;
      written++;
    }
    if (row % rowStep == 0) {
      squash(pixels);
      addSquashed(sampled++);
    }
  }
  return written;
}

/** R, G, B, A of a pixel as i32. */
// @ts-ignore: decorator
@inline
function channels(pixel: usize): v128 {
  return i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(pixel)));
}

// @ts-ignore: decorator
@inline
function redGreen(four: v128): v128 {
  return f64x2.convert_low_i32x4_s(four);
}

// @ts-ignore: decorator
@inline
function blueAlpha(four: v128): v128 {
  return f64x2.convert_low_i32x4_s(i64x2.shuffle(four, four, 1, 1));
}

/** Means over the samples of each column of the thumbnail. */
function squash(pixels: usize): void {
  const span = f64x2.splat(spanX);
  let column = columns;
  for (let to = SQUASHED; to < SQUASHED + ROW_BYTES; to += 16, column += COLUMN_BYTES) {
    const first = load<u32>(column);
    const last = load<u32>(column, 4);
    let at = pixels + <usize>first * columnBytes;
    let four = channels(at);
    let weight = v128.load64_splat(column, 8);
    let low = f64x2.mul(redGreen(four), weight);
    let high = f64x2.mul(blueAlpha(four), weight);
    if (last > first) {
      const end = pixels + <usize>last * columnBytes;
      // Those between count whole.
      for (at += columnBytes; at < end; at += columnBytes) {
        four = channels(at);
        low = f64x2.add(low, redGreen(four));
        high = f64x2.add(high, blueAlpha(four));
      }
      four = channels(end);
      weight = v128.load64_splat(column, 16);
      low = f64x2.add(low, f64x2.mul(redGreen(four), weight));
      high = f64x2.add(high, f64x2.mul(blueAlpha(four), weight));
    }
    v128.store(to, fourOf(f64x2.div(low, span), f64x2.div(high, span)));
  }
}

/** Four of f64 as f32. */
// @ts-ignore: decorator
@inline
function fourOf(low: v128, high: v128): v128 {
  return i64x2.shuffle(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Adds the squashed row to the rows of the thumbnail that it reaches into. */
function addSquashed(y: i32): void {
  const first = <i32>floor(<f64>y / spanY);
  const last = min(<i32>SIDE - 1, <i32>ceil(<f64>(y + 1) / spanY) - 1);
  for (let target = first; target <= last; target++) {
    const from = max(<f64>y, <f64>target * spanY);
    const weight = (min(<f64>(y + 1), <f64>(target + 1) * spanY) - from) / spanY;
    if (weight <= 0) continue;
    const weights = f64x2.splat(weight);
    let to = sums + <usize>target * ROW_BYTES;
    for (let at = SQUASHED; at < SQUASHED + ROW_BYTES; at += 16, to += 16) {
      const four = v128.load(at);
      const sum = v128.load(to);
      const low = f64x2.mul(f64x2.promote_low_f32x4(four), weights);
      const high = f64x2.mul(f64x2.promote_low_f32x4(i64x2.shuffle(four, four, 1, 1)), weights);
      v128.store(
        to,
        fourOf(
          f64x2.add(f64x2.promote_low_f32x4(sum), low),
          f64x2.add(f64x2.promote_low_f32x4(i64x2.shuffle(sum, sum, 1, 1)), high),
        ),
      );
    }
  }
}

/** Turns the sums into the thumbnail: red, then green, then blue, from 0 to 1, at `out`. */
export function endSurvey(out: usize): void {
  const scale = f32x4.splat(255);
  const plane = SIDE * SIDE * 4;
  let from = sums;
  for (const end = out + plane; out < end; out += 4, from += 16) {
    const four = f32x4.div(v128.load(from), scale);
    store<f32>(out, f32x4.extract_lane(four, 0));
    store<f32>(out + plane, f32x4.extract_lane(four, 1));
    store<f32>(out + 2 * plane, f32x4.extract_lane(four, 2));
  }
}

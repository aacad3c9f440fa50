/**
 * From 64 x 64 sums to the hash: luma, quality, transform, median, bits. Every f32 operation is done in the
 * order of the reference implementation, which is also that of src/kernels/pdq-reference.ts.
 * @module
 */
import { sumLanes } from '../common/simd';
import {
  BITS,
  COEFFICIENT_BYTES,
  COEFFICIENTS,
  DCT,
  DCT_BYTES,
  FREQUENCIES,
  HALF_TRANSFORMED,
  LINE_BYTES,
  LUMA,
  SAMPLES,
  SUM_BYTES,
  SUMS,
} from './memory';
import { windowX, windowY } from './reduce';

/** Bytes of a row of 64 and of 16 f32. */
const ROW_64: i32 = SAMPLES * 4;
const ROW_16: i32 = FREQUENCIES * 4;

/**
 * 1000 times the luma (BT.601) of a sum, in two halves to be added. Both are exact in f64, and so is what they
 * add up to: it is a whole number below 2⁴².
 */
// @ts-ignore: decorator
@inline
function lumaHalves(sum: usize): v128 {
  const rgba = v128.load(sum);
  const redGreen = f64x2.mul(f64x2.convert_low_i32x4_u(rgba), f64x2(299, 587));
  const blueAlpha = f64x2.convert_low_i32x4_u(i64x2.shuffle(rgba, rgba, 1, 1));
  return f64x2.add(redGreen, f64x2.mul(blueAlpha, f64x2(114, 0)));
}

// @ts-ignore: decorator
@inline
function lumaOf(sum: usize): f64 {
  const halves = lumaHalves(sum);
  return f64x2.extract_lane(halves, 0) + f64x2.extract_lane(halves, 1);
}

/** A sample whose band of rows, or of columns, or both, is continued by a cut-off part (docs/kernels.md, section 2). */
function cutSample(i: i32, j: i32, total: f64): f32 {
  const cutX = <f64>windowX / <f64>(windowX - 1);
  const cutY = <f64>windowY / <f64>(windowY - 1);
  const isCutX = j == SAMPLES - 1 && !(windowX & 1);
  const sum = SUMS + i * LINE_BYTES + j * SUM_BYTES;
  let value = lumaOf(sum);
  if (isCutX) value += cutX * lumaOf(sum + SUM_BYTES);
  if (i == SAMPLES - 1 && !(windowY & 1)) {
    const below = sum + LINE_BYTES;
    let cutOff = lumaOf(below);
    if (isCutX) cutOff += cutX * lumaOf(below + SUM_BYTES);
    value += cutY * cutOff;
  }
  return <f32>(value / total);
}

/** Divides the sums by their weights: 64 x 64 luma samples, divided in f64 and rounded once more, to f32. */
export function takeLuma(): void {
  const total = 1000.0 * (<f64>windowX * windowX) * (<f64>windowY * windowY);
  const totals = f64x2.splat(total);
  for (let i = 0; i < SAMPLES; i++) {
    const luma = LUMA + i * ROW_64;
    let sum = SUMS + i * LINE_BYTES;
    for (let j = 0; j < ROW_64; j += 8, sum += 2 * SUM_BYTES) {
      const a = lumaHalves(sum);
      const b = lumaHalves(sum + SUM_BYTES);
      const two = f64x2.add(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3));
      v128.store64_lane(luma + j, f32x4.demote_f64x2_zero(f64x2.div(two, totals)), 0);
    }
    if (!(windowX & 1)) store<f32>(luma, cutSample(i, SAMPLES - 1, total), ROW_64 - 4);
  }
  if (!(windowY & 1)) {
    for (let j = 0; j < SAMPLES; j++) {
      store<f32>(LUMA + (SAMPLES - 1) * ROW_64 + (j << 2), cutSample(SAMPLES - 1, j, total));
    }
  }
}

/** How much two samples differ, in percent of the range, cut to a whole number. */
// @ts-ignore: decorator
@inline
function step(a: v128, b: v128): v128 {
  const percent = f32x4.div(f32x4.mul(f32x4.sub(a, b), f32x4.splat(100)), f32x4.splat(255));
  return i32x4.abs(i32x4.trunc_sat_f32x4_s(percent));
}

/** PDQ's quality, 0 to 100: the steps between neighbouring samples, down and across. */
export function quality(): i32 {
  let sum = i32x4.splat(0);
  for (let p = LUMA, end = LUMA + (SAMPLES - 1) * ROW_64; p < end; p += 16) {
    sum = i32x4.add(sum, step(v128.load(p), v128.load(p, ROW_64)));
  }
  const threeLanes = i32x4(-1, -1, -1, 0);
  for (let line = LUMA, end = LUMA + SAMPLES * ROW_64; line < end; line += ROW_64) {
    for (let p = line, last = line + ROW_64 - 16; p < last; p += 16) {
      sum = i32x4.add(sum, step(v128.load(p), v128.load(p, 4)));
    }
    // The last four samples have three steps between them.
    const four = v128.load(line, ROW_64 - 16);
    const steps = step(four, i32x4.shuffle(four, four, 1, 2, 3, 3));
    sum = i32x4.add(sum, v128.and(steps, threeLanes));
  }
  return min(100, sumLanes(sum) / 90);
}

/**
 * Two rows of 16 columns of a product: `left` is 2 rows of 64, `right` 64 rows of 16 columns, `stride` bytes
 * apart. A sum runs from k = 0 up in one lane; the eight vectors side by side only hide the latency.
 */
// @ts-ignore: decorator
@inline
function multiplyTile(left: usize, right: usize, stride: i32, out: usize, outStride: i32): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  for (let end = left + ROW_64; left < end; left += 4, right += stride) {
    const a = v128.load32_splat(left);
    const b = v128.load32_splat(left, ROW_64);
    const r0 = v128.load(right);
    const r1 = v128.load(right, 16);
    const r2 = v128.load(right, 32);
    const r3 = v128.load(right, 48);
    a0 = f32x4.add(a0, f32x4.mul(a, r0));
    a1 = f32x4.add(a1, f32x4.mul(a, r1));
    a2 = f32x4.add(a2, f32x4.mul(a, r2));
    a3 = f32x4.add(a3, f32x4.mul(a, r3));
    b0 = f32x4.add(b0, f32x4.mul(b, r0));
    b1 = f32x4.add(b1, f32x4.mul(b, r1));
    b2 = f32x4.add(b2, f32x4.mul(b, r2));
    b3 = f32x4.add(b3, f32x4.mul(b, r3));
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  out += outStride;
  v128.store(out, b0);
  v128.store(out, b1, 16);
  v128.store(out, b2, 32);
  v128.store(out, b3, 48);
}

/** The 16 x 16 coefficients: D · luma · Dᵀ. */
export function transform(): void {
  for (let i = 0; i < FREQUENCIES; i += 2) {
    const half = HALF_TRANSFORMED + i * ROW_64;
    for (let column = 0; column < ROW_64; column += 64) {
      multiplyTile(DCT + i * ROW_64, LUMA + column, ROW_64, half + column, ROW_64);
    }
    multiplyTile(half, DCT + DCT_BYTES, ROW_16, COEFFICIENTS + i * ROW_16, ROW_16);
  }
}

/** Maps f32 to i32 that sort alike (and back: it is its own inverse); -0 sorts below 0, and doesn't occur. */
// @ts-ignore: decorator
@inline
function sortable(v: v128): v128 {
  return v128.xor(v, i32x4.shr_u(i32x4.shr_s(v, 31), 1));
}

/** The 128th smallest coefficient: its sortable bits are found one by one, from the top. */
export function median(): f32 {
  // The greatest value with fewer than 128 coefficients below it. Built on the unsigned scale, where bits add up.
  let found: u32 = 0;
  for (let bit: u32 = 0x80000000; bit; bit >>= 1) {
    const guess = found | bit;
    const limit = i32x4.splat(guess ^ 0x80000000);
    let below = i32x4.splat(0);
    for (let p = COEFFICIENTS, end = COEFFICIENTS + COEFFICIENT_BYTES; p < end; p += 16) {
      below = i32x4.sub(below, i32x4.lt_s(sortable(v128.load(p)), limit));
    }
    if (sumLanes(below) < 128) found = guess;
  }
  return f32x4.extract_lane(sortable(i32x4.splat(found ^ 0x80000000)), 0);
}

/** Sets the bits of the coefficients above the median. */
export function takeBits(median: f32): void {
  const limit = f32x4.splat(median);
  for (let i: usize = 0; i < 32; i++) {
    const eight = COEFFICIENTS + (i << 5);
    const low = i32x4.bitmask(f32x4.gt(v128.load(eight), limit));
    const high = i32x4.bitmask(f32x4.gt(v128.load(eight, 16), limit));
    store<u8>(BITS + i, low | (high << 4));
  }
}

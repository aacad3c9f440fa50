/**
 * Steps in luma across lines, each counted up to a cap: their means over chunks of neighbouring pixels along the lines.
 * @module
 */

/** Bytes from `MASKS + 16 - n` on: n times 255, then 0. */
const MASKS: usize = memory.data(32, 16);

// @ts-ignore: decorator
@inline
function cappedStep(a: v128, b: v128, cap: v128): v128 {
  return i8x16.min_u(i8x16.sub(i8x16.max_u(a, b), i8x16.min_u(a, b)), cap);
}

/** Two sums times a scale in f64, rounded to f32. */
// @ts-ignore: decorator
@inline
function scaledTwo(sums: v128, scale: v128): v128 {
  return f32x4.demote_f64x2_zero(f64x2.mul(f64x2.convert_low_i32x4_s(sums), scale));
}

/** Four of u32. */
// @ts-ignore: decorator
@inline
function storeFour(to: usize, sums: v128, scale: v128): void {
  const low = scaledTwo(sums, scale);
  const high = scaledTwo(i64x2.shuffle(sums, sums, 1, 1), scale);
  v128.store(to, i64x2.shuffle(low, high, 0, 2));
}

/** Eight of u16. */
// @ts-ignore: decorator
@inline
function storeEight(to: usize, sums: v128, scale: v128): void {
  storeFour(to, i32x4.extend_low_i16x8_u(sums), scale);
  storeFour(to + 16, i32x4.extend_high_i16x8_u(sums), scale);
}

/**
 * Upright lines: each of `count` pixels from `pixels` on to the one before it, over `length` (at most 256) rows of `stride`
 * bytes. Up to 15 sums more are written.
 */
export function sumUpright(
  pixels: usize,
  stride: usize,
  length: usize,
  count: usize,
  cap: i32,
  scale: f64,
  to: usize,
): void {
  const caps = i8x16.splat(<i8>cap);
  const scales = f64x2.splat(scale);
  for (const end = pixels + count; pixels < end; pixels += 16, to += 64) {
    let low = i16x8.splat(0);
    let high = low;
    let at = pixels;
    for (let i: usize = 0; i < length; i++, at += stride) {
      const steps = cappedStep(v128.load(at), v128.load(at - 1), caps);
      low = i16x8.add(low, i16x8.extend_low_i8x16_u(steps));
      high = i16x8.add(high, i16x8.extend_high_i8x16_u(steps));
    }
    storeEight(to, low, scales);
    storeEight(to + 32, high, scales);
  }
}

/** Writes the masks. */
export function beginLevel(): void {
  memory.fill(MASKS, 255, 16);
}

/**
 * Level lines: `length` (at most 256) pixels from `pixels` on to those above them, for `count` rows of `stride` bytes.
 */
export function sumLevel(
  pixels: usize,
  stride: usize,
  length: usize,
  count: usize,
  cap: i32,
  scale: f64,
  to: usize,
): void {
  const caps = i8x16.splat(<i8>cap);
  const whole = length & ~15;
  const mask = v128.load(MASKS + 16 - (length & 15));
  for (let i: usize = 0; i < count; i++, pixels += stride, to += 4) {
    let sums = i16x8.splat(0);
    let at = pixels;
    for (const end = pixels + whole; at < end; at += 16) {
      const steps = cappedStep(v128.load(at), v128.load(at - stride), caps);
      sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(steps));
    }
    const steps = v128.and(cappedStep(v128.load(at), v128.load(at - stride), caps), mask);
    sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(steps));
    const four = i32x4.extadd_pairwise_i16x8_u(sums);
    const two = i32x4.add(four, i64x2.shuffle(four, four, 1, 0));
    const sum = i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
    store<f32>(to, <f32>(<f64>sum * scale));
  }
}

/**
 * 64 x 64 samples of the extended plane under an affine map.
 * @module
 */
import { AFFINE, CELLS, PLANE, ROW_BYTES, SAMPLES, STRIDE } from './memory';

/** The pairs of neighbouring cells of two samples: first, second; first, second. */
// @ts-ignore: decorator
@inline
function twoPairs(a: usize, b: usize, row: usize): v128 {
  return v128.load64_lane(PLANE + b + row, v128.load64_zero(PLANE + a + row), 1);
}

/** Between the cells of four pairs. */
// @ts-ignore: decorator
@inline
function between(low: v128, high: v128, fraction: v128): v128 {
  const here = i32x4.shuffle(low, high, 0, 2, 4, 6);
  const next = i32x4.shuffle(low, high, 1, 3, 5, 7);
  return f32x4.add(here, f32x4.mul(f32x4.sub(next, here), fraction));
}

/** Four samples whose positions are `x` and `y`, in cells. */
// @ts-ignore: decorator
@inline
function sampleFour(x: v128, y: v128): v128 {
  const zero = f32x4.splat(0);
  const lastCell = f32x4.splat(<f32>(CELLS - 1));
  x = f32x4.min(f32x4.max(x, zero), lastCell);
  y = f32x4.min(f32x4.max(y, zero), lastCell);
  const lastPair = i32x4.splat(CELLS - 2);
  const column = i32x4.min_s(i32x4.trunc_sat_f32x4_s(x), lastPair);
  const row = i32x4.min_s(i32x4.trunc_sat_f32x4_s(y), lastPair);
  const fractionX = f32x4.sub(x, f32x4.convert_i32x4_s(column));
  const fractionY = f32x4.sub(y, f32x4.convert_i32x4_s(row));

  const offsets = i32x4.shl(i32x4.add(i32x4.mul(row, i32x4.splat(STRIDE)), column), 2);
  const a = <usize>i32x4.extract_lane(offsets, 0);
  const b = <usize>i32x4.extract_lane(offsets, 1);
  const c = <usize>i32x4.extract_lane(offsets, 2);
  const d = <usize>i32x4.extract_lane(offsets, 3);
  const upper = between(twoPairs(a, b, 0), twoPairs(c, d, 0), fractionX);
  const lower = between(twoPairs(a, b, ROW_BYTES), twoPairs(c, d, ROW_BYTES), fractionX);
  return f32x4.add(upper, f32x4.mul(f32x4.sub(lower, upper), fractionY));
}

/** Writes the samples to `out`. */
export function sampleAffine(out: usize): void {
  const startX = v128.load32_splat(AFFINE);
  const startY = v128.load32_splat(AFFINE, 4);
  const alongX = v128.load32_splat(AFFINE, 8);
  const alongY = v128.load32_splat(AFFINE, 12);
  const downX = v128.load32_splat(AFFINE, 16);
  const downY = v128.load32_splat(AFFINE, 20);
  for (let i = 0; i < SAMPLES; i++) {
    const line = f32x4.splat(<f32>i);
    const lineX = f32x4.add(startX, f32x4.mul(line, downX));
    const lineY = f32x4.add(startY, f32x4.mul(line, downY));
    let sample = f32x4(0, 1, 2, 3);
    for (let j = 0; j < SAMPLES; j += 4, out += 16) {
      const x = f32x4.add(lineX, f32x4.mul(sample, alongX));
      const y = f32x4.add(lineY, f32x4.mul(sample, alongY));
      v128.store(out, sampleFour(x, y));
      sample = f32x4.add(sample, f32x4.splat(4));
    }
  }
}

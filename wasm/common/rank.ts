/**
 * From 256 coefficients to PDQ's median and bits.
 * @module
 */
import { sumLanes } from './simd';

const COEFFICIENT_BYTES: usize = 256 * 4;

/** The coefficients as integers that sort alike, while the median is looked for. */
const SORTABLE: usize = memory.data(256 * 4, 16);

/** Maps f32 to i32 that sort alike (and back: it is its own inverse); -0 sorts below 0, and doesn't occur. */
// @ts-ignore: decorator
@inline
function sortable(v: v128): v128 {
  return v128.xor(v, i32x4.shr_u(i32x4.shr_s(v, 31), 1));
}

/** The 128th smallest of 256 f32: its sortable bits are found one by one, from the top. */
export function medianOf(coefficients: usize): f32 {
  for (let i: usize = 0; i < COEFFICIENT_BYTES; i += 16) {
    v128.store(SORTABLE + i, sortable(v128.load(coefficients + i)));
  }
  // The greatest value with fewer than 128 coefficients below it. Built on the unsigned scale, where bits add up.
  let found: u32 = 0;
  for (let bit: u32 = 0x80000000; bit; bit >>= 1) {
    const guess = found | bit;
    const limit = i32x4.splat(guess ^ 0x80000000);
    // Two counts, so that a subtraction need not wait for the one before.
    let a = i32x4.splat(0);
    let b = a;
    for (let p = SORTABLE, end = SORTABLE + COEFFICIENT_BYTES; p < end; p += 64) {
      a = i32x4.sub(a, i32x4.lt_s(v128.load(p), limit));
      b = i32x4.sub(b, i32x4.lt_s(v128.load(p, 16), limit));
      a = i32x4.sub(a, i32x4.lt_s(v128.load(p, 32), limit));
      b = i32x4.sub(b, i32x4.lt_s(v128.load(p, 48), limit));
    }
    if (sumLanes(i32x4.add(a, b)) < 128) found = guess;
  }
  return f32x4.extract_lane(sortable(i32x4.splat(found ^ 0x80000000)), 0);
}

/** Sets, in the 32 bytes at `bits`, the bit of every coefficient above the median, and clears the others. */
export function storeBits(coefficients: usize, median: f32, bits: usize): void {
  const limit = f32x4.splat(median);
  for (let i: usize = 0; i < 32; i++) {
    const eight = coefficients + (i << 5);
    const low = i32x4.bitmask(f32x4.gt(v128.load(eight), limit));
    const high = i32x4.bitmask(f32x4.gt(v128.load(eight, 16), limit));
    store<u8>(bits + i, low | (high << 4));
  }
}

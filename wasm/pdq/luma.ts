/**
 * Rows of luma instead of RGBA, and luma from RGBA.
 * @module
 */

/** Pixels of 8-bit luma as grey RGBA, 16 at a time: up to 15 more are read, and up to 60 bytes more written. */
export function expand(luma: usize, count: usize, rgba: usize): void {
  for (const end = luma + count; luma < end; luma += 16, rgba += 64) {
    const grey = v128.load(luma);
    v128.store(rgba, v128.swizzle(grey, i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3)));
    v128.store(rgba, v128.swizzle(grey, i8x16(4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7)), 16);
    v128.store(rgba, v128.swizzle(grey, i8x16(8, 8, 8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11)), 32);
    v128.store(rgba, v128.swizzle(grey, i8x16(12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15)), 48);
  }
}

/** Luma of four RGBA pixels, 0 to 255, as i32: (19595 R + 38470 G + 7471 B + 32768) / 65536, rounded down. */
// @ts-ignore: decorator
@inline
function lumaOfFour(pixels: v128): v128 {
  const redBlue = v128.and(pixels, i32x4.splat(0x00ff00ff));
  // Twice green, since 38470 is too much for a signed 16-bit factor.
  const green = v128.and(i32x4.shr_u(pixels, 7), i32x4.splat(0x1fe));
  const sum = i32x4.add(
    i32x4.dot_i16x8_s(redBlue, i16x8(19595, 7471, 19595, 7471, 19595, 7471, 19595, 7471)),
    i32x4.dot_i16x8_s(green, i16x8(19235, 0, 19235, 0, 19235, 0, 19235, 0)),
  );
  return i32x4.shr_u(i32x4.add(sum, i32x4.splat(32768)), 16);
}

/** Four pixels, `stride` bytes apart. */
// @ts-ignore: decorator
@inline
function loadFour(at: usize, stride: usize): v128 {
  let four = v128.load32_zero(at);
  four = v128.load32_lane(at + stride, four, 1);
  four = v128.load32_lane(at + 2 * stride, four, 2);
  return v128.load32_lane(at + 3 * stride, four, 3);
}

/** 16 values of luma to `out`. */
// @ts-ignore: decorator
@inline
function storeLuma(a: v128, b: v128, c: v128, d: v128, out: usize): void {
  const low = i16x8.narrow_i32x4_u(lumaOfFour(a), lumaOfFour(b));
  const high = i16x8.narrow_i32x4_u(lumaOfFour(c), lumaOfFour(d));
  v128.store(out, i8x16.narrow_i16x8_u(low, high));
}

/**
 * Luma of `count` RGBA pixels, each `step` pixels behind the one before: up to 15 more of them are read, and up to 15 bytes
 * more written.
 */
export function lumaRow(rgba: usize, step: usize, count: usize, out: usize): void {
  if (step == 1) {
    for (const end = out + count; out < end; out += 16, rgba += 64) {
      storeLuma(v128.load(rgba), v128.load(rgba, 16), v128.load(rgba, 32), v128.load(rgba, 48), out);
    }
    return;
  }
  const stride = step << 2;
  const four = stride << 2;
  for (const end = out + count; out < end; out += 16, rgba += four << 2) {
    storeLuma(
      loadFour(rgba, stride),
      loadFour(rgba + four, stride),
      loadFour(rgba + 2 * four, stride),
      loadFour(rgba + 3 * four, stride),
      out,
    );
  }
}

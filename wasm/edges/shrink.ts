/**
 * Planes made smaller by a whole number: each value the mean of its cell, rounded.
 * @module
 */

/** Means of 2 x 2 pixels, 16 pixels of either row at a time. */
// @ts-ignore: decorator
@inline
function halves(upper: usize, lower: usize): v128 {
  const sums = i16x8.add(
    i16x8.extadd_pairwise_i8x16_u(v128.load(upper)),
    i16x8.extadd_pairwise_i8x16_u(v128.load(lower)),
  );
  return i16x8.shr_u(i16x8.add(sums, i16x8.splat(2)), 2);
}

function shrinkByTwo(plane: usize, stride: usize, to: usize, width: usize, height: usize): void {
  for (let y: usize = 0; y < height; y++, plane += 2 * stride, to += width) {
    // The last vector of a row may go into the next one, which is written afterwards, or beyond the plane.
    for (let x: usize = 0; x < width; x += 16) {
      const from = plane + 2 * x;
      const left = halves(from, from + stride);
      const right = halves(from + 16, from + stride + 16);
      v128.store(to + x, i8x16.narrow_i16x8_u(left, right));
    }
  }
}

/** Adds a row of pixels to sums of u32. */
function addRow(row: usize, width: usize, sums: usize): void {
  for (let x: usize = 0; x < width; x += 8, sums += 32) {
    const eight = v128.load8x8_u(row + x);
    v128.store(sums, i32x4.add(v128.load(sums), i32x4.extend_low_i16x8_u(eight)));
    v128.store(sums, i32x4.add(v128.load(sums, 16), i32x4.extend_high_i16x8_u(eight)), 16);
  }
}

/**
 * Divides both sides of a plane of rows of `stride` bytes by `factor`, 2 or more, to `width` x `height`. `sums` has room for
 * a row of u32 and eight more; 48 bytes behind the plane may be read, and 16 behind the result written.
 */
export function shrink(
  plane: usize,
  stride: usize,
  factor: usize,
  to: usize,
  width: usize,
  height: usize,
  sums: usize,
): void {
  if (factor == 2) return shrinkByTwo(plane, stride, to, width, height);
  const cell = <f64>(factor * factor);
  const half = <u32>((factor * factor) >> 1);
  const used = width * factor;
  for (let y: usize = 0; y < height; y++) {
    memory.fill(sums, 0, used << 2);
    for (let row: usize = 0; row < factor; row++, plane += stride) addRow(plane, used, sums);
    let from = sums;
    for (let x: usize = 0; x < width; x++, to++) {
      let sum = half;
      for (const end = from + (factor << 2); from < end; from += 4) sum += load<u32>(from);
      store<u8>(to, <u8>(<u32>(<f64>sum / cell)));
    }
  }
}

/**
 * The cosine transform along one axis: 64 lines of values in, 16 frequencies of every column out.
 *
 * A cosine of the matrix is odd or even about the middle of the lines, and an even one again about the
 * middle of either half. So the lines are first added to and subtracted from their mirror image, twice, which
 * leaves 384 products a column of 1024. Frequencies come out in packed order (see `frequencyAt` in
 * src/kernels/variants-matrix.ts); `unpack` puts them right in the end.
 * @module
 */
import { COEFFICIENTS, COLUMN_BYTES, FOLDED, FREQUENCIES, MATRIX, PACKED, SAMPLES, TAPS } from './memory';

/** Bytes of a folded line: 8 columns. */
const LINE: i32 = 32;
/** Folded lines: 32 differences, 16 differences of sums, 16 sums of sums. */
const DIFFERENCES: usize = FOLDED;
const SUM_DIFFERENCES: usize = FOLDED + 32 * LINE;
const SUM_SUMS: usize = FOLDED + 48 * LINE;

/** Four columns of line `k`: between two rows of the source where it is to be sampled, else row `k` itself. */
// @ts-ignore: decorator
@inline
function lineAt(k: usize, source: usize, rowBytes: usize, isSampled: bool): v128 {
  if (!isSampled) return v128.load(source + k * rowBytes);
  const row = source + <usize>load<u32>(TAPS + (k << 2)) * rowBytes;
  const here = v128.load(row);
  const next = v128.load(row + rowBytes);
  const fraction = v128.load32_splat(TAPS + (k << 2), SAMPLES * 4);
  return f32x4.add(here, f32x4.mul(f32x4.sub(next, here), fraction));
}

/** Folds four columns. */
// @ts-ignore: decorator
@inline
function fold(source: usize, rowBytes: usize, to: usize, isSampled: bool): void {
  for (let k: usize = 0; k < 16; k++) {
    const first = lineAt(k, source, rowBytes, isSampled);
    const last = lineAt(63 - k, source, rowBytes, isSampled);
    const before = lineAt(31 - k, source, rowBytes, isSampled);
    const behind = lineAt(32 + k, source, rowBytes, isSampled);
    const outer = f32x4.add(first, last);
    const inner = f32x4.add(before, behind);
    v128.store(DIFFERENCES + k * LINE + to, f32x4.sub(first, last));
    v128.store(DIFFERENCES + (31 - k) * LINE + to, f32x4.sub(before, behind));
    v128.store(SUM_DIFFERENCES + k * LINE + to, f32x4.sub(outer, inner));
    v128.store(SUM_SUMS + k * LINE + to, f32x4.add(outer, inner));
  }
}

/** Stores four frequencies of four columns: column by column. */
// @ts-ignore: decorator
@inline
function storeTransposed(a: v128, b: v128, c: v128, d: v128, out: usize): void {
  const ab = i32x4.shuffle(a, b, 0, 4, 1, 5);
  const cd = i32x4.shuffle(c, d, 0, 4, 1, 5);
  const abHigh = i32x4.shuffle(a, b, 2, 6, 3, 7);
  const cdHigh = i32x4.shuffle(c, d, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(ab, cd, 0, 2));
  v128.store(out + COLUMN_BYTES, i64x2.shuffle(ab, cd, 1, 3));
  v128.store(out + 2 * COLUMN_BYTES, i64x2.shuffle(abHigh, cdHigh, 0, 2));
  v128.store(out + 3 * COLUMN_BYTES, i64x2.shuffle(abHigh, cdHigh, 1, 3));
}

/**
 * Four frequencies of 8 columns. A sum runs from the first line up in one lane; the eight vectors side by
 * side only hide the latency.
 */
// @ts-ignore: decorator
@inline
function multiply(lines: usize, terms: i32, matrix: usize, out: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let b0 = a0;
  let b1 = a0;
  let c0 = a0;
  let c1 = a0;
  let d0 = a0;
  let d1 = a0;
  for (const end = lines + terms * LINE; lines < end; lines += LINE, matrix += 16) {
    const left = v128.load(lines);
    const right = v128.load(lines, 16);
    const a = v128.load32_splat(matrix);
    const b = v128.load32_splat(matrix, 4);
    const c = v128.load32_splat(matrix, 8);
    const d = v128.load32_splat(matrix, 12);
    a0 = f32x4.add(a0, f32x4.mul(a, left));
    a1 = f32x4.add(a1, f32x4.mul(a, right));
    b0 = f32x4.add(b0, f32x4.mul(b, left));
    b1 = f32x4.add(b1, f32x4.mul(b, right));
    c0 = f32x4.add(c0, f32x4.mul(c, left));
    c1 = f32x4.add(c1, f32x4.mul(c, right));
    d0 = f32x4.add(d0, f32x4.mul(d, left));
    d1 = f32x4.add(d1, f32x4.mul(d, right));
  }
  storeTransposed(a0, b0, c0, d0, out);
  storeTransposed(a1, b1, c1, d1, out + 4 * COLUMN_BYTES);
}

/** Transforms `columns` (a multiple of 8) columns; `isSampled` is a constant wherever this is inlined. */
// @ts-ignore: decorator
@inline
function transform(source: usize, rowBytes: usize, columns: i32, out: usize, isSampled: bool): void {
  for (const end = source + columns * 4; source < end; source += LINE, out += 8 * COLUMN_BYTES) {
    fold(source, rowBytes, 0, isSampled);
    fold(source + 16, rowBytes, 16, isSampled);
    multiply(DIFFERENCES, 32, MATRIX, out);
    multiply(DIFFERENCES, 32, MATRIX + 32 * 16, out + 16);
    multiply(SUM_DIFFERENCES, 16, MATRIX + 64 * 16, out + 32);
    multiply(SUM_SUMS, 16, MATRIX + 80 * 16, out + 48);
  }
}

/** Transforms the 64 lines that the taps take from between the rows of `source`. */
export function transformSampled(source: usize, rowBytes: usize, columns: i32, out: usize): void {
  transform(source, rowBytes, columns, out, true);
}

/** Transforms the 64 rows of `source`. */
export function transformRows(source: usize, rowBytes: usize, columns: i32, out: usize): void {
  transform(source, rowBytes, columns, out, false);
}

/** Copies PACKED to COEFFICIENTS, both axes put into their natural order. */
export function unpack(): void {
  for (let i = 0; i < FREQUENCIES; i++) {
    // The row of the packed matrix that holds frequency i: see `frequencyAt`.
    const at = i & 1 ? (i & 2 ? 12 : 8) + (i >> 2) : i >> 1;
    const row = PACKED + at * COLUMN_BYTES;
    const out = COEFFICIENTS + i * COLUMN_BYTES;
    const low = v128.load(row);
    const high = v128.load(row, 16);
    const ones = v128.load(row, 32);
    const threes = v128.load(row, 48);
    const odd = i32x4.shuffle(ones, threes, 0, 4, 1, 5);
    const oddHigh = i32x4.shuffle(ones, threes, 2, 6, 3, 7);
    v128.store(out, i32x4.shuffle(low, odd, 0, 4, 1, 5));
    v128.store(out, i32x4.shuffle(low, odd, 2, 6, 3, 7), 16);
    v128.store(out, i32x4.shuffle(high, oddHigh, 0, 4, 1, 5), 32);
    v128.store(out, i32x4.shuffle(high, oddHigh, 2, 6, 3, 7), 48);
  }
}

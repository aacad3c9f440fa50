/**
 * Variants of a picture, with SIMD: from its luma plane to the PDQ coefficients, median and bits of the picture under an
 * affine map (docs/kernels.md, "Variants"), or without what was drawn over it. The host is src/kernels/variants-wasm.ts:
 * it writes the plane and the maps, and nothing here checks them. Every floating-point operation is done in the order of
 * src/kernels/variants-reference.ts.
 * @module
 */
import { medianOf, storeBits } from './common/rank';
import { sampleAffine } from './variants/affine';
import { extendPlane } from './variants/extension';
import { fillMarks } from './variants/fill';
import { findMarks } from './variants/marks';
import {
  AFFINE,
  AS_IS,
  BITS,
  COEFFICIENTS,
  COVERED,
  COLUMN_BYTES,
  FREQUENCIES,
  HALVES,
  MATRIX,
  PACKED,
  PLANE,
  ROW_BYTES,
  SAMPLED,
  SAMPLED_HALF,
  SAMPLES,
  SLOT_BYTES,
  SOURCE,
  STRIDE,
  TAPS,
} from './variants/memory';
import { transformRows, transformSampled, unpack } from './variants/transform';

/** Where the host writes a picture's plane: 128 x 128 f32. */
export function cellsPointer(): usize {
  return SOURCE;
}

/** Extends that plane. Returns 0 where it has a cell that is no finite number, and then nothing else may be called. */
export function extend(): i32 {
  return i32(extendPlane(SOURCE, PLANE));
}

/** Where the host writes which samples are covered: 64 x 64 bytes, 0 for each that is not. */
export function coveredPointer(): usize {
  return COVERED;
}

/** Samples the plane under the affine map, and keeps that as the picture as it is, for `unmark`. */
export function keepAsIs(): void {
  sampleAffine(AS_IS);
}

/**
 * Takes out what was drawn over the picture (see `findMarks`), and what is covered if `withCovered` is not 0.
 * Returns 0 where there is nothing to take out, or too much.
 */
export function unmark(near: i32, least: f32, grow: i32, withCovered: i32): i32 {
  if (!findMarks(SOURCE, near, least, grow, withCovered != 0)) return 0;
  fillMarks(AS_IS, SAMPLED);
  return 1;
}

/** Where it writes the taps of an axis: 64 u32 cells (0 to 168), then 64 f32 fractions. */
export function tapsPointer(): usize {
  return TAPS;
}

/** Where it writes an affine map: 6 f32, see `affineSteps` in src/kernels/variants-maps.ts. */
export function affinePointer(): usize {
  return AFFINE;
}

/** Where it writes the folded matrix once: 384 f32. */
export function matrixPointer(): usize {
  return MATRIX;
}

/** 256 f32, valid after `columns` or `affine`. */
export function coefficientsPointer(): usize {
  return COEFFICIENTS;
}

/** 32 bytes, valid after `columns` or `affine`. */
export function bitsPointer(): usize {
  return BITS;
}

/** PACKED to COEFFICIENTS and BITS. Returns the median. */
function finish(): f32 {
  unpack();
  const median = medianOf(COEFFICIENTS);
  storeBits(COEFFICIENTS, median, BITS);
  return median;
}

/** Samples the plane's rows at the taps and transforms them, into slot 0 to 31. */
export function rows(slot: i32): void {
  transformSampled(PLANE, ROW_BYTES, STRIDE, HALVES + slot * SLOT_BYTES);
}

/** Samples the columns of a slot at the taps and transforms them. Returns the median. */
export function columns(slot: i32): f32 {
  transformSampled(HALVES + slot * SLOT_BYTES, COLUMN_BYTES, FREQUENCIES, PACKED);
  return finish();
}

/** Samples the plane under the affine map and transforms both axes. Returns the median. */
export function affine(): f32 {
  sampleAffine(SAMPLED);
  return transformed();
}

/** Transforms both axes of what `unmark` left. Returns the median. */
export function unmarked(): f32 {
  return transformed();
}

function transformed(): f32 {
  transformRows(SAMPLED, SAMPLES * 4, SAMPLES, SAMPLED_HALF);
  transformRows(SAMPLED_HALF, COLUMN_BYTES, FREQUENCIES, PACKED);
  return finish();
}

/**
 * The PDQ kernel with SIMD: `begin`, `rows` until every row is in, `end`. The ABI is in docs/kernels.md,
 * section 5; the host that keeps to it is src/kernels/pdq-wasm.ts. Nothing here checks a size or a pointer.
 * @module
 */
import { medianOf, storeBits } from './common/rank';
import { sumLanes } from './common/simd';
import { quality, takeLuma, transform } from './pdq/hash';
import { BITS, COEFFICIENTS, DCT } from './pdq/memory';
import { PLANE } from './pdq/plane';

export { expand } from './pdq/luma';
export { beginPlane, endPlane, planeRows } from './pdq/plane';
export { begin, rows } from './pdq/reduce';
export { beginSurvey, endSurvey, surveyRows } from './pdq/survey';

let lastMedian: f32 = 0;

/** First free byte, a multiple of 16: the host's staging buffer. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}

/** Where the host writes the transform's matrix once: 16 x 64 f32, row-major, then the same transposed. */
export function dctPointer(): usize {
  return DCT;
}

/** 256 f32, valid after `end`. */
export function coefficientsPointer(): usize {
  return COEFFICIENTS;
}

/** 32 bytes, valid after `end`. */
export function bitsPointer(): usize {
  return BITS;
}

/** 128 x 128 f64, valid after `endPlane`: 1000 times luma, times the picture's pixels. */
export function planePointer(): usize {
  return PLANE;
}

/** The median of the coefficients, valid after `end`. */
export function median(): f32 {
  return lastMedian;
}

/** Finishes a picture of which every row was given. Returns its quality. */
export function end(): i32 {
  takeLuma();
  transform();
  lastMedian = medianOf(COEFFICIENTS);
  storeBits(COEFFICIENTS, lastMedian, BITS);
  return quality();
}

/** Reads every byte once, 64 at a time: the speed of reading, which the bench compares with. */
export function readOnce(pointer: usize, bytes: usize): i32 {
  let a = i32x4.splat(0);
  let b = a;
  let c = a;
  let d = a;
  for (const stop = pointer + bytes; pointer < stop; pointer += 64) {
    a = i32x4.add(a, v128.load(pointer));
    b = i32x4.add(b, v128.load(pointer, 16));
    c = i32x4.add(c, v128.load(pointer, 32));
    d = i32x4.add(d, v128.load(pointer, 48));
  }
  return sumLanes(i32x4.add(i32x4.add(a, b), i32x4.add(c, d)));
}

/**
 * Marked samples filled from what surrounds them: src/kernels/samples-fill.ts tells why and how. The four neighbours of a sample are
 * added in the order of that file, in f64.
 * @module
 */
import { SAMPLE_MARKS } from './marks';
import { SAMPLES } from './memory';

const ROW: usize = SAMPLES * 4;

/** Of each marked sample: sum and weight of the kept ones seen so far; f64. */
const SUMS: usize = memory.data(64 * 64 * 8, 16);
const WEIGHTS: usize = memory.data(64 * 64 * 8, 16);
/** Weight of a sample so many away; f64. Made when first needed. */
const WEIGHT_OF: usize = memory.data(64 * 8, 16);
/** Of each column: the last kept sample, and how far away it is, 0 if there is none. */
const VALUES: usize = memory.data(64 * 4, 16);
const DISTANCES: usize = memory.data(64 * 4, 16);

// @ts-ignore: decorator
@inline
function marksOf(y: i32): u64 {
  return load<u64>(SAMPLE_MARKS + (<usize>y << 3));
}

// @ts-ignore: decorator
@inline
function isMarked(marks: u64, x: i32): bool {
  return ((marks >> <u64>x) & 1) != 0;
}

/** Adds a kept sample to the marked one whose sum lies at an offset. */
// @ts-ignore: decorator
@inline
function add(at: usize, value: f32, distance: i32): void {
  const weight = load<f64>(WEIGHT_OF + (<usize>distance << 3));
  store<f64>(SUMS + at, load<f64>(SUMS + at) + weight * <f64>value);
  store<f64>(WEIGHTS + at, load<f64>(WEIGHTS + at) + weight);
}

/** The kept samples left of marked ones; these begin at 0. */
function fromLeft(samples: usize, y: i32): void {
  const marks = marksOf(y);
  let value: f32 = 0;
  let distance: i32 = 0;
  for (let bits = marks; bits != 0; bits &= bits - 1) {
    const x = <i32>ctz(bits);
    const at = <usize>(y * SAMPLES + x);
    if (x > 0 && !isMarked(marks, x - 1)) {
      value = load<f32>(samples + ((at - 1) << 2));
      distance = 1;
    } else if (distance > 0) distance++;
    store<f64>(SUMS + (at << 3), 0);
    store<f64>(WEIGHTS + (at << 3), 0);
    if (distance > 0) add(at << 3, value, distance);
  }
}

/** The kept samples right of marked ones. */
function fromRight(samples: usize, y: i32): void {
  const marks = marksOf(y);
  let value: f32 = 0;
  let distance: i32 = 0;
  for (let bits = marks; bits != 0; ) {
    const x = 63 - <i32>clz(bits);
    bits ^= (<u64>1) << (<u64>x);
    const at = <usize>(y * SAMPLES + x);
    if (x < SAMPLES - 1 && !isMarked(marks, x + 1)) {
      value = load<f32>(samples + ((at + 1) << 2));
      distance = 1;
    } else if (distance > 0) distance++;
    if (distance > 0) add(at << 3, value, distance);
  }
}

/** The kept samples above the marked ones of a row, or below them where `step` is -1. */
function fromLine(samples: usize, y: i32, step: i32): void {
  const before = y - step;
  const isFirst = before < 0 || before >= SAMPLES;
  const marksBefore = isFirst ? 0 : marksOf(before);
  for (let bits = marksOf(y); bits != 0; bits &= bits - 1) {
    const x = <i32>ctz(bits);
    const column = <usize>x << 2;
    let distance: i32 = 0;
    if (!isFirst) {
      if (!isMarked(marksBefore, x)) {
        store<f32>(VALUES + column, load<f32>(samples + before * ROW + column));
        distance = 1;
      } else {
        distance = load<i32>(DISTANCES + column);
        if (distance > 0) distance++;
      }
    }
    store<i32>(DISTANCES + column, distance);
    if (distance > 0) add(<usize>(y * SAMPLES + x) << 3, load<f32>(VALUES + column), distance);
  }
}

/** Mean of the samples that are not marked, summed in their order; NaN where there are none. */
function meanKept(samples: usize): f64 {
  let sum: f64 = 0;
  let count: f64 = 0;
  for (let y: i32 = 0; y < SAMPLES; y++) {
    for (let x: i32 = 0; x < SAMPLES; x++) {
      if (isMarked(marksOf(y), x)) continue;
      sum += <f64>load<f32>(samples + ((y * SAMPLES + x) << 2));
      count++;
    }
  }
  return sum / count;
}

/** Copies 64 x 64 samples to `out`, the marked ones filled. */
export function fillMarks(samples: usize, out: usize): void {
  if (load<f64>(WEIGHT_OF + 8) == 0) {
    for (let d: i32 = 1; d < SAMPLES; d++) store<f64>(WEIGHT_OF + (<usize>d << 3), 1.0 / <f64>(d * d));
  }
  memory.copy(out, samples, SAMPLES * ROW);
  for (let y: i32 = 0; y < SAMPLES; y++) {
    fromLeft(samples, y);
    fromRight(samples, y);
  }
  for (let y: i32 = 0; y < SAMPLES; y++) fromLine(samples, y, 1);
  for (let y: i32 = SAMPLES - 1; y >= 0; y--) fromLine(samples, y, -1);
  let mean: f64 = 0;
  let isMeanKnown = false;
  for (let y: i32 = 0; y < SAMPLES; y++) {
    for (let bits = marksOf(y); bits != 0; bits &= bits - 1) {
      const at = <usize>(y * SAMPLES + <i32>ctz(bits));
      const weight = load<f64>(WEIGHTS + (at << 3));
      if (weight > 0) {
        store<f32>(out + (at << 2), <f32>(load<f64>(SUMS + (at << 3)) / weight));
        continue;
      }
      if (!isMeanKnown) {
        mean = meanKept(samples);
        isMeanKnown = true;
      }
      if (mean == mean) store<f32>(out + (at << 2), <f32>mean);
    }
  }
}

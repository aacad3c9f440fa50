/**
 * Sorts many fingerprints by typed arrays alone: no object for an entry, two of each array in memory at a time.
 * @module
 */

const DIGIT_BITS = 11;
const DIGITS = 2 ** DIGIT_BITS;

/** Sorted fingerprints, and where each was before. */
export interface SortedFingerprints {
  low: Uint32Array;
  high: Uint32Array;
  /** The place before sorting of each fingerprint. */
  order: Uint32Array;
}

/**
 * Sorts by (high, low); equal ones keep their order.
 * @param low - low words; used as scratch
 * @param high - high words; used as scratch
 * @param bits - bits of a fingerprint: higher ones are zero
 * @returns the sorted fingerprints; the arrays may be the ones given
 */
export function sortFingerprints(low: Uint32Array, high: Uint32Array, bits: number): SortedFingerprints {
  const count = low.length;
  let from: SortedFingerprints = { low, high, order: new Uint32Array(count) };
  for (let i = 0; i < count; i++) from.order[i] = i;
  let to: SortedFingerprints = {
    low: new Uint32Array(count),
    high: new Uint32Array(count),
    order: new Uint32Array(count),
  };
  for (let shift = 0; shift < bits; shift = nextShift(shift)) {
    if (moveByDigit(from, to, shift)) [from, to] = [to, from];
  }
  return from;
}

/** Digits don't straddle the two words: three to a word, the last one of 10 bits. */
function nextShift(shift: number): number {
  const next = shift + DIGIT_BITS;
  return next === 33 ? 32 : next;
}

/** One stable counting pass. Returns false, and moves nothing, where all have the same digit. */
function moveByDigit(from: SortedFingerprints, to: SortedFingerprints, shift: number): boolean {
  const keys = shift < 32 ? from.low : from.high;
  const bit = shift & 31;
  const starts = new Uint32Array(DIGITS);
  for (let i = 0; i < keys.length; i++) starts[(keys[i] >>> bit) & (DIGITS - 1)]++;
  if (keys.length === 0 || starts[(keys[0] >>> bit) & (DIGITS - 1)] === keys.length) return false;
  let start = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const size = starts[digit];
    starts[digit] = start;
    start += size;
  }
  for (let i = 0; i < keys.length; i++) {
    const at = starts[(keys[i] >>> bit) & (DIGITS - 1)]++;
    to.low[at] = from.low[i];
    to.high[at] = from.high[i];
    to.order[at] = from.order[i];
  }
  return true;
}

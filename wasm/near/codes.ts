/**
 * Golomb–Rice codes of a list's fingerprints, already checked by the host (docs/snapshot-format.md, 3.3). Eight
 * bytes behind the codes must be readable.
 * @module
 */

let codes: usize = 0;
let entries: u32 = 0;
let riceParameter: u64 = 0;
/** Four words a range, as the host's FingerprintIndex has them. */
let index: usize = 0;
let rangeShift: u64 = 0;

/** Ordinal of the first entry found last. */
export let first: u32 = 0;

/** Tells where codes and index lie. */
export function setCodes(pointer: usize, count: u32, k: u32, indexPointer: usize, shift: u32): void {
  codes = pointer;
  entries = count;
  riceParameter = k;
  index = indexPointer;
  rangeShift = shift;
}

/** How many entries the list has. */
export function entryCount(): u32 {
  return entries;
}

/** The Rice parameter. A gap's code has (gap >> k) + 1 + k bits, which is how readers know where the next one begins. */
export function parameter(): u64 {
  return riceParameter;
}

/** At least 57 bits from a bit position on. */
// @ts-ignore: decorator
@inline
function peek(position: u32): u64 {
  return load<u64>(codes + (position >> 3)) >> (position & 7);
}

/** The gap whose code is at a bit position. */
// @ts-ignore: decorator
@inline
export function gapAt(position: u32, k: u64): u64 {
  const bits = peek(position);
  const zeros = ctz(bits);
  if (zeros + k < 57) return (zeros << k) | ((bits >> (zeros + 1)) & ((1 << k) - 1));
  return longGapAt(position, k);
}

/** The same for a code that one load does not hold. */
function longGapAt(position: u32, k: u64): u64 {
  let at = position;
  let bits = <u32>peek(at);
  while (bits == 0) {
    at += 32;
    bits = <u32>peek(at);
  }
  at += ctz(bits);
  return ((<u64>(at - position)) << k) | (peek(at + 1) & ((1 << k) - 1));
}

/** How many entries have a fingerprint, from ordinal `first` on. */
export function find(fingerprint: u64): u32 {
  const k = riceParameter;
  const range = index + (<usize>(fingerprint >> rangeShift) << 4);
  let value = load<u64>(range);
  let position = load<u32>(range, 8);
  let ordinal = load<u32>(range, 12);
  let found: u32 = 0;
  for (; ordinal < entries; ordinal++) {
    const gap = gapAt(position, k);
    value += gap;
    if (value > fingerprint) break;
    if (value == fingerprint) {
      if (found == 0) first = ordinal;
      found++;
    }
    position += <u32>((gap >> k) + 1 + k);
  }
  return found;
}

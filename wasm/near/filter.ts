/**
 * The register-blocked Bloom filter over low words of fingerprints; src/snapshot/bloom.ts is the same in TypeScript.
 *
 * A block has eight bytes, and a value sets one bit in each of them: so four values' masks are two byte shuffles.
 * @module
 */
import { entryCount, gapAt, parameter } from './codes';

const BLOCK_MULTIPLIER: u32 = 0x9e3779b1;
const BIT_MULTIPLIER: u32 = 0x85ebca77;

let filter: usize = 0;
let blocks: u32 = 0;

/** Tells where the filter lies, which must be zero, and how many blocks of eight bytes it has. */
export function setFilter(pointer: usize, blockCount: u32): void {
  filter = pointer;
  blocks = blockCount;
}

/** Adds the list's fingerprints. */
export function buildFilter(): void {
  const k = parameter();
  let value: u64 = 0;
  let position: u32 = 0;
  for (let n = entryCount(); n > 0; n--) {
    const gap = gapAt(position, k);
    value += gap;
    position += <u32>((gap >> k) + 1 + k);
    const low = <u32>value;
    const block = filter + ((<usize>((<u64>(low * BLOCK_MULTIPLIER) * blocks) >> 32)) << 3);
    const bits = i32x4.splat(low * BIT_MULTIPLIER);
    const mask = v128.shuffle<i32>(lowMasks(bits), highMasks(bits), 0, 4, 0, 4);
    store<u64>(block, load<u64>(block) | i64x2.extract_lane(mask, 0));
  }
}

/** For each lane the value's bits in the first word of its block: byte j has bit (bits >> 8j) & 7. */
// @ts-ignore: decorator
@inline
function lowMasks(bits: v128): v128 {
  return v128.swizzle(
    i8x16(1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0),
    v128.and(bits, i32x4.splat(0x07070707)),
  );
}

/** The same for the second word: byte j has bit (bits >> (8j + 3)) & 7. */
// @ts-ignore: decorator
@inline
function highMasks(bits: v128): v128 {
  return lowMasks(i32x4.shr_u(bits, 3));
}

/** Which of four values may be listed, as the low bits of a number. */
// @ts-ignore: decorator
@inline
export function mayHave(values: v128): i32 {
  const bits = i32x4.mul(values, i32x4.splat(BIT_MULTIPLIER));
  const low = lowMasks(bits);
  const high = highMasks(bits);
  const hashes = i32x4.mul(values, i32x4.splat(BLOCK_MULTIPLIER));
  const count = i32x4.splat(blocks);
  // (hash * blocks) >> 32 is the block; eight bytes each.
  const near = i64x2.shr_u(i64x2.extmul_low_i32x4_u(hashes, count), 29);
  const far = i64x2.shr_u(i64x2.extmul_high_i32x4_u(hashes, count), 29);
  return (
    bothInBlocks(near, v128.shuffle<i32>(low, high, 0, 4, 1, 5)) |
    (bothInBlocks(far, v128.shuffle<i32>(low, high, 2, 6, 3, 7)) << 2)
  );
}

/** For two blocks, by their offset in bytes with three bits too many, whether they have all bits of two masks. */
// @ts-ignore: decorator
@inline
function bothInBlocks(offsets: v128, masks: v128): i32 {
  const a = filter + (<usize>i64x2.extract_lane(offsets, 0) & ~7);
  const b = filter + (<usize>i64x2.extract_lane(offsets, 1) & ~7);
  const found = v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
  return i64x2.bitmask(i64x2.eq(v128.andnot(masks, found), i64x2.splat(0)));
}

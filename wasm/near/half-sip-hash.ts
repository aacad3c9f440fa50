/**
 * HalfSipHash-2-4 of keys (docs/snapshot-format.md, 4): the first output word for four keys at a time, and both
 * words of one key. src/snapshot/half-sip-hash.ts is the same in TypeScript.
 *
 * Keys lie in planes: word w of key i is at `keys + w * stride + 4 * i`. A key whose bits fill whole words has one more
 * block, the same for all keys, which has no plane.
 * @module
 */

let key0: u32 = 0;
let key1: u32 = 0;
let planes: u32 = 0;
/** The block that has no plane; 0 where all have one (a last block is never 0: it has the length). */
let tail: u32 = 0;

/** Tells the hash's key, the planes of a key, and the last block if it has no plane. */
export function setKeys(low: u32, high: u32, planeCount: u32, lastBlock: u32): void {
  key0 = low;
  key1 = high;
  planes = planeCount;
  tail = lastBlock;
}

/** How many planes a key has. */
export function planeCount(): u32 {
  return planes;
}

// @ts-ignore: decorator
@inline
function rotate(v: v128, by: i32): v128 {
  return v128.or(i32x4.shl(v, by), i32x4.shr_u(v, 32 - by));
}

/** Rotation by 8. A shuffle by constant indices is one instruction as `swizzle`, and several as `shuffle` (V8). */
// @ts-ignore: decorator
@inline
function rotate8(v: v128): v128 {
  return v128.swizzle(v, i8x16(3, 0, 1, 2, 7, 4, 5, 6, 11, 8, 9, 10, 15, 12, 13, 14));
}

/** Rotation by 16. */
// @ts-ignore: decorator
@inline
function rotate16(v: v128): v128 {
  return v128.swizzle(v, i8x16(2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13));
}

/**
 * H0 of eight keys, to 32 bytes at `output`. Two independent groups of four are interleaved: one alone waits for
 * its own results, and takes a fifth more time (measured).
 */
// @ts-ignore: decorator
@inline
export function firstWords(keys: usize, stride: usize, output: usize): void {
  let a0 = i32x4.splat(key0);
  let a1 = i32x4.splat(key1 ^ 0xee);
  let a2 = i32x4.splat(key0 ^ 0x6c796765);
  let a3 = i32x4.splat(key1 ^ 0x74656462);
  let b0 = a0;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  const blockCount = planes + u32(tail != 0);
  for (let i: u32 = 0; i <= blockCount; i++) {
    let a = i32x4.splat(0);
    let b = a;
    let rounds = 2;
    if (i < planes) {
      a = v128.load(keys);
      b = v128.load(keys, 16);
      keys += stride;
    } else if (i < blockCount) {
      a = i32x4.splat(tail);
      b = a;
    } else {
      a2 = v128.xor(a2, i32x4.splat(0xee));
      b2 = v128.xor(b2, i32x4.splat(0xee));
      rounds = 4;
    }
    a3 = v128.xor(a3, a);
    b3 = v128.xor(b3, b);
    do {
      a0 = i32x4.add(a0, a1);
      b0 = i32x4.add(b0, b1);
      a2 = i32x4.add(a2, a3);
      b2 = i32x4.add(b2, b3);
      a1 = v128.xor(rotate(a1, 5), a0);
      b1 = v128.xor(rotate(b1, 5), b0);
      a3 = v128.xor(rotate8(a3), a2);
      b3 = v128.xor(rotate8(b3), b2);
      a0 = i32x4.add(rotate16(a0), a3);
      b0 = i32x4.add(rotate16(b0), b3);
      a2 = i32x4.add(a2, a1);
      b2 = i32x4.add(b2, b1);
      a3 = v128.xor(rotate(a3, 7), a0);
      b3 = v128.xor(rotate(b3, 7), b0);
      a1 = v128.xor(rotate(a1, 13), a2);
      b1 = v128.xor(rotate(b1, 13), b2);
      a2 = rotate16(a2);
      b2 = rotate16(b2);
    } while (--rounds);
    a0 = v128.xor(a0, a);
    b0 = v128.xor(b0, b);
  }
  v128.store(output, v128.xor(a1, a3));
  v128.store(output, v128.xor(b1, b3), 16);
}

/** Both output words of one key, the first one low. */
export function bothWords(keys: usize, stride: usize): u64 {
  let v0 = key0;
  let v1 = key1 ^ 0xee;
  let v2 = key0 ^ 0x6c796765;
  let v3 = key1 ^ 0x74656462;
  const blockCount = planes + u32(tail != 0);
  let output: u64 = 0;
  for (let i: u32 = 0; i < blockCount + 2; i++) {
    let block: u32 = 0;
    let rounds = 2;
    if (i < planes) {
      block = load<u32>(keys);
      keys += stride;
    } else if (i < blockCount) {
      block = tail;
    } else {
      rounds = 4;
      if (i == blockCount) v2 ^= 0xee;
      else v1 ^= 0xdd;
    }
    v3 ^= block;
    do {
      v0 += v1;
      v1 = rotl(v1, 5) ^ v0;
      v0 = rotl(v0, 16);
      v2 += v3;
      v3 = rotl(v3, 8) ^ v2;
      v0 += v3;
      v3 = rotl(v3, 7) ^ v0;
      v2 += v1;
      v1 = rotl(v1, 13) ^ v2;
      v2 = rotl(v2, 16);
    } while (--rounds);
    v0 ^= block;
    if (i == blockCount) output = v1 ^ v3;
    else if (i > blockCount) output |= (<u64>(v1 ^ v3)) << 32;
  }
  return output;
}

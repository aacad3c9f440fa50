/**
 * HalfSipHash-2-4 with 64 bits of output (docs/snapshot-format.md, 4.1): a keyed hash made of 32-bit additions,
 * rotations and xors, so that it needs no 64-bit integers.
 *
 * Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast short-input PRF", 2012, and the 32-bit variant of
 * their reference implementation.
 * @module
 */

/**
 * The last block of a message: its left-over bytes, and its length in the highest byte.
 * @param rest - the last `length % 4` bytes as a little-endian number
 * @param length - bytes of the whole message
 * @returns the block
 */
export function lastBlock(rest: number, length: number): number {
  return (rest | (length << 24)) >>> 0;
}

/**
 * Cuts a message into blocks.
 * @param message - any bytes
 * @returns its words, and the last block
 */
export function messageBlocks(message: Uint8Array): Uint32Array {
  const blocks = new Uint32Array((message.length >>> 2) + 1);
  message.forEach((byte, i) => {
    blocks[i >>> 2] |= byte << ((i & 3) * 8);
  });
  const last = blocks.length - 1;
  blocks[last] = lastBlock(blocks[last], message.length);
  return blocks;
}

/**
 * @param key0 - low word of the key
 * @param key1 - high word of the key
 * @param blocks - of the message, see {@link messageBlocks}
 * @param count - how many of `blocks` belong to the message
 * @param output - takes H0 and, where there is room for it, H1 (four rounds more)
 */
export function halfSipHash(
  key0: number,
  key1: number,
  blocks: Uint32Array,
  count: number,
  output: Uint32Array,
): void {
  let v0 = key0;
  let v1 = key1 ^ 0xee;
  let v2 = key0 ^ 0x6c796765;
  let v3 = key1 ^ 0x74656462;
  const end = count + Math.min(2, output.length);
  for (let i = 0; i < end; i++) {
    const block = i < count ? blocks[i] : 0;
    if (i === count) v2 ^= 0xee;
    else if (i > count) v1 ^= 0xdd;
    v3 ^= block;
    for (let round = i < count ? 2 : 4; round > 0; round--) {
      v0 = (v0 + v1) | 0;
      v1 = (v1 << 5) | (v1 >>> 27);
      v1 ^= v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = (v3 << 8) | (v3 >>> 24);
      v3 ^= v2;
      v0 = (v0 + v3) | 0;
      v3 = (v3 << 7) | (v3 >>> 25);
      v3 ^= v0;
      v2 = (v2 + v1) | 0;
      v1 = (v1 << 13) | (v1 >>> 19);
      v1 ^= v2;
      v2 = (v2 << 16) | (v2 >>> 16);
    }
    v0 ^= block;
    if (i >= count) output[i - count] = v1 ^ v3;
  }
}

/**
 * Numbers of a fixed width, side by side (docs/snapshot-format.md, 3.5 and 9.3).
 * @module
 */

/**
 * @param values - below 2^width
 * @param width - bits of each, 0 to 24
 * @returns them packed, least significant bit first, padded with zero bits to a whole byte
 */
export function packBits(values: Uint16Array | Uint32Array, width: number): Uint8Array {
  const packed = new Uint8Array(Math.ceil((values.length * width) / 8));
  let byte = 0;
  let word = 0;
  let fill = 0;
  for (const value of values) {
    word |= value << fill;
    for (fill += width; fill >= 8; fill -= 8) {
      packed[byte++] = word;
      word >>>= 8;
    }
  }
  if (fill > 0) packed[byte] = word;
  return packed;
}

/**
 * @param packed - made by {@link packBits}
 * @param width - bits of each number, 0 to 24
 * @param index - which number
 * @returns the number; bits beyond the end are zero
 */
export function unpackBits(packed: Uint8Array, width: number, index: number): number {
  if (width === 0) return 0;
  const bit = index * width;
  const byte = Math.floor(bit / 8);
  let word = packed[byte] | ((packed[byte + 1] ?? 0) << 8) | ((packed[byte + 2] ?? 0) << 16);
  if (width > 16) word |= (packed[byte + 3] ?? 0) << 24;
  return (word >>> (bit % 8)) & (2 ** width - 1);
}

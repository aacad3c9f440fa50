/**
 * PDQ hashes that say too little: those of pictures without detail, or of one simple pattern.
 * @module
 */

/** Bits of a PDQ hash that differ from 128 by more are taken for degenerate; six standard deviations of random bits. */
export const MAX_PDQ_IMBALANCE = 48;

/**
 * A PDQ hash with fewer different rows or columns of 16 is taken for degenerate. Photos had 14 or more (1,550 of
 * them), pictures of one colour at most 9 different rows (120 of them; measured).
 */
export const MIN_PDQ_ROWS = 12;

const BITS_SET = new Uint8Array(256);
for (let i = 1; i < BITS_SET.length; i++) BITS_SET[i] = BITS_SET[i >> 1] + (i & 1);

/**
 * @param hash - any bytes
 * @returns the bits that are set
 */
export function countBits(hash: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < hash.length; i++) bits += BITS_SET[hash[i]];
  return bits;
}

/**
 * @param hash - 32 bytes of a PDQ hash, in the order of its hex digits or the reverse
 * @returns what is wrong with it: too few or too many bits, or bits that repeat; null where nothing is
 */
export function degeneracyOf(hash: Uint8Array): 'imbalanced' | 'repeating' | null {
  if (Math.abs(countBits(hash) - 128) > MAX_PDQ_IMBALANCE) return 'imbalanced';
  return Math.min(differentRows(hash), differentColumns(hash)) < MIN_PDQ_ROWS ? 'repeating' : null;
}

/** Rows of the 16 x 16 bits, each counted once. */
function differentRows(hash: Uint8Array): number {
  let count = 0;
  for (let row = 0; row < 32; row += 2) {
    let earlier = 0;
    while (hash[earlier] !== hash[row] || hash[earlier + 1] !== hash[row + 1]) earlier += 2;
    if (earlier === row) count++;
  }
  return count;
}

/** Columns of the 16 x 16 bits, each counted once. */
function differentColumns(hash: Uint8Array): number {
  const turned = new Uint8Array(32);
  for (let row = 0; row < 16; row++) {
    const bits = (hash[2 * row] << 8) | hash[2 * row + 1];
    for (let column = 0; column < 16; column++) {
      turned[2 * column + (row >> 3)] |= ((bits >> column) & 1) << (row & 7);
    }
  }
  return differentRows(turned);
}

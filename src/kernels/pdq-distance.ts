/**
 * Distance between PDQ hashes.
 * @module
 */

/**
 * @param a - 32 bytes
 * @param b - 32 bytes
 * @returns in how many of 256 bits they differ
 */
export function hashDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) {
    for (let different = a[i] ^ b[i]; different !== 0; different &= different - 1) distance++;
  }
  return distance;
}

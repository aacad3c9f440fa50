/**
 * Queries for tests.
 * @module
 */
import type { NearQuery } from '../../src/snapshot/near-set.js';
import { randomWords } from './support.js';

/** A query with a hash's bits and made-up coefficients that fit them, no two equally far from the median. */
export function queryOf(hash: Uint8Array, seed: number): NearQuery {
  const next = randomWords(seed);
  const median = 12.5;
  const coefficients = Float32Array.from({ length: 256 }, (_, j) => {
    const distance = (next() % 2 ** 20) / 64 + 0.001 * j + 0.001;
    return (hash[j >> 3] >> (j & 7)) & 1 ? median + distance : median - distance;
  });
  return { coefficients, median, bits: hash.slice() };
}

/** A copy with some bits flipped. */
export function flipBits(hash: Uint8Array, positions: readonly number[]): Uint8Array {
  const flipped = hash.slice();
  for (const j of positions) flipped[j >> 3] ^= 1 << (j & 7);
  return flipped;
}

/** Positions in the hash of the key's bits, the most doubtful first. */
export function reliabilityOrder(query: NearQuery, key: Uint8Array): number[] {
  const distance = (j: number) => Math.abs(query.coefficients[j] - query.median);
  return [...key].sort((a, b) => distance(a) - distance(b));
}

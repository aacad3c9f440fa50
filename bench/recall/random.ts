/**
 * Seeded randomness: equal seeds give equal edits, samples and decoys on every machine.
 * @module
 */

/** The seed of every random choice of the report. */
export const SEED = 20_240_607;

/**
 * FNV-1a, 32 bits (Fowler, Noll, Vo), of a string's UTF-8 bytes.
 * @param text - any string
 * @returns a whole number below 2^32
 */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}

/** Gives numbers evenly spread from 0 (included) to 1 (excluded). */
export type Random = () => number;

/**
 * Mulberry32 (Tommy Ettinger), started from the hash of a string.
 * @param text - what the numbers shall depend on, beside {@link SEED}
 * @returns a source of its own
 */
export function seededRandom(text: string): Random {
  let state = fnv1a32(`${SEED}/${text}`);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * @param random - a source
 * @returns a normal deviate of mean 0 and standard deviation 1 (Box and Muller)
 */
export function normalDeviate(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/**
 * @param count - hashes wanted
 * @returns `count` PDQ hashes of 32 random bytes each, which no picture has
 */
export function decoyHashes(count: number): Uint8Array {
  const random = seededRandom('decoys');
  const words = new Uint32Array(count * 8);
  for (let i = 0; i < words.length; i++) words[i] = random() * 2 ** 32;
  return new Uint8Array(words.buffer);
}

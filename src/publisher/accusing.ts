/**
 * Hashes that no list should hold, because files of innocent people have them too.
 *
 * PDQ sets a bit where a coefficient is above the median of all 256, so a hash has exactly 128 bits set
 * unless coefficients are equal (all 400 hashes that the authors of PDQ publish with their test pictures have
 * 128). Far from that lie flat pictures, made-up values and damaged lists, and a near match makes them worse:
 * every picture with a hash *about* as empty would match.
 * @module
 */
import type { Signal } from '../snapshot/types.js';

/** Bits of a PDQ hash that differ from 128 by more are taken for degenerate; six standard deviations of random bits. */
export const MAX_PDQ_IMBALANCE = 48;

/** Bytes after which a made-up hash repeats itself. */
const PERIODS = [1, 2, 4] as const;

/** Digests of the empty file (RFC 1321, A.5; FIPS 180-4 examples). */
const EMPTY_FILE: Partial<Record<Signal, string>> = {
  md5: 'd41d8cd98f00b204e9800998ecf8427e',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
};
const EMPTY_FILE_BYTES = new Map(
  Object.entries(EMPTY_FILE).map(([signal, hex]) => [signal as Signal, Buffer.from(hex, 'hex')]),
);

const BITS_SET = new Uint8Array(256);
for (let i = 1; i < 256; i++) BITS_SET[i] = BITS_SET[i >> 1] + (i & 1);

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
 * @param signal - what kind of hash it is
 * @param hash - its bytes
 * @returns why it would accuse the innocent, or undefined where nothing is wrong with it
 */
export function accuses(signal: Signal, hash: Uint8Array): string | undefined {
  const name = signal === 'pdq' ? 'PDQ' : signal.toUpperCase();
  if (hash[0] === hash[1] && hash.every((byte) => byte === hash[0])) {
    if (hash[0] === 0) return `${name} with no bit set`;
    if (hash[0] === 255) return `${name} with every bit set`;
  }
  if (signal === 'pdq') {
    const bits = countBits(hash);
    if (Math.abs(bits - 128) > MAX_PDQ_IMBALANCE) {
      return `degenerate PDQ: ${bits} of its 256 bits are set, as of a picture without detail`;
    }
  } else if (hash[0] === EMPTY_FILE_BYTES.get(signal)?.[0]) {
    if (EMPTY_FILE_BYTES.get(signal)?.equals(hash)) return `${name} of the empty file`;
  }
  const period = PERIODS.find((p) => hash[0] === hash[p] && hash.every((byte, i) => byte === hash[i % p]));
  if (period !== undefined) {
    return `${signal === 'pdq' ? 'degenerate PDQ' : name}: ${period === 1 ? 'a byte' : `${period} bytes`} repeated, a made-up value`;
  }
  return undefined;
}

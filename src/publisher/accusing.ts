/**
 * Hashes that no list should hold, because files of innocent people have them too.
 *
 * PDQ sets a bit where a coefficient is above the median of all 256, so a hash has exactly 128 bits set unless
 * coefficients are equal: so have all 400 hashes that PDQ's authors publish with their test pictures, and all of
 * 1,550 photos. Plain pictures have far fewer. Where the little there is to see falls off evenly, the signs of the
 * coefficients draw stripes, steps and checkerboards in the 16 x 16 bits: an almost flat picture among those test
 * pictures has the hashes `ffff0000…`, `aaaa5555…` and `0007001f003f…`. A near match makes such a hash worse: every
 * picture about as flat would match. Not all of them can be told: the hash of a gradient may look like any other.
 * @module
 */
import type { Signal } from '../snapshot/types.js';

/** Bits of a PDQ hash that differ from 128 by more are taken for degenerate; six standard deviations of random bits. */
export const MAX_PDQ_IMBALANCE = 48;

/**
 * Of the 240 pairs of neighbours in the rows (or in the columns) of a PDQ hash, 120 differ at random. Farther from
 * that is a pattern: the farthest of 1,550 photos was 67 (measured), 11 standard deviations of random bits are 85.
 */
export const MAX_PDQ_PATTERN = 90;

/** Bytes after which a made-up digest repeats itself. */
const PERIODS = [1, 2, 4] as const;

/** Digests of the empty file (RFC 1321, A.5; FIPS 180-4 examples). */
const EMPTY_FILE: ReadonlyMap<Signal, Buffer> = new Map([
  ['md5', Buffer.from('d41d8cd98f00b204e9800998ecf8427e', 'hex')],
  ['sha1', Buffer.from('da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hex')],
  ['sha256', Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex')],
]);

const BITS_SET = new Uint8Array(65536);
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
 * @param signal - what kind of hash it is
 * @param hash - its bytes, in the order of its hex digits
 * @returns why it would accuse the innocent, or undefined where nothing is wrong with it
 */
export function accuses(signal: Signal, hash: Uint8Array): string | undefined {
  const name = signal === 'pdq' ? 'PDQ' : signal.toUpperCase();
  if (hash[0] === hash[1] && hash.every((byte) => byte === hash[0])) {
    if (hash[0] === 0) return `${name} with no bit set`;
    if (hash[0] === 255) return `${name} with every bit set`;
  }
  return signal === 'pdq' ? degenerate(hash) : madeUp(signal, name, hash);
}

function degenerate(hash: Uint8Array): string | undefined {
  const bits = countBits(hash);
  if (Math.abs(bits - 128) > MAX_PDQ_IMBALANCE) {
    return `degenerate PDQ: ${bits} of its 256 bits are set, where a picture has about 128`;
  }
  let inRows = 0;
  let inColumns = 0;
  for (let i = 0, above = 0; i < hash.length; i += 2) {
    const row = (hash[i] << 8) | hash[i + 1];
    inRows += BITS_SET[(row ^ (row >> 1)) & 0x7fff];
    if (i > 0) inColumns += BITS_SET[row ^ above];
    above = row;
  }
  if (Math.max(Math.abs(inRows - 120), Math.abs(inColumns - 120)) > MAX_PDQ_PATTERN) {
    return 'degenerate PDQ: its bits make a plain pattern, as of a picture without detail';
  }
  return undefined;
}

function madeUp(signal: Signal, name: string, digest: Uint8Array): string | undefined {
  if (EMPTY_FILE.get(signal)?.equals(digest)) return `${name} of the empty file`;
  const period = PERIODS.find(
    (p) => digest[0] === digest[p] && digest.every((byte, i) => byte === digest[i % p]),
  );
  if (period === undefined) return undefined;
  return `${name} made of ${period === 1 ? 'one byte' : `${period} bytes`}, repeated: a made-up value`;
}

/**
 * Hashes that no list should hold, because files of innocent people have them too.
 *
 * PDQ sets a bit where a coefficient is above the median of all 256, so a hash has exactly 128 bits set unless
 * coefficients are equal: so have all 400 hashes that PDQ's authors publish with their test pictures, and all of
 * 1,550 photos. In a picture without detail many coefficients are equal, or only their order in the spectrum tells
 * them apart: there are few bits, or the rows (or columns) of the 16 x 16 bits repeat. An almost flat picture among
 * those test pictures has the hashes `ffff0000…`, `aaaa5555…` and `0007001f003f003f…`. A near match makes such a hash
 * worse: every picture about as flat would match. Not all can be told: the hash of a gradient may look like any other.
 * @module
 */
import type { Signal } from '../snapshot/types.js';
import { SIGNAL_NAMES } from './signal-names.js';

/** Bits of a PDQ hash that differ from 128 by more are taken for degenerate; six standard deviations of random bits. */
export const MAX_PDQ_IMBALANCE = 48;

/**
 * A PDQ hash with fewer different rows or columns of 16 is taken for degenerate. Photos had 14 or more (1,550 of
 * them), pictures of one colour at most 9 different rows (120 of them; measured).
 */
export const MIN_PDQ_ROWS = 12;

/** Bytes after which a made-up digest repeats itself. */
const PERIODS = [1, 2, 4] as const;

/** Digests of the empty file (RFC 1321, A.5; FIPS 180-4 examples). */
const EMPTY_FILE: ReadonlyMap<Signal, Buffer> = new Map([
  ['md5', Buffer.from('d41d8cd98f00b204e9800998ecf8427e', 'hex')],
  ['sha1', Buffer.from('da39a3ee5e6b4b0d3255bfef95601890afd80709', 'hex')],
  ['sha256', Buffer.from('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'hex')],
]);

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
 * @param signal - what kind of hash it is
 * @param hash - its bytes, in the order of its hex digits
 * @returns why it would accuse the innocent, or undefined where nothing is wrong with it
 */
export function accuses(signal: Signal, hash: Uint8Array): string | undefined {
  const name = SIGNAL_NAMES[signal];
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
  if (Math.min(differentRows(hash), differentColumns(hash)) < MIN_PDQ_ROWS) {
    return 'degenerate PDQ: its bits repeat, as of a picture without detail';
  }
  return undefined;
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
  TURNED.fill(0);
  for (let row = 0; row < 16; row++) {
    const bits = (hash[2 * row] << 8) | hash[2 * row + 1];
    for (let column = 0; column < 16; column++) {
      TURNED[2 * column + (row >> 3)] |= ((bits >> column) & 1) << (row & 7);
    }
  }
  return differentRows(TURNED);
}

const TURNED = new Uint8Array(32);

function madeUp(signal: Signal, name: string, digest: Uint8Array): string | undefined {
  if (EMPTY_FILE.get(signal)?.equals(digest)) return `${name} of the empty file`;
  const period = PERIODS.find(
    (p) => digest[0] === digest[p] && digest.every((byte, i) => byte === digest[i % p]),
  );
  if (period === undefined) return undefined;
  return `${name} made of ${period === 1 ? 'one byte' : `${period} bytes`}, repeated: a made-up value`;
}

/**
 * Golomb–Rice codes of sorted fingerprints, one at a time (docs/snapshot-format.md, 3.3 and 3.4).
 *
 * Fingerprints have up to 64 bits and are handled as a low and a high word. Writer and reader are streams, so
 * that two sections can be merged without holding either of them decoded.
 * @module
 */
import { SnapshotError } from './errors.js';

/**
 * @param fingerprintBits - bits of a fingerprint (u)
 * @param count - entries of the section (n)
 * @returns the Rice parameter (k)
 */
export function riceParameter(fingerprintBits: number, count: number): number {
  return fingerprintBits - bitLength(count);
}

/**
 * The least and the most bits that a section's codes can have.
 * @param fingerprintBits - bits of a fingerprint
 * @param count - entries
 * @returns both bounds, included; the padding to a whole byte not counted
 */
export function codeBitsBounds(fingerprintBits: number, count: number): { least: number; most: number } {
  const least = count * (riceParameter(fingerprintBits, count) + 1);
  return { least, most: least + 2 ** bitLength(count) - 1 };
}

/**
 * @param value - a whole number, 0 to 2^32 - 1
 * @returns the number of its binary digits
 */
export function bitLength(value: number): number {
  return 32 - Math.clz32(value);
}

/** Writes fingerprints, which must come in ascending order. */
export class RiceWriter {
  readonly #k: number;
  readonly #bytes: Uint8Array;
  #byte = 0;
  #word = 0;
  #fill = 0;
  #low = 0;
  #high = 0;

  /**
   * @param fingerprintBits - bits of a fingerprint
   * @param count - how many will be written
   */
  constructor(fingerprintBits: number, count: number) {
    this.#k = riceParameter(fingerprintBits, count);
    this.#bytes = new Uint8Array(Math.ceil(codeBitsBounds(fingerprintBits, count).most / 8) + 4);
  }

  /**
   * @param low - low word of the next fingerprint
   * @param high - its high word
   */
  write(low: number, high: number): void {
    const borrow = low < this.#low ? 1 : 0;
    const gapLow = (low - this.#low) >>> 0;
    const gapHigh = (high - this.#high - borrow) >>> 0;
    this.#low = low;
    this.#high = high;
    const k = this.#k;
    let zeros = k < 32 ? gapHigh * 2 ** (32 - k) + (gapLow >>> k) : gapHigh >>> (k - 32);
    for (; zeros > 31; zeros -= 31) this.#bits(0, 31);
    this.#bits(2 ** zeros, zeros + 1);
    if (k <= 32) {
      this.#bits(k === 32 ? gapLow : gapLow & (2 ** k - 1), k);
    } else {
      this.#bits(gapLow, 32);
      this.#bits(gapHigh & (2 ** (k - 32) - 1), k - 32);
    }
  }

  /** @returns the codes, padded to a whole byte */
  finish(): Uint8Array {
    const end = this.#byte + ((this.#fill + 7) >>> 3);
    while (this.#byte < end) {
      this.#bytes[this.#byte++] = this.#word;
      this.#word >>>= 8;
    }
    return this.#bytes.subarray(0, end);
  }

  /** Appends the `count` (0 to 32) low bits of `value`, which has no others. */
  #bits(value: number, count: number): void {
    const fill = this.#fill;
    this.#word |= value << fill;
    this.#fill += count;
    if (this.#fill < 32) return;
    const word = this.#word;
    const at = this.#byte;
    this.#bytes[at] = word;
    this.#bytes[at + 1] = word >>> 8;
    this.#bytes[at + 2] = word >>> 16;
    this.#bytes[at + 3] = word >>> 24;
    this.#byte = at + 4;
    this.#fill -= 32;
    this.#word = fill === 0 ? 0 : value >>> (32 - fill);
  }
}

/** Reads fingerprints from any entry on. */
export class RiceReader {
  /** Low word of the fingerprint that was read last; 0 before the first. */
  low = 0;
  /** Its high word. */
  high = 0;
  /** Bits read so far. */
  position = 0;
  readonly #view: DataView;
  readonly #bits: number;
  readonly #k: number;
  readonly #lowEnd: number;
  readonly #highEnd: number;
  readonly #mostZeros: number;

  /**
   * @param codes - of a section, fewer than 2^29 bytes
   * @param fingerprintBits - bits of a fingerprint
   * @param k - Rice parameter, 0 or more; `fingerprintBits - k` at most 31
   */
  constructor(codes: Uint8Array, fingerprintBits: number, k: number) {
    this.#view = new DataView(codes.buffer, codes.byteOffset, codes.byteLength);
    this.#bits = codes.length * 8;
    this.#k = k;
    this.#lowEnd = 2 ** Math.min(32, fingerprintBits);
    this.#highEnd = 2 ** Math.max(0, fingerprintBits - 32);
    this.#mostZeros = 2 ** (fingerprintBits - k) - 1;
  }

  /**
   * Goes to where an entry's code begins.
   * @param position - in bits
   * @param low - low word of the fingerprint before it
   * @param high - high word of the fingerprint before it
   */
  seek(position: number, low: number, high: number): void {
    this.position = position;
    this.low = low;
    this.high = high;
  }

  /**
   * Reads the next fingerprint into `low` and `high`.
   * @throws SnapshotError `malformed` where the codes end early or the fingerprint is too large
   */
  next(): void {
    const k = this.#k;
    let at = this.position;
    let zeros = 0;
    let word = this.#peek(at);
    while (word === 0) {
      zeros += 32;
      at += 32;
      if (at >= this.#bits) throw new SnapshotError('malformed', 'codes end within a gap');
      word = this.#peek(at);
    }
    const trailing = 31 - Math.clz32(word & -word);
    zeros += trailing;
    at += trailing + 1;
    if (zeros > this.#mostZeros) throw new SnapshotError('malformed', 'a gap is too large');
    let low: number;
    let high: number;
    if (k < 32) {
      low = ((zeros << k) | (this.#peek(at) & ((1 << k) - 1))) >>> 0;
      // In two steps: a shift by 32, for k = 0, would be none.
      high = (zeros >>> (31 - k)) >>> 1;
    } else {
      low = this.#peek(at) >>> 0;
      high = (zeros << (k - 32)) >>> 0;
      if (k > 32) high = (high | (this.#peek(at + 32) & (2 ** (k - 32) - 1))) >>> 0;
    }
    at += k;
    low += this.low;
    high += this.high;
    if (low > 0xffffffff) {
      low -= 0x100000000;
      high++;
    }
    if (at > this.#bits || low >= this.#lowEnd || high >= this.#highEnd) {
      throw new SnapshotError('malformed', 'codes end early or a fingerprint is too large');
    }
    this.low = low;
    this.high = high;
    this.position = at;
  }

  /**
   * What follows the last code must be less than a byte, and zero.
   * @throws SnapshotError `malformed` where it isn't
   */
  end(): void {
    const rest = this.#bits - this.position;
    if (rest >= 8 || (rest > 0 && this.#peek(this.position) !== 0)) {
      throw new SnapshotError('malformed', 'something follows the last code');
    }
  }

  /** 32 bits from a bit position; zeros beyond the end. Signed. */
  #peek(position: number): number {
    const byte = position >>> 3;
    const shift = position & 7;
    if (byte + 8 > this.#view.byteLength) return this.#peekNearEnd(byte, shift);
    const word = this.#view.getInt32(byte, true);
    return shift === 0 ? word : (word >>> shift) | (this.#view.getUint8(byte + 4) << (32 - shift));
  }

  #peekNearEnd(byte: number, shift: number): number {
    let word = 0;
    for (let i = 0; i * 8 - shift < 32 && byte + i < this.#view.byteLength; i++) {
      const bits = i * 8 - shift;
      const value = this.#view.getUint8(byte + i);
      word |= bits < 0 ? value >>> -bits : value << bits;
    }
    return word;
  }
}

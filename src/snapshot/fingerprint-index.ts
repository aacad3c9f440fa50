/**
 * Finds a fingerprint in a section's codes without decoding them all.
 *
 * The fingerprints are cut into ranges by their highest bits, 16 to 32 entries a range on the average, and for each
 * range it is known where its codes begin. As fingerprints are keyed hashes, a look-up decodes some ten codes. (Someone
 * who makes up a list can crowd a range, but then a look-up seldom meets it: the expected work stays the same.)
 * @module
 */
import { bitLength, RiceReader } from './rice.js';
import type { FingerprintIndex, SectionView } from './types.js';

/** Words of a range. */
export const INDEX_WORDS = 4;

/**
 * The shape of an index.
 * @param fingerprintBits - bits of a fingerprint
 * @param count - entries
 * @returns how many ranges, and the bits of a fingerprint below those that choose one
 */
export function indexShape(fingerprintBits: number, count: number): { ranges: number; shift: number } {
  const rangeBits = Math.max(0, bitLength(count) - 5);
  return { ranges: 2 ** rangeBits, shift: fingerprintBits - rangeBits };
}

/**
 * @param low - low word of a fingerprint
 * @param high - its high word
 * @param shift - of the index
 * @returns the fingerprint's range
 */
export function rangeOf(low: number, high: number, shift: number): number {
  if (shift >= 64) return 0;
  return shift >= 32 ? high >>> (shift - 32) : ((high << (31 - shift)) << 1) | (low >>> shift);
}

/**
 * Decodes all codes once: checks them, and notes where each range begins.
 * @param codes - of a section
 * @param fingerprintBits - bits of a fingerprint
 * @param k - Rice parameter
 * @param count - entries, no more than the codes have room for
 * @param onEqual - told of each entry whose fingerprint equals the one before it
 * @returns the index
 * @throws SnapshotError `malformed` where the codes are not those of `count` fingerprints
 */
export function buildIndex(
  codes: Uint8Array,
  fingerprintBits: number,
  k: number,
  count: number,
  onEqual: (ordinal: number) => void,
): FingerprintIndex {
  const { ranges, shift } = indexShape(fingerprintBits, count);
  const words = new Uint32Array(ranges * INDEX_WORDS);
  const reader = new RiceReader(codes, fingerprintBits, k);
  let filled = 0;
  for (let ordinal = 0; ordinal < count; ordinal++) {
    const { low, high, position } = reader;
    reader.next();
    if (reader.low === low && reader.high === high && ordinal > 0) onEqual(ordinal);
    const range = rangeOf(reader.low, reader.high, shift);
    while (filled <= range) fillRange(words, filled++, low, high, position, ordinal);
  }
  reader.end();
  while (filled < ranges) fillRange(words, filled++, reader.low, reader.high, reader.position, count);
  return { words, ranges, shift };
}

function fillRange(
  words: Uint32Array,
  range: number,
  low: number,
  high: number,
  position: number,
  ordinal: number,
): void {
  const at = range * INDEX_WORDS;
  words[at] = low;
  words[at + 1] = high;
  words[at + 2] = position;
  words[at + 3] = ordinal;
}

/** Looks fingerprints up in a section. */
export class FingerprintFinder {
  /** Ordinal of the first entry found last. */
  first = 0;
  readonly #section: SectionView;
  readonly #reader: RiceReader;

  constructor(section: SectionView) {
    this.#section = section;
    this.#reader = new RiceReader(section.codes, section.fingerprintBits, section.riceParameter);
  }

  /**
   * @param low - low word of a fingerprint
   * @param high - its high word
   * @returns how many entries have it, from ordinal `first` on
   */
  find(low: number, high: number): number {
    const { index, count } = this.#section;
    const reader = this.#reader;
    const at = rangeOf(low, high, index.shift) * INDEX_WORDS;
    reader.seek(index.words[at + 2], index.words[at], index.words[at + 1]);
    let found = 0;
    for (let ordinal = index.words[at + 3]; ordinal < count; ordinal++) {
      reader.next();
      if (reader.high > high || (reader.high === high && reader.low > low)) break;
      if (reader.low === low && reader.high === high) {
        if (found === 0) this.first = ordinal;
        found++;
      }
    }
    return found;
  }
}

/**
 * Every fingerprint of a section in order, as a stream.
 * @param section - of an opened snapshot
 * @param take - told the low and the high word of each
 */
export function forEachFingerprint(section: SectionView, take: (low: number, high: number) => void): void {
  const reader = new RiceReader(section.codes, section.fingerprintBits, section.riceParameter);
  for (let i = 0; i < section.count; i++) {
    reader.next();
    take(reader.low, reader.high);
  }
}

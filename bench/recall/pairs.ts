/**
 * How near the forms of one upload come to the entries of a list whose hashes are known: the key's place in the
 * schedule by counting instead of probing, so that it is found as far out as one likes.
 * @module
 */
import { accept } from '../../src/snapshot/acceptance.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import type { ListParameters } from '../../src/snapshot/types.js';
import { PatternCounter } from './patterns.js';
import type { Form } from './watch.js';

/** Probes within which a key counts as found, as powers of two. */
export const FOUND_WITHIN = [20, 24, 28, 32] as const;

const PDQ_BITS = 256;

/** The key of an entry, met from one form of the upload. */
export interface Meeting {
  /** Number of the form. */
  readonly form: number;
  /** Index of the pattern that meets the key. */
  readonly rank: number;
  readonly flips: number;
  readonly sketchDistance: number;
  /** Sketch bits too many: 0 and below would be accepted. */
  readonly excess: number;
  /** Differing bits of the whole hash. */
  readonly distance: number;
}

/** What one entry and one upload have in common. */
export interface Pair {
  /** Number of the entry. */
  readonly entry: number;
  /** Differing bits of the upload's own hash. */
  readonly asIs: number;
  /** The least distance of all forms. */
  readonly least: number;
  /** For each of {@link FOUND_WITHIN}: the meeting with the least excess, null where the key is not met. */
  readonly within: readonly (Meeting | null)[];
  /** The same, within each form's own budget. */
  readonly inBudget: Meeting | null;
}

/** Compares forms with the entries of a list. */
export class PairFinder {
  readonly #parameters: ListParameters;
  readonly #counter: PatternCounter;
  readonly #keyPositions: Uint8Array;
  /** Bits in the order key, sketch, rest, each begun with a new word. */
  readonly #places: Uint16Array;
  readonly #keyWords: number;
  readonly #sketchWords: number;
  readonly #words: number;
  readonly #entries: Uint32Array;
  readonly #count: number;

  /**
   * @param parameters - of the list
   * @param hashes - of its entries, 32 bytes each
   */
  constructor(parameters: ListParameters, hashes: readonly Uint8Array[]) {
    const { layout, keyBits, sketchBits } = parameters;
    const { key, sketch } = bitPositions(layout, keyBits, sketchBits);
    this.#parameters = parameters;
    this.#counter = new PatternCounter(keyBits, 2 ** FOUND_WITHIN[FOUND_WITHIN.length - 1]);
    this.#keyPositions = key;
    this.#keyWords = Math.ceil(keyBits / 32);
    this.#sketchWords = Math.ceil(sketchBits / 32);
    const restWords = Math.ceil((PDQ_BITS - keyBits - sketchBits) / 32);
    this.#words = this.#keyWords + this.#sketchWords + restWords;
    this.#places = new Uint16Array(PDQ_BITS);
    const taken = new Set([...key, ...sketch]);
    const rest = Array.from({ length: PDQ_BITS }, (_, j) => j).filter((j) => !taken.has(j));
    for (const [bits, firstWord] of [
      [key, 0],
      [sketch, this.#keyWords],
      [rest, this.#keyWords + this.#sketchWords],
    ] as const) {
      bits.forEach((j, i) => {
        this.#places[j] = firstWord * 32 + i;
      });
    }
    this.#count = hashes.length;
    this.#entries = new Uint32Array(hashes.length * this.#words);
    hashes.forEach((bits, i) => {
      this.#pack(bits, this.#entries, i * this.#words);
    });
  }

  #pack(bits: Uint8Array, out: Uint32Array, at: number): void {
    out.fill(0, at, at + this.#words);
    for (let j = 0; j < PDQ_BITS; j++) {
      if ((bits[j >> 3] >> (j & 7)) & 1) out[at + (this.#places[j] >> 5)] |= 1 << (this.#places[j] & 31);
    }
  }

  /**
   * @param forms - of an upload, the first one its own hash
   * @param wanted - tells of an entry whether its pair is wanted although no key is met
   * @returns the pairs of the entries whose keys are met, and of those wanted
   */
  find(forms: readonly Form[], wanted: (entry: number, least: number) => boolean): Pair[] {
    const least = new Uint16Array(this.#count).fill(PDQ_BITS);
    const asIs = new Uint16Array(this.#count).fill(PDQ_BITS);
    const met = new Map<number, Meeting[]>();
    const words = new Uint32Array(this.#words);
    const { maxRanks } = this.#counter;
    forms.forEach((form, number) => {
      this.#pack(form.bits, words, 0);
      const ranks = this.#ranksOf(form);
      for (let entry = 0, at = 0; entry < this.#count; entry++, at += this.#words) {
        const flips = this.#distance(words, at, 0, this.#keyWords);
        const inSketch = this.#distance(words, at, this.#keyWords, this.#keyWords + this.#sketchWords);
        const distance =
          flips + inSketch + this.#distance(words, at, this.#keyWords + this.#sketchWords, this.#words);
        if (number === 0) asIs[entry] = distance;
        if (distance < least[entry]) least[entry] = distance;
        if (flips > maxRanks) continue;
        const rank = this.#counter.indexOf(this.#flippedRanks(words, at, ranks));
        if (rank >= 2 ** FOUND_WITHIN[FOUND_WITHIN.length - 1]) continue;
        const excess = inSketch - this.#threshold(flips, rank);
        let meetings = met.get(entry);
        if (meetings === undefined) met.set(entry, (meetings = []));
        meetings.push({ form: number, rank, flips, sketchDistance: inSketch, excess, distance });
      }
    });
    const pairs: Pair[] = [];
    for (let entry = 0; entry < this.#count; entry++) {
      const meetings = met.get(entry);
      if (meetings === undefined && !wanted(entry, least[entry])) continue;
      const best = (counts: (meeting: Meeting) => boolean) =>
        (meetings ?? [])
          .filter(counts)
          .reduce<Meeting | null>((a, b) => (a === null || b.excess < a.excess ? b : a), null);
      pairs.push({
        entry,
        asIs: asIs[entry],
        least: least[entry],
        within: FOUND_WITHIN.map((bits) => best(({ rank }) => rank < 2 ** bits)),
        inBudget: best(({ form, rank }) => rank >= forms[form].budget.from && rank < forms[form].budget.to),
      });
    }
    return pairs;
  }

  #distance(words: Uint32Array, at: number, from: number, to: number): number {
    let distance = 0;
    for (let i = from; i < to; i++) distance += bitCount(words[i] ^ this.#entries[at + i]);
    return distance;
  }

  /** Rank of each bit of the key: 1 for the most doubtful one (docs/snapshot-format.md, 6.1). */
  #ranksOf({ coefficients, median }: Form): Uint8Array {
    const doubt = Array.from(this.#keyPositions, (j) =>
      Math.fround(Math.abs(Math.fround(coefficients[j] - Math.fround(median)))),
    );
    const ranks = new Uint8Array(doubt.length);
    const order = doubt.map((_, i) => i).sort((a, b) => doubt[a] - doubt[b] || a - b);
    order.forEach((bit, i) => {
      ranks[bit] = i + 1;
    });
    return ranks;
  }

  /** Ranks of the key's bits in which an entry differs, from the highest down. */
  #flippedRanks(words: Uint32Array, at: number, ranks: Uint8Array): number[] {
    const flipped: number[] = [];
    for (let i = 0; i < this.#keyWords; i++) {
      for (let bits = words[i] ^ this.#entries[at + i]; bits !== 0; bits &= bits - 1) {
        flipped.push(ranks[i * 32 + 31 - Math.clz32(bits & -bits)]);
      }
    }
    return flipped.sort((a, b) => b - a);
  }

  /** The largest sketch distance that the rule in force accepts, -1 for none. */
  #threshold(flips: number, rank: number): number {
    const { keyBits, sketchBits } = this.#parameters;
    let sketchDistance = sketchBits;
    while (sketchDistance >= 0 && !accept({ flips, rank, sketchDistance, keyBits, sketchBits }))
      sketchDistance--;
    return sketchDistance;
  }
}

/**
 * @param a - 32 bytes
 * @param b - 32 bytes
 * @returns bits in which they differ
 */
export function hashDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) distance += bitCount(a[i] ^ b[i]);
  return distance;
}

function bitCount(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

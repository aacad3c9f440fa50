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
export const FOUND_WITHIN = [20, 24, 28, 32, 36] as const;

const FARTHEST = 2 ** FOUND_WITHIN[FOUND_WITHIN.length - 1];
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

/** What one listed photo and one upload have in common. */
export interface Pair {
  /** Number of the listed photo. */
  readonly photo: number;
  /** The least distance of all forms from all of the photo's entries. */
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
  /** Word and bit of each bit of a hash: in the order key, sketch, rest, each begun with a new word. */
  readonly #places: Uint16Array;
  readonly #keyWords: number;
  readonly #sketchEnd: number;
  readonly #words: number;
  readonly #entries: Uint32Array;
  /** Where the entries of each photo begin, and behind the last photo where they end. */
  readonly #starts: number[];

  /**
   * @param parameters - of the list
   * @param photos - for each listed photo the hashes of its entries, 32 bytes each
   */
  constructor(parameters: ListParameters, photos: readonly (readonly Uint8Array[])[]) {
    const { layout, keyBits, sketchBits } = parameters;
    const { key, sketch } = bitPositions(layout, keyBits, sketchBits);
    const taken = new Set([...key, ...sketch]);
    const rest = Array.from({ length: PDQ_BITS }, (_, j) => j).filter((j) => !taken.has(j));
    this.#parameters = parameters;
    this.#counter = new PatternCounter(keyBits, FARTHEST);
    this.#keyPositions = key;
    this.#keyWords = Math.ceil(keyBits / 32);
    this.#sketchEnd = this.#keyWords + Math.ceil(sketchBits / 32);
    this.#words = this.#sketchEnd + Math.ceil(rest.length / 32);
    this.#places = new Uint16Array(PDQ_BITS);
    for (const [bits, firstWord] of [
      [key, 0],
      [sketch, this.#keyWords],
      [rest, this.#sketchEnd],
    ] as const) {
      for (let i = 0; i < bits.length; i++) this.#places[bits[i]] = firstWord * 32 + i;
    }
    this.#starts = [0];
    const hashes = photos.flatMap((entries) => {
      this.#starts.push(this.#starts[this.#starts.length - 1] + entries.length);
      return entries;
    });
    this.#entries = new Uint32Array(hashes.length * this.#words);
    for (const [i, bits] of hashes.entries()) this.#pack(bits, this.#entries, i * this.#words);
  }

  #pack(bits: Uint8Array, out: Uint32Array, at: number): void {
    out.fill(0, at, at + this.#words);
    for (let j = 0; j < PDQ_BITS; j++) {
      if ((bits[j >> 3] >> (j & 7)) & 1) out[at + (this.#places[j] >> 5)] |= 1 << (this.#places[j] & 31);
    }
  }

  /**
   * @param forms - of an upload
   * @param own - number of the listed photo that is the upload itself, and no pair; -1 for none
   * @param wanted - tells of a photo whether its pair is wanted although no key is met
   * @returns the pairs with the photos whose keys are met, and with those wanted
   */
  find(forms: readonly Form[], own: number, wanted: (photo: number) => boolean): Pair[] {
    const met = this.#meet(forms, own);
    const pairs: Pair[] = [];
    for (let photo = 0; photo < this.#starts.length - 1; photo++) {
      const meetings = met.get(photo);
      if (photo === own || (meetings === undefined && !wanted(photo))) continue;
      const best = (counts: (meeting: Meeting) => boolean) =>
        (meetings ?? [])
          .filter(counts)
          .reduce<Meeting | null>((a, b) => (a === null || b.excess < a.excess ? b : a), null);
      pairs.push({
        photo,
        least: this.#least(forms, photo),
        within: FOUND_WITHIN.map((bits) => best(({ rank }) => rank < 2 ** bits)),
        inBudget: best(({ form, rank }) => rank >= forms[form].budget.from && rank < forms[form].budget.to),
      });
    }
    return pairs;
  }

  /** All meetings within the farthest bound, by photo. */
  #meet(forms: readonly Form[], own: number): Map<number, Meeting[]> {
    const met = new Map<number, Meeting[]>();
    const words = new Uint32Array(this.#words);
    const { maxRanks } = this.#counter;
    forms.forEach((form, number) => {
      this.#pack(form.bits, words, 0);
      const ranks = this.#ranksOf(form);
      for (let photo = 0; photo < this.#starts.length - 1; photo++) {
        if (photo === own) continue;
        for (let entry = this.#starts[photo]; entry < this.#starts[photo + 1]; entry++) {
          const at = entry * this.#words;
          const flips = this.#distance(words, at, 0, this.#keyWords);
          if (flips > maxRanks) continue;
          const rank = this.#counter.indexOf(this.#flippedRanks(words, at, ranks));
          if (rank >= FARTHEST) continue;
          const sketchDistance = this.#distance(words, at, this.#keyWords, this.#sketchEnd);
          const excess = sketchDistance - this.#threshold(flips, rank);
          const distance = flips + sketchDistance + this.#distance(words, at, this.#sketchEnd, this.#words);
          let meetings = met.get(photo);
          if (meetings === undefined) met.set(photo, (meetings = []));
          meetings.push({ form: number, rank, flips, sketchDistance, excess, distance });
        }
      }
    });
    return met;
  }

  /** The least distance of the forms from a photo's entries. */
  #least(forms: readonly Form[], photo: number): number {
    const words = new Uint32Array(this.#words);
    let least = PDQ_BITS;
    for (const { bits } of forms) {
      this.#pack(bits, words, 0);
      for (let entry = this.#starts[photo]; entry < this.#starts[photo + 1]; entry++) {
        least = Math.min(least, this.#distance(words, entry * this.#words, 0, this.#words));
      }
    }
    return least;
  }

  /** Differing bits of a form's words and those of the entry at `at`. */
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

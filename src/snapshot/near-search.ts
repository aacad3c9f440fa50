/**
 * One search among the PDQ entries of a section (docs/snapshot-format.md, 6): ranks the key's bits, opens the sketches
 * of what the probe engine finds, and asks the rule. Of pictures and of frames of videos alike.
 * @module
 */
import { type AcceptanceRule, estimatedDistance } from './acceptance.js';
import type { NearKeys } from './keyed.js';
import { PDQ_BITS } from './layouts.js';
import type { ProbeEngine } from './probe.js';
import { MAX_BUDGET, makeSchedule, patternAt, type Schedule } from './schedule.js';
import type { ListParameters, SectionView } from './types.js';

/** What a search starts from; a `PdqHash` of a kernel is one. Bits after 5.1. */
export interface NearQuery {
  /** 256 coefficients; coefficient j belongs to bit j. */
  readonly coefficients: Float32Array;
  readonly median: number;
  /** 32 bytes; bit j of the hash is bit (j & 7) of byte (j >> 3). */
  readonly bits: Uint8Array;
}

/** Which patterns of the schedule are tried. */
export interface ProbeBudget {
  /** Index of the first one. */
  readonly from: number;
  /** Index behind the last one, at most 2^22. */
  readonly to: number;
}

/** An entry that was accepted. */
export interface Accepted {
  /** Its place in the section. */
  readonly ordinal: number;
  /** {@link estimatedDistance}, bits of 256. */
  readonly distance: number;
}

/** Searches a section by any engine. One search at a time. */
export class NearSearch {
  readonly #parameters: ListParameters;
  readonly #section: SectionView;
  readonly #keys: NearKeys;
  readonly #probes: ProbeEngine;
  readonly #accept: AcceptanceRule;
  readonly #key: Uint32Array;
  readonly #flipped: Uint32Array;
  readonly #sketch: Uint32Array;
  readonly #opened: Uint32Array;
  readonly #distances: Float32Array;
  readonly #order: Uint8Array;
  #schedule: Schedule | undefined;

  /**
   * @param parameters - of the list
   * @param section - of PDQ entries
   * @param keys - of the parameters
   * @param probes - the engine, over that section
   * @param accept - the rule
   */
  constructor(
    parameters: ListParameters,
    section: SectionView,
    keys: NearKeys,
    probes: ProbeEngine,
    accept: AcceptanceRule,
  ) {
    this.#parameters = parameters;
    this.#section = section;
    this.#keys = keys;
    this.#probes = probes;
    this.#accept = accept;
    this.#key = new Uint32Array(keys.blockCount);
    this.#flipped = new Uint32Array(keys.blockCount);
    this.#sketch = new Uint32Array(keys.sketchWords);
    this.#opened = new Uint32Array(keys.sketchWords);
    this.#distances = new Float32Array(keys.keyPositions.length);
    this.#order = new Uint8Array(keys.keyPositions.length);
  }

  /**
   * @param query - a picture's coefficients, median and hash; not kept
   * @param budget - patterns to try
   * @param take - given the accepted entries of one pattern, at least one; says whether to go on
   * @param maxDistance - largest estimated distance that counts, in place of the rule
   * @returns patterns tried
   * @throws TypeError, RangeError for arguments of the wrong kind or size
   */
  run(
    query: NearQuery,
    budget: ProbeBudget,
    take: (entries: readonly Accepted[]) => boolean,
    maxDistance?: number,
  ): number {
    checkQuery(query);
    checkBudget(budget);
    const { from, to } = budget;
    if (from === to || this.#section.count === 0) return to - from;
    if (this.#schedule === undefined || this.#schedule.size < to) {
      this.#schedule = makeSchedule(this.#order.length, to);
    }
    this.#keys.keyOf(query.bits, 0, this.#key);
    this.#keys.sketchOf(query.bits, 0, this.#sketch);
    this.#rankBits(query);
    this.#probes.begin(this.#key, this.#order, this.#schedule, to);
    for (let index = this.#probes.next(from); index >= 0; ) {
      const entries = this.#acceptedAt(this.#schedule, index, maxDistance);
      if (entries.length > 0 && !take(entries)) return index + 1 - from;
      index = index + 1 < to ? this.#probes.next(index + 1) : -1;
    }
    return to - from;
  }

  /** The key's bits by ascending |coefficient - median| in single precision, ties by place in the key (6.1). */
  #rankBits({ coefficients, median }: NearQuery): void {
    const positions = this.#keys.keyPositions;
    const order = this.#order;
    const distances = this.#distances;
    const middle = Math.fround(median);
    for (let i = 0; i < positions.length; i++) {
      const distance = Math.fround(Math.abs(Math.fround(coefficients[positions[i]] - middle)));
      let at = i;
      for (; at > 0 && distances[at - 1] > distance; at--) {
        distances[at] = distances[at - 1];
        order[at] = order[at - 1];
      }
      distances[at] = distance;
      order[at] = i;
    }
  }

  /** Those entries, of the ones that the engine found at a pattern, that are accepted (6.3, 6.4). */
  #acceptedAt(schedule: Schedule, index: number, maxDistance: number | undefined): Accepted[] {
    const { keyBits, sketchBits } = this.#parameters;
    const { sketches } = this.#section;
    const ranks = patternAt(schedule, index);
    const flipped = this.#flipped;
    flipped.set(this.#key);
    for (const rank of ranks) {
      const bit = this.#order[rank - 1];
      flipped[bit >>> 5] ^= 1 << (bit & 31);
    }
    // The query's sketch, sealed with the flipped key's pad, differs from a stored one where the sketches do.
    const sealed = this.#opened;
    sealed.set(this.#sketch);
    this.#keys.seal(flipped, sealed);
    const entries: Accepted[] = [];
    const sketchBytes = sketchBits / 8;
    for (let i = 0; i < this.#probes.found; i++) {
      const ordinal = this.#probes.first + i;
      const sketchDistance = distanceTo(sealed, sketches, ordinal * sketchBytes, sketchBytes);
      const candidate = { flips: ranks.length, rank: index, sketchDistance, keyBits, sketchBits };
      const distance = estimatedDistance(candidate);
      const counts = maxDistance === undefined ? this.#accept(candidate) : distance <= maxDistance;
      if (counts) entries.push({ ordinal, distance });
    }
    return entries;
  }
}

/** Differing bits of words and `length` bytes from an offset. */
function distanceTo(words: Uint32Array, bytes: Uint8Array, offset: number, length: number): number {
  let distance = 0;
  for (let i = 0; i < length; i++) {
    let different = (bytes[offset + i] ^ (words[i >>> 2] >>> ((i & 3) * 8))) & 0xff;
    for (; different !== 0; different &= different - 1) distance++;
  }
  return distance;
}

function checkQuery({ coefficients, bits }: NearQuery): void {
  if (!(coefficients instanceof Float32Array)) throw new TypeError("'coefficients' must be a Float32Array");
  if (!(bits instanceof Uint8Array)) throw new TypeError("'bits' must be a Uint8Array");
  if (coefficients.length !== PDQ_BITS) throw new RangeError(`'coefficients' must be ${PDQ_BITS}`);
  if (bits.length !== PDQ_BITS / 8) throw new RangeError(`'bits' must have ${PDQ_BITS / 8} bytes`);
}

function checkBudget({ from, to }: ProbeBudget): void {
  if (!Number.isInteger(from) || !Number.isInteger(to) || from < 0 || to < from || to > MAX_BUDGET) {
    throw new RangeError(`'budget' must be whole numbers, 0 <= from <= to <= ${MAX_BUDGET}`);
  }
}

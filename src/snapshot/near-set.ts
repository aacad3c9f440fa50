/**
 * Near look-up of PDQ hashes (docs/snapshot-format.md, 6): soft-decision search over a membership test.
 *
 * The query knows which of its bits are doubtful: bit j is the sign of (coefficient j - median), so a bit whose
 * coefficient is near the median flips easily. Guessing flips in the order of ORBGRAND finds the listed key
 * if it is near, and the sealed sketch tells whether it is the right picture.
 * @module
 */
import { type AcceptanceRule, accept as acceptByThreshold, estimatedDistance } from './acceptance.js';
import { labelOf, requireSection, sortedIds } from './exact-set.js';
import { NearKeys } from './keyed.js';
import { PDQ_BITS } from './layouts.js';
import { type ProbeEngine, TypeScriptProbeEngine } from './probe.js';
import { MAX_BUDGET, makeSchedule, patternAt, type Schedule } from './schedule.js';
import type { Snapshot } from './types.js';

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

/** How a search goes on. */
export interface SearchOptions {
  /** Goes on to the end of the budget for all entries that match, instead of ending at the first pattern that has some. */
  every?: boolean;
  /** Largest estimated distance that counts, where the rule in force would accept more. */
  maxDistance?: number;
}

/** An entry that matches. */
export interface NearEntry {
  /** Its place in the list: the same for the same entry as long as the list is open. */
  readonly ordinal: number;
  readonly label: number;
}

/** The answer to a search. */
export interface NearHit {
  /** Ids of the labels of the entries that match, ascending, each once; empty where none does. */
  readonly labels: number[];
  /** The entries, each once. */
  readonly entries: readonly NearEntry[];
  /** Patterns tried. */
  readonly probes: number;
}

/** The PDQ hashes of a list. One search at a time. */
export interface NearSet {
  readonly engine: 'wasm-simd' | 'typescript';
  /**
   * Searches up to the first pattern that leads to a match.
   * @param query - a picture's coefficients, median and hash; not kept
   * @param budget - patterns to try
   * @param options - see {@link SearchOptions}
   * @returns what was found
   * @throws TypeError, RangeError for arguments of the wrong kind or size
   */
  search(query: NearQuery, budget: ProbeBudget, options?: SearchOptions): NearHit;
}

/** Options of {@link openNearSet}. */
export interface NearSetOptions {
  /** Takes the place of the rule in force; for measurements, which see every candidate this way. */
  accept?: AcceptanceRule;
}

/**
 * Opens a list's PDQ section with the engine in plain TypeScript.
 * @param snapshot - that was read
 * @param options - see {@link NearSetOptions}
 * @returns the set; beside the snapshot it holds a filter of 21 bits an entry
 * @throws RangeError where the snapshot has no PDQ section
 */
export function openNearSet(snapshot: Snapshot, options: NearSetOptions = {}): NearSet {
  const section = requireSection(snapshot, 'pdq');
  const keys = new NearKeys(snapshot.header);
  return new ProbingNearSet('typescript', snapshot, keys, new TypeScriptProbeEngine(section, keys), options);
}

/** A near set over any engine: ranks the key's bits, opens the sketches of what the engine finds, and decides. */
export class ProbingNearSet implements NearSet {
  readonly engine: NearSet['engine'];
  readonly #snapshot: Snapshot;
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
   * @param engine - name of the engine
   * @param snapshot - with a PDQ section
   * @param keys - of its parameters
   * @param probes - the engine, over that section
   * @param options - as of {@link openNearSet}
   */
  constructor(
    engine: NearSet['engine'],
    snapshot: Snapshot,
    keys: NearKeys,
    probes: ProbeEngine,
    options: NearSetOptions,
  ) {
    this.engine = engine;
    this.#snapshot = snapshot;
    this.#keys = keys;
    this.#probes = probes;
    this.#accept = options.accept ?? acceptByThreshold;
    this.#key = new Uint32Array(keys.blockCount);
    this.#flipped = new Uint32Array(keys.blockCount);
    this.#sketch = new Uint32Array(keys.sketchWords);
    this.#opened = new Uint32Array(keys.sketchWords);
    this.#distances = new Float32Array(keys.keyPositions.length);
    this.#order = new Uint8Array(keys.keyPositions.length);
  }

  search(query: NearQuery, budget: ProbeBudget, options: SearchOptions = {}): NearHit {
    checkQuery(query);
    checkBudget(budget);
    const { from, to } = budget;
    if (from === to || requireSection(this.#snapshot, 'pdq').count === 0)
      return { labels: [], entries: [], probes: to - from };
    if (this.#schedule === undefined || this.#schedule.size < to) {
      this.#schedule = makeSchedule(this.#order.length, to);
    }
    this.#keys.keyOf(query.bits, 0, this.#key);
    this.#keys.sketchOf(query.bits, 0, this.#sketch);
    this.#rankBits(query);
    this.#probes.begin(this.#key, this.#order, this.#schedule, to);
    const { every = false, maxDistance = Number.POSITIVE_INFINITY } = options;
    const found = new Map<number, NearEntry>();
    for (let index = this.#probes.next(from); index >= 0; ) {
      for (const entry of this.#entriesAt(this.#schedule, index, maxDistance))
        found.set(entry.ordinal, entry);
      if (found.size > 0 && !every) return hitOf(found, index + 1 - from);
      index = index + 1 < to ? this.#probes.next(index + 1) : -1;
    }
    return hitOf(found, to - from);
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
  #entriesAt(schedule: Schedule, index: number, maxDistance: number): NearEntry[] {
    const section = requireSection(this.#snapshot, 'pdq');
    const { keyBits, sketchBits } = this.#snapshot.header;
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
    const entries: NearEntry[] = [];
    const sketchBytes = sketchBits / 8;
    for (let i = 0; i < this.#probes.found; i++) {
      const ordinal = this.#probes.first + i;
      const sketchDistance = distanceTo(sealed, section.sketches, ordinal * sketchBytes, sketchBytes);
      const candidate = { flips: ranks.length, rank: index, sketchDistance, keyBits, sketchBits };
      if (this.#accept(candidate) && estimatedDistance(candidate) <= maxDistance) {
        entries.push({ ordinal, label: labelOf(section, ordinal) });
      }
    }
    return entries;
  }
}

function hitOf(found: ReadonlyMap<number, NearEntry>, probes: number): NearHit {
  const entries = [...found.values()];
  return { labels: sortedIds(new Set(entries.map(({ label }) => label))), entries, probes };
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

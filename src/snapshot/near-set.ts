/**
 * Near look-up of PDQ hashes (docs/snapshot-format.md, 6): soft-decision search over a membership test.
 *
 * The query knows which of its bits are doubtful: bit j is the sign of (coefficient j - median), so a bit whose
 * coefficient is near the median flips easily. Guessing flips in the order of ORBGRAND finds the listed key
 * if it is near, and the sealed sketch tells whether it is the right picture.
 * @module
 */
import { type AcceptanceRule, accept as acceptByThreshold } from './acceptance.js';
import { labelOf, requireSection, sortedIds } from './exact-set.js';
import { NearKeys } from './keyed.js';
import { type NearQuery, NearSearch, type ProbeBudget } from './near-search.js';
import { type ProbeEngine, TypeScriptProbeEngine } from './probe.js';
import type { SectionView, Snapshot } from './types.js';

export type { NearQuery, ProbeBudget } from './near-search.js';

/** How a search goes on. */
export interface SearchOptions {
  /** Goes on to the end of the budget for all entries that match, instead of ending at the first pattern that has some. */
  every?: boolean;
  /** Largest estimated distance that counts, in place of the rule in force: less, or more to see near misses. */
  maxDistance?: number;
}

/** An entry that matches. */
export interface NearEntry {
  /** Its place in the list: the same for the same entry as long as the list is open. */
  readonly ordinal: number;
  readonly label: number;
  /** The least estimated PDQ distance at which it was met, bits of 256. */
  readonly distance: number;
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

/** A near set over any engine. */
export class ProbingNearSet implements NearSet {
  readonly engine: NearSet['engine'];
  readonly #section: SectionView;
  readonly #search: NearSearch;

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
    { accept = acceptByThreshold }: NearSetOptions,
  ) {
    this.engine = engine;
    this.#section = requireSection(snapshot, 'pdq');
    this.#search = new NearSearch(snapshot.header, this.#section, keys, probes, accept);
  }

  search(query: NearQuery, budget: ProbeBudget, options: SearchOptions = {}): NearHit {
    const { every = false, maxDistance } = options;
    const distances = new Map<number, number>();
    const probes = this.#search.run(
      query,
      budget,
      (found) => {
        for (const { ordinal, distance } of found) {
          distances.set(ordinal, Math.min(distance, distances.get(ordinal) ?? distance));
        }
        return every;
      },
      maxDistance,
    );
    const entries = Array.from(distances, ([ordinal, distance]) => {
      return { ordinal, label: labelOf(this.#section, ordinal), distance };
    });
    return { labels: sortedIds(new Set(entries.map(({ label }) => label))), entries, probes };
  }
}

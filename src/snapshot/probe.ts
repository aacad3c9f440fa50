/**
 * Probing: which patterns turn a query's key into one that is listed? The engine in plain TypeScript; the one in
 * WebAssembly (src/kernels/near-wasm.ts) gives the same answers.
 * @module
 */
import { addToBloomFilter, type BloomFilter, makeBloomFilter, mayHave } from './bloom.js';
import { FingerprintFinder, forEachFingerprint } from './fingerprint-index.js';
import type { NearKeys } from './keyed.js';
import { parentsEnd, runOf, type Schedule } from './schedule.js';
import type { SectionView } from './types.js';

/** Walks the schedule of one query at a time. */
export interface ProbeEngine {
  /** Ordinal of the first entry that {@link next} found last. */
  readonly first: number;
  /** How many entries it found, side by side in the section. */
  readonly found: number;
  /**
   * Begins a query.
   * @param key - blocks of the query's key
   * @param order - the key's bits from rank 1 on
   * @param schedule - of at least `end` patterns; the same object as before where it is the same schedule
   * @param end - index behind the last pattern that will be asked for
   */
  begin(key: Uint32Array, order: Uint8Array, schedule: Schedule, end: number): void;
  /**
   * @param from - index of the query's first pattern, or of the one behind the last answer
   * @returns the first pattern from there to the query's end whose key has a listed fingerprint, or -1
   */
  next(from: number): number;
}

/** The reference engine. */
export class TypeScriptProbeEngine implements ProbeEngine {
  found = 0;
  readonly #keys: NearKeys;
  readonly #finder: FingerprintFinder;
  readonly #filter: BloomFilter;
  readonly #low = new Uint32Array(1);
  readonly #fingerprint = new Uint32Array(2);
  readonly #blocks: Uint32Array;
  /** Keys of the patterns that others add a rank to, `blockCount` words each. */
  #parents: Uint32Array = new Uint32Array(0);
  #schedule: Schedule | undefined;
  #order: Uint8Array = new Uint8Array(0);
  #end = 0;

  constructor(section: SectionView, keys: NearKeys) {
    this.#keys = keys;
    this.#finder = new FingerprintFinder(section);
    this.#blocks = new Uint32Array(keys.blockCount);
    const filter = makeBloomFilter(section.count);
    forEachFingerprint(section, (low) => addToBloomFilter(filter, low));
    this.#filter = filter;
  }

  get first(): number {
    return this.#finder.first;
  }

  begin(key: Uint32Array, order: Uint8Array, schedule: Schedule, end: number): void {
    this.#schedule = schedule;
    this.#order = order;
    this.#end = end;
    const count = this.#keys.blockCount;
    const kept = parentsEnd(schedule, end);
    if (this.#parents.length < kept * count) this.#parents = new Uint32Array(kept * count);
    this.#parents.set(key);
    this.#walk(1, kept, (index) => {
      this.#parents.set(this.#blocks, index * count);
      return false;
    });
  }

  next(from: number): number {
    return this.#walk(from, this.#end, () => {
      this.#keys.fingerprint(this.#blocks, this.#low);
      if (!mayHave(this.#filter, this.#low[0])) return false;
      this.#keys.fingerprint(this.#blocks, this.#fingerprint);
      this.found = this.#finder.find(this.#fingerprint[0], this.#fingerprint[1]);
      return this.found > 0;
    });
  }

  /** Puts the key of one pattern after the other into `#blocks` until told to stop; -1 if never. */
  #walk(from: number, to: number, visit: (index: number) => boolean): number {
    const { start, parent, rank } = this.#schedule!;
    const parents = this.#parents;
    const blocks = this.#blocks;
    const count = blocks.length;
    let index = from;
    for (let run = runOf(this.#schedule!, from); index < to; run++) {
      const bit = this.#order[rank[run] - 1];
      const word = run === 0 ? 0 : bit >>> 5;
      const flip = run === 0 ? 0 : 1 << (bit & 31);
      const end = Math.min(start[run + 1], to);
      for (let at = (parent[run] + index - start[run]) * count; index < end; index++, at += count) {
        for (let i = 0; i < count; i++) blocks[i] = parents[at + i];
        blocks[word] ^= flip;
        if (visit(index)) return index;
      }
    }
    return -1;
  }
}

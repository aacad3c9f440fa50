/**
 * Look-up of a file's digests and hashes in the opened lists.
 * @module
 */
import type { VariantKernel } from '../kernels/variants-types.js';
import type { Match, MatchSignal } from '../outcome.js';
import type { ExactSignal } from '../snapshot/types.js';
import { type Form, formsOf } from './forms.js';
import type { HashedPicture } from './hash-image.js';
import type { OpenedList } from './lists.js';
import type { PlanStep } from './search-plan.js';

/** Matches of one file, without repeats. */
export class MatchSet {
  readonly #matches = new Map<string, Match>();
  readonly #withLabels: boolean;

  constructor(withLabels: boolean) {
    this.#withLabels = withLabels;
  }

  /** Adds a match of `list` under each of the labels. */
  add(list: OpenedList, signal: MatchSignal, labelIds: readonly number[]): void {
    for (const id of labelIds) {
      const label = this.#withLabels ? list.labels[id] : '';
      const match: Match = label ? { list: list.name, signal, label } : { list: list.name, signal };
      this.#matches.set(JSON.stringify([list.name, signal, label]), match);
    }
  }

  /** @returns whether a match of `list` by this signal was added */
  has(list: OpenedList, signal: MatchSignal): boolean {
    return [...this.#matches.values()].some((match) => match.list === list.name && match.signal === signal);
  }

  get size(): number {
    return this.#matches.size;
  }

  toArray(): Match[] {
    return [...this.#matches.values()];
  }
}

/**
 * Exact look-up. SHA-256 decides alone; MD5 and SHA-1 count as weak, also together.
 * @param digests - the file's digests
 * @param lists - the opened lists
 * @param found - takes the matches
 */
export function lookUpDigests(
  digests: ReadonlyMap<ExactSignal, Uint8Array>,
  lists: readonly OpenedList[],
  found: MatchSet,
): void {
  for (const list of lists) {
    for (const [signal, digest] of digests) {
      const labels = list.exact.get(signal)?.lookup(digest) ?? [];
      found.add(list, signal === 'sha256' ? 'exact' : 'exact-weak', labels);
    }
  }
}

/**
 * Near look-up of a picture: the forms of a plan in their order, in each list up to the first one that agrees.
 * @param pictures - what was hashed of the file
 * @param lists - the opened lists
 * @param plan - forms and guesses
 * @param kernel - makes the forms
 * @param found - takes the matches
 * @param ahead - whether all forms of a picture are made before the first is looked up: for plans of many forms with few
 *   guesses each, between which the list would be dropped from the processor's caches. Default false
 */
export function lookUpPictures(
  pictures: readonly HashedPicture[],
  lists: readonly OpenedList[],
  plan: readonly PlanStep[],
  kernel: VariantKernel,
  found: MatchSet,
  ahead = false,
): void {
  const open = lists.filter((list) => list.near !== null);
  for (const picture of pictures) {
    if (open.length === 0) return;
    const forms = formsOf(picture, plan, kernel);
    for (const { query, probes } of ahead ? Array.from(forms, kept) : forms) {
      for (let i = open.length - 1; i >= 0; i--) {
        const hit = open[i].near?.search(query, { from: 0, to: probes });
        if (hit === undefined || hit.labels.length === 0) continue;
        found.add(open[i], 'perceptual', hit.labels);
        open.splice(i, 1);
      }
      if (open.length === 0) return;
    }
  }
}

/** A form that stays valid when others are made. */
function kept({ query, probes }: Form): Form {
  const { coefficients, median, bits } = query;
  return { query: { coefficients: coefficients.slice(), median, bits: bits.slice() }, probes };
}

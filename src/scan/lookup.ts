/**
 * Look-up of a file's digests and hashes in the opened lists.
 * @module
 */
import { dihedralHashes } from '../kernels/dihedral.js';
import type { PdqHash } from '../kernels/types.js';
import type { Match, MatchSignal } from '../outcome.js';
import type { ExactSignal } from '../snapshot/types.js';
import type { OpenedList } from './lists.js';

/** Below this PDQ quality a picture has too little detail to be compared (the threshold that PDQ's authors advise). */
export const MIN_PDQ_QUALITY = 50;

/** Guesses spent on the picture as it is, and on each of its seven mirrored and turned forms. */
const PROBES_AS_IS = 2 ** 18;
const PROBES_TURNED = 2 ** 16;

/** Guesses spent on an opaque picture, all its forms together, where nothing matches. */
export const PROBES_A_PICTURE = PROBES_AS_IS + 7 * PROBES_TURNED;

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
 * Near look-up of a picture and its mirrored and turned forms, up to each list's first agreeing form.
 * @param hashes - the picture's hashes, of sufficient quality
 * @param lists - the opened lists
 * @param found - takes the matches
 */
export function lookUpHashes(
  hashes: readonly PdqHash[],
  lists: readonly OpenedList[],
  found: MatchSet,
): void {
  const forms = hashes.flatMap((hash) =>
    dihedralHashes(hash).map((form, turn) => ({ form, probes: turn === 0 ? PROBES_AS_IS : PROBES_TURNED })),
  );
  for (const list of lists) {
    if (list.near === null) continue;
    for (const { form, probes } of forms) {
      const hit = list.near.search(form, { from: 0, to: probes });
      found.add(list, 'perceptual', hit.labels);
      if (hit.labels.length > 0) break;
    }
  }
}

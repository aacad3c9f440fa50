/**
 * Frames against image entries: one frame is not a match, two that agree are.
 *
 * A video tries a list many times, so a single frame says less than a single picture (docs/video.md has the arithmetic).
 * An entry is found by two frames at least {@link AGREEMENT_SECONDS} apart; in a clip shorter than
 * {@link SHORT_CLIP_SECONDS} by any frame within {@link SHORT_CLIP_DISTANCE}.
 * @module
 */
import type { VariantKernel } from '../kernels/variants-types.js';
import { formsOf } from './forms.js';
import type { FrameLookup, HashedFrame } from './frame-lookup.js';
import type { OpenedList } from './lists.js';
import type { MatchSet } from './lookup.js';
import type { PlanStep } from './search-plan.js';

/** Seconds between two frames that agree. */
export const AGREEMENT_SECONDS = 1;

/** Shorter clips may have no two such frames. */
export const SHORT_CLIP_SECONDS = 3;

/** Largest estimated distance in such a clip, of 256 bits: PDQ's usual threshold. */
export const SHORT_CLIP_DISTANCE = 31;

/** An entry that frames found. */
interface Sighting {
  list: OpenedList;
  label: number;
  first: number;
  last: number;
}

/** See the module. */
export class ImageEntryLookup implements FrameLookup {
  readonly #lists: readonly OpenedList[];
  readonly #plan: readonly PlanStep[];
  readonly #kernel: VariantKernel;
  readonly #isShort: boolean;
  /** By list and ordinal. */
  readonly #sightings = new Map<string, Sighting>();
  /** What frames that others repeat have found; frames that found nothing are not in it. */
  readonly #foundBy = new Map<number, readonly string[]>();

  /**
   * @param lists - the opened lists
   * @param plan - forms and guesses for one frame
   * @param kernel - makes the forms
   * @param durationSeconds - of the video
   */
  constructor(
    lists: readonly OpenedList[],
    plan: readonly PlanStep[],
    kernel: VariantKernel,
    durationSeconds: number,
  ) {
    this.#lists = lists.filter((list) => list.near !== null);
    this.#plan = plan;
    this.#kernel = kernel;
    this.#isShort = durationSeconds < SHORT_CLIP_SECONDS;
  }

  addFrame(frame: HashedFrame): void {
    if (frame.repeats === null) {
      const found = this.#search(frame);
      if (found.length > 0) this.#foundBy.set(frame.index, found);
    }
    for (const key of this.#foundBy.get(frame.repeats ?? frame.index) ?? []) {
      const sighting = this.#sightings.get(key) as Sighting;
      sighting.first = Math.min(sighting.first, frame.timestamp);
      sighting.last = Math.max(sighting.last, frame.timestamp);
    }
  }

  doubts(): number[] {
    const doubtful = [...this.#sightings.values()].filter((sighting) => !this.#isMatch(sighting));
    return [...new Set(doubtful.map(({ first }) => first))];
  }

  result(found: MatchSet): void {
    for (const sighting of this.#sightings.values()) {
      if (this.#isMatch(sighting)) found.add(sighting.list, 'perceptual', [sighting.label]);
    }
  }

  #isMatch({ first, last }: Sighting): boolean {
    return this.#isShort || last - first >= AGREEMENT_SECONDS;
  }

  /** @returns keys of the entries that a frame's forms find, in each list those of the first form that finds any */
  #search(frame: HashedFrame): string[] {
    const options = { every: true, ...(this.#isShort && { maxDistance: SHORT_CLIP_DISTANCE }) };
    const keys = new Set<string>();
    for (const picture of frame.pictures) {
      const open = new Map(this.#lists.entries());
      for (const { query, probes } of formsOf(picture, this.#plan, this.#kernel)) {
        if (open.size === 0) break;
        for (const [i, list] of open) {
          const entries = list.near?.search(query, { from: 0, to: probes }, options).entries ?? [];
          for (const { ordinal, label } of entries) {
            const key = `${i} ${ordinal}`;
            keys.add(key);
            if (!this.#sightings.has(key)) {
              this.#sightings.set(key, { list, label, first: frame.timestamp, last: frame.timestamp });
            }
          }
          if (entries.length > 0) open.delete(i);
        }
      }
    }
    return [...keys];
  }
}

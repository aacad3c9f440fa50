/**
 * Frames against image entries: one frame that is very near is a match, else two that agree are.
 *
 * A video tries a list many times, so a single frame says less than a single picture (docs/video.md has the arithmetic).
 * An entry is found by one frame within {@link singleFrameDistance}, or by two at least {@link AGREEMENT_SECONDS} apart within
 * the distance that a picture needs. In a clip shorter than {@link SHORT_CLIP_SECONDS} there are no two such frames: only the first
 * rule holds there. A frame that is not near enough alone is worth a look at what is shown around it.
 * @module
 */
import type { VariantKernel } from '../kernels/variants-types.js';
import { distanceThreshold } from '../snapshot/acceptance.js';
import { formsOf } from './forms.js';
import type { FrameLookup, HashedFrame } from './frame-lookup.js';
import type { OpenedList } from './lists.js';
import type { MatchSet } from './lookup.js';
import { formBudgets, type PlanStep } from './search-plan.js';
import { singleFrameDistance } from './single-frame.js';
import type { Steps } from './turns.js';

/** Seconds between two frames that agree. */
export const AGREEMENT_SECONDS = 1;

/** Shorter clips have no two such frames to speak of. */
export const SHORT_CLIP_SECONDS = 3;

/** Bits beyond a picture's threshold at which a frame is still worth a look around it (measured: docs/video.md). */
const NEAR_MISS_BITS = 8;

/** A list, and the estimated distances at which a frame says something of its entries. */
interface Distances {
  list: OpenedList;
  /** One frame is enough. */
  single: number;
  /** Two frames are. */
  agreeing: number;
  /** Worth a look around. */
  doubtful: number;
}

/** An entry that frames came near to. */
interface Sighting {
  distances: Distances;
  label: number;
  /** The nearest frame: its distance and its time. */
  least: number;
  leastAt: number;
  /** Times of the first and the last frame that is near enough to agree with another; the first is Infinity while there is none. */
  first: number;
  last: number;
}

/** A frame's estimated distance from an entry. */
interface Nearness {
  sighting: Sighting;
  distance: number;
}

/** See the module. */
export class ImageEntryLookup implements FrameLookup {
  readonly #distances: readonly Distances[];
  readonly #plan: readonly PlanStep[];
  readonly #kernel: VariantKernel;
  readonly #isShort: boolean;
  /** By list and ordinal. */
  readonly #sightings = new Map<string, Sighting>();
  /** What frames that others repeat came near to; frames that came near to nothing are not in it. */
  readonly #nearBy = new Map<number, readonly Nearness[]>();

  /**
   * @param lists - the opened lists
   * @param plan - forms and guesses for one frame
   * @param kernel - makes the forms
   * @param durationSeconds - of the video
   * @param mostFrames - frames of it that may be looked up
   */
  constructor(
    lists: readonly OpenedList[],
    plan: readonly PlanStep[],
    kernel: VariantKernel,
    durationSeconds: number,
    mostFrames: number,
  ) {
    const budgets = formBudgets(plan);
    this.#distances = lists.flatMap((list) => {
      if (list.nearSize === undefined) return [];
      const threshold = distanceThreshold(list.nearSize.parameters.sketchBits);
      const single = singleFrameDistance(list.nearSize, budgets, mostFrames);
      return [{ list, single, agreeing: threshold, doubtful: threshold + NEAR_MISS_BITS }];
    });
    this.#plan = plan;
    this.#kernel = kernel;
    this.#isShort = durationSeconds < SHORT_CLIP_SECONDS;
  }

  *addFrame(frame: HashedFrame): Steps<void> {
    if (frame.repeats === null) {
      const near = yield* this.#search(frame);
      if (near.length > 0) this.#nearBy.set(frame.index, near);
    }
    for (const { sighting, distance } of this.#nearBy.get(frame.repeats ?? frame.index) ?? []) {
      if (distance < sighting.least) {
        sighting.least = distance;
        sighting.leastAt = frame.timestamp;
      }
      if (distance <= sighting.distances.agreeing) {
        sighting.first = Math.min(sighting.first, frame.timestamp);
        sighting.last = Math.max(sighting.last, frame.timestamp);
      }
    }
  }

  doubts(): number[] {
    const doubtful = [...this.#sightings.values()].filter((sighting) => !this.#isMatch(sighting));
    doubtful.sort((a, b) => a.least - b.least);
    return [...new Set(doubtful.map(({ leastAt }) => leastAt))];
  }

  result(found: MatchSet): void {
    for (const sighting of this.#sightings.values()) {
      if (this.#isMatch(sighting)) found.add(sighting.distances.list, 'perceptual', [sighting.label]);
    }
  }

  #isMatch({ distances, least, first, last }: Sighting): boolean {
    return least <= distances.single || (!this.#isShort && last - first >= AGREEMENT_SECONDS);
  }

  /** @returns the entries that a frame's forms come near to; a list is done with after a form that is near enough alone */
  *#search(frame: HashedFrame): Steps<Nearness[]> {
    const nearest = new Map<string, Nearness>();
    for (const picture of frame.pictures) {
      const open = new Map(this.#distances.entries());
      for (const { query, probes } of formsOf(picture, this.#plan, this.#kernel)) {
        if (open.size === 0) break;
        yield;
        for (const [i, distances] of open) {
          const options = { every: true, maxDistance: distances.doubtful };
          const found = distances.list.near?.search(query, { from: 0, to: probes }, options);
          for (const { ordinal, label, distance } of found?.entries ?? []) {
            const key = `${i} ${ordinal}`;
            if (distance >= (nearest.get(key)?.distance ?? Number.POSITIVE_INFINITY)) continue;
            nearest.set(key, { sighting: this.#sightingOf(key, distances, label), distance });
            if (distance <= distances.single) open.delete(i);
          }
        }
      }
    }
    return [...nearest.values()];
  }

  #sightingOf(key: string, distances: Distances, label: number): Sighting {
    const known = this.#sightings.get(key);
    if (known !== undefined) return known;
    const [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    const sighting = { distances, label, least: Number.POSITIVE_INFINITY, leastAt: 0, first, last };
    this.#sightings.set(key, sighting);
    return sighting;
  }
}

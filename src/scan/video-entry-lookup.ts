/**
 * Frames against listed videos: a file is a copy of one where enough of the file's frames agree with its frames, or where
 * they meet enough of it (docs/vpdq.md; docs/snapshot-format.md, 9.4).
 *
 * Every frame is looked up in all its forms, whatever was found before: the shares need all answers, and the time that it
 * takes tells nothing.
 * @module
 */
import type { VariantKernel } from '../kernels/variants-types.js';
import type { VideoSet } from '../snapshot/video-set.js';
import { formsOf } from './forms.js';
import type { FrameLookup, HashedFrame } from './frame-lookup.js';
import type { OpenedList } from './lists.js';
import type { MatchSet } from './lookup.js';
import type { PlanStep } from './search-plan.js';
import type { Steps } from './turns.js';

/** Segments that were met, bit i for segment i, by number of the video. */
type Met = ReadonlyMap<number, number>;

/** What the frames so far say of one listed video. */
interface Evidence {
  /** Frames of the file that agree. */
  frames: number;
  /** Segments that they met: bit i for segment i. */
  segments: number;
}

/** A list's videos, and what was found of them. */
interface Tally {
  readonly list: OpenedList;
  readonly videos: VideoSet;
  /** Frames that were compared. */
  compared: number;
  readonly evidence: Map<number, Evidence>;
  /** What each frame has met that was looked up. */
  readonly metBy: Map<number, Met>;
}

/** See the module. */
export class VideoEntryLookup implements FrameLookup {
  readonly #tallies: readonly Tally[];
  readonly #plan: readonly PlanStep[];
  readonly #kernel: VariantKernel;
  #latest = Number.NEGATIVE_INFINITY;

  /**
   * @param lists - the opened lists
   * @param plan - forms and guesses for one frame
   * @param kernel - makes the forms
   */
  constructor(lists: readonly OpenedList[], plan: readonly PlanStep[], kernel: VariantKernel) {
    this.#tallies = lists.flatMap((list) =>
      list.videos === undefined
        ? []
        : [{ list, videos: list.videos, compared: 0, evidence: new Map(), metBy: new Map() }],
    );
    this.#plan = plan;
    this.#kernel = kernel;
  }

  *addFrame(frame: HashedFrame): Steps<void> {
    // Frames that come out of turn were chosen for what others had found: they would bend the shares.
    if (frame.timestamp < this.#latest) return;
    this.#latest = frame.timestamp;
    if (frame.pictures.length === 0) return;
    for (const tally of this.#tallies) {
      if (frame.hash.quality < tally.videos.thresholds.quality) continue;
      tally.compared++;
      // A repeated frame of less quality than the list asks for has no answer yet.
      const known = frame.repeats === null ? undefined : tally.metBy.get(frame.repeats);
      const met = known ?? (yield* this.#search(frame, tally.videos));
      tally.metBy.set(frame.repeats ?? frame.index, met);
      for (const [video, segments] of met) {
        const before = tally.evidence.get(video) ?? { frames: 0, segments: 0 };
        tally.evidence.set(video, {
          frames: before.frames + 1,
          segments: before.segments | segments,
        });
      }
    }
  }

  result(found: MatchSet): void {
    for (const { list, videos, compared, evidence } of this.#tallies) {
      for (const [video, { frames, segments }] of evidence) {
        const isCopy = isCopyOf(videos, video, { frames, compared, segments });
        if (isCopy) found.add(list, 'perceptual', [videos.labelIds[video]]);
      }
    }
  }

  *#search({ pictures }: HashedFrame, videos: VideoSet): Steps<Met> {
    const met = new Map<number, number>();
    for (const picture of pictures) {
      for (const { query, probes } of formsOf(picture, this.#plan, this.#kernel)) {
        videos.search(query, { from: 0, to: probes }, ({ video, segment }) => {
          met.set(video, (met.get(video) ?? 0) | (1 << segment));
        });
        yield;
      }
    }
    return met;
  }
}

/**
 * The rule of 9.4.
 * @param videos - of a list
 * @param video - number of one
 * @param counts - frames of the file that agree, frames that were compared, and segments that were met
 * @returns whether the file is a copy of it
 */
export function isCopyOf(
  { thresholds, segments: all }: Pick<VideoSet, 'thresholds' | 'segments'>,
  video: number,
  { frames, compared, segments }: { frames: number; compared: number; segments: number },
): boolean {
  const { queryPercent, entryPercent, leastFrames } = thresholds;
  if (frames < leastFrames) return false;
  const enough = (percent: number, part: number, whole: number) =>
    percent > 0 && part * 100 >= whole * percent;
  return enough(queryPercent, frames, compared) || enough(entryPercent, bitsOf(segments), bitsOf(all[video]));
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) bits++;
  return bits;
}

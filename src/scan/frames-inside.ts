/**
 * The last look at a video that is not listed itself: at the pictures inside some of its frames, if the host declared the
 * picture finder. A recording of a chat or a slide show hides a listed picture from the hashes of its frames.
 *
 * While the frames pass by, the surveys of a few of them are kept, evenly spread; the network runs only at the end, where
 * nothing was found. What it finds counts as frames do (src/scan/image-entry-lookup.ts): one has to be very near, or two agree. All
 * of it together shares one budget of false matches.
 * @module
 */

import type { Survey } from '../kernels/survey.js';
import type { CoverageNote, FinderCoverage } from '../outcome.js';
import { isComparable } from './detail.js';
import { MAX_FOUND_PICTURES, type PictureFinder } from './finder.js';
import { foundPictures } from './found-pictures.js';
import type { HashedFrame } from './frame-lookup.js';
import { type HashedPicture, hashImage } from './hash-image.js';
import { ImageEntryLookup } from './image-entry-lookup.js';
import type { MatchSet } from './lookup.js';
import { takePart } from './parts.js';
import { FINDER_PLAN } from './search-plan.js';
import { inOneGo } from './turns.js';
import type { ScanContext, ScanRun } from './types.js';
import type { VideoSource } from './video.js';

/** Frames of a video that are looked into at most, but for those close to one that found something. */
export const MAX_FRAMES_INSIDE = 12;

/** Seconds around a frame inside which something is near an entry, which are looked into as well, and for how many frames. */
const DOUBT_OFFSETS = [-1, -0.5, 0.5, 1];
const MAX_DOUBTS = 2;

/** Pictures inside a video that are looked up at most. */
const MOST_PICTURES = (MAX_FRAMES_INSIDE + MAX_DOUBTS * DOUBT_OFFSETS.length) * MAX_FOUND_PICTURES;

/** A frame to look into. */
interface KeptFrame {
  readonly surveys: readonly Survey[];
  /** When it is shown first and last, in seconds, as far as frames were looked at. */
  first: number;
  last: number;
}

/** See the module. */
export class FramesInside {
  readonly #every: number;
  /** By the index of the frame that it repeats, or its own. */
  readonly #kept = new Map<number, KeptFrame>();

  /** @param frameCount - frames that will pass by, at most */
  constructor(frameCount: number) {
    this.#every = Math.max(1, Math.ceil(frameCount / MAX_FRAMES_INSIDE));
  }

  /** @returns whether to make surveys of the frame of this index */
  wants(index: number): boolean {
    return index % this.#every === 0;
  }

  /**
   * @param frame - every frame, in turn
   * @param pictures - what was hashed of it, with surveys if they were wanted
   */
  add({ index, repeats, timestamp }: HashedFrame, pictures: readonly HashedPicture[]): void {
    const shown = repeats ?? index;
    const kept = this.#kept.get(shown);
    if (kept !== undefined) {
      kept.first = Math.min(kept.first, timestamp);
      kept.last = Math.max(kept.last, timestamp);
      return;
    }
    const surveys = surveysOf(pictures);
    if (surveys.length > 0) this.#kept.set(shown, { surveys, first: timestamp, last: timestamp });
  }

  /**
   * Looks up the pictures inside the kept frames. Never fails a scan.
   * @param source - for frames close to one that is worth it
   * @param context - lists, kernels and parts
   * @param run - deadline and cancellation
   * @param found - takes the matches
   * @param notes - gets `part-missing` where the finder can't be used, `frames-sampled` where time runs short
   * @returns what became of the finder
   */
  async lookUp(
    source: VideoSource,
    context: ScanContext,
    run: ScanRun,
    found: MatchSet,
    notes: CoverageNote[],
  ): Promise<FinderCoverage> {
    const finder = await takePart('finder', context.parts, remainingMs(run), notes);
    if (finder === null) return 'failed';
    const { lists, variants } = context;
    const lookup = new ImageEntryLookup(lists, FINDER_PLAN, variants, source.durationSeconds, MOST_PICTURES);
    const pictures = new PicturesAsFrames(finder, context, run, lookup);
    const before = found.size;
    try {
      for (const frame of this.#kept.values()) {
        await pictures.add(frame);
        if (pictures.isLate || run.isCancelled()) break;
      }
      await followUp(source, context, run, lookup, pictures);
    } catch {
      if (!notes.includes('part-missing')) notes.push('part-missing');
      return 'failed';
    }
    lookup.result(found);
    if (pictures.isLate && found.size === before && !notes.includes('frames-sampled')) {
      notes.push('frames-sampled');
    }
    return 'ran';
  }
}

/** Hands the pictures inside frames to a look-up, each as a frame of its own. */
class PicturesAsFrames {
  /** True once another frame would take longer than there is time. */
  isLate = false;
  readonly #finder: PictureFinder;
  readonly #context: ScanContext;
  readonly #run: ScanRun;
  readonly #lookup: ImageEntryLookup;
  #index = 0;

  constructor(finder: PictureFinder, context: ScanContext, run: ScanRun, lookup: ImageEntryLookup) {
    this.#finder = finder;
    this.#context = context;
    this.#run = run;
    this.#lookup = lookup;
  }

  async add({ surveys, first, last }: KeptFrame): Promise<void> {
    const began = performance.now();
    for (const survey of surveys) {
      for await (const picture of foundPictures(survey, this.#finder, this.#context.kernel)) {
        if (this.#run.isCancelled()) return;
        if (!isComparable(picture.hash)) continue;
        const { hash } = picture;
        const frame: HashedFrame = {
          index: this.#index++,
          timestamp: first,
          hash,
          pictures: [picture],
          repeats: null,
        };
        inOneGo(this.#lookup.addFrame(frame));
        if (last > first) {
          const again = { ...frame, index: this.#index++, timestamp: last, repeats: frame.index };
          inOneGo(this.#lookup.addFrame(again));
        }
      }
    }
    this.isLate = remainingMs(this.#run) < 2 * (performance.now() - began);
  }
}

/** Looks into frames close to one that alone found something inside. */
async function followUp(
  source: VideoSource,
  context: ScanContext,
  run: ScanRun,
  lookup: ImageEntryLookup,
  pictures: PicturesAsFrames,
): Promise<void> {
  if (pictures.isLate || run.isCancelled()) return;
  const times = lookup
    .doubts()
    .slice(0, MAX_DOUBTS)
    .flatMap((time) => DOUBT_OFFSETS.map((offset) => time + offset))
    .filter((time) => time >= 0 && time < source.durationSeconds)
    .sort((a, b) => a - b);
  if (times.length === 0) return;
  for await (const { requested, image } of source.frames(new Set(times))) {
    try {
      if (pictures.isLate || run.isCancelled()) return;
      const hashed = image && hashImage(image, context.kernel, run.isCancelled, { survey: true });
      if (hashed !== null) {
        await pictures.add({ surveys: surveysOf(hashed.pictures), first: requested, last: requested });
      }
    } finally {
      image?.close();
    }
  }
}

function surveysOf(pictures: readonly HashedPicture[]): Survey[] {
  return pictures.flatMap(({ survey }) => survey ?? []);
}

function remainingMs(run: ScanRun): number {
  return run.remainingMs?.() ?? Number.POSITIVE_INFINITY;
}

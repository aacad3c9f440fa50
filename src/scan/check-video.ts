/**
 * The perceptual check of a video: choose frames, decode, hash, look up, as the time allows.
 * @module
 */
import { hashDistance } from '../kernels/pdq-distance.js';
import type { CoverageNote, FinderCoverage, VideoCoverage } from '../outcome.js';
import { isComparable } from './detail.js';
import { chooseWindows, type FrameWindow, nextWindow } from './frame-choice.js';
import { type FrameLookup, type HashedFrame, REPEAT_DISTANCE } from './frame-lookup.js';
import { FramesInside } from './frames-inside.js';
import { type HashedImage, type HashedPicture, hashImageSteps } from './hash-image.js';
import { ImageEntryLookup } from './image-entry-lookup.js';
import type { MatchSet } from './lookup.js';
import { takePart } from './parts.js';
import { VIDEO_PLAN } from './search-plan.js';
import { inTurns, type Steps } from './turns.js';
import { CheckFailure, type DecodedImage, type ScanContext, type ScanRun } from './types.js';
import type { VideoSource } from './video.js';
import { VideoEntryLookup } from './video-entry-lookup.js';

/** Share of the time left that decoding may plan with. */
const PLANNED_SHARE = 0.75;

/** How fast the estimate of a frame's cost follows what it costs. */
const COST_SMOOTHING = 0.2;

/** Frames after which the estimate is worth something. */
const FRAMES_TO_ESTIMATE = 4;

/** Seconds around a doubtful frame that are looked at as well: a nearer frame close by, or another one that agrees (measured). */
const DOUBT_OFFSETS = [-1, -0.5, -0.375, -0.25, -0.125, 0.125, 0.25, 0.375, 0.5, 1];
/** Doubtful frames that are followed up, the likeliest first. */
const MAX_DOUBTS = 8;

/** Takes what the check has to say. */
export interface VideoFindings {
  notes: CoverageNote[];
  video?: VideoCoverage;
  finder?: FinderCoverage;
}

/**
 * Looks at the frames of a video.
 * @param file - the video
 * @param context - lists, kernels, parts and limits
 * @param run - deadline, cancellation; told the video's length and 0 to 1
 * @param found - takes the matches
 * @param findings - takes notes and coverage
 * @returns false for a file without a video track, which has nothing to look at
 * @throws CheckFailure with the reason why it can't be looked at
 */
export async function checkVideo(
  file: Blob,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  findings: VideoFindings,
): Promise<boolean> {
  const part = await takePart('video', context.parts, remainingMs(run), findings.notes);
  if (part === null) throw new CheckFailure('unsupported', 'no part for videos');
  const source = await part.open(file);
  if (source === null) return false;
  try {
    await lookAtFrames(source, context, run, found, findings);
    return true;
  } finally {
    source.close();
  }
}

async function lookAtFrames(
  source: VideoSource,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  findings: VideoFindings,
): Promise<void> {
  const { limits, lists, variants } = context;
  const { durationSeconds, codec, width, height } = source;
  const seconds = Math.ceil(durationSeconds);
  const coverage: VideoCoverage = { frames: 0, seconds, codec };
  findings.video = coverage;
  if (width * height > limits.maxPixels) throw new CheckFailure('too-large', 'more pixels than the limit');
  run.onVideoLength?.(seconds);

  const windows = chooseWindows(durationSeconds, limits.maxFrames);
  const mostFrames = windows.length + MAX_DOUBTS * DOUBT_OFFSETS.length;
  const lookups: FrameLookup[] = [
    new ImageEntryLookup(lists, VIDEO_PLAN, variants, durationSeconds, mostFrames),
    new VideoEntryLookup(lists, VIDEO_PLAN, variants),
  ];
  const hasPictures = lists.some((list) => list.near !== null);
  const inside = hasPictures && context.parts?.has('finder') ? new FramesInside(windows.length) : null;
  const frames = new FrameFeed(context, run, lookups, inside);
  const drawn = new PacedWindows(source, windows, run);
  let answered = 0;
  for await (const { requested, image } of source.frames(drawn)) {
    if (run.isCancelled()) {
      image?.close();
      return;
    }
    answered++;
    await inTurns(frames.add(image, requested), source.giveTurn);
    drawn.answered();
    run.onProgress(Math.min(1, requested / Math.max(durationSeconds, 1e-3)));
  }
  if (run.isCancelled()) return;
  coverage.frames = frames.looked;
  if (frames.looked === 0) throw new CheckFailure('undecodable', 'no frame could be decoded');
  await followUp(source, frames, lookups, run);
  if (drawn.count < windows.length || windows.length < Math.floor(durationSeconds)) {
    findings.notes.push('frames-sampled');
  }
  if (answered < drawn.count || source.cutOff) findings.notes.push('frames-missing');
  if (!frames.anyComparable) findings.notes.push('low-detail');
  const before = found.size;
  for (const lookup of lookups) lookup.result(found);
  if (!hasPictures || found.size > before) return;
  findings.finder =
    inside === null ? 'off' : await inside.lookUp(source, context, run, found, findings.notes);
}

/**
 * Looks close by where a frame came near to something. Not part of the coverage, or it would tell of the find.
 */
async function followUp(
  source: VideoSource,
  frames: FrameFeed,
  lookups: readonly FrameLookup[],
  run: ScanRun,
): Promise<void> {
  const doubts = lookups.flatMap((lookup) => lookup.doubts?.() ?? []).slice(0, MAX_DOUBTS);
  const times = doubts
    .flatMap((time) => DOUBT_OFFSETS.map((offset) => time + offset))
    .filter((time) => time >= 0 && time < source.durationSeconds)
    .sort((a, b) => a - b);
  if (times.length === 0) return;
  for await (const { requested, image } of source.frames(new Set(times))) {
    const isLate = run.isCancelled() || remainingMs(run) <= 0;
    if (isLate) {
      image?.close();
      return;
    }
    await inTurns(frames.add(image, requested), source.giveTurn);
  }
}

function remainingMs(run: ScanRun): number {
  return run.remainingMs?.() ?? Number.POSITIVE_INFINITY;
}

/** Hashes frames and hands them to the look-ups. */
class FrameFeed {
  /** Frames that were hashed. */
  looked = 0;
  anyComparable = false;
  readonly #context: ScanContext;
  readonly #run: ScanRun;
  readonly #lookups: readonly FrameLookup[];
  readonly #inside: FramesInside | null;
  #index = 0;
  /** The last frame, and the last one that was looked up. */
  #last: HashedFrame | undefined;
  #lookedUp: HashedFrame | undefined;

  constructor(
    context: ScanContext,
    run: ScanRun,
    lookups: readonly FrameLookup[],
    inside: FramesInside | null,
  ) {
    this.#context = context;
    this.#run = run;
    this.#lookups = lookups;
    this.#inside = inside;
  }

  /**
   * @param image - the frame, which is closed; null: the frame before is still shown
   * @param timestamp - seconds
   */
  *add(image: DecodedImage | null, timestamp: number): Steps<void> {
    if (image === null) {
      const last = this.#last;
      if (last !== undefined)
        yield* this.#give({ ...last, timestamp, repeats: last.repeats ?? last.index }, []);
      return;
    }
    let hashed: HashedImage | null;
    try {
      const survey = this.#inside?.wants(this.#index) === true;
      hashed = yield* hashImageSteps(image, this.#context.kernel, this.#run.isCancelled, { survey });
    } finally {
      image.close();
    }
    if (hashed === null) return;
    this.looked++;
    const [{ hash }] = hashed.pictures;
    const pictures = hashed.pictures.filter(
      ({ hash, inner }) => isComparable(hash) || inner.some((part) => isComparable(part.hash)),
    );
    this.anyComparable ||= pictures.length > 0;
    const before = this.#lookedUp;
    const repeats =
      before !== undefined && hashDistance(before.hash.bits, hash.bits) <= REPEAT_DISTANCE
        ? before.index
        : null;
    yield* this.#give({ timestamp, hash, pictures, repeats }, hashed.pictures);
  }

  *#give(frame: Omit<HashedFrame, 'index'>, pictures: readonly HashedPicture[]): Steps<void> {
    const given: HashedFrame = { ...frame, index: this.#index++ };
    this.#last = given;
    if (given.repeats === null) this.#lookedUp = given;
    for (const lookup of this.#lookups) yield* lookup.addFrame(given);
    this.#inside?.add(given, pictures);
  }
}

/** Draws the times to look at, fewer of them where the rest would not fit into the time left. */
class PacedWindows implements AsyncIterable<number> {
  /** Times drawn. */
  count = 0;
  readonly #source: VideoSource;
  readonly #windows: readonly FrameWindow[];
  readonly #run: ScanRun;
  #answered = 0;
  #leftMs: number;
  #costMs = 0;

  constructor(source: VideoSource, windows: readonly FrameWindow[], run: ScanRun) {
    this.#source = source;
    this.#windows = windows;
    this.#run = run;
    this.#leftMs = remainingMs(run);
  }

  /** A frame has been dealt with. */
  answered(): void {
    const left = remainingMs(this.#run);
    if (left === Number.POSITIVE_INFINITY) return;
    const ms = this.#leftMs - left;
    this.#leftMs = left;
    this.#answered++;
    this.#costMs = this.#answered === 1 ? ms : this.#costMs + COST_SMOOTHING * (ms - this.#costMs);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, void> {
    for (let at = 0; !this.#run.isCancelled(); ) {
      const step = nextWindow(this.#windows, at, this.#affordable());
      if (step === null) return;
      at = step.next;
      this.count++;
      yield await this.#timeIn(step.window);
    }
  }

  #affordable(): number {
    const left = remainingMs(this.#run) * PLANNED_SHARE;
    if (left <= 0) return 0;
    if (this.#answered < FRAMES_TO_ESTIMATE || left === Number.POSITIVE_INFINITY)
      return Number.POSITIVE_INFINITY;
    // Some of it is for those that were drawn and are on their way.
    return left / Math.max(this.#costMs, 1e-3) - (this.count - this.#answered);
  }

  /** A key frame within the window is the cheapest. */
  async #timeIn({ from, to }: FrameWindow): Promise<number> {
    const key = await this.#source.keyFrameAt?.(Math.max(from, to - 1e-3));
    return key !== undefined && key !== null && key > from ? key : from;
  }
}

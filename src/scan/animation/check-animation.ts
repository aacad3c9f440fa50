/**
 * The look-up of an animation's frames after the first one.
 * @module
 */
import type { HashedImage } from '../hash-image.js';
import { lookUpPictures, type MatchSet } from '../lookup.js';
import type { FileType } from '../sniff.js';
import type { ScanContext, ScanRun } from '../types.js';
import { openComposed } from './composed.js';
import { eachNewPicture } from './each-frame.js';
import { FRAME_PLAN } from './frame-plan.js';
import type { AnimationFrames } from './types.js';

/** Progress before the frames; what is before them has got this far. */
const PROGRESS_BEFORE = 0.7;

/** Share of the time left after the first frame that the others may take. */
const TIME_SHARE = 0.7;

/** What became of the frames. */
export interface AnimationCheck {
  /** Different pictures that were looked up. */
  pictures: number;
  /** True where frames were left out. */
  cut: boolean;
}

/**
 * @param file - the animation
 * @param type - what the sniffer says of it
 * @param first - what was hashed of its first picture, already looked up
 * @param context - decoder, kernels, lists and limits
 * @param run - time, progress and cancellation
 * @param found - takes the matches; lists that the file already matched are not searched again
 */
export async function checkAnimation(
  file: Blob,
  type: FileType,
  first: HashedImage,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
): Promise<AnimationCheck> {
  const { kernel, limits, lists, variants } = context;
  const check: AnimationCheck = { pictures: 0, cut: false };
  const frames = await openAnimation(file, type, context);
  if (frames === null) return { pictures: 0, cut: true };
  const timeLeft = run.remainingMs?.() ?? Number.POSITIVE_INFINITY;
  try {
    const pictures = eachNewPicture(frames, first.pictures, {
      kernel,
      maxFrames: limits.maxAnimationFrames,
      maxPixels: limits.maxPixels,
      isCancelled: run.isCancelled,
      isLate: () => (run.remainingMs?.() ?? Number.POSITIVE_INFINITY) < timeLeft * (1 - TIME_SHARE),
      onProgress: (fraction) => run.onProgress(PROGRESS_BEFORE + fraction * (1 - PROGRESS_BEFORE)),
    });
    for (;;) {
      const next = await pictures.next();
      if (next.done) return { ...check, cut: next.value.cut };
      check.pictures++;
      const open = lists.filter((list) => !found.has(list, 'perceptual'));
      lookUpPictures([next.value.picture], open, FRAME_PLAN, variants, found);
    }
  } finally {
    frames.close();
  }
}

/**
 * Opens an animation with the platform's decoder of animations, or puts it together from stills.
 * @param file - the animation
 * @param type - what the sniffer says of it
 * @param context - decoder and limits
 * @returns its frames, or null where they can't be had: no decoder, damaged, or beyond a limit
 */
export async function openAnimation(
  file: Blob,
  type: FileType,
  { decoder, limits }: Pick<ScanContext, 'decoder' | 'limits'>,
): Promise<AnimationFrames | null> {
  if (file.size > limits.maxAnimationBytes) return null;
  const byPlatform = await decoder.openAnimation?.(file, type).catch(() => null);
  if (byPlatform) return byPlatform;
  return openComposed(file, type, decoder, limits.maxPixels).catch(() => null);
}

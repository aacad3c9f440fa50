/**
 * The seam between a video's frames and what they are compared with: image entries here, entries of whole videos elsewhere.
 * @module
 */
import type { PdqHash } from '../kernels/types.js';
import type { HashedPicture } from './hash-image.js';
import type { MatchSet } from './lookup.js';
import type { Steps } from './turns.js';

/** Frames this near to one that was looked up are not looked up again: near-identical neighbours (PDQ distance). */
export const REPEAT_DISTANCE = 8;

/** A frame, hashed. */
export interface HashedFrame {
  /** 0, 1, 2, … in the order of {@link FrameLookup.addFrame}. */
  readonly index: number;
  /** When it is shown, in seconds. Not always rising: frames between others may come last. */
  readonly timestamp: number;
  /** Of all its pixels, whatever its quality. */
  readonly hash: PdqHash;
  /** What of it has the detail for a comparison: none, itself, or on two backgrounds where it is transparent. */
  readonly pictures: readonly HashedPicture[];
  /**
   * Index of an earlier frame, itself no repeat, that this one repeats ({@link REPEAT_DISTANCE}); null for a frame to look
   * up. The earlier frame's answer is this one's.
   */
  readonly repeats: number | null;
}

/** Compares the frames of one video, one after the other. */
export interface FrameLookup {
  /** @param frame - valid until the next call */
  addFrame(frame: HashedFrame): Steps<void>;
  /** @returns timestamps of frames that came near to something, the nearest first: another frame close by may confirm it */
  doubts?(): number[];
  /** @param found - takes the matches of the frames so far */
  result(found: MatchSet): void;
}

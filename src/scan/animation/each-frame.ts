/**
 * The different pictures that an animation shows after its first: decoded, hashed and given one at a time.
 * @module
 */
import type { PdqKernel } from '../../kernels/types.js';
import { isComparable } from '../detail.js';
import { type HashedPicture, hashImage } from '../hash-image.js';
import { chooseFrames, lookupsBy, MAX_FRAME_LOOKUPS, SAME_PICTURE_BITS } from './frame-plan.js';
import type { AnimationFrames } from './types.js';

/** What looking at frames takes. */
export interface FrameRun {
  kernel: PdqKernel;
  maxFrames: number;
  maxPixels: number;
  /** True once the scan should end. */
  isCancelled(): boolean;
  /** True once there is no time for further frames. */
  isLate(): boolean;
  /** Told 0 to 1; the same whatever the frames show. */
  onProgress(fraction: number): void;
}

/** A picture of a further frame. */
export interface FramePicture {
  /** Index of its frame in the file. */
  index: number;
  picture: HashedPicture;
}

/**
 * @param frames - the animation
 * @param first - what was hashed of its first picture
 * @param run - limits, progress, cancellation
 * @returns pictures with enough detail that differ from all before; at the end, whether frames were left out
 */
export async function* eachNewPicture(
  frames: AnimationFrames,
  first: readonly HashedPicture[],
  run: FrameRun,
): AsyncGenerator<FramePicture, { cut: boolean }, void> {
  const seen = first.map(({ hash }) => hash.bits);
  const chosen = chooseFrames(frames.count, run.maxFrames);
  let cut = chosen.length < Math.max(1, frames.count);
  let given = 0;
  for (const [i, index] of chosen.entries()) {
    if (run.isCancelled()) break;
    if (run.isLate()) {
      cut = true;
      break;
    }
    let pictures: readonly HashedPicture[];
    try {
      pictures = await hashFrame(frames, index, run);
    } catch {
      // Damaged, too large or cut off: the coverage says that a frame was left out.
      cut = true;
      continue;
    }
    for (const picture of pictures) {
      if (!hasDetail(picture)) continue;
      if (seen.some((bits) => differingBits(bits, picture.hash.bits) <= SAME_PICTURE_BITS)) continue;
      if (given >= Math.min(MAX_FRAME_LOOKUPS, lookupsBy((i + 1) / chosen.length))) {
        cut = true;
        continue;
      }
      seen.push(picture.hash.bits);
      given++;
      yield { index, picture };
    }
    run.onProgress((i + 1) / chosen.length);
  }
  return { cut: cut || frames.cut };
}

/** One frame's pictures: two where it has transparent pixels, none when cancelled. */
async function hashFrame(
  frames: AnimationFrames,
  index: number,
  { kernel, maxPixels, isCancelled }: FrameRun,
): Promise<readonly HashedPicture[]> {
  const image = await frames.frame(index);
  try {
    if (image.width * image.height > maxPixels) throw new RangeError('more pixels than the limit');
    return hashImage(image, kernel, isCancelled)?.pictures ?? [];
  } finally {
    image.close();
  }
}

/**
 * @param picture - that was hashed
 * @returns whether it, or a picture within its borders, has the detail for a comparison
 */
export function hasDetail({ hash, inner }: HashedPicture): boolean {
  return isComparable(hash) || inner.some((part) => isComparable(part.hash));
}

function differingBits(a: Uint8Array, b: Uint8Array): number {
  let bits = 0;
  for (let i = 0; i < a.length; i++) {
    for (let different = a[i] ^ b[i]; different !== 0; different &= different - 1) bits++;
  }
  return bits;
}

/**
 * Frames of an animation from the platform's own decoder of animations, `ImageDecoder`, where it has one: Chromium and
 * Firefox. Disposal and blending are the platform's.
 * @module
 */
import { MAX_SPLIT_FRAMES } from '../scan/animation/composed.js';
import type { AnimationFrames } from '../scan/animation/types.js';
import type { FileType } from '../scan/sniff.js';
import { fromSource } from './read-back.js';

/**
 * @param file - the animation; the decoder keeps it in memory
 * @param type - what the sniffer says of it
 * @returns its frames, or null where the platform has no decoder for them
 * @throws where the file can't be decoded
 */
export async function openAnimation(file: Blob, type: FileType): Promise<AnimationFrames | null> {
  const mime = `image/${type.type}`;
  if (typeof ImageDecoder === 'undefined' || !(await ImageDecoder.isTypeSupported(mime))) return null;
  const decoder = new ImageDecoder({
    data: await file.arrayBuffer(),
    type: mime,
    colorSpaceConversion: 'none',
    preferAnimation: true,
  });
  try {
    await decoder.tracks.ready;
    await decoder.completed;
    const count = decoder.tracks.selectedTrack?.frameCount ?? 0;
    // Firefox believes what an animated PNG claims; cut into stills, the frames that are there count.
    if (count < 1 || count > MAX_SPLIT_FRAMES) throw new RangeError(`${count} frames`);
    return {
      count,
      cut: false,
      async frame(index) {
        const { image } = await decoder.decode({ frameIndex: index, completeFramesOnly: true });
        return fromSource(image, image.displayWidth, image.displayHeight, true);
      },
      close: () => decoder.close(),
    };
  } catch (error) {
    decoder.close();
    throw error;
  }
}

/**
 * Test entry, bundled and loaded by a page: the frames of a video as the video part decodes them, hashed as a scan does.
 * The package itself never shows a hash.
 * @module
 */
import { createPdqKernel } from '../../../src/kernels/pdq.js';
import { hashToHex } from '../../../src/kernels/pdq-hex.js';
import { hashImage } from '../../../src/scan/hash-image.js';
import { openVideo } from '../../../src/video/open-video.js';

/** What a page finds in a video. */
export interface FramesInBrowser {
  codec: string;
  width: number;
  height: number;
  durationSeconds: number;
  /** Hash null: the frame before is still shown. */
  frames: { requested: number; timestamp: number; hash: string | null; quality: number; size: string }[];
  ms: number;
}

async function framesInBrowser(file: Blob, timestamps: number[] | number): Promise<FramesInBrowser | null> {
  const kernel = await createPdqKernel();
  const video = await openVideo(file);
  if (video === null) return null;
  const { codec, width, height, durationSeconds } = video;
  const frames: FramesInBrowser['frames'] = [];
  const wanted =
    typeof timestamps === 'number'
      ? Array.from({ length: Math.ceil(durationSeconds / timestamps) }, (_, i) => i * timestamps)
      : timestamps;
  const start = performance.now();
  for await (const { requested, timestamp, image } of video.frames(wanted)) {
    const hash = image && hashImage(image, kernel)?.pictures[0].hash;
    frames.push({
      requested,
      timestamp,
      hash: hash ? hashToHex(hash.bits) : null,
      quality: hash?.quality ?? 0,
      size: image ? `${image.width}x${image.height}` : '',
    });
    image?.close();
  }
  video.close();
  return { codec, width, height, durationSeconds, frames, ms: performance.now() - start };
}

Object.assign(globalThis, { framesInBrowser });

/**
 * `presieve hash --vpdq FILE`: the PDQ hashes of every frame of a video, as vPDQ writes them.
 * @module
 */
import { createPdqKernel } from '../../kernels/pdq.js';
import { hashToHex } from '../../kernels/pdq-hex.js';
import { fitsKernel } from '../../kernels/pdq-limits.js';
import type { PdqHash, PdqKernel } from '../../kernels/types.js';
import { CheckFailure, type DecodedImage } from '../../scan/types.js';
import { PublisherError } from '../errors.js';
import { everyFrame } from '../ffmpeg/decode.js';
import { findFfmpeg } from '../ffmpeg/tools.js';
import { CLI_LIMITS, type CommandContext } from './context.js';

/**
 * Prints `frame,quality,hash,timestamp` lines.
 * @param file - the one video
 * @param ffmpeg - path of ffmpeg; default: on the PATH
 * @param context - output
 * @throws PublisherError `usage` without ffmpeg, `input-unreadable` for a file that is no video or a damaged one
 */
export async function hashVideo(
  file: string,
  ffmpeg: string | undefined,
  { output }: CommandContext,
): Promise<void> {
  const tools = await findFfmpeg(ffmpeg);
  const kernel = await createPdqKernel();
  let number = 0;
  try {
    for await (const { seconds, image } of everyFrame({
      tools,
      path: file,
      maxPixels: CLI_LIMITS.maxPixels,
    })) {
      if (output.closed) return;
      const { bits, quality } = hashFrame(image, kernel);
      await output.text(`${number},${quality},${hashToHex(bits)},${Math.max(0, seconds).toFixed(3)}`);
      output.progress(() => `${file}: frame ${number}`);
      number++;
    }
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    throw new PublisherError('input-unreadable', `${file}: ${error.reason}: ${error.message}`, {
      cause: error,
    });
  }
}

function hashFrame(image: DecodedImage, kernel: PdqKernel): PdqHash {
  const { width, height } = image;
  if (!fitsKernel(width, height)) throw new CheckFailure('too-large', `${width} x ${height} pixels`);
  kernel.begin(width, height);
  kernel.rows(image.readRows(0, height), height);
  return kernel.end();
}

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
import { decode } from '../ffmpeg/decode.js';
import { probe } from '../ffmpeg/probe.js';
import { findFfmpeg } from '../ffmpeg/tools.js';
import { printable } from '../output.js';
import { CLI_LIMITS, type CommandContext } from './context.js';

/** Seconds that frames may end before the file does, unless they are further apart: sound may go on for longer. */
const MISSING_SECONDS = 1;

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
  let last = 0;
  try {
    const input = { tools, path: file, maxPixels: CLI_LIMITS.maxPixels };
    const probed = await probe(tools, file);
    if (probed === null) throw new CheckFailure('undecodable', 'the file has no video track');
    for await (const { seconds, image } of decode(input, probed, [])) {
      if (output.closed) return;
      last = seconds;
      const { bits, quality } = hashFrame(image, kernel);
      await output.text(`${number},${quality},${hashToHex(bits)},${Math.max(0, seconds).toFixed(3)}`);
      output.progress(() => `${file}: frame ${number}`);
      number++;
    }
    // What ffmpeg says of a damaged file differs from format to format; how long it should be, all containers say.
    if (probed.durationSeconds - last > Math.max(MISSING_SECONDS, (2 * last) / number)) {
      const [ends, said] = [last, probed.durationSeconds].map((seconds) => seconds.toFixed(1));
      output.note(
        `${printable(file)}: the frames end at ${ends} s of ${said} s: unless only sound follows, the file is cut off or damaged`,
      );
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

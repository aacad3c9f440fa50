/**
 * Frames of a file through an installed ffmpeg, one at a time.
 * @module
 */
import { CheckFailure, type DecodedImage } from '../../scan/types.js';
import { readPam } from './pam.js';
import type { Probed } from './probe.js';
import { type FfmpegInput, type FfmpegTools, inputArguments, startTool } from './tools.js';

/** A frame with its own time. */
export interface TimedFrame {
  /** Presentation time in seconds from the file's start. */
  readonly seconds: number;
  readonly image: DecodedImage;
}

/** A file that ffmpeg reads. */
export interface FfmpegFile {
  readonly tools: FfmpegTools;
  readonly path: FfmpegInput;
  readonly maxPixels: number;
}

/**
 * Runs ffmpeg. What it could decode of a damaged file counts.
 * @param file - the file
 * @param probed - what ffprobe says of it
 * @param filters - of ffmpeg, which choose frames; none: every frame, in the order in which they are shown
 * @param seekSeconds - for the one frame that is shown then
 * @throws CheckFailure `undecodable` where it could decode nothing, `too-large`
 */
export async function* decode(
  { tools, path, maxPixels }: FfmpegFile,
  { mayHaveAlpha }: Probed,
  filters: readonly string[],
  seekSeconds?: number,
): AsyncGenerator<TimedFrame> {
  const times: number[] = [];
  const args = [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
    ...(seekSeconds === undefined ? [] : ['-ss', seekSeconds.toFixed(6)]),
    ...inputArguments(path),
    ...['-map', '0:V:0', '-an', '-sn', '-dn', '-fps_mode', 'passthrough'],
    ...(seekSeconds === undefined ? [] : ['-frames:v', '1']),
    ...['-vf', [...filters, 'showinfo=checksum=0'].join(',')],
    ...['-pix_fmt', 'rgba', '-c:v', 'pam', '-f', 'image2pipe', 'pipe:1'],
  ];
  const tool = startTool(tools.ffmpeg, args, (line) => {
    // Only the filter's own lines begin so; what the file says of itself is indented.
    const time = /^\[Parsed_showinfo_\d+ @ \S+\] n: *\d+ pts: *\S+ pts_time: *([-\d.]+)/.exec(line)?.[1];
    if (time !== undefined) times.push(Number(time));
  });
  let given = 0;
  try {
    for await (const image of readPam(tool.stdout, maxPixels, mayHaveAlpha)) {
      tool.pause();
      // The filter tells a frame's time before the encoder gives the frame, but through another pipe.
      for (let waits = 0; times.length <= given && waits < 100; waits++) await nextTurn();
      yield { seconds: times[given] ?? 0, image };
      given++;
      tool.alive();
    }
    const code = await tool.exit;
    if (given === 0 && (code !== 0 || seekSeconds === undefined))
      throw new CheckFailure('undecodable', 'ffmpeg could decode no frame');
  } finally {
    tool.stop();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((done) => setTimeout(done, 10));
}

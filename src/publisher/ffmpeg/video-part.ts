/**
 * The video part in Node: frames of a file through an installed ffmpeg, one at a time.
 *
 * Evenly spaced times come from one pass over the file, of which ffmpeg hands over the first frame of each stretch of time; times
 * far apart, or few, by seeking to each.
 * @module
 */
import type { VideoFrameImage, VideoPart, VideoSource } from '../../scan/video.js';
import { decode, type FfmpegFile } from './decode.js';
import { type Probed, probe } from './probe.js';

/** Times further apart are sought one by one: decoding what lies between costs more than starting anew. */
const MAX_PASS_STEP_SECONDS = 5;
/** So few times are sought one by one. */
const FEW_TIMES = 4;
/** Two steps this much alike are the same. */
const SAME_STEP_SECONDS = 1e-6;

/**
 * @param file - the file
 * @returns a part that opens this one file, or a part of it, whatever Blob it is given: ffmpeg reads it by its path
 */
export function ffmpegVideoPart(file: FfmpegFile): VideoPart {
  return {
    async open(_file, place): Promise<VideoSource | null> {
      const { path } = file;
      const input = place && typeof path === 'string' ? { ...file, path: { path, ...place } } : file;
      const probed = await probe(input.tools, input.path);
      return probed && new FfmpegSource(input, probed);
    },
  };
}

class FfmpegSource implements VideoSource {
  readonly durationSeconds: number;
  readonly codec: VideoSource['codec'];
  readonly width: number;
  readonly height: number;
  readonly #file: FfmpegFile;
  readonly #probed: Probed;
  #closed = false;

  constructor(file: FfmpegFile, probed: Probed) {
    this.#file = file;
    this.#probed = probed;
    this.durationSeconds = probed.durationSeconds;
    this.codec = probed.codec;
    this.width = probed.width;
    this.height = probed.height;
  }

  async *frames(timestamps: Iterable<number> | AsyncIterable<number>): AsyncGenerator<VideoFrameImage> {
    const times: number[] = [];
    for await (const time of timestamps) times.push(time);
    if (times.length === 0) return;
    const step = evenStep(times);
    if (step !== null && step <= MAX_PASS_STEP_SECONDS) yield* this.#pass(times, step);
    else yield* this.#seek(times);
  }

  close(): void {
    this.#closed = true;
  }

  /** The first frame of each stretch of `step` seconds; where a stretch has none, the one before is still shown. */
  async *#pass(times: readonly number[], step: number): AsyncGenerator<VideoFrameImage> {
    const [start] = times;
    const place = (t: string) => `floor((${t}-${start})/${step}+0.001)`;
    const select = `select='gte(t,${start}-0.001)*(isnan(prev_selected_t)+gt(${place('t')},${place('prev_selected_t')}))'`;
    let next = 0;
    let any = false;
    for await (const { seconds, image } of decode(this.#file, this.#probed, [select])) {
      if (this.#closed) return;
      const index = Math.min(times.length - 1, Math.floor((seconds - start) / step + 0.001));
      for (; next < index; next++) {
        if (any) yield { requested: times[next], timestamp: times[next], image: null };
      }
      if (index < next) continue;
      any = true;
      yield { requested: times[next], timestamp: seconds, image };
      next++;
    }
  }

  async *#seek(times: readonly number[]): AsyncGenerator<VideoFrameImage> {
    for (const requested of times) {
      if (this.#closed) return;
      for await (const { image } of decode(this.#file, this.#probed, [], requested)) {
        yield { requested, timestamp: requested, image };
        break;
      }
    }
  }
}

/** The step of evenly spaced times, or null. */
function evenStep(times: readonly number[]): number | null {
  if (times.length <= FEW_TIMES) return null;
  const step = (times[times.length - 1] - times[0]) / (times.length - 1);
  const isEven = times.every(
    (time, i) => Math.abs(time - times[0] - i * step) < SAME_STEP_SECONDS * times.length,
  );
  return isEven && step > 0 ? step : null;
}

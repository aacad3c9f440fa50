/**
 * Videos in Node, for the commands: the programs are looked for when the first video turns up, once.
 * @module
 */
import type { ScanParts } from '../../scan/parts.js';
import { PublisherError } from '../errors.js';
import { type FfmpegTools, findFfmpeg } from './tools.js';
import { ffmpegVideoPart } from './video-part.js';

/** Gives each file its video part. */
export class NodeVideos {
  readonly #ffmpeg: string | undefined;
  readonly #onMissing: (message: string) => void;
  #tools: Promise<FfmpegTools | null> | undefined;

  /**
   * @param ffmpeg - path of ffmpeg; default: on the PATH
   * @param onMissing - told once, in a sentence, if it is wanted and not there
   */
  constructor(ffmpeg: string | undefined, onMissing: (message: string) => void) {
    this.#ffmpeg = ffmpeg;
    this.#onMissing = onMissing;
  }

  /** @returns the programs, or null where they are not there */
  tools(): Promise<FfmpegTools | null> {
    this.#tools ??= findFfmpeg(this.#ffmpeg).catch((error: unknown) => {
      if (!(error instanceof PublisherError)) throw error;
      this.#onMissing(error.message);
      return null;
    });
    return this.#tools;
  }

  /**
   * @param path - of the file that will be scanned
   * @param maxPixels - of a frame
   * @returns the parts for its scan
   */
  partsFor(path: string, maxPixels: number): ScanParts {
    return {
      has: (name) => name === 'video',
      get: async (name) => {
        const tools = name === 'video' ? await this.tools() : null;
        return tools && (ffmpegVideoPart({ tools, path, maxPixels }) as never);
      },
    };
  }
}

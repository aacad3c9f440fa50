/**
 * The seam to whatever decodes videos: WebCodecs in a worker, another program in Node.
 * @module
 */
import type { DecodedImage } from './types.js';

/** A decoded frame. */
export interface VideoFrameImage {
  /** Presentation time in seconds from the video's start. */
  timestamp: number;
  /** The picture, upright: the container's rotation is applied. Its receiver closes it. */
  image: DecodedImage;
}

/** An opened video. */
export interface VideoSource {
  /** Of the video track: the end of its last frame. */
  readonly durationSeconds: number;
  /** Short lower-case name of the codec: `h264`, `vp9`, `av1`, …; a few characters, letters and digits only. */
  readonly codec: string;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * Decodes frames.
   * @param timestamps - seconds, rising; drawn as frames are wanted, so that what follows may depend on how fast it goes
   * @returns for each timestamp the frame shown at that time, none twice; a frame that can't be decoded is left out
   * @throws CheckFailure `unsupported` for a codec that can't be decoded here, `undecodable` where nothing can be
   */
  frames(timestamps: Iterable<number>): AsyncIterable<VideoFrameImage>;
  /**
   * @param timestamp - seconds
   * @returns the timestamp of the last key frame at or before it, or null where there is none. Absent where it is not known
   */
  keyFrameAt?(timestamp: number): Promise<number | null>;
  /** Frees the decoder. */
  close(): void;
}

/** What opens videos. */
export interface VideoPart {
  /**
   * @param file - of any size; read by ranges
   * @returns the video
   * @throws CheckFailure `undecodable` for what is no video, or has no picture
   */
  open(file: Blob): Promise<VideoSource>;
}

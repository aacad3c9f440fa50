/**
 * The seam to whatever decodes videos: WebCodecs in a worker, another program in Node.
 * @module
 */
import type { FilePart } from './embedded-video.js';
import type { GiveTurn } from './turns.js';
import type { DecodedImage } from './types.js';

/** What is shown at one of the times that were asked for. */
export interface VideoFrameImage {
  /** The time that was asked for, in seconds from the video's start. */
  requested: number;
  /** The frame's own presentation time, in seconds; `requested` where it is not known. */
  timestamp: number;
  /** The picture, upright: the container's rotation is applied. Its receiver closes it. Null: the frame before is still shown. */
  image: DecodedImage | null;
}

/** An opened video. */
export interface VideoSource {
  /** End of the last frame of the video track. */
  readonly durationSeconds: number;
  readonly codec: VideoCodecName;
  /** Of the upright picture, in pixels. */
  readonly width: number;
  readonly height: number;
  /** True where the file is known to end before its container says that the video does, and `durationSeconds` is of what is there. */
  readonly cutOff?: boolean;
  /**
   * Decodes frames.
   * @param timestamps - seconds, rising; drawn as frames are wanted, so that later ones may depend on how fast it goes
   * @returns for each timestamp, in order, what is shown then; one for which nothing can be decoded is left out
   * @throws CheckFailure `unsupported` for a codec that is not decoded here, `unreadable` for a file that changed meanwhile
   */
  frames(timestamps: Iterable<number> | AsyncIterable<number>): AsyncIterable<VideoFrameImage>;
  /**
   * @param timestamp - seconds
   * @returns the time of the last key frame at or before it, or null where there is none. Absent where it is not known
   */
  keyFrameAt?(timestamp: number): Promise<number | null>;
  /** For decoders that are fed by events of this thread: called often during long work. Absent where there is no need. */
  readonly giveTurn?: GiveTurn;
  /** Frees the decoder. */
  close(): void;
}

/** What opens videos. */
export interface VideoPart {
  /**
   * @param file - of any size; read by ranges
   * @param place - where it lies in the file that is scanned, if it is a part of one
   * @returns the video, or null for a file without a video track
   * @throws CheckFailure `unsupported` for a container that is not read here, `undecodable` for a damaged one, `unreadable`
   */
  open(file: Blob, place?: FilePart): Promise<VideoSource | null>;
}

/** Codecs that a coverage may name; a file can't put words of its own there. */
export const VIDEO_CODECS = [
  'h264',
  'hevc',
  'vp8',
  'vp9',
  'av1',
  'prores',
  'mpeg1',
  'mpeg2',
  'mpeg4',
  'mjpeg',
  'theora',
  'vc1',
  'other',
] as const;

/** Name of a codec. */
export type VideoCodecName = (typeof VIDEO_CODECS)[number];

/**
 * Opens videos with mediabunny: containers are read from the file by ranges, frames decoded by WebCodecs.
 * @module
 */
import {
  BlobSource,
  Input,
  type InputVideoTrack,
  Logging,
  LogLevel,
  MATROSKA,
  MP4,
  MPEG_TS,
  QTFF,
  type VideoSample,
  WEBM,
} from 'mediabunny';
import { CheckFailure } from '../scan/types.js';
import type { VideoFrameImage, VideoSource } from '../scan/video.js';
import { codecNameOf } from './codecs.js';
import { useKnownColorSpaces } from './color-space.js';
import { FrameCursor } from './frame-cursor.js';
import { FramePixels } from './frame-pixels.js';
import { TurnGiver } from './turn-giver.js';

/** Containers that are read. Playlists (HLS) are not among them: they name other files. */
const FORMATS = [MP4, QTFF, MATROSKA, WEBM, MPEG_TS];

/** Seconds that a file lacks from which it is called cut off: what containers say is rounded. */
const CUT_SECONDS = 1;

/** Bytes of the file kept in memory. */
const CACHE_BYTES = 8 * 1024 * 1024;

/**
 * @param file - of any size
 * @returns the video, or null for a file without a video track
 * @throws CheckFailure `unsupported` for another container, `undecodable` for a damaged one, `unreadable`
 */
export async function openVideo(file: Blob): Promise<VideoSource | null> {
  // Its messages would say something of the file on the console.
  Logging.level = LogLevel.Silent;
  useKnownColorSpaces();
  const source = new BlobSource(file, { maxCacheSize: CACHE_BYTES, handleUnhandledError: () => {} });
  const input = new Input({ formats: FORMATS, source });
  try {
    if (!(await input.canRead())) throw new CheckFailure('unsupported', 'the container is not read here');
    const track = await input.getPrimaryVideoTrack();
    if (track === null) {
      // A file of sound has tracks; one that is cut off before its index has none.
      if ((await input.getTracks()).length === 0) throw new CheckFailure('undecodable', 'no tracks');
      input.dispose();
      return null;
    }
    return await openTrack(input, track);
  } catch (error) {
    input.dispose();
    throw asCheckFailure(error);
  }
}

async function openTrack(input: Input, track: InputVideoTrack): Promise<VideoSource> {
  const [codec, width, height, first, end] = await Promise.all([
    codecNameOf(track),
    track.getDisplayWidth(),
    track.getDisplayHeight(),
    track.getFirstTimestamp(),
    track.computeDuration(),
  ]);
  const cutOff = await endsEarly(input, track, end);
  const cursor = new FrameCursor(track);
  const turns = new TurnGiver();
  return {
    codec,
    width,
    height,
    durationSeconds: Math.max(0, end - first),
    cutOff,
    async *frames(timestamps) {
      if (!(await track.canDecode())) throw new CheckFailure('unsupported', `${codec} is not decoded here`);
      yield* decode(cursor, timestamps, first);
    },
    async keyFrameAt(timestamp) {
      const key = await cursor.keyFrameAt(timestamp + first);
      return key === null ? null : Math.max(0, key - first);
    },
    giveTurn: turns.give,
    close() {
      turns.close();
      void cursor.close().catch(() => {});
      input.dispose();
    },
  };
}

/**
 * Matroska and WebM are readable as far as they go, and say at their start how long they are; MP4 lists frames that are not there.
 * @param end - of the last frame that is there
 */
async function endsEarly(input: Input, track: InputVideoTrack, end: number): Promise<boolean> {
  const declared = await track.getDurationFromMetadata();
  if (declared === null || declared - end < CUT_SECONDS) return false;
  // What is declared is of all tracks, and sound may go on for longer.
  return declared - (await input.computeDuration()) >= CUT_SECONDS;
}

/** A frame on its way. */
interface AskedFrame {
  requested: number;
  /** By the track's own clock. */
  time: number;
  sample: Promise<VideoSample | null>;
}

/**
 * Asks for a frame before it gives the one before it, so that the decoder is at work while that one is looked at.
 * @param cursor - of the track
 * @param timestamps - that are wanted
 * @param first - the track's first timestamp: the start of the video, as the caller counts
 */
async function* decode(
  cursor: FrameCursor,
  timestamps: Iterable<number> | AsyncIterable<number>,
  first: number,
): AsyncGenerator<VideoFrameImage, void, void> {
  const pixels = new FramePixels();
  const wanted = withNext(timestamps);
  let shown: number | undefined;
  /** The key frame behind which decoding failed: nothing that depends on it is tried again. */
  let failedKey: number | null | undefined;
  const ask = async (): Promise<AskedFrame | null> => {
    for (;;) {
      const { value, done } = await wanted.next();
      if (done) return null;
      const [requested, next] = value;
      const time = requested + first;
      if (failedKey !== undefined && (await cursor.keyFrameAt(time)) === failedKey) continue;
      const sample = cursor.frameAt(time, next === undefined ? undefined : next + first);
      // A failure may come before it is awaited.
      sample.catch(() => {});
      return { requested, time, sample };
    }
  };
  try {
    for (let asked = await ask(); asked !== null; ) {
      const { requested, time } = asked;
      let frame: VideoFrameImage | null = null;
      try {
        const sample = await asked.sample;
        if (sample !== null) {
          const { timestamp } = sample;
          const image = timestamp === shown ? null : await pixels.pictureOf(sample);
          shown = timestamp;
          failedKey = undefined;
          frame = { requested, timestamp: Math.max(0, timestamp - first), image };
        }
      } catch (error) {
        const failure = asCheckFailure(error);
        if (failure.reason === 'unreadable') throw failure;
        failedKey = await cursor.keyFrameAt(time).catch(() => null);
      }
      asked = await ask();
      if (frame !== null) yield frame;
    }
  } finally {
    // Whoever stops early does not wait for the frame that was asked for.
    await cursor.close();
  }
}

/** Each value with the one after it, drawn one ahead. */
async function* withNext(
  values: Iterable<number> | AsyncIterable<number>,
): AsyncGenerator<[number, number | undefined], void, void> {
  let last: number | undefined;
  for await (const value of values) {
    if (last !== undefined) yield [last, value];
    last = value;
  }
  if (last !== undefined) yield [last, undefined];
}

/** Names of the errors that a Blob gives whose file changed, vanished or may no longer be read. */
const READ_ERRORS = new Set(['NotReadableError', 'NotFoundError', 'SecurityError']);

function asCheckFailure(error: unknown): CheckFailure {
  if (error instanceof CheckFailure) return error;
  const name = (error as { name?: string } | null)?.name ?? '';
  const reason = READ_ERRORS.has(name) ? 'unreadable' : 'undecodable';
  return new CheckFailure(reason, 'the video could not be read', { cause: error });
}

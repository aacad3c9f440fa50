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
  WEBM,
} from 'mediabunny';
import { CheckFailure } from '../scan/types.js';
import type { VideoSource } from '../scan/video.js';
import { codecNameOf } from './codecs.js';
import { useKnownColorSpaces } from './color-space.js';
import { asCheckFailure, FramesAhead } from './frames-ahead.js';
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
  const ahead = new FramesAhead(track, first, width * height);
  const turns = new TurnGiver();
  return {
    codec,
    width,
    height,
    durationSeconds: Math.max(0, end - first),
    cutOff,
    async *frames(timestamps) {
      if (!(await track.canDecode())) throw new CheckFailure('unsupported', `${codec} is not decoded here`);
      yield* ahead.frames(timestamps);
    },
    keyFrameAt: (timestamp) => ahead.keyFrameAt(timestamp),
    giveTurn: turns.give,
    close() {
      turns.close();
      void ahead.close().catch(() => {});
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

/**
 * Frames that are decoded before they are wanted, by two decoders side by side where there is room for that.
 *
 * A decoder has one packet in work at a time where it is fed by events of this thread (src/scan/turns.ts), so two of them get more
 * done: each takes what lies behind every second key frame that a cursor would jump to. What they have decoded waits as pixels; decoders
 * themselves can hold few frames.
 * @module
 */

import type { InputVideoTrack } from 'mediabunny';
import { CheckFailure, type DecodedImage } from '../scan/types.js';
import type { VideoFrameImage } from '../scan/video.js';
import { FrameCursor } from './frame-cursor.js';
import { FramePixels, Rows } from './frame-pixels.js';

/**
 * What two decoders take: each may hold 40 decoded frames that nobody has asked for yet, so frames must not be larger than about
 * 1080p, and the device must be known to have gibibytes of memory to spare. Only Chromium tells.
 */
const TWO_LANES = { maxPixels: 2_500_000, leastDeviceGibibytes: 8 };

/** Frames that wait at most, and bytes that their pixels may take. */
const MOST_AHEAD = 10;
const AHEAD_BYTES = 40 * 1024 * 1024;

/** One decoder, and what it has to do, in order. */
interface Lane {
  readonly cursor: FrameCursor;
  tail: Promise<unknown>;
  /** Time of the frame that it gave last. */
  shown?: number;
  /** The key frame behind which decoding failed: nothing that depends on it is tried again. */
  failedKey?: number | null;
}

/** What is shown at a time; without an image where that is the frame before. */
interface Shown {
  timestamp: number;
  image: DecodedImage | null;
}

/** A frame on its way. Null: there is none. */
interface AskedFrame {
  requested: number;
  pixels: FramePixels;
  shown: Promise<Shown | null>;
}

/** See the module. */
export class FramesAhead {
  readonly #cursors: readonly FrameCursor[];
  readonly #first: number;

  /**
   * @param track - of the video
   * @param first - the track's first timestamp: the start of the video, as the caller counts
   * @param pixels - of a frame
   */
  constructor(track: InputVideoTrack, first: number, pixels: number) {
    const { deviceMemory = 0 } = (globalThis.navigator ?? {}) as { deviceMemory?: number };
    const isLarge = pixels > TWO_LANES.maxPixels || deviceMemory < TWO_LANES.leastDeviceGibibytes;
    this.#cursors = Array.from({ length: isLarge ? 1 : 2 }, () => new FrameCursor(track));
    this.#first = first;
  }

  /** @returns the time of the last key frame at or before, or null where there is none */
  async keyFrameAt(time: number): Promise<number | null> {
    const key = await this.#cursors[0].keyFrameAt(time + this.#first);
    return key === null ? null : Math.max(0, key - this.#first);
  }

  /** Frees the decoders; frames on their way are given up. */
  async close(): Promise<void> {
    await Promise.all(this.#cursors.map((cursor) => cursor.close()));
  }

  /**
   * @param timestamps - that are wanted, rising; drawn one after the other, up to {@link MOST_AHEAD} before they are answered
   * @throws CheckFailure `unreadable`
   */
  async *frames(
    timestamps: Iterable<number> | AsyncIterable<number>,
  ): AsyncGenerator<VideoFrameImage, void, void> {
    const lanes = this.#cursors.map((cursor) => ({ cursor, tail: Promise.resolve() }));
    const asked = new AskedFrames(lanes, withNext(timestamps), this.#first);
    try {
      for (let given = 0; ; ) {
        // Few at first: how long a frame takes decides which ones are wanted.
        await asked.fill(given + 2);
        const next = asked.take();
        if (next === undefined) return;
        const shown = await next.shown;
        await asked.fill(given + 1);
        if (shown !== null) {
          const timestamp = Math.max(0, shown.timestamp - this.#first);
          yield { requested: next.requested, timestamp, image: shown.image };
          given++;
        }
        asked.recycle(next);
      }
    } finally {
      // Whoever stops early does not wait for frames on their way.
      asked.stop();
      await this.close();
    }
  }
}

/** The frames on their way, in the order in which they are wanted. */
class AskedFrames {
  readonly #lanes: readonly Lane[];
  readonly #wanted: AsyncGenerator<[number, number | undefined], void, void>;
  readonly #first: number;
  readonly #queue: AskedFrame[] = [];
  /** Pixels that nobody needs any more; rows are made of one picture at a time. */
  readonly #free: FramePixels[] = [];
  readonly #rows = new Rows();
  #bytes = 0;
  #lane = 0;
  #lastTime: number | undefined;
  #isDrawn = false;
  #isStopped = false;

  constructor(
    lanes: readonly Lane[],
    wanted: AsyncGenerator<[number, number | undefined], void, void>,
    first: number,
  ) {
    this.#lanes = lanes;
    this.#wanted = wanted;
    this.#first = first;
  }

  /** Asks for further frames, until so many are on their way. */
  async fill(count: number): Promise<void> {
    const room = Math.max(1, Math.floor(AHEAD_BYTES / Math.max(1, this.#bytes)));
    while (!this.#isDrawn && this.#queue.length < Math.min(count, room, MOST_AHEAD)) await this.#ask();
  }

  take(): AskedFrame | undefined {
    return this.#queue.shift();
  }

  /** Takes a frame back that nobody looks at any more. */
  recycle({ pixels }: AskedFrame): void {
    this.#bytes = Math.max(this.#bytes, pixels.bytes);
    this.#free.push(pixels);
  }

  stop(): void {
    this.#isStopped = true;
  }

  async #ask(): Promise<void> {
    const { value, done } = await this.#wanted.next();
    if (done) {
      this.#isDrawn = true;
      return;
    }
    const [requested, following] = value;
    const time = requested + this.#first;
    const next = following === undefined ? undefined : following + this.#first;
    const { cursor } = this.#lanes[0];
    // What can't be read fails again where the frame is decoded.
    const key = await cursor.keyFrameAt(time).catch(() => null);
    const isJump =
      this.#lastTime !== undefined && (await cursor.isWorthAJump(this.#lastTime, time).catch(() => false));
    if (isJump) this.#lane = (this.#lane + 1) % this.#lanes.length;
    this.#lastTime = time;
    const lane = this.#lanes[this.#lane];
    const pixels = this.#free.pop() ?? new FramePixels(this.#rows);
    const shown = lane.tail.then(() => (this.#isStopped ? null : decode(lane, { time, next, key }, pixels)));
    lane.tail = shown.catch(() => {});
    this.#queue.push({ requested, pixels, shown });
  }
}

/** Decodes a frame. Times are the track's own. */
async function decode(
  lane: Lane,
  { time, next, key }: { time: number; next: number | undefined; key: number | null },
  pixels: FramePixels,
): Promise<Shown | null> {
  if (lane.failedKey !== undefined && key === lane.failedKey) return null;
  try {
    const sample = await lane.cursor.frameAt(time, next);
    if (sample === null) return null;
    const { timestamp } = sample;
    const image = timestamp === lane.shown ? null : await pixels.pictureOf(sample);
    lane.shown = timestamp;
    delete lane.failedKey;
    return { timestamp, image };
  } catch (error) {
    const failure = asCheckFailure(error);
    if (failure.reason === 'unreadable') throw failure;
    lane.failedKey = key;
    return null;
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

/** @returns why a video can't be looked at, whatever the reader or the decoder threw */
export function asCheckFailure(error: unknown): CheckFailure {
  if (error instanceof CheckFailure) return error;
  const name = (error as { name?: string } | null)?.name ?? '';
  const reason = READ_ERRORS.has(name) ? 'unreadable' : 'undecodable';
  return new CheckFailure(reason, 'the video could not be read', { cause: error });
}

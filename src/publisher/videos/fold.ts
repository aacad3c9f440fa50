/**
 * A video's frames as they are listed: without those that say too little, near-identical ones folded into one, and cut
 * into segments by time (docs/vpdq.md).
 * @module
 */
import { SEGMENTS } from '../../snapshot/video-table.js';

/** Frames at most so many bits apart are one. The query folds its neighbours by the same figure. */
export const FOLD_DISTANCE = 8;
/** Frames kept last that a new one is compared with: so the time stays linear in the frames, whatever they show. */
export const FOLD_WINDOW = 256;
/** No segment is shorter: a file that is sampled once a second can meet all of them. */
const LEAST_SEGMENT_SECONDS = 1;

const WORDS = 8;

/** A video's frames, ready for a section. */
export interface FoldedFrames {
  /** n x 32 bytes, PDQ hashes after 5.1 of the snapshot format. */
  readonly hashes: Uint8Array;
  /** The segment of each, 0 to 15. */
  readonly segments: Uint8Array;
}

/** Takes a video's frames in the order of time. */
export class FrameFolder {
  /** Kept hashes, 8 words each. */
  #words = new Uint32Array(64 * WORDS);
  /** Seconds of each kept frame. */
  #seconds: number[] = [];
  #first: number | undefined;
  #last = 0;
  /** A hash, as words and as bytes. */
  readonly #frame = new Uint32Array(WORDS);
  readonly #frameBytes = new Uint8Array(this.#frame.buffer);

  /** Frames kept. */
  get size(): number {
    return this.#seconds.length;
  }

  /**
   * Every frame of the file has its turn, so that its length is known.
   * @param seconds - time of the frame
   * @param hash - 32 bytes in the order of the hex digits, or null for a frame that isn't listed
   */
  add(seconds: number, hash: Uint8Array | null): void {
    this.#first ??= seconds;
    this.#last = Math.max(this.#last, seconds);
    if (hash === null) return;
    for (let i = 0; i < 32; i++) this.#frameBytes[i] = hash[31 - i];
    const count = this.#seconds.length;
    for (let kept = count - 1; kept >= Math.max(0, count - FOLD_WINDOW); kept--) {
      if (this.#isNear(kept)) return;
    }
    if ((count + 1) * WORDS > this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2);
      grown.set(this.#words);
      this.#words = grown;
    }
    this.#words.set(this.#frame, count * WORDS);
    this.#seconds.push(seconds);
  }

  /** @returns what is kept of the frames */
  finish(): FoldedFrames {
    const first = this.#first ?? 0;
    const length = this.#last - first;
    const count = Math.max(1, Math.min(SEGMENTS, Math.floor(length / LEAST_SEGMENT_SECONDS)));
    const segmentOf = (seconds: number) =>
      length === 0 ? 0 : Math.min(count - 1, Math.floor(((seconds - first) * count) / length));
    return {
      hashes: new Uint8Array(this.#words.buffer.slice(0, this.size * 32)),
      segments: Uint8Array.from(this.#seconds, segmentOf),
    };
  }

  #isNear(kept: number): boolean {
    let distance = 0;
    for (let i = 0, at = kept * WORDS; i < WORDS; i++, at++) {
      let bits = this.#words[at] ^ this.#frame[i];
      bits -= (bits >>> 1) & 0x55555555;
      bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
      distance += Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
      if (distance > FOLD_DISTANCE) return false;
    }
    return true;
  }
}

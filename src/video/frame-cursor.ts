/**
 * Walks from frame to frame of a track, the cheaper way: on through the frames between, or by a jump to a key frame.
 *
 * A decoder can begin at key frames only. Frames that lie close together are taken from one pass over everything between;
 * one that stands alone is decoded from its key frame, and nothing after it.
 * @module
 */
import { EncodedPacketSink, type InputVideoTrack, type VideoSample, VideoSampleSink } from 'mediabunny';

/** Seconds that are walked through rather than jumped over: setting up a decoder takes about as long. */
const WALK_SECONDS = 0.4;

/** Timestamps are multiples of a microsecond at best. */
const EPSILON = 1e-6;

/** A pass over all frames from one on. */
interface Pass {
  frames: AsyncGenerator<VideoSample, void, unknown>;
  current: VideoSample | null;
  ahead: VideoSample | null;
  /** True once nobody walks on. */
  ended: boolean;
}

/** See the module. Times are the track's own, in seconds. */
export class FrameCursor {
  readonly #samples: VideoSampleSink;
  readonly #packets: EncodedPacketSink;
  #pass: Pass | null = null;
  /** A frame that stood alone. */
  #single: VideoSample | null = null;
  /** How often the cursor was closed: a frame that is on its way belongs to nobody then. */
  #closings = 0;

  constructor(track: InputVideoTrack) {
    this.#samples = new VideoSampleSink(track);
    this.#packets = new EncodedPacketSink(track);
  }

  /** @returns the time of the last key frame at or before, by the container's index; null where there is none */
  async keyFrameAt(time: number): Promise<number | null> {
    const packet = await this.#packets.getKeyPacket(time + EPSILON, { metadataOnly: true });
    return packet?.timestamp ?? null;
  }

  /**
   * @param time - of the frame that is wanted; never before the last one
   * @param next - of the one after it, if that is known
   * @returns the frame shown then, valid until the next call; null if there is none, or if the cursor was closed meanwhile
   * @throws whatever the decoder throws; the cursor can go on with a later frame
   */
  async frameAt(time: number, next: number | undefined): Promise<VideoSample | null> {
    const closings = this.#closings;
    const pass = this.#pass;
    if (pass !== null && !(await this.isWorthAJump(this.#position, time))) return this.#walkTo(pass, time);
    // Whoever closed it may be using it again.
    if (closings !== this.#closings) return null;
    await this.#end();
    const isPass = next !== undefined && !(await this.isWorthAJump(time, next));
    if (closings !== this.#closings) return null;
    if (isPass) {
      const frames = this.#samples.samples(time);
      this.#pass = { frames, current: null, ahead: null, ended: false };
      return this.#walkTo(this.#pass, time);
    }
    const single = await this.#samples.getSample(time + EPSILON);
    if (closings !== this.#closings) {
      single?.close();
      return null;
    }
    this.#single = single;
    return single;
  }

  /** Frees what is being decoded, also for a frame that is on its way. The cursor can go on anywhere. */
  close(): Promise<void> {
    this.#closings++;
    return this.#end();
  }

  get #position(): number {
    return this.#pass?.ahead?.timestamp ?? this.#pass?.current?.timestamp ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a key frame lies so far behind `from` that beginning there saves work on the way to `to`. */
  async isWorthAJump(from: number, to: number): Promise<boolean> {
    if (to - from <= WALK_SECONDS) return false;
    const key = await this.keyFrameAt(to);
    return key !== null && key - from > WALK_SECONDS;
  }

  async #walkTo(pass: Pass, time: number): Promise<VideoSample | null> {
    try {
      pass.ahead ??= await nextOf(pass);
      while (pass.ahead !== null && (pass.current === null || pass.ahead.timestamp <= time + EPSILON)) {
        pass.current?.close();
        pass.current = pass.ahead;
        pass.ahead = null;
        pass.ahead = await nextOf(pass);
      }
      return pass.ended ? null : pass.current;
    } catch (error) {
      if (this.#pass === pass) await this.#end();
      throw error;
    }
  }

  async #end(): Promise<void> {
    const pass = this.#pass;
    this.#pass = null;
    this.#single?.close();
    this.#single = null;
    if (pass === null) return;
    pass.ended = true;
    pass.current?.close();
    pass.ahead?.close();
    await pass.frames.return();
  }
}

async function nextOf(pass: Pass): Promise<VideoSample | null> {
  if (pass.ended) return null;
  const { value, done } = await pass.frames.next();
  if (done) return null;
  if (!pass.ended) return value;
  value.close();
  return null;
}

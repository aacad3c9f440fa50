/**
 * An animation's frames, from whatever decodes them.
 * @module
 */
import type { DecodedImage } from '../types.js';

/** The frames of one file, asked for one at a time. */
export interface AnimationFrames {
  /** Frames there are, as far as this source can tell without decoding them; a file may lie about it. */
  readonly count: number;
  /** True where the file says it has frames beyond `count`, or ends within one. */
  readonly cut: boolean;
  /**
   * @param index - of the frame, from 0; rises from call to call
   * @returns the frame as a viewer shows it, over the frames before it; valid until the next call
   * @throws where the frame can't be decoded
   */
  frame(index: number): Promise<DecodedImage>;
  /** Frees what is held. */
  close(): void;
}

/** One frame cut out of an animation, as a file of its own that any decoder of still pictures takes. */
export interface StillFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** What becomes of the frame's area before the next one: it stays, is cleared, or is put back as it was. */
  after: 'keep' | 'clear' | 'restore';
  /** Drawn over what is there, or in place of it, transparent pixels included. */
  blend: 'over' | 'replace';
  /** Makes the file. */
  file(): Uint8Array<ArrayBuffer>;
}

/** An animation cut into stills. */
export interface StillFrames {
  /** Of the whole picture, in pixels. */
  width: number;
  height: number;
  frames: StillFrame[];
  /** As of {@link AnimationFrames}. */
  cut: boolean;
}

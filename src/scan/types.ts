/**
 * The seams of the pipeline: what it is given, so that it runs the same in a worker and in Node.
 * @module
 */
import type { PdqKernel } from '../kernels/types.js';
import type { VariantKernel } from '../kernels/variants-types.js';
import type { Limits } from '../limits.js';
import type { InconclusiveReason } from '../outcome.js';
import type { Policy } from '../policy.js';
import type { AnimationFrames } from './animation/types.js';
import type { OpenedList } from './lists.js';
import type { ScanParts } from './parts.js';
import type { SearchPreset } from './search-plan.js';
import type { FileType } from './sniff.js';

/** A decoded, upright picture whose pixels are read in strips. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  /** False where the format can't be transparent. */
  readonly mayHaveAlpha: boolean;
  /** True where red, green and blue of each pixel are known to be the same. */
  readonly isGrey?: boolean;
  /**
   * @param y - first row
   * @param count - rows; `y + count <= height`
   * @returns `count` rows of RGBA bytes, row-major, not premultiplied; valid until the next call
   */
  readRows(y: number, count: number): Uint8Array | Uint8ClampedArray;
  /** Frees the pixels. */
  close(): void;
}

/** Decodes pictures: profiles ignored, EXIF orientation applied. */
export interface ImageDecoder {
  /**
   * @param file - the picture
   * @param type - what the sniffer says of it
   * @throws CheckFailure with the reason why the picture can't be looked at
   */
  decode(file: Blob, type: FileType): Promise<DecodedImage>;
  /**
   * Opens an animation with a decoder of animations, where the platform has one. Absent or null: it has none for this type.
   * @param file - the animation; it may be kept in memory as a whole
   * @param type - what the sniffer says of it
   * @throws where the file can't be decoded
   */
  openAnimation?(file: Blob, type: FileType): Promise<AnimationFrames | null>;
}

/** Why a check that was owed could not run. Caught by the pipeline; never leaves it. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  readonly reason: InconclusiveReason;
  /** True if some of the check was done all the same. */
  readonly partly: boolean;

  constructor(reason: InconclusiveReason, message: string, options?: { cause?: unknown; partly?: boolean }) {
    super(message, options);
    this.reason = reason;
    this.partly = options?.partly ?? false;
  }

  /** A part is bundled on its own, with a class of its own: failures are known by their name. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === 'CheckFailure';
  }
}

/** What a scan works with. */
export interface ScanContext {
  lists: readonly OpenedList[];
  /** True if a list that the host asked for could not be had. */
  listsMissing?: boolean;
  kernel: PdqKernel;
  variants: VariantKernel;
  search: SearchPreset;
  decoder: ImageDecoder;
  /** Absent: none. */
  parts?: ScanParts;
  policy: Policy;
  limits: Limits;
  labels: boolean;
}

/** What belongs to one scan. */
export interface ScanRun {
  /** Unix time in seconds. */
  nowSeconds: number;
  /** Time left before whoever asked gives up. Absent: no end. */
  remainingMs?(): number;
  /** True once the scan should end. */
  isCancelled(): boolean;
  /** Told 0 to 1, never falling. */
  onProgress(fraction: number): void;
  /** Told once, where the file is a video, of its length in whole seconds; `remainingMs` may grow by it. */
  onVideoLength?(seconds: number): void;
}

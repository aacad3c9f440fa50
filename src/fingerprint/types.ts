/**
 * What a fingerprint is, and how making one can fail.
 * @module
 */

/** Why a picture or a video has no perceptual hash; its digests are there all the same. */
export type MissingReason =
  | 'not-a-picture'
  | 'unsupported'
  | 'undecodable'
  | 'too-large'
  | 'readback-blocked'
  | 'part-missing';

/**
 * A remark on the perceptual hash.
 *
 * - `low-detail`: a quality below 50; a list should not take this hash in, since it would match innocent pictures.
 * - `first-frame`: of an animation, its first frame was hashed.
 * - `on-white`: a transparent picture was hashed on white.
 * - `cut-off`: the file ends before its format says that it does; what the platform shows of it was hashed. Of a video: its end is not there
 *   or could not be decoded.
 * - `frames-missing`: some frames of the video could not be decoded, though later ones could.
 */
export type FingerprintNote = 'low-detail' | 'first-frame' | 'on-white' | 'cut-off' | 'frames-missing';

/** A PDQ hash. */
export interface PdqFingerprint {
  /** 64 lower-case hex digits. */
  hash: string;
  /** 0 to 100. */
  quality: number;
}

/** The PDQ hash of one frame. */
export interface FrameFingerprint extends PdqFingerprint {
  /** Seconds from the video's start. */
  timestamp: number;
}

/** What tells a file and its copies from others. It is made on this device and sent nowhere. */
export interface Fingerprint {
  /** Short lower-case name, told from the bytes: `jpeg`, `mp4`, …; `unknown`. */
  type: string;
  /** Length of the file in bytes. */
  bytes: number;
  /** 32, 40 and 64 lower-case hex digits. */
  md5: string;
  sha1: string;
  sha256: string;
  /** Of the upright picture; null for anything else. */
  pdq: PdqFingerprint | null;
  /** A frame of each second (vPDQ); null for anything but a video. */
  vpdq: FrameFingerprint[] | null;
  /** Why there is neither; absent where there is one. */
  missing?: MissingReason;
  notes: FingerprintNote[];
}

/**
 * Closed union of {@link FingerprintError} codes.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-argument` | a file or an option of the wrong type or value |
 * | `unreadable` | the file can't be read: moved, changed, or no longer permitted |
 * | `too-large` | the file is larger than `maxFileBytes` |
 * | `timeout` | it took longer than `timeoutMs` |
 * | `aborted` | the signal said so |
 * | `worker-unavailable` | the worker could not be started |
 * | `worker-lost` | the worker died of it |
 */
export type FingerprintErrorCode =
  | 'invalid-argument'
  | 'unreadable'
  | 'too-large'
  | 'timeout'
  | 'aborted'
  | 'worker-unavailable'
  | 'worker-lost';

/** Thrown where no fingerprint could be made. */
export class FingerprintError extends Error {
  override readonly name = 'FingerprintError';
  readonly code: FingerprintErrorCode;

  constructor(code: FingerprintErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

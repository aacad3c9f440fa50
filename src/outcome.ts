/**
 * The outcome of a scan: all that ever leaves the worker.
 *
 * Nothing here says which digest matched, how near a perceptual match was, or where in the picture it was
 * found. `no-known-match` means "not on the loaded lists", never "safe".
 * @module
 */
import type { VideoCodecName } from './scan/video.js';

/** What the scan found. */
export type Verdict = 'match' | 'no-known-match' | 'inconclusive';

/** What the host's policy asks the host to do. */
export type Action = 'block' | 'ask' | 'allow';

/**
 * How a file matched an entry of a list.
 *
 * - `exact`: its SHA-256 is listed.
 * - `exact-weak`: only its MD5 or SHA-1 is listed; collisions of these can be manufactured.
 * - `perceptual`: its PDQ hash is near a listed one. A strong hint, not a proof.
 */
export type MatchSignal = 'exact' | 'exact-weak' | 'perceptual';

/** One list that the file matched. */
export interface Match {
  /** Name of the list. */
  list: string;
  signal: MatchSignal;
  /** Category given by the list's publisher; present only when the host asked for labels. */
  label?: string;
}

/** Why a scan could not give an answer. */
export type InconclusiveReason =
  | 'no-list'
  | 'list-expired'
  | 'unsupported'
  | 'undecodable'
  | 'unreadable'
  | 'too-large'
  | 'readback-blocked'
  | 'timeout'
  | 'busy'
  | 'worker-lost'
  | 'aborted';

/**
 * A remark on what was looked at.
 *
 * - `low-detail`: too little detail for a perceptual comparison (PDQ quality below 50).
 * - `animation-cut`: frames of an animation, or further pictures of a HEIC file, were left out: beyond a limit, damaged, or
 *   no decoder for them here.
 * - `picture-cut`: the file ends before its picture does; what is there was compared.
 * - `motion-unchecked`: the video inside a motion photo was not looked at: no part for videos, or it can't be decoded here.
 * - `perceptual-unchecked`: a perceptual check was owed and could not run.
 * - `not-checked`: no check ran at all.
 * - `list-expired`: a list's approval has expired; the policy says whether it was used (`policy.onExpiredList`).
 * - `list-missing`: a list that the host asked for has not arrived yet.
 * - `frames-sampled`: fewer frames of a video were compared than one a second (`limits.maxFrames`, or time ran short).
 * - `frames-missing`: some frames of a video could not be decoded: it is cut off or damaged.
 * - `part-missing`: a part that the host declared and the file called for could not be loaded, or not in time.
 */
export type CoverageNote =
  | 'low-detail'
  | 'animation-cut'
  | 'picture-cut'
  | 'motion-unchecked'
  | 'perceptual-unchecked'
  | 'not-checked'
  | 'list-expired'
  | 'list-missing'
  | 'part-missing'
  | 'frames-sampled'
  | 'frames-missing';

/** How much of a video was looked at. */
export interface VideoCoverage {
  /** Frames that were compared. */
  frames: number;
  /** Its length, rounded up to whole seconds. */
  seconds: number;
  /** Also where it can't be decoded here. */
  codec: VideoCodecName;
}

/** How much of what the file owed was looked at. */
export interface Coverage {
  /**
   * - `all`: every check that the file's type and the loaded lists call for.
   * - `digests-only`: the file is not a picture, or no list has perceptual hashes: only exact digests.
   * - `partial`: something owed was not looked at; `notes` say what.
   */
  complete: 'all' | 'partial' | 'digests-only';
  notes: CoverageNote[];
  /** Present for videos that could be opened, also for one inside a motion photo. */
  video?: VideoCoverage;
}

/** A list that the scan used. */
export interface ListInUse {
  name: string;
  version: number;
  /** Seconds since the list was built, by this device's clock; never negative. */
  ageSeconds: number;
  /** Present and true for the demo list of harmless photos. */
  demo?: true;
}

/** The result of one scan. */
export interface Outcome {
  verdict: Verdict;
  action: Action;
  /** Empty unless `verdict` is `match`; one entry for each list, signal and (if asked for) label. */
  matches: Match[];
  /** Present only when `verdict` is `inconclusive`. */
  reason?: InconclusiveReason;
  coverage: Coverage;
  lists: ListInUse[];
  /** A random number to name in an appeal; only on a match, and only if the host asked for it (`appeals: true`). */
  appeal?: string;
}

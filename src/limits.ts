/**
 * Every limit of the client, in one place, the unit in its name.
 * @module
 */

/** Limits of a scanner. All are inclusive. */
export interface Limits {
  /** Larger files are `inconclusive: too-large`, unread. */
  maxFileBytes: number;
  /** Pictures with more pixels are `inconclusive: too-large`, undecoded. At most 67,239,936 (see docs/architecture.md). */
  maxPixels: number;
  /** Frames of an animation that are looked at, spread over its whole length. */
  maxAnimationFrames: number;
  /** Of larger animations only the first frame is looked at: the others need the whole file in memory. */
  maxAnimationBytes: number;
  /** Time for one scan, from its turn in the queue. */
  scanTimeoutMs: number;
  /** Added to `scanTimeoutMs` for every mebibyte of the file. */
  scanTimeoutMsPerMebibyte: number;
  /** Scans that may wait; one more is `inconclusive: busy`. */
  maxQueuedScans: number;
  /** Time for a worker to start and answer its first ping, and then to open the lists. */
  workerStartTimeoutMs: number;
  /** Time from the scanner's start that scans wait for signed lists of which none is stored yet. */
  firstListTimeoutMs: number;
  /** Time that `update()` waits for an update's end; the update itself goes on. */
  updateTimeoutMs: number;
  /** How often the worker that fetches signed lists is asked whether it still answers; each answer has `workerStartTimeoutMs`. */
  watchdogIntervalMs: number;
  /** Time that an aborted scan may still occupy the worker before the worker is replaced. */
  abortGraceMs: number;
}

/** The limits in force where the host sets none. */
export const DEFAULT_LIMITS: Readonly<Limits> = Object.freeze({
  maxFileBytes: 8 * 1024 ** 3,
  maxPixels: 64 * 1024 ** 2,
  maxAnimationFrames: 512,
  maxAnimationBytes: 256 * 1024 ** 2,
  scanTimeoutMs: 30_000,
  scanTimeoutMsPerMebibyte: 50,
  maxQueuedScans: 256,
  workerStartTimeoutMs: 30_000,
  firstListTimeoutMs: 15_000,
  updateTimeoutMs: 120_000,
  watchdogIntervalMs: 60_000,
  abortGraceMs: 1_000,
});

/**
 * When to update next. Pure: chance is passed in.
 * @module
 */

/** Interval where a repository sets none: 15 minutes. */
export const DEFAULT_POLL_SECONDS = 900;
/** A repository can't ask for more frequent polls than one a minute … */
export const MIN_POLL_SECONDS = 60;
/** … nor for rarer ones than one a day. */
export const MAX_POLL_SECONDS = 86_400;

const FIRST_RETRY_SECONDS = 60;
const MAX_RETRY_SECONDS = 3600;

/** What {@link nextUpdateDelayMs} goes by. */
export interface ScheduleInput {
  /** `pollSeconds` of the trusted timestamp (docs/list-repository.md, 3.5). */
  readonly pollSeconds?: number | undefined;
  /** Updates that failed since the last one that succeeded. */
  readonly failures: number;
  /** A random number from 0 up to, but not including, 1. */
  readonly random: number;
}

/**
 * The interval, a fifth more or less. After a failure: 1, 2, 4, … minutes up to the longer of an hour and the interval,
 * spread over the upper half, so that clients that failed together don't come back together.
 * @param input - interval, failures, chance
 * @returns milliseconds until the next update
 */
export function nextUpdateDelayMs({ pollSeconds, failures, random }: ScheduleInput): number {
  const wanted = pollSeconds ?? DEFAULT_POLL_SECONDS;
  const interval = Math.min(MAX_POLL_SECONDS, Math.max(MIN_POLL_SECONDS, wanted));
  if (failures <= 0) return Math.round(interval * (0.8 + 0.4 * random) * 1000);
  const longest = Math.max(MAX_RETRY_SECONDS, interval);
  const backOff = Math.min(longest, FIRST_RETRY_SECONDS * 2 ** Math.min(failures - 1, 30));
  return Math.round(backOff * (0.5 + 0.5 * random) * 1000);
}

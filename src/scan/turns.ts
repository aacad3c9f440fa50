/**
 * Long work in steps, between which the thread handles its other events.
 *
 * A decoder of videos that belongs to a worker is fed by events of that worker: Chromium gives it one packet after the other, each from an
 * event that the last one caused. While the worker hashes a frame in one go, the decoder stands still, however many packets wait
 * (docs/video.md has the measurement).
 * @module
 */

/** Work that may be interrupted wherever it yields. Nothing happens until it is run. */
export type Steps<T> = Generator<void, T, void>;

/** Lets a thread's other events have a turn; settles afterwards. */
export type GiveTurn = () => Promise<void>;

/** Milliseconds of work between two turns: a decoder takes one to two for a frame of 1080p. */
const TURN_MS = 0.5;

/**
 * @param steps - work
 * @returns its result, without a break
 */
export function inOneGo<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/**
 * @param steps - work
 * @param giveTurn - called now and then; without it the work is done in one go
 * @returns its result
 */
export async function inTurns<T>(steps: Steps<T>, giveTurn?: GiveTurn): Promise<T> {
  if (giveTurn === undefined) return inOneGo(steps);
  for (let since = performance.now(); ; ) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - since < TURN_MS) continue;
    await giveTurn();
    since = performance.now();
  }
}

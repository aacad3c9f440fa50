/**
 * Which frames of a video are looked at: pure, a window of time for each frame.
 *
 * One frame a second, as vPDQ does, at least {@link MIN_FRAMES} of a short clip, and never more than the limit; then they
 * are spread over the whole length. The first and the last second always have one. Any frame of a window will do, so a
 * source can take one that is cheap to decode: a key frame.
 * @module
 */

/** Frames of a clip too short to have them at one a second. */
export const MIN_FRAMES = 10;

/** A stretch of a video of which one frame is looked at, in seconds: `from` belongs to it, `to` does not. */
export interface FrameWindow {
  readonly from: number;
  readonly to: number;
}

/**
 * @param durationSeconds - length of the video
 * @param maxFrames - most windows
 * @returns windows in order, none overlapping; the first within the first second, the last within the last
 */
export function chooseWindows(durationSeconds: number, maxFrames: number): FrameWindow[] {
  const duration = Number.isFinite(durationSeconds) ? Math.max(0, durationSeconds) : 0;
  const most = Math.max(1, Math.floor(maxFrames));
  const atOneASecond = Math.ceil(duration);
  const count = Math.min(Math.max(MIN_FRAMES, atOneASecond), most);
  if (duration === 0 || count === 1) return [{ from: 0, to: Math.min(1, duration) }];
  // At one a second they begin at whole seconds; otherwise they share the length evenly.
  let last = count - 1;
  if (count < atOneASecond) last = Math.max(0, duration - 1);
  else if (count > atOneASecond) last = duration * (1 - 1 / count);
  const step = last / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    const from = i * step;
    const end = i === count - 1 ? duration : (i + 1) * step;
    return { from, to: i === 0 ? Math.min(end, 1) : end };
  });
}

/**
 * The next window when time is short: as many windows in one as it takes to reach the end with what is affordable.
 * @param windows - all of them
 * @param at - index of the next one
 * @param affordable - frames that there is still time for; 0 or less for none
 * @returns the window, and the index behind it; null at the end or where nothing is affordable
 */
export function nextWindow(
  windows: readonly FrameWindow[],
  at: number,
  affordable: number,
): { window: FrameWindow; next: number } | null {
  if (at >= windows.length || !(affordable >= 1)) return null;
  const left = windows.length - at;
  // The last window stays one of its own: the end is looked at before the middle is looked at closely.
  if (left === 1 || affordable >= left) return { window: windows[at], next: at + 1 };
  if (affordable < 2) return { window: windows[windows.length - 1], next: windows.length };
  const stride = Math.ceil((left - 1) / (Math.floor(affordable) - 1));
  const next = Math.min(at + stride, windows.length - 1);
  return { window: { from: windows[at].from, to: windows[next - 1].to }, next };
}

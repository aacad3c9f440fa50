import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseWindows, MIN_FRAMES, nextWindow } from '../../src/scan/frame-choice.js';

const duration = fc.double({ min: 0.04, max: 200_000, noNaN: true });
const maxFrames = fc.integer({ min: 2, max: 5000 });

describe('the windows of a video', () => {
  it('are one a second, at least ten, at most the limit, in order, within the video', () => {
    fc.assert(
      fc.property(duration, maxFrames, (seconds, most) => {
        const windows = chooseWindows(seconds, most);
        expect(windows).toHaveLength(Math.min(Math.max(MIN_FRAMES, Math.ceil(seconds)), most));
        let end = 0;
        for (const { from, to } of windows) {
          expect(from).toBeGreaterThanOrEqual(end - 1e-6);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(seconds);
      }),
    );
  });

  it('always have the first and the last second', () => {
    fc.assert(
      fc.property(duration, maxFrames, (seconds, most) => {
        const windows = chooseWindows(seconds, most);
        expect(windows[0].from).toBe(0);
        expect(windows[0].to).toBeLessThanOrEqual(1);
        const last = windows[windows.length - 1];
        expect(last.from).toBeGreaterThanOrEqual(seconds - 1 - 1e-6);
      }),
    );
  });

  it('lie evenly: no gap between starts is longer than it must be', () => {
    fc.assert(
      fc.property(duration, maxFrames, (seconds, most) => {
        const starts = chooseWindows(seconds, most).map(({ from }) => from);
        const gaps = starts.slice(1).map((start, i) => start - starts[i]);
        expect(Math.max(...gaps)).toBeLessThanOrEqual(Math.max(1, seconds / (starts.length - 1)) + 1e-6);
      }),
    );
  });

  it('are known for odd videos', () => {
    expect(chooseWindows(0, 100)).toEqual([{ from: 0, to: 0 }]);
    expect(chooseWindows(Number.NaN, 100)).toHaveLength(1);
    expect(chooseWindows(60, 1)).toEqual([{ from: 0, to: 1 }]);
    expect(chooseWindows(22.4, 3600).map(({ from }) => from)).toEqual(
      Array.from({ length: 23 }, (_, i) => i),
    );
    expect(chooseWindows(1, 3600).map(({ from }) => from)).toEqual(
      [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9].map((x) => expect.closeTo(x, 9)),
    );
    expect(chooseWindows(36_000, 3600)).toHaveLength(3600);
  });
});

describe('when time is short', () => {
  it('what is affordable reaches the end, the last window always among it', () => {
    fc.assert(
      fc.property(
        duration,
        maxFrames,
        fc.double({ min: 2, max: 6000, noNaN: true }),
        (seconds, most, affordable) => {
          const windows = chooseWindows(seconds, most);
          let left = affordable;
          let at = 0;
          let count = 0;
          let from = -1;
          for (;;) {
            const step = nextWindow(windows, at, left);
            if (step === null) break;
            expect(step.next).toBeGreaterThan(at);
            expect(step.window.from).toBeGreaterThan(from);
            from = step.window.from;
            at = step.next;
            count++;
            left--;
          }
          expect(at).toBe(windows.length);
          expect(from).toBe(windows[windows.length - 1].from);
          expect(count).toBeLessThanOrEqual(Math.max(2, affordable));
        },
      ),
    );
  });

  it('all windows are taken where all are affordable, and none where nothing is', () => {
    const windows = chooseWindows(30, 100);
    expect(nextWindow(windows, 3, Number.POSITIVE_INFINITY)).toEqual({ window: windows[3], next: 4 });
    expect(nextWindow(windows, 3, 27)).toEqual({ window: windows[3], next: 4 });
    expect(nextWindow(windows, 3, 0.5)).toBeNull();
    expect(nextWindow(windows, 3, 1)).toEqual({ window: windows[29], next: 30 });
    expect(nextWindow(windows, 30, 10)).toBeNull();
  });
});

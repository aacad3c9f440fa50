import { describe, expect, it } from 'vitest';
import type { CoverageNote } from '../../src/outcome.js';
import { type ScanParts, takePart } from '../../src/scan/parts.js';
import type { VideoPart } from '../../src/scan/video.js';

const video: VideoPart = { open: () => Promise.reject(new Error('none')) };
const partsOf = (part: Promise<VideoPart | null>): ScanParts => ({
  has: () => true,
  get: () => part as Promise<never>,
});

describe('a scan that needs a part', () => {
  it('gets it, also where it is still loading', async () => {
    const notes: CoverageNote[] = [];
    const later = new Promise<VideoPart>((resolve) => setTimeout(() => resolve(video), 20));
    expect(await takePart('video', partsOf(later), 10_000, notes)).toBe(video);
    expect(await takePart('video', partsOf(Promise.resolve(video)), Number.POSITIVE_INFINITY, notes)).toBe(
      video,
    );
    expect(notes).toEqual([]);
  });

  it('goes on without one that failed, or does not come within half of its time, and notes it once', async () => {
    const notes: CoverageNote[] = [];
    const start = performance.now();
    expect(await takePart('video', partsOf(new Promise(() => {})), 1000, notes)).toBeNull();
    expect(performance.now() - start).toBeLessThan(1000);
    expect(await takePart('video', partsOf(Promise.resolve(null)), 100, notes)).toBeNull();
    expect(notes).toEqual(['part-missing']);
  });

  it('says nothing of one that was never declared', async () => {
    const notes: CoverageNote[] = [];
    expect(await takePart('video', undefined, 100, notes)).toBeNull();
    const none: ScanParts = { has: () => false, get: () => Promise.reject(new Error('not asked')) };
    expect(await takePart('video', none, 100, notes)).toBeNull();
    expect(notes).toEqual([]);
  });
});

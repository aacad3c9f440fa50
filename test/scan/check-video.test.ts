import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.js';
import type { Outcome } from '../../src/outcome.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { openList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { sniff } from '../../src/scan/sniff.js';
import { CheckFailure, type DecodedImage, type ScanRun } from '../../src/scan/types.js';
import type { VideoFrameImage, VideoSource } from '../../src/scan/video.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { flipBits } from '../snapshot/queries.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';

type Photo = Parameters<typeof stdlibPhoto>[0];

/** Its entry is 34 bits away by the estimate: near enough for a picture, but not for one frame. */
const ALIKE: Photo = 'locomotion-house-cat';
const ALIKE_SKETCH_BITS = 17;

/** A file that the sniffer takes for an MP4. */
const MP4 = new Blob([Uint8Array.from([0, 0, 0, 16, ...new TextEncoder().encode('ftypisom'), 0, 0, 2, 0])]);

let kernel: PdqKernel;
let variants: VariantKernel;
let boats: Uint8Array;

beforeAll(async () => {
  kernel = await createPdqKernel();
  variants = await createVariantKernel();
  const hash = await hashPhoto(stdlibPhoto('nagasaki-boats'));
  const { layout, keyBits, sketchBits } = defaultParameters({ capacity: 4096, salt: new Uint8Array(16) });
  const { sketch } = bitPositions(layout, keyBits, sketchBits);
  const alike = flipBits((await hashPhoto(stdlibPhoto(ALIKE))).bits, [...sketch.slice(0, ALIKE_SKETCH_BITS)]);
  boats = makeList({
    name: 'boats',
    hashes: {
      pdq: [
        { hash: hashToHex(hash.bits), label: 'a' },
        { hash: hashToHex(alike), label: 'b' },
      ],
    },
    pdqDecoys: 2000,
  });
});

/** What a made-up video shows from a time on. */
interface Scene {
  from: number;
  photo: Photo | 'grey';
}

/** A video of photos, with the timestamps that it was asked for. */
class MadeUpVideo implements VideoSource {
  readonly codec = 'h264';
  readonly width = 640;
  readonly height = 480;
  readonly asked: number[] = [];
  closed = false;
  openImages = 0;
  readonly durationSeconds: number;
  readonly #scenes: readonly Scene[];
  readonly #answer: (timestamp: number) => 'frame' | 'missing' | CheckFailure;

  constructor(
    durationSeconds: number,
    scenes: readonly Scene[],
    answer: (timestamp: number) => 'frame' | 'missing' | CheckFailure = () => 'frame',
  ) {
    this.durationSeconds = durationSeconds;
    this.#scenes = scenes;
    this.#answer = answer;
  }

  async *frames(timestamps: Iterable<number> | AsyncIterable<number>): AsyncGenerator<VideoFrameImage> {
    for await (const requested of timestamps) {
      this.asked.push(requested);
      const answer = this.#answer(requested);
      if (answer instanceof CheckFailure) throw answer;
      if (answer === 'missing') continue;
      const scene = this.#scenes.filter(({ from }) => from <= requested).at(-1) ?? this.#scenes[0];
      yield { requested, timestamp: requested, image: await this.#imageOf(scene.photo) };
    }
  }

  close(): void {
    this.closed = true;
  }

  async #imageOf(photo: Scene['photo']): Promise<DecodedImage> {
    this.openImages++;
    const close = () => void this.openImages--;
    if (photo === 'grey') {
      return {
        width: 64,
        height: 64,
        mayHaveAlpha: false,
        readRows: (_y, count) => new Uint8Array(64 * count * 4).fill(128),
        close,
      };
    }
    const bytes = stdlibPhoto(photo);
    const image = await createNodeDecoder(DEFAULT_LIMITS).decode(new Blob([bytes]), await sniff(bytes));
    return { ...image, readRows: (y, count) => image.readRows(y, count), close };
  }
}

async function scan(
  video: MadeUpVideo | null | CheckFailure,
  limits: Partial<Limits> = {},
  run: Partial<ScanRun> = {},
): Promise<Outcome> {
  const open = async () => {
    if (video instanceof CheckFailure) throw video;
    return video;
  };
  const context = {
    lists: [await openList(boats)],
    kernel,
    variants,
    search: 'normal' as const,
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    parts: { has: (name: string) => name === 'video', get: async () => ({ open }) as never },
    policy: { ...DEFAULT_POLICY },
    limits: { ...DEFAULT_LIMITS, ...limits },
    labels: true,
  };
  return scanFile(MP4, context, {
    nowSeconds: 0,
    isCancelled: () => false,
    onProgress: () => {},
    ...run,
  });
}

const OTHER: Scene = { from: 0, photo: 'allium-oreophilum' };

describe('frames against image entries', () => {
  it('match by two of them a second apart, repeats included', async () => {
    const video = new MadeUpVideo(20, [OTHER, { from: 8, photo: 'nagasaki-boats' }, { ...OTHER, from: 10 }]);
    const outcome = await scan(video);
    expect(outcome).toMatchObject({
      verdict: 'match',
      matches: [{ list: 'boats', signal: 'perceptual', label: 'a' }],
      coverage: { complete: 'all', notes: [], video: { frames: 20, seconds: 20, codec: 'h264' } },
    });
    expect(video.closed).toBe(true);
    expect(video.openImages).toBe(0);
  });

  it('match by one alone that is very near', async () => {
    const flash = [OTHER, { from: 8, photo: 'nagasaki-boats' as const }, { ...OTHER, from: 8.2 }];
    expect((await scan(new MadeUpVideo(20, flash))).verdict).toBe('match');
  });

  it('do not match by one alone that is not, but are looked at around it, and the coverage does not tell', async () => {
    const flash = [OTHER, { from: 8, photo: ALIKE }, { ...OTHER, from: 8.2 }];
    const video = new MadeUpVideo(20, flash);
    const outcome = await scan(video);
    expect(outcome.verdict).toBe('no-known-match');
    expect(video.asked.slice(20)).toEqual([7, 7.5, 7.625, 7.75, 7.875, 8.125, 8.25, 8.375, 8.5, 9]);
    const without = await scan(new MadeUpVideo(20, [OTHER]));
    expect(outcome).toEqual(without);
  });

  it('match where two of those agree that are not near enough alone', async () => {
    const twice = [OTHER, { from: 8, photo: ALIKE }, { ...OTHER, from: 10 }];
    expect((await scan(new MadeUpVideo(20, twice))).verdict).toBe('match');
    // Half a second before the one second, and half a second behind the next.
    const between = [OTHER, { from: 7.4, photo: ALIKE }, { ...OTHER, from: 8.6 }];
    expect((await scan(new MadeUpVideo(20, between))).verdict).toBe('match');
  });

  it('that are not near enough alone do not match in a clip under three seconds, however many', async () => {
    expect((await scan(new MadeUpVideo(2.5, [{ from: 0, photo: ALIKE }]))).verdict).toBe('no-known-match');
  });

  it('match by one in a clip under three seconds', async () => {
    const scenes = [OTHER, { from: 1, photo: 'nagasaki-boats' as const }, { ...OTHER, from: 1.2 }];
    expect(await scan(new MadeUpVideo(2, scenes))).toMatchObject({
      verdict: 'match',
      coverage: { video: { frames: 10 } },
    });
  });

  it('without detail are noted', async () => {
    const outcome = await scan(new MadeUpVideo(12, [{ from: 0, photo: 'grey' }]));
    expect(outcome).toMatchObject({ verdict: 'no-known-match', coverage: { notes: ['low-detail'] } });
  });
});

describe('a budget', () => {
  it('of frames covers the whole length', async () => {
    const video = new MadeUpVideo(100, [OTHER]);
    const outcome = await scan(video, { maxFrames: 12 });
    expect(outcome.coverage).toMatchObject({
      complete: 'partial',
      notes: ['frames-sampled'],
      video: { frames: 12 },
    });
    expect(video.asked[0]).toBe(0);
    expect(video.asked.at(-1)).toBe(99);
  });

  it('of time covers the whole length, in bigger steps', async () => {
    const video = new MadeUpVideo(1000, [OTHER]);
    // Time passes with frames alone: 20 ms with each.
    const remainingMs = () => 2000 - 20 * video.asked.length;
    const outcome = await scan(video, {}, { remainingMs });
    expect(remainingMs()).toBeGreaterThan(0);
    expect(outcome.coverage).toMatchObject({ complete: 'partial', notes: ['frames-sampled'] });
    expect(video.asked.length).toBeLessThan(1000);
    expect(video.asked.at(-1)).toBe(999);
  });

  it('of pixels is kept', async () => {
    expect(await scan(new MadeUpVideo(10, [OTHER]), { maxPixels: 1000 })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-large',
      coverage: { video: { frames: 0 } },
    });
  });

  it('grows with the length, which is told once', async () => {
    const told: number[] = [];
    await scan(new MadeUpVideo(12.3, [OTHER]), {}, { onVideoLength: (seconds) => told.push(seconds) });
    expect(told).toEqual([13]);
  });
});

describe('a video that can not be looked at', () => {
  it.each(['unsupported', 'undecodable', 'unreadable', 'too-large'] as const)(
    'is inconclusive: %s',
    async (reason) => {
      expect(await scan(new CheckFailure(reason, 'no'))).toMatchObject({ verdict: 'inconclusive', reason });
      const failing = new MadeUpVideo(10, [OTHER], () => new CheckFailure(reason, 'no'));
      expect(await scan(failing)).toMatchObject({ verdict: 'inconclusive', reason });
      expect(failing.closed).toBe(true);
    },
  );

  it('is undecodable where no frame is, and partial where some are not', async () => {
    expect(await scan(new MadeUpVideo(10, [OTHER], () => 'missing'))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undecodable',
    });
    const half = new MadeUpVideo(10, [OTHER], (timestamp) => (timestamp < 5 ? 'frame' : 'missing'));
    expect(await scan(half)).toMatchObject({
      verdict: 'no-known-match',
      action: 'ask',
      coverage: { complete: 'partial', notes: ['frames-missing'], video: { frames: 5, seconds: 10 } },
    });
  });

  it('without pictures owes nothing but digests', async () => {
    expect(await scan(null)).toMatchObject({ verdict: 'inconclusive', reason: 'unsupported' });
  });

  it('when cancelled is aborted, and closed', async () => {
    let frames = 0;
    const video = new MadeUpVideo(100, [OTHER], () => {
      frames++;
      return 'frame';
    });
    expect(await scan(video, {}, { isCancelled: () => frames > 3 })).toMatchObject({ reason: 'aborted' });
    expect(video.closed).toBe(true);
    expect(video.openImages).toBe(0);
    expect(frames).toBeLessThan(10);
  });

  it('progress never falls, and ends at 1', async () => {
    const progress: number[] = [];
    await scan(new MadeUpVideo(12, [OTHER]), {}, { onProgress: (fraction) => progress.push(fraction) });
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
    expect(progress.length).toBeGreaterThan(10);
  });
});

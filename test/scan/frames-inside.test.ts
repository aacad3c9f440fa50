import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import type { Outcome } from '../../src/outcome.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import type { Rectangle } from '../../src/scan/borders.js';
import { MAX_FRAMES_INSIDE } from '../../src/scan/frames-inside.js';
import { openList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import type { DecodedImage, ScanRun } from '../../src/scan/types.js';
import type { VideoFrameImage, VideoSource } from '../../src/scan/video.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';

/** A file that the sniffer takes for an MP4. */
const MP4 = new Blob([Uint8Array.from([0, 0, 0, 16, ...new TextEncoder().encode('ftypisom'), 0, 0, 2, 0])]);
const INSIDE: Rectangle = { left: 30, top: 150, right: 230, bottom: 287 };
const [WIDTH, HEIGHT] = [260, 450];

const listed = stdlibPhoto('locomotion-house-cat');
const other = stdlibPhoto('nagasaki-boats');
const corners = [stdlibPhoto('allium-oreophilum'), stdlibPhoto('acanthus-mollis')];

/** RGBA of a page with a photo on it, and of others that look different. */
type Page = Uint8Array;
let withListed: Page;
let withOther: Page;
let unlike: Page[];
let whole: Page;
let list: Uint8Array;
let kernel: PdqKernel;
let variants: VariantKernel;

async function pageOf(photo: Uint8Array, seed = 0): Promise<Page> {
  const fitted = (file: Uint8Array, width: number, height: number) =>
    sharp(file).resize(width, height, { fit: 'fill' }).toBuffer();
  const corner = await fitted(corners[seed % 2], 100 + 10 * (seed % 5), 110);
  const background = { r: 230, g: 240, b: 235 };
  return sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background } })
    .composite([
      { input: await fitted(photo, 200, 137), left: INSIDE.left, top: INSIDE.top },
      { input: corner, left: (seed * 37) % 120, top: 10 },
      { input: corner, left: (seed * 53) % 120, top: 300 },
    ])
    .ensureAlpha()
    .raw()
    .toBuffer();
}

beforeAll(async () => {
  kernel = await createPdqKernel();
  variants = await createVariantKernel();
  list = makeList({ hashes: { pdq: [hashToHex((await hashPhoto(listed)).bits)] }, pdqDecoys: 5000 });
  withListed = await pageOf(listed);
  withOther = await pageOf(other, 1);
  unlike = await Promise.all(Array.from({ length: 15 }, (_, i) => pageOf(other, i)));
  whole = await sharp(listed).resize(WIDTH, HEIGHT, { fit: 'fill' }).ensureAlpha().raw().toBuffer();
});

/** A video that shows what `at` gives for each time. */
class Film implements VideoSource {
  readonly codec = 'vp9';
  readonly width = WIDTH;
  readonly height = HEIGHT;
  open = 0;
  constructor(
    readonly durationSeconds: number,
    readonly at: (seconds: number) => Page,
  ) {}

  async *frames(timestamps: Iterable<number> | AsyncIterable<number>): AsyncGenerator<VideoFrameImage> {
    for await (const requested of timestamps) {
      this.open++;
      const rgba = this.at(requested);
      const image: DecodedImage = {
        width: WIDTH,
        height: HEIGHT,
        mayHaveAlpha: false,
        readRows: (y, count) => rgba.subarray(y * WIDTH * 4, (y + count) * WIDTH * 4),
        close: () => void this.open--,
      };
      yield { requested, timestamp: requested, image };
    }
  }

  close(): void {}
}

/** Finds `INSIDE` in every frame. `failing`: can't be loaded, or can't be run. */
function finderOf(failing?: 'missing' | 'broken') {
  return {
    calls: 0,
    failing,
    async find() {
      this.calls++;
      if (failing === 'broken') throw new Error('out of memory');
      return [INSIDE];
    },
  };
}

async function scan(
  film: Film,
  finder: ReturnType<typeof finderOf> | null,
  run: Partial<ScanRun> = {},
): Promise<Outcome> {
  const context = {
    lists: [await openList(list)],
    kernel,
    variants,
    search: 'normal' as const,
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    parts: {
      has: (name: string) => name === 'video' || (name === 'finder' && finder !== null),
      get: async (name: string) =>
        (name === 'video'
          ? { open: async () => film }
          : finder?.failing === 'missing'
            ? null
            : finder) as never,
    },
    policy: { ...DEFAULT_POLICY },
    limits: { ...DEFAULT_LIMITS },
    labels: false,
  };
  const outcome = await scanFile(MP4, context, {
    nowSeconds: 0,
    isCancelled: () => false,
    onProgress: () => {},
    ...run,
  });
  expect(film.open).toBe(0);
  return outcome;
}

const video = (seconds: number) => ({ frames: seconds, seconds, codec: 'vp9' });

describe('a look inside the frames of a video', () => {
  it('finds a listed photo on a page that stands still, by one run of the finder', async () => {
    const finder = finderOf();
    const still = new Film(20, () => withListed);
    const outcome = await scan(still, finder);
    expect(outcome.matches).toEqual([{ list: 'test list', signal: 'perceptual' }]);
    expect(outcome.coverage).toEqual({ complete: 'all', notes: [], video: video(20) });
    expect(finder.calls).toBe(1);
    expect(await scan(still, null)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [], finder: 'off' },
    });
  });

  it('finds it where it is shown for a while', async () => {
    const shown = (from: number, to: number) =>
      new Film(60, (t) => (t >= from && t < to ? withListed : withOther));
    expect((await scan(shown(29, 36), finderOf())).verdict).toBe('match');
  });

  it('finds it where pages change, by a look at frames close by', async () => {
    const pages = await Promise.all(Array.from({ length: 3 }, (_, i) => pageOf(listed, i)));
    const film = new Film(60, (t) =>
      t >= 29 && t < 32 ? pages[Math.floor(t) % 3] : unlike[Math.floor(t) % 15],
    );
    expect((await scan(film, finderOf())).verdict).toBe('match');
  });

  it('finds it on a page that is shown for a moment, where that frame is one of those that are looked into', async () => {
    const flash = new Film(10, (t) => (t >= 5 && t < 5.2 ? withListed : withOther));
    expect((await scan(flash, finderOf())).verdict).toBe('match');
  });

  it('finds nothing where nothing listed is shown', async () => {
    expect(await scan(new Film(20, (t) => unlike[Math.floor(t) % 15]), finderOf())).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [], finder: 'ran', video: video(20) },
    });
  });

  it('looks into a limited number of frames', async () => {
    const finder = finderOf();
    const film = new Film(300, (t) => unlike[Math.floor(t) % 15]);
    expect((await scan(film, finder)).coverage.finder).toBe('ran');
    expect(finder.calls).toBeGreaterThan(3);
    expect(finder.calls).toBeLessThanOrEqual(MAX_FRAMES_INSIDE);
  });

  it('is not taken where the frames themselves match', async () => {
    const finder = finderOf();
    const outcome = await scan(new Film(10, () => whole), finder);
    expect(outcome.verdict).toBe('match');
    expect(outcome.coverage).not.toHaveProperty('finder');
    expect(finder.calls).toBe(0);
  });

  it.each(['missing', 'broken'] as const)('never fails a scan where the finder is %s', async (failing) => {
    expect(await scan(new Film(10, () => withListed), finderOf(failing))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['part-missing'], finder: 'failed' },
    });
  });

  it('ends where time runs short, and says that fewer frames were compared', async () => {
    const finder = finderOf();
    const find = finder.find.bind(finder);
    let left = Number.POSITIVE_INFINITY;
    finder.find = async () => {
      left = 0;
      return find();
    };
    const film = new Film(60, (t) => unlike[Math.floor(t) % 15]);
    const outcome = await scan(film, finder, { remainingMs: () => left });
    expect(outcome).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['frames-sampled'], finder: 'ran' },
    });
    expect(finder.calls).toBe(1);
  });

  it('ends where it is cancelled', async () => {
    let cancelled = false;
    const finder = finderOf();
    const find = finder.find.bind(finder);
    finder.find = async () => {
      cancelled = true;
      return find();
    };
    const film = new Film(60, (t) => unlike[Math.floor(t) % 15]);
    expect((await scan(film, finder, { isCancelled: () => cancelled })).reason).toBe('aborted');
    expect(finder.calls).toBe(1);
  });
});

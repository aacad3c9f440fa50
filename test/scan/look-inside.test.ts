import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import type { Rectangle } from '../../src/scan/borders.js';
import { MAX_FOUND_PICTURES, type PictureFinder } from '../../src/scan/finder.js';
import { openList } from '../../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../../src/scan/lookup.js';
import type { ScanParts } from '../../src/scan/parts.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { FINDER_WHOLE_PLAN, finderPlan, mostProbes, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import type { ScanContext } from '../../src/scan/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';

const listed = stdlibPhoto('locomotion-house-cat');
const other = stdlibPhoto('nagasaki-boats');
const INSIDE: Rectangle = { left: 60, top: 300, right: 460, bottom: 575 };

let list: Uint8Array;

beforeAll(async () => {
  list = makeList({ hashes: { pdq: [hashToHex((await hashPhoto(listed)).bits)] }, pdqDecoys: 5000 });
});

/** A page of 520 x 900 with a photo on it, and parts of another one in two corners. */
async function page(photo: Uint8Array, alpha = 1): Promise<Blob> {
  const { left, top, right, bottom } = INSIDE;
  const scaled = (file: Uint8Array, width: number, height: number) =>
    sharp(file).resize(width, height, { fit: 'fill' }).toBuffer();
  const corner = await scaled(stdlibPhoto('allium-oreophilum'), 320, 240);
  const layers = [
    { input: await scaled(photo, right - left, bottom - top), left, top },
    { input: corner, left: 0, top: 0 },
    { input: corner, left: 200, top: 660 },
  ];
  const background = { r: 230, g: 240, b: 235, alpha };
  const canvas = sharp({ create: { width: 520, height: 900, channels: 4, background } });
  return new Blob([new Uint8Array(await canvas.composite(layers).png().toBuffer())]);
}

function finderOf(...rectangles: Rectangle[]): PictureFinder & { calls: number } {
  const finder = {
    calls: 0,
    async find() {
      finder.calls++;
      return rectangles;
    },
  };
  return finder;
}

const partsOf = (finder: PictureFinder | null): ScanParts => ({
  has: (name) => name === 'finder',
  get: async () => finder as never,
});

async function scan(file: Blob, parts?: ScanParts, more: Partial<ScanContext> = {}) {
  const context: ScanContext = {
    lists: [await openList(list)],
    kernel: await createPdqKernel(),
    variants: await createVariantKernel(),
    search: 'normal',
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    policy: { ...DEFAULT_POLICY },
    limits: { ...DEFAULT_LIMITS },
    labels: false,
    ...(parts && { parts }),
    ...more,
  };
  return scanFile(file, context, { nowSeconds: 0, isCancelled: () => false, onProgress: () => {} });
}

describe('a look inside a picture', () => {
  it('finds a listed picture that the hash of the whole hides', async () => {
    const file = await page(listed);
    expect(await scan(file)).toMatchObject({ verdict: 'no-known-match', coverage: { finder: 'off' } });
    const outcome = await scan(file, partsOf(finderOf(INSIDE)));
    expect(outcome.matches).toEqual([{ list: 'test list', signal: 'perceptual' }]);
    expect(outcome.coverage).toEqual({ complete: 'all', notes: [] });
  });

  it('forgives sides that are a little off', async () => {
    const { left, top, right, bottom } = INSIDE;
    const near = { left: left - 5, top: top - 4, right: right + 5, bottom: bottom + 4 };
    expect((await scan(await page(listed), partsOf(finderOf(near)))).verdict).toBe('match');
  });

  it('looks at both faces of a transparent page', async () => {
    const finder = finderOf(INSIDE);
    expect((await scan(await page(listed, 0), partsOf(finder))).verdict).toBe('match');
  });

  it('does not match what is not listed', async () => {
    const finder = finderOf(INSIDE, { left: 0, top: 0, right: 520, bottom: 600 });
    const outcome = await scan(await page(other), partsOf(finder));
    expect(outcome).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [], finder: 'ran' },
    });
    expect(finder.calls).toBe(1);
  });

  it('is not taken where the whole matches', async () => {
    const finder = finderOf(INSIDE);
    expect((await scan(new Blob([listed]), partsOf(finder))).verdict).toBe('match');
    expect(finder.calls).toBe(0);
  });

  it('changes no outcome where the whole matches, and only adds a word where nothing is found', async () => {
    const edited = [
      sharp(listed).resize(300).jpeg({ quality: 50 }),
      sharp(listed).flop().webp(),
      sharp(listed).extend({ top: 60, bottom: 60, background: '#000' }).png(),
      sharp(listed).rotate(90).png(),
    ];
    const files = [listed, ...(await Promise.all(edited.map((image) => image.toBuffer())))];
    for (const file of files) {
      const blob = new Blob([new Uint8Array(file)]);
      const finder = finderOf(INSIDE);
      const outcome = await scan(blob, partsOf(finder));
      expect(outcome).toEqual(await scan(blob));
      expect([outcome.verdict, finder.calls]).toEqual(['match', 0]);
    }
    const without = await scan(new Blob([other]));
    const { coverage, ...rest } = await scan(new Blob([other]), partsOf(finderOf(INSIDE)));
    expect({ ...rest, coverage: { ...coverage, finder: 'off' } }).toEqual(without);
  });

  it('ignores what is too small, and what comes after the twelfth', async () => {
    const tiny = { left: 70, top: 310, right: 80, bottom: 320 };
    const file = await page(listed);
    expect((await scan(file, partsOf(finderOf(tiny, INSIDE)))).verdict).toBe('match');
    const blank = Array.from({ length: MAX_FOUND_PICTURES }, () => ({
      left: 0,
      top: 0,
      right: 520,
      bottom: 200,
    }));
    expect((await scan(file, partsOf(finderOf(...blank, INSIDE)))).verdict).toBe('no-known-match');
  });

  it.each([
    ['could not be loaded', partsOf(null)],
    [
      'fails',
      partsOf({
        find: async () => {
          throw new Error('out of memory');
        },
      }),
    ],
  ])('never fails a scan where the finder %s', async (_, parts) => {
    const outcome = await scan(await page(listed), parts);
    expect(outcome).toMatchObject({
      verdict: 'no-known-match',
      action: 'ask',
      coverage: { complete: 'partial', notes: ['part-missing'], finder: 'failed' },
    });
    expect((await scan(new Blob([listed]), parts)).verdict).toBe('match');
  });

  it('gives the same matches whether its forms are made ahead or one at a time', async () => {
    const [kernel, variants, opened] = await Promise.all([
      createPdqKernel(),
      createVariantKernel(),
      openList(list),
    ]);
    const matches = [];
    for (const photo of [listed, other]) {
      const { data, info } = await sharp(photo).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      kernel.begin(info.width, info.height, { plane: true });
      kernel.rows(data, info.height);
      const picture = { ...info, hash: kernel.end(), plane: kernel.plane(), squashed: null, inner: [] };
      for (const ahead of [false, true]) {
        const found = new MatchSet(false);
        lookUpPictures([picture], [opened], FINDER_WHOLE_PLAN, variants, found, ahead);
        matches.push(found.toArray());
      }
    }
    const match = [{ list: 'test list', signal: 'perceptual' }];
    expect(matches).toEqual([match, match, [], []]);
  });

  it('costs less than a look at the whole, for all of its pictures together', () => {
    const found = (rank: number) => mostProbes(finderPlan({ rank, isWhole: false }));
    const all = Array.from({ length: MAX_FOUND_PICTURES }, (_, rank) => found(rank));
    expect(all.reduce((sum, probes) => sum + probes)).toBeLessThan(mostProbes(SEARCH_PLANS.normal));
    expect(found(MAX_FOUND_PICTURES - 1)).toBeLessThan(found(0));
    expect(mostProbes(FINDER_WHOLE_PLAN)).toBeLessThan(found(0));
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
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
import { openList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { sniff } from '../../src/scan/sniff.js';
import type { DecodedImage, ScanContext, ScanRun } from '../../src/scan/types.js';
import { picturesOfEachFormat } from '../support/cut-pictures.js';
import { hashPhoto } from '../support/hash-photo.js';
import { hostileFiles } from '../support/hostile-files.js';
import { makeList } from '../support/lists.js';
import { pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const listed = stdlibPhoto('locomotion-house-cat');
const digest = (name: string) => createHash(name).update(listed).digest('hex');

let kernel: PdqKernel;
let variants: VariantKernel;
let pdq: string;

beforeAll(async () => {
  kernel = await createPdqKernel();
  variants = await createVariantKernel();
  pdq = hashToHex((await hashPhoto(listed)).bits);
});

async function contextOver(lists: Uint8Array[], part: Partial<ScanContext> = {}): Promise<ScanContext> {
  return {
    lists: await Promise.all(lists.map(openList)),
    kernel,
    variants,
    search: 'normal',
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    policy: { ...DEFAULT_POLICY },
    limits: { ...DEFAULT_LIMITS },
    labels: true,
    ...part,
  };
}

async function hashable(bytes: Uint8Array): Promise<DecodedImage> {
  return createNodeDecoder(DEFAULT_LIMITS).decode(blob(bytes), await sniff(bytes));
}

const run = (part: Partial<ScanRun> = {}): ScanRun => ({
  nowSeconds: 1_700_000_100,
  isCancelled: () => false,
  onProgress: () => {},
  ...part,
});
const blob = (bytes: Uint8Array) => new Blob([bytes as BlobPart]);
const scan = async (bytes: Uint8Array, lists: Uint8Array[], part?: Partial<ScanContext>): Promise<Outcome> =>
  scanFile(blob(bytes), await contextOver(lists, part), run());

describe('a scan', () => {
  it('names a match by list, signal and label, each once', async () => {
    const one = makeList({
      name: 'one',
      hashes: {
        md5: [
          { hash: digest('md5'), label: 'a' },
          { hash: digest('md5'), label: 'b' },
        ],
      },
    });
    const two = makeList({ name: 'two', version: 9, hashes: { sha256: [digest('sha256')], pdq: [pdq] } });
    const outcome = await scan(listed, [one, two]);
    expect(outcome.matches).toEqual([
      { list: 'one', signal: 'exact-weak', label: 'a' },
      { list: 'one', signal: 'exact-weak', label: 'b' },
      { list: 'two', signal: 'exact' },
      { list: 'two', signal: 'perceptual' },
    ]);
    expect(outcome.lists).toEqual([
      { name: 'one', version: 1, ageSeconds: 100 },
      { name: 'two', version: 9, ageSeconds: 100 },
    ]);
    const unlabelled = await scan(listed, [one, two], { labels: false });
    expect(unlabelled.matches.filter(({ list }) => list === 'one')).toEqual([
      { list: 'one', signal: 'exact-weak' },
    ]);
  });

  it('takes MD5 and SHA-1 together for weak', async () => {
    const list = makeList({ hashes: { md5: [digest('md5')], sha1: [digest('sha1')] } });
    expect((await scan(listed, [list])).matches).toEqual([{ list: 'test list', signal: 'exact-weak' }]);
  });

  it('without a list is no-list', async () => {
    expect(await scan(listed, [])).toMatchObject({ verdict: 'inconclusive', reason: 'no-list', lists: [] });
  });

  it('of a file beyond the limit reads nothing of it', async () => {
    const list = makeList({ hashes: { md5: [digest('md5')] } });
    const limits = { ...DEFAULT_LIMITS, maxFileBytes: 10 };
    expect(await scan(listed, [list], { limits })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-large',
    });
  });

  it('of a picture beyond the pixel limit still looks up its digests, and never decodes it', async () => {
    const decoder = {
      decode: () => {
        throw new Error('must not be called');
      },
    };
    const limits = { ...DEFAULT_LIMITS, maxPixels: 1000 };
    const list = (md5: string) => makeList({ hashes: { md5: [md5], pdq: [pdq] } });
    const part = { limits, decoder };
    expect(await scan(listed, [list('0'.repeat(32))], part)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'too-large',
    });
    expect(await scan(listed, [list(digest('md5'))], part)).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'partial' },
    });
  });

  it('of a header that lies about its size is stopped after decoding', async () => {
    const huge: DecodedImage = {
      width: 30_000,
      height: 30_000,
      mayHaveAlpha: false,
      readRows: () => new Uint8Array(0),
      close: () => {},
    };
    const list = makeList({ hashes: { pdq: [pdq] } });
    const outcome = await scan(listed, [list], { decoder: { decode: async () => huge } });
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'too-large' });
  });

  it('of pixels that all read back alike is readback-blocked, unless the file is as plain as they are', async () => {
    const white = (width: number, height: number): DecodedImage => ({
      width,
      height,
      mayHaveAlpha: false,
      readRows: (_y, count) => new Uint8Array(width * count * 4).fill(255),
      close: () => {},
    });
    const list = makeList({ hashes: { pdq: [pdq] } });
    const outcome = await scan(listed, [list], { decoder: { decode: async () => white(640, 480) } });
    expect(outcome).toMatchObject({ verdict: 'inconclusive', reason: 'readback-blocked' });
  });

  it('of a file that cannot be read is unreadable', async () => {
    const vanished = {
      size: 100,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('gone')) }),
    } as unknown as Blob;
    const list = makeList({ hashes: { md5: [digest('md5')] } });
    expect(await scanFile(vanished, await contextOver([list]), run())).toMatchObject({
      reason: 'unreadable',
    });
    const shorter = { size: 100, slice: () => new Blob(['short']) } as unknown as Blob;
    expect(await scanFile(shorter, await contextOver([list]), run())).toMatchObject({ reason: 'unreadable' });
  });

  it('can be cancelled at every step', async () => {
    const context = await contextOver([makeList({ hashes: { md5: [digest('md5')], pdq: [pdq] } })]);
    let steps = 0;
    await scanFile(blob(listed), context, run({ isCancelled: () => steps++ < 0 }));
    expect(steps).toBeGreaterThan(3);
    for (let stop = 0; stop < steps; stop++) {
      let asked = 0;
      const outcome = await scanFile(blob(listed), context, run({ isCancelled: () => asked++ >= stop }));
      expect(outcome, `cancelled at step ${stop}`).toMatchObject({
        verdict: 'inconclusive',
        reason: 'aborted',
      });
    }
  });

  it('shows the same progress whether the file is listed or not', async () => {
    const fractionsWith = async (list: Uint8Array) => {
      const fractions: number[] = [];
      await scanFile(
        blob(listed),
        await contextOver([list]),
        run({ onProgress: (fraction) => fractions.push(fraction) }),
      );
      return fractions;
    };
    const other = 'c3'.repeat(32);
    const listing = await fractionsWith(makeList({ hashes: { md5: [digest('md5')], pdq: [pdq] } }));
    expect(listing).toEqual(
      await fractionsWith(makeList({ hashes: { md5: [other.slice(0, 32)], pdq: [other] } })),
    );
    expect(listing.at(-1)).toBe(1);
  });
});

describe('files that must not break it', () => {
  it('have their stated outcomes in Node, too', async () => {
    const list = makeList({
      hashes: { md5: [digest('md5')], sha256: [digest('sha256')], pdq: [pdq] },
      pdqDecoys: 1000,
    });
    for (const { name, bytes, expected } of await hostileFiles()) {
      const { verdict, reason, coverage } = await scan(bytes, [list]);
      const seen = {
        verdict,
        ...(reason ? { reason } : {}),
        complete: coverage.complete,
        notes: coverage.notes,
      };
      expect.soft(seen, name).toEqual(expected);
    }
  });
});

describe('pictures that are cut off', () => {
  it('are never said to be wholly looked at', async () => {
    const list = makeList({ hashes: { pdq: [pdq] }, pdqDecoys: 1000 });
    for (const [format, bytes] of Object.entries(await picturesOfEachFormat())) {
      expect((await scan(bytes, [list])).coverage, format).toEqual({
        complete: 'all',
        notes: [],
        finder: 'off',
      });
      for (const share of [0.3, 0.5, 0.97]) {
        const { coverage } = await scan(bytes.subarray(0, bytes.length * share), [list]);
        expect(coverage.complete, `${format}, ${share} of it`).toBe('partial');
      }
    }
  });

  it('are looked at as far as a decoder shows them', async () => {
    const half = listed.subarray(0, listed.length >> 1);
    const whole = await hashable(listed);
    const showing = { decode: async () => whole };
    const list = makeList({ hashes: { pdq: [pdq] } });
    const other = makeList({ hashes: { sha256: [digest('sha256')] }, name: 'other' });
    expect(await scan(half, [list], { decoder: showing })).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'partial', notes: ['picture-cut'] },
    });
    expect((await scan(half, [other], { decoder: showing })).coverage).toEqual({
      complete: 'digests-only',
      notes: [],
    });
  });

  it.each([
    ['blank', 255],
    ['without detail', null],
  ])('are undecodable where a decoder shows them %s', async (_name, level) => {
    const rgba = new Uint8Array(64 * 64 * 4).fill(255);
    if (level === null) rgba.fill(128, 0, 4);
    const blank = {
      width: 64,
      height: 64,
      mayHaveAlpha: false,
      readRows: (y: number, count: number) => rgba.subarray(y * 256, (y + count) * 256),
      close: () => {},
    };
    const half = listed.subarray(0, listed.length >> 1);
    const list = makeList({ hashes: { pdq: [pdq] } });
    expect(await scan(half, [list], { decoder: { decode: async () => blank } })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'undecodable',
      coverage: { complete: 'partial', notes: ['not-checked'] },
    });
  });
});

describe('perceptual look-up', () => {
  it('finds none of the other photos', async () => {
    const list = makeList({ hashes: { pdq: [pdq] }, pdqDecoys: 20_000 });
    for (const name of STDLIB_PHOTOS) {
      const expected = name === 'locomotion-house-cat' ? 'match' : 'no-known-match';
      expect((await scan(stdlibPhoto(name), [list])).verdict, name).toBe(expected);
    }
  });

  it.skipIf(SHARED === null)(
    'finds every reference picture made from the listed one (../shared/conformance/pdq)',
    async () => {
      const images = pdqConformance();
      const original = images.find(({ file }) => file.endsWith('aaa-orig.jpg'));
      const list = makeList({ hashes: { pdq: [original?.full.dihedral[0] as string] }, pdqDecoys: 20_000 });
      const verdicts: Record<string, string> = {};
      for (const { file, path } of images) {
        verdicts[file] = (await scan(new Uint8Array(readFileSync(path)), [list])).verdict;
      }
      const expected = images.map(({ file }) => [
        file,
        /^(bridge-mods|dih)\//.test(file) ? 'match' : 'no-known-match',
      ]);
      expect(verdicts).toEqual(Object.fromEntries(expected));
    },
  );
});

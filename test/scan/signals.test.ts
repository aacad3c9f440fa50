/** A licensee's signal in a scan: matches, failures, and what happens without it. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { openList } from '../../src/scan/lists.js';
import type { ScanParts } from '../../src/scan/parts.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { hashSignals } from '../../src/scan/signals.js';
import type { ScanContext } from '../../src/scan/types.js';
import { type SignalImage, type SignalType, signalsPart, wholePicture } from '../../src/signals.js';
import { addLicensedSection } from '../../src/snapshot/licensed-section.js';
import { VERSION } from '../../src/version.js';
import { averageHash } from '../support/average-hash.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';

const listed = stdlibPhoto('locomotion-house-cat');
const other = stdlibPhoto('nagasaki-boats');
const FAR = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22';

let context: Omit<ScanContext, 'lists'>;
let hash: Uint8Array;

beforeAll(async () => {
  context = {
    kernel: await createPdqKernel(),
    variants: await createVariantKernel(),
    search: 'fast',
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    policy: { ...DEFAULT_POLICY },
    limits: { ...DEFAULT_LIMITS },
    labels: true,
  };
  const image = await context.decoder.decode(new Blob([listed as BlobPart]), {
    type: 'jpeg',
    kind: 'image',
    decodable: true,
    animated: false,
  } as never);
  [{ hash }] = hashSignals(image, [averageHash]) as { hash: Uint8Array }[];
});

/** A list with a far-off PDQ entry, or only a digest, and the photo under the licensee's signal. */
const withSignal = (hashes: Parameters<typeof makeList>[0]) =>
  addLicensedSection(makeList(hashes), averageHash, [{ hash, label: 'A' }]);
const near = () => withSignal({ hashes: { pdq: [{ hash: FAR, label: 'A' }] } });
const digestsOnly = () => withSignal({ hashes: { md5: [{ hash: '0'.repeat(32), label: 'A' }] } });

const parts = (types: readonly SignalType[] | null): ScanParts => ({
  has: (name) => name === 'signals',
  get: async () => types as never,
});

async function scan(file: Uint8Array, list: Uint8Array, given?: ScanParts) {
  const lists = [await openList(list)];
  const run = { nowSeconds: 1_700_000_100, isCancelled: () => false, onProgress: () => {} };
  return scanFile(new Blob([file as BlobPart]), { ...context, lists, ...(given && { parts: given }) }, run);
}

const failing: SignalType = {
  ...averageHash,
  hash: () => {
    throw new Error('a fault of its own');
  },
};

describe("a list with a section of a licensee's kind", () => {
  it.each([
    ['beside PDQ', near],
    ['beside digests alone', digestsOnly],
  ])('finds the picture by it, %s, and no other', async (_what, list) => {
    const match = { list: 'test list', signal: 'perceptual', label: 'A' };
    const given = parts([averageHash]);
    expect(await scan(listed, list(), given)).toMatchObject({
      verdict: 'match',
      action: 'ask',
      matches: [match],
    });
    expect(await scan(other, list(), given)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('is read as before where the host declares no signals', async () => {
    expect(await scan(listed, near())).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
    expect((await scan(listed, digestsOnly())).coverage.complete).toBe('digests-only');
  });

  it('and is skipped by signals of another kind', async () => {
    const given = parts([{ ...averageHash, kind: 0x8a01 }]);
    expect((await scan(listed, near(), given)).verdict).toBe('no-known-match');
  });
});

describe('a signal that can not be used', () => {
  it('because its part could not be loaded: noted, or inconclusive where nothing else looks at the picture', async () => {
    expect(await scan(other, near(), parts(null))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['part-missing'] },
    });
    expect(await scan(other, digestsOnly(), parts(null))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unsupported',
      coverage: { complete: 'partial', notes: ['part-missing', 'perceptual-unchecked'] },
    });
  });

  it.each<[string, SignalType]>([
    ['because it throws', failing],
    ['because its hash has another length', { ...averageHash, hash: () => new Uint8Array(31) }],
    [
      "because the list's rows are of other sketches",
      { ...averageHash, sketchPositions: [1, 2, 3, 4, 5, 6, 7, 8] },
    ],
    [
      'because its rule throws',
      {
        ...averageHash,
        accepts: () => {
          throw new Error('no');
        },
      },
    ],
  ])('%s: never no-known-match, and PDQ still looks', async (_what, type) => {
    expect(await scan(listed, near(), parts([type]))).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unsupported',
      coverage: { complete: 'partial', notes: ['perceptual-unchecked'] },
    });
    const md5 = Buffer.from(await crypto.subtle.digest('SHA-256', listed as BufferSource)).toString('hex');
    const found = withSignal({
      hashes: { pdq: [{ hash: FAR, label: 'A' }], sha256: [{ hash: md5, label: 'A' }] },
    });
    expect((await scan(listed, found, parts([type]))).verdict).toBe('match');
  });

  it('because the picture has no sound hash: low detail where no other is compared', async () => {
    const silent = { ...averageHash, hash: () => undefined };
    expect(await scan(listed, digestsOnly(), parts([silent]))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { notes: ['low-detail'] },
    });
    expect((await scan(listed, near(), parts([silent]))).coverage.notes).toEqual([]);
  });
});

describe('the part of a licensee', () => {
  it('is of this version, and refuses signals that are malformed or of one kind', async () => {
    const part = signalsPart(() => [averageHash]);
    expect(part).toMatchObject({ name: 'signals', version: VERSION });
    expect(await part.create(new Map())).toEqual([averageHash]);
    for (const types of [[averageHash, averageHash], [{ ...averageHash, kind: 4 }]])
      await expect(signalsPart(() => types).create(new Map())).rejects.toThrow(/'kind'/);
  });

  it('may read a picture in strips or whole', () => {
    const [width, height] = [700, 900];
    const rgba = new Uint8Array(width * height * 4).map((_, i) => i * 7);
    const calls: number[] = [];
    const image: SignalImage = {
      width,
      height,
      readRows(y, count) {
        calls.push(count);
        return rgba.subarray(y * width * 4, (y + count) * width * 4);
      },
    };
    expect(wholePicture(image)).toEqual(rgba);
    expect(calls.length).toBeGreaterThan(1);
  });
});

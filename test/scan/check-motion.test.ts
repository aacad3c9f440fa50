/** What a scan makes of a motion photo, over a video part that is made up. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import type { Outcome } from '../../src/outcome.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { openList } from '../../src/scan/lists.js';
import type { ScanParts } from '../../src/scan/parts.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { sniff } from '../../src/scan/sniff.js';
import { CheckFailure, type ScanContext } from '../../src/scan/types.js';
import type { VideoPart } from '../../src/scan/video.js';
import { hashPhoto } from '../support/hash-photo.js';
import { box } from '../support/heif.js';
import { makeList } from '../support/lists.js';
import { motionPhoto, withXmp } from '../support/motion.js';
import { stdlibPhoto } from '../support/photos.js';

const still = stdlibPhoto('nagasaki-boats');
const shown = stdlibPhoto('locomotion-house-cat');
const video = new Uint8Array(
  Buffer.concat([box('ftyp', Buffer.from('isom')), box('mdat', new Uint8Array(999))]),
);
const file = motionPhoto('directory', still, video);

let base: Omit<ScanContext, 'lists' | 'parts'>;
let ofVideo: Uint8Array;
let ofStill: Uint8Array;

beforeAll(async () => {
  base = {
    kernel: await createPdqKernel(),
    variants: await createVariantKernel(),
    search: 'fast',
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    policy: DEFAULT_POLICY,
    limits: DEFAULT_LIMITS,
    labels: false,
  };
  const listOf = async (photo: Uint8Array) =>
    makeList({ hashes: { pdq: [hashToHex((await hashPhoto(photo)).bits)] } });
  ofVideo = await listOf(shown);
  ofStill = await listOf(still);
});

/** A part whose videos show one photo for five seconds, and what it was given. */
function photoPart(fail?: CheckFailure) {
  const opened: Uint8Array[] = [];
  const places: unknown[] = [];
  const part: VideoPart = {
    async open(given, place) {
      opened.push(new Uint8Array(await given.arrayBuffer()));
      places.push(place);
      if (fail) throw fail;
      return {
        durationSeconds: 5,
        codec: 'h264',
        width: 640,
        height: 480,
        async *frames(times) {
          for await (const requested of times) {
            const image = await base.decoder.decode(new Blob([shown]), await sniff(shown));
            yield { requested, timestamp: requested, image };
          }
        },
        close() {},
      };
    },
  };
  const parts: ScanParts = { has: (name) => name === 'video', get: async () => part as never };
  return { parts, opened, places };
}

async function scan(bytes: Uint8Array, list: Uint8Array, parts?: ScanParts) {
  const progress: number[] = [];
  const context = { ...base, lists: [await openList(list)], ...(parts && { parts }) };
  const outcome: Outcome = await scanFile(new Blob([bytes as BlobPart]), context, {
    nowSeconds: 1_700_000_100,
    isCancelled: () => false,
    onProgress: (fraction) => progress.push(fraction),
  });
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  expect(progress.at(-1)).toBe(1);
  return outcome;
}

describe('a motion photo', () => {
  it('whose video shows what is listed matches', async () => {
    const { parts, opened, places } = photoPart();
    expect(await scan(file, ofVideo, parts)).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'all', notes: [], video: { seconds: 5, codec: 'h264' } },
    });
    expect(opened).toEqual([video]);
    expect(places).toEqual([{ start: file.length - video.length, end: file.length }]);
  });

  it('whose picture is listed matches, and its video is left alone', async () => {
    const { parts, opened } = photoPart();
    const outcome = await scan(file, ofStill, parts);
    expect(outcome).toMatchObject({ verdict: 'match', coverage: { complete: 'all', notes: [] } });
    expect(opened).toEqual([]);
  });

  it('of which nothing is listed is looked at as a whole', async () => {
    const { parts, opened } = photoPart();
    const other = makeList({ hashes: { pdq: ['0f1e2d3c'.repeat(8)] } });
    expect(await scan(file, other, parts)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [], video: { seconds: 5 } },
    });
    expect(opened).toHaveLength(1);
  });

  it('without a part for videos says that the video was not looked at', async () => {
    const expected = { complete: 'partial', notes: ['motion-unchecked'] };
    expect(await scan(file, ofVideo)).toMatchObject({ verdict: 'no-known-match', coverage: expected });
    expect(await scan(file, ofStill)).toMatchObject({ verdict: 'match' });
  });

  it('with a part that could not be loaded says that, too', async () => {
    const parts: ScanParts = { has: () => true, get: async () => null };
    expect(await scan(file, ofVideo, { ...parts, has: (name) => name === 'video' })).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['motion-unchecked', 'part-missing'] },
    });
  });

  it.each(['unsupported', 'undecodable', 'too-large'] as const)(
    'whose video is %s says so',
    async (reason) => {
      const { parts } = photoPart(new CheckFailure(reason, 'for a test'));
      expect(await scan(file, ofVideo, parts)).toMatchObject({
        verdict: 'no-known-match',
        coverage: { complete: 'partial', notes: ['motion-unchecked'] },
      });
    },
  );

  it('that names a video where there is none says so, but not one whose video was taken away', async () => {
    const { parts, opened } = photoPart();
    const noise = new Uint8Array(
      Buffer.concat([file.subarray(0, -video.length), new Uint8Array(video.length)]),
    );
    expect(await scan(noise, ofVideo, parts)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['motion-unchecked'] },
    });
    const away = withXmp(still, 'GCamera:MicroVideoOffset="123456789"');
    expect(await scan(away, ofVideo, parts)).toMatchObject({ coverage: { complete: 'all', notes: [] } });
    expect(opened).toEqual([]);
  });
});

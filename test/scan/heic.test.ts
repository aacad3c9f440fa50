/** The HEIC part over the real libheif: pixels, turns, transparency, several pictures, and files that mean harm. */
import fc from 'fast-check';
import type { Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createHeicPart } from '../../src/heic/heic-part.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import type { Outcome } from '../../src/outcome.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { type HeicPart, withHeic } from '../../src/scan/heic.js';
import { readHeif } from '../../src/scan/heif.js';
import { openList } from '../../src/scan/lists.js';
import type { ScanParts } from '../../src/scan/parts.js';
import { hashPicture, scanFile } from '../../src/scan/pipeline.js';
import { sniff } from '../../src/scan/sniff.js';
import type { ScanContext } from '../../src/scan/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import {
  boats,
  codedPictures,
  exifItem,
  gridFile,
  HEIGHT,
  type HeifFile,
  heicFixture,
  property,
  WIDTH,
  writeHeif,
} from '../support/heif.js';
import { makeList, seededBytes } from '../support/lists.js';
import { hexDistance, stdlibPhoto } from '../support/photos.js';

let kernel: PdqKernel;
let variants: VariantKernel;
let heic: HeicPart;
let parts: ScanParts;

beforeAll(async () => {
  kernel = await createPdqKernel();
  variants = await createVariantKernel();
  heic = await createHeicPart(await import('libheif-js/libheif-wasm/libheif-bundle.mjs'));
  parts = { has: (name) => name === 'heic', get: async () => heic as never };
});

const decoderFor = (limits = DEFAULT_LIMITS) =>
  withHeic({ decoder: createNodeDecoder(limits), parts, limits });

async function hashesOf(file: Uint8Array): Promise<string[]> {
  const context = { decoder: decoderFor(), kernel, limits: DEFAULT_LIMITS };
  const hashed = await hashPicture(new Blob([file as BlobPart]), await sniff(file), context);
  return (hashed?.pictures ?? []).map(({ hash }) => hashToHex(hash.bits));
}

const hashOf = async (picture: Sharp) => hashToHex((await hashPhoto(await picture.png().toBuffer())).bits);

async function scan(
  file: Uint8Array,
  list: Uint8Array,
  change: Partial<ScanContext> = {},
  limits = DEFAULT_LIMITS,
): Promise<Outcome> {
  const context = {
    lists: [await openList(list)],
    kernel,
    variants,
    search: 'fast' as const,
    decoder: createNodeDecoder(limits),
    parts,
    policy: DEFAULT_POLICY,
    limits,
    labels: false,
    ...change,
  };
  return scanFile(new Blob([file as BlobPart]), context, {
    nowSeconds: 1_700_000_100,
    isCancelled: () => false,
    onProgress: () => {},
  });
}

describe('a HEIC picture has the hash of the same picture as PNG', () => {
  it.each([
    ['8 bits', () => heicFixture('boats')],
    ['10 bits', () => heicFixture('boats-10bit')],
    ['a grid of tiles', () => writeHeif(gridFile())],
  ])('%s', async (_what, file) => {
    const [hash] = await hashesOf(file());
    expect(hexDistance(hash, await hashOf(boats()))).toBeLessThanOrEqual(6);
  });

  it('composited on white and on black, where it is transparent', async () => {
    const white = { background: '#fff' };
    const disc = Buffer.alloc(WIDTH * HEIGHT);
    for (let i = 0; i < disc.length; i++) {
      const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
      disc[i] = Math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < 100 ? 255 : x < WIDTH / 2 ? 0 : 128;
    }
    const raw = { raw: { width: WIDTH, height: HEIGHT, channels: 1 as const } };
    const transparent = await boats().png().toBuffer();
    const { default: sharp } = await import('sharp');
    const rgba = await sharp(transparent).joinChannel(disc, raw).png().toBuffer();
    const [onWhite, onBlack] = await hashesOf(heicFixture('boats-alpha'));
    expect(hexDistance(onWhite, await hashOf(sharp(rgba).flatten(white)))).toBeLessThanOrEqual(6);
    expect(
      hexDistance(onBlack, await hashOf(sharp(rgba).flatten({ background: '#000' }))),
    ).toBeLessThanOrEqual(6);
    expect(hexDistance(onWhite, onBlack)).toBeGreaterThan(20);
  });
});

describe('turns and mirror images', () => {
  const turned = (...properties: Uint8Array[]): [string, HeifFile][] => {
    const [picture] = codedPictures('boats');
    const own = [...(picture.properties ?? []), ...properties];
    const items = [{ ...picture, properties: own }, exifItem()];
    return [
      ['a picture', { items, references: [{ type: 'cdsc', from: 1, to: [0] }] }],
      ['a grid', gridFile({ properties })],
    ];
  };

  it.each([0, 1, 2, 3])('irot %i is applied once, and EXIF is not asked', async (quarters) => {
    const expected = await hashOf(boats().rotate(-90 * quarters));
    for (const [what, file] of turned(property.irot(quarters))) {
      expect(hexDistance((await hashesOf(writeHeif(file)))[0], expected), what).toBeLessThanOrEqual(6);
    }
  });

  it.each([0, 1] as const)('imir %i is applied', async (axis) => {
    const expected = await hashOf(axis === 0 ? boats().flip() : boats().flop());
    for (const [what, file] of turned(property.imir(axis))) {
      expect(hexDistance((await hashesOf(writeHeif(file)))[0], expected), what).toBeLessThanOrEqual(6);
    }
  });
});

describe('a scan', () => {
  let list: Uint8Array;
  let quarter: Uint8Array;
  const quarterOf = () => boats().png().toBuffer();
  beforeAll(async () => {
    list = makeList({ hashes: { pdq: [await hashOf(boats())] }, pdqDecoys: 1000 });
    const { default: sharp } = await import('sharp');
    const third = sharp(await quarterOf()).extract({
      left: 0,
      top: HEIGHT / 2,
      width: WIDTH / 2,
      height: HEIGHT / 2,
    });
    quarter = makeList({ hashes: { pdq: [await hashOf(third)] }, pdqDecoys: 1000 });
  });

  it('finds a listed picture, and does not find another', async () => {
    expect(await scan(heicFixture('boats'), list)).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'all', notes: [] },
    });
    const other = makeList({
      hashes: { pdq: [hashToHex((await hashPhoto(stdlibPhoto('acanthus-mollis'))).bits)] },
    });
    expect(await scan(heicFixture('boats'), other)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('looks up every picture of a file that has several, but no tiles, thumbnails or alternatives', async () => {
    expect(await scan(heicFixture('boats-quarters'), quarter)).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'all', notes: [] },
    });
    const tiles = codedPictures('boats-quarters');
    const first = { items: tiles.slice(0, 3) };
    expect((await scan(writeHeif(first), quarter)).verdict).toBe('match');
    const thumbnails = { ...first, references: [{ type: 'thmb', from: 2, to: [0] }] };
    expect((await scan(writeHeif(thumbnails), quarter)).verdict).toBe('no-known-match');
    const hidden = { items: tiles.slice(0, 3).map((tile, i) => ({ ...tile, hidden: i === 2 })) };
    expect((await scan(writeHeif(hidden), quarter)).verdict).toBe('no-known-match');
    expect((await scan(writeHeif({ ...first, alternatives: [0, 2] }), quarter)).verdict).toBe(
      'no-known-match',
    );
  });

  it('says that a further picture could not be looked at', async () => {
    const [one, two, three] = codedPictures('boats-quarters');
    const broken = { ...two, data: two.data.fill(0, 0, 40) };
    expect(await scan(writeHeif({ items: [one, broken] }), list)).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['animation-cut'] },
    });
    const beyond = { ...three, offset: 2 ** 31 };
    expect(await scan(writeHeif({ items: [one, beyond] }), list)).toMatchObject({
      coverage: { complete: 'partial', notes: ['animation-cut'] },
    });
    const sequence = writeHeif({ items: [one], brands: ['heic', 'mif1', 'heic', 'hevc'] });
    expect(await scan(sequence, list)).toMatchObject({
      coverage: { complete: 'partial', notes: ['animation-cut'] },
    });
  });

  it('without the part is unsupported, after the digests', async () => {
    const without = { parts: undefined as never };
    expect(await scan(heicFixture('boats'), list, without)).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unsupported',
    });
    const { createHash } = await import('node:crypto');
    const md5 = createHash('md5').update(heicFixture('boats')).digest('hex');
    const exact = makeList({ hashes: { md5: [md5], pdq: ['0f'.repeat(32)] } });
    expect(await scan(heicFixture('boats'), exact, without)).toMatchObject({
      verdict: 'match',
      coverage: { complete: 'partial', notes: ['perceptual-unchecked'] },
    });
  });

  it('with a part that could not be loaded says so', async () => {
    const failed: ScanParts = { has: () => true, get: async () => null };
    expect(await scan(heicFixture('boats'), list, { parts: failed })).toMatchObject({
      verdict: 'inconclusive',
      reason: 'unsupported',
    });
  });

  it('asks the platform first', async () => {
    const other = stdlibPhoto('acanthus-mollis');
    const png = createNodeDecoder(DEFAULT_LIMITS);
    const decoder = { decode: async () => png.decode(new Blob([other as BlobPart]), await sniff(other)) };
    expect((await scan(heicFixture('boats'), list, { decoder })).verdict).toBe('no-known-match');
  });
});

describe('hostile files', () => {
  let list: Uint8Array;
  beforeAll(async () => {
    list = makeList({ hashes: { pdq: [await hashOf(boats())] } });
  });
  const outcome = async (file: HeifFile | Uint8Array, limits = DEFAULT_LIMITS) => {
    const bytes = file instanceof Uint8Array ? file : writeHeif(file);
    const { verdict, reason } = await scan(bytes, list, {}, limits);
    return reason ?? verdict;
  };
  const [picture] = codedPictures('boats');
  const [config] = picture.properties ?? [];

  it('beyond the limits of pixels are not decoded', async () => {
    const small = { ...DEFAULT_LIMITS, maxPixels: WIDTH * HEIGHT - 1 };
    expect(await outcome(heicFixture('boats'), small)).toBe('too-large');
    expect(await outcome(gridFile(), small)).toBe('too-large');
    const huge = { ...picture, properties: [config, property.ispe(100_000, 100_000)] };
    expect(await outcome({ items: [huge] })).toBe('too-large');
    const tiles = codedPictures('boats-quarters').map((tile) => ({
      ...tile,
      properties: [config, property.ispe(8192, 8192)],
    }));
    expect(await outcome(gridFile({ tiles }))).toBe('too-large');
  });

  it('that claim to be smaller than they are do not get more memory', async () => {
    const lying = { ...picture, properties: [config, property.ispe(64, 64)] };
    expect(await outcome({ items: [lying] })).toMatch(/^(undecodable|too-large)$/);
  });

  it('that are made of themselves come to an end', async () => {
    const self = gridFile();
    const loop = { ...self, references: [{ type: 'dimg', from: 0, to: [0, 0, 0, 0] }] };
    expect(await outcome(loop)).toBe('too-large');
    const deep = Array.from({ length: 40 }, (_, i) => ({
      type: 'dimg',
      from: i,
      to: Array.from({ length: 200 }, () => i + 1),
    }));
    const items = [...Array.from({ length: 40 }, () => gridFile().items[0]), picture];
    expect(await outcome({ items, references: deep })).toBe('too-large');
  });

  it('whose tables are all lengths come to an end', async () => {
    const head = writeHeif({ items: [picture] });
    for (let at = 0; at < 400; at++) {
      for (const value of [0xff, 0x7f, 0x01, 0x00]) {
        const bytes = head.slice(0, 4000);
        bytes.fill(value, at, at + 4);
        expect(typeof (await outcome(bytes))).toBe('string');
      }
    }
  }, 120_000);

  it('cut off anywhere are undecodable', async () => {
    for (const whole of [heicFixture('boats'), writeHeif(gridFile())]) {
      for (let share = 0.02; share < 1; share += 0.07) {
        const bytes = whole.slice(0, Math.floor(whole.length * share));
        expect(await outcome(bytes), `${share}`).toBe('undecodable');
      }
    }
  });

  it('of random changes have an outcome, and the next file is decoded', async () => {
    const wholes = [heicFixture('boats'), heicFixture('boats-alpha'), writeHeif(gridFile())];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...wholes),
        fc.array(fc.tuple(fc.nat(1200), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        async (whole, changes) => {
          const bytes = whole.slice();
          for (const [at, value] of changes) bytes[at] = value;
          expect(await outcome(bytes)).toMatch(/^(match|no-known-match|undecodable|unsupported|too-large)$/);
        },
      ),
      { numRuns: 60 },
    );
    expect(await outcome(heicFixture('boats'))).toBe('match');
  }, 120_000);

  it('of random bytes behind a HEIC start are undecodable', async () => {
    const start = heicFixture('boats').slice(0, 28);
    for (let seed = 1; seed < 20; seed++) {
      const bytes = new Uint8Array([...start, ...seededBytes(2000, seed)]);
      expect(await outcome(bytes)).toBe('undecodable');
    }
  });
});

describe('a library', () => {
  it.each([
    ['that is missing', undefined, /declared without its library/],
    ['that is something else', { default: 1 }, /not libheif/],
    ['of another shape', { default: () => ({}) }, /has no _malloc/],
  ])('%s is refused', async (_what, library, message) => {
    await expect(createHeicPart(library)).rejects.toThrow(message);
  });
});

describe('the header of a file', () => {
  it('is read once, and again where that failed', async () => {
    let reads = 0;
    class CountingBlob extends Blob {
      override slice(...range: [number?, number?, string?]): Blob {
        reads++;
        return super.slice(...range);
      }
    }
    const file = new CountingBlob([heicFixture('boats') as BlobPart]);
    const header = await readHeif(file);
    const once = reads;
    expect(once).toBeGreaterThan(0);
    expect(await readHeif(file)).toBe(header);
    expect(reads).toBe(once);
    const broken = new CountingBlob([new Uint8Array(100)]);
    await expect(readHeif(broken)).rejects.toThrow();
    reads = 0;
    await expect(readHeif(broken)).rejects.toThrow();
    expect(reads).toBeGreaterThan(0);
  });
});

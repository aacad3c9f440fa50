import { beforeAll, describe, expect, it } from 'vitest';
import { buildList, type ListedPhoto } from '../../bench/recall/lists.js';
import { hashDistance } from '../../bench/recall/pairs.js';
import { decode } from '../../bench/recall/picture.js';
import { decoyHashes } from '../../bench/recall/random.js';
import { EditScanner, type ScanTools } from '../../bench/recall/scan-edits.js';
import { OthersScanner } from '../../bench/recall/scan-others.js';
import { CountingNearSet, ExhaustingNearSet } from '../../bench/recall/watch.js';
import { listedHash } from '../../bench/recall/ways.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { openList } from '../../src/scan/lists.js';
import type { NearSet } from '../../src/snapshot/near-set.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const DECOYS = decoyHashes(2000);
const QUERY = { coefficients: new Float32Array(256), median: 0, bits: new Uint8Array(32) };

describe('stand-ins for a near set', () => {
  /** Finds labels at given indices. */
  const at = (places: Record<number, number[]>): NearSet => ({
    engine: 'typescript',
    search: (_query, { from, to }) => {
      for (let i = from; i < to; i++) {
        if (places[i]) return { labels: places[i], entries: [], probes: i + 1 - from };
      }
      return { labels: [], entries: [], probes: to - from };
    },
  });

  it('count probes, and keep the bits that matched', () => {
    const near = new CountingNearSet(at({ 7: [3] }));
    near.search(QUERY, { from: 0, to: 5 });
    expect([near.probes, near.matched]).toEqual([5, null]);
    expect(near.search({ ...QUERY, bits: QUERY.bits.map(() => 9) }, { from: 5, to: 50 }).labels).toEqual([3]);
    expect([near.probes, near.matched?.[0]]).toEqual([8, 9]);
    near.reset();
    expect([near.probes, near.matched]).toEqual([0, null]);
  });

  it('go on behind a match, leave the own label out, and say that nothing matched', () => {
    const near = new ExhaustingNearSet(at({ 2: [1], 5: [1, 4], 9: [6], 30: [8] }));
    near.reset(1);
    expect(near.search(QUERY, { from: 0, to: 20 })).toMatchObject({ labels: [], probes: 20 });
    near.search(QUERY, { from: 0, to: 3 });
    expect(near.accepted).toEqual([
      { form: 0, label: 4 },
      { form: 0, label: 6 },
    ]);
    expect(near.probes).toBe(23);
    expect(near.forms).toHaveLength(2);
  });

  it('keep forms that the caller overwrites', () => {
    const near = new ExhaustingNearSet(null);
    const query = { ...QUERY, bits: new Uint8Array(32).fill(1) };
    near.search(query, { from: 0, to: 2 });
    query.bits.fill(2);
    expect(near.forms[0].bits[0]).toBe(1);
  });
});

describe('scans of the report', () => {
  let tools: ScanTools;
  let listed: ListedPhoto[];

  beforeAll(async () => {
    const kernel = await createPdqKernel();
    tools = { kernel, variants: await createVariantKernel(), search: 'normal' };
    listed = [];
    for (const name of STDLIB_PHOTOS) {
      const { bits } = await listedHash(await decode(stdlibPhoto(name)), 'full', kernel);
      listed.push({ name: `stdlib/${name}`, bits });
    }
  });

  it('find edits of a listed photo, and tell right from wrong labels', async () => {
    const list = await openList(buildList('full', listed, DECOYS));
    const scanner = new EditScanner([list], tools);
    const [{ name, bits }] = listed;
    const job = {
      kind: 'edits',
      name,
      file: stdlibPhoto(STDLIB_PHOTOS[0]),
      edits: ['JPEG 75', '3°, black corners', 'mirrored'],
      listed: [{ way: 'full', bits }],
      right: [name],
    } as const;
    const [jpeg, turned, mirrored] = await scanner.run(job);
    expect(jpeg).toMatchObject({ edit: 'JPEG 75', way: 'full', found: true, wrong: [], lowDetail: false });
    expect(jpeg.asIs).toBeLessThanOrEqual(10);
    expect(jpeg.distance).toBeLessThanOrEqual(31);
    expect(jpeg.probes).toBeGreaterThan(0);
    expect(jpeg.lookupMs).toBeGreaterThan(0);
    expect(mirrored.asIs).toBeGreaterThan(31);
    expect(mirrored.turned).toBeLessThanOrEqual(10);
    expect(mirrored.found).toBe(true);
    expect(turned.asIs).toBeGreaterThan(31);

    const [strange] = await scanner.run({ ...job, edits: ['JPEG 75'], right: ['stdlib/other'] });
    expect(strange).toMatchObject({ found: false, wrong: [name], distance: null });
  });

  it('do not find a photo that is not listed', async () => {
    const [{ name, bits }, ...others] = listed;
    const scanner = new EditScanner([await openList(buildList('full', others, DECOYS))], tools);
    const [result] = await scanner.run({
      kind: 'edits',
      name,
      file: stdlibPhoto(STDLIB_PHOTOS[0]),
      edits: ['JPEG 75'],
      listed: [{ way: 'full', bits }],
      right: [name],
    });
    expect(result).toMatchObject({ found: false, wrong: [], distance: null });
    expect(result.asIs).toBeLessThanOrEqual(10);
  });

  it('scan a photo as if it alone were not listed, whatever else has its hash', async () => {
    const twins = [...listed, { name: 'stdlib/twin', bits: listed[0].bits }];
    const bytes = buildList('all photos', twins, DECOYS);
    const scanner = new OthersScanner(bytes, await openList(bytes), twins, tools);
    const run = (i: number) =>
      scanner.run({ kind: 'others', name: listed[i].name, file: stdlibPhoto(STDLIB_PHOTOS[i]) });
    const withTwin = await run(0);
    expect(withTwin.pairs.filter(({ accepted }) => accepted)).toMatchObject([
      { upload: listed[0].name, listed: 'stdlib/twin', asIs: 0, turned: 0, least: 0 },
    ]);
    expect(withTwin.decoys).toBe(0);
    expect(withTwin.forms).toBeGreaterThan(7);
    expect(withTwin.unrelatedRate).toBeGreaterThan(0);
    expect(withTwin.unrelatedRate).toBeLessThan(1e-6);

    const alone = await run(1);
    expect(alone.pairs.filter(({ accepted }) => accepted)).toEqual([]);
    expect(alone.pairs.map((pair) => pair.listed)).not.toContain(listed[1].name);
    expect(hashDistance(listed[1].bits, listed[0].bits)).toBeGreaterThan(31);
  });
});

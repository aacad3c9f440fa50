import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EDITS } from '../../bench/recall/edits.js';
import { falsePositives } from '../../bench/recall/false-positives.js';
import { FOUND_WITHIN } from '../../bench/recall/pairs.js';
import { plotRecall } from '../../bench/recall/plot.js';
import { recallTable } from '../../bench/recall/recall-table.js';
import { filesOfPicture, type ReviewedPair, readReviewedPairs } from '../../bench/recall/reviewed.js';
import type { EditResult } from '../../bench/recall/scan-edits.js';
import type { OthersResult, PhotoPair } from '../../bench/recall/scan-others.js';

function scan(edit: string, changes: Partial<EditResult> = {}): EditResult {
  return {
    folder: 'a',
    edit,
    way: 'full',
    asIs: 40,
    turned: 40,
    found: false,
    wrong: [],
    lowDetail: false,
    probes: 100,
    lookupMs: 1,
    distance: null,
    ...changes,
  };
}

describe('recallTable', () => {
  const [first] = EDITS;
  const second = EDITS.find(({ group }) => group !== first.group)!;
  const table = recallTable([
    scan(first.name, { asIs: 31, turned: 31, found: true, distance: 31, probes: 1 }),
    scan(first.name, { asIs: 32, turned: 2, found: true, distance: 32, probes: 3 }),
    scan(first.name, { lowDetail: true, probes: 2, wrong: ['another'] }),
    scan(first.name, { way: 'squashed' }),
    scan(second.name, { folder: 'b', found: true, lowDetail: true, distance: 4 }),
  ]);

  it('counts by edit and by list', () => {
    expect(table.edits.map(({ name }) => name)).toEqual([first.name, second.name]);
    expect(table.edits[0].lists.full).toEqual({
      scans: 3,
      exhaustive: 1,
      dihedral: 2,
      presieve: 2,
      lowDetail: 1,
      wrong: 1,
      beyond31: 1,
      medianProbes: 2,
      medianLookupMs: 1,
    });
    expect(table.edits[0].lists.squashed).toMatchObject({ scans: 1, presieve: 0 });
    expect(table.edits[1].lists).not.toHaveProperty('squashed');
  });

  it('adds up groups and all', () => {
    expect(table.groups.map(({ name }) => name)).toEqual([first.group, second.group]);
    expect(table.total.lists.full).toMatchObject({ scans: 4, presieve: 3, lowDetail: 1 });
    expect(table.total.folders).toMatchObject({ a: { scans: 3, presieve: 2 }, b: { scans: 1, presieve: 1 } });
  });
});

describe('plotRecall', () => {
  const results = EDITS.flatMap(({ name }, i) => [
    scan(name, { found: true, asIs: i % 2 ? 0 : 90, turned: 0 }),
    scan(name),
  ]);
  const svg = plotRecall(recallTable(results), { subtitle: 'a <b> & c', foot: 'foot' });

  it('shows every edit and group, on a background of its own', () => {
    for (const { name, group } of EDITS) {
      expect(svg).toContain(`>${name}<`);
      expect(svg).toContain(`>${group}<`);
    }
    expect(svg).toContain('a &lt;b> &amp; c');
    expect(svg).toMatch(/^<svg [^>]*viewBox="0 0 (\d+) (\d+)"[^>]*>\n<rect [^>]*fill="#ffffff"/);
    expect(svg.match(/<text[ >]/g)?.length).toBe(svg.match(/<\/text>/g)?.length);
  });

  it('draws bars as long as the shares', () => {
    const widths = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="4.4"/g)].map(
      ([, width]) => Number(width),
    );
    expect(widths).toHaveLength(3 * EDITS.length);
    const presieve = widths.filter((_, i) => i % 3 === 2);
    expect(new Set(presieve).size).toBe(1);
    const exhaustive = widths.filter((_, i) => i % 3 === 0);
    expect(Math.max(...exhaustive)).toBe(presieve[0]);
    expect(Math.min(...exhaustive)).toBe(0);
  });
});

const MEETING = { form: 0, rank: 1000, flips: 4, sketchDistance: 30, excess: 14, distance: 80 };

function pair(upload: string, listed: string, changes: Partial<PhotoPair> = {}): PhotoPair {
  const within = FOUND_WITHIN.map(() => MEETING);
  return {
    upload,
    listed,
    asIs: 90,
    turned: 80,
    least: 70,
    accepted: false,
    within,
    inBudget: MEETING,
    ...changes,
  };
}

function photo(name: string, pairs: PhotoPair[] = [], changes: Partial<OthersResult> = {}): OthersResult {
  return { name, lowDetail: false, probes: 10, forms: 2, unrelatedRate: 1e-9, decoys: 0, pairs, ...changes };
}

describe('falsePositives', () => {
  const accepted = { accepted: true, inBudget: { ...MEETING, excess: -1, sketchDistance: 15 } };
  const results = [
    photo('a/1', [pair('a/1', 'a/2', { ...accepted, asIs: 5, turned: 5, least: 5 }), pair('a/1', 'a/3')]),
    photo('a/2', [pair('a/2', 'a/1', { ...accepted, asIs: 5, turned: 5, least: 5 })]),
    photo('a/3', [
      pair('a/3', 'b/1', { ...accepted, least: 44 }),
      pair('a/3', 'a/2', { least: 30, inBudget: null }),
    ]),
    photo('b/1', [], { lowDetail: true, probes: 0 }),
    photo('b/2', [pair('b/2', 'a/1', { inBudget: { ...MEETING, excess: 3 } })], { decoys: 2 }),
  ];
  const reviewed: ReviewedPair[] = [{ pair: ['a/2', 'a/1'], verdict: 'same picture' }];
  const found = falsePositives(results, reviewed, 96);
  const row = (kind: string) => found.files.find((files) => files.kind === kind);

  it('counts files by kind, pairs of the same picture apart', () => {
    expect(row('a')).toMatchObject({
      files: 3,
      lowDetail: 0,
      samePicturePairs: 2,
      falsePairs: 1,
      falseFiles: 1,
    });
    expect(row('a')).toMatchObject({ exhaustivePairs: 0, dihedralPairs: 0, decoyFiles: 0 });
    expect(row('b')).toMatchObject({ files: 2, lowDetail: 1, decoyFiles: 1, falseFiles: 0 });
    expect(row('all')).toMatchObject({ files: 5, falsePairs: 1 });
    expect(row('b')!.falseUpper95).toBeCloseTo(0.95, 10);
    expect(found.orderedPairs).toBe(12);
  });

  it('counts every pair that nobody reviewed as different pictures', () => {
    expect(falsePositives(results, [], 96).files.at(-1)).toMatchObject({
      samePicturePairs: 0,
      falsePairs: 3,
      exhaustivePairs: 2,
    });
  });

  it('prints accepted pairs on both sides of 31 bits, and the nearest misses', () => {
    expect(found.accepted.map(({ upload, verdict }) => [upload, verdict])).toEqual([
      ['a/1', 'same picture'],
      ['a/2', 'same picture'],
    ]);
    expect(found.acceptedBeyond31).toMatchObject([{ upload: 'a/3', listed: 'b/1', distances: [90, 80, 44] }]);
    expect(found.missedWithin31).toMatchObject([{ upload: 'a/3', listed: 'a/2' }]);
    expect(found.nearestMisses.map(({ excess }) => excess)).toEqual([3, 14]);
  });

  it('fits tails to the pairs whose key is found', () => {
    const many = Array.from({ length: 400 }, (_, i) => {
      const excess = 10 + ((i * 7) % 20);
      const inBudget = { ...MEETING, excess, sketchDistance: excess + 15 };
      return pair('a/1', `a/${i + 10}`, { inBudget, within: FOUND_WITHIN.map(() => inBudget) });
    });
    const { pairs, fromPairs } = falsePositives([photo('a/1', many), photo('a/2')], [], 96);
    expect(pairs.map(({ within }) => within)).toEqual(['budget', '2^20', '2^24', '2^28', '2^32', '2^36']);
    const [{ excess, normalTail, accepted: seen, acceptedUpper95, acceptedAt, unordered }] = pairs;
    expect(excess).toMatchObject({ mean: 19.5, least: 10 });
    expect(normalTail).toBeGreaterThan(0);
    expect(normalTail).toBeLessThan(1e-2);
    expect([seen, unordered]).toEqual([0, 400]);
    expect(acceptedUpper95).toBeCloseTo(1 - 0.05 ** (1 / 400), 10);
    expect(fromPairs).toMatchObject({ tailsWithin: '2^20', met: 400 });
    expect(fromPairs!.normal).toBeCloseTo(200 * normalTail, 10);
    expect(acceptedAt.at(-1)).toEqual([12, 60]);
  });
});

describe('reviewed pairs', () => {
  const reviewed: ReviewedPair[] = [
    { pair: ['a/1', 'a/2'], verdict: 'same picture' },
    { pair: ['a/3', 'a/2'], verdict: 'same picture' },
    { pair: ['a/3', 'a/4'], verdict: 'same scene' },
  ];

  it('join files of the same picture, and only those', () => {
    expect(filesOfPicture('a/1', reviewed).sort()).toEqual(['a/1', 'a/2', 'a/3']);
    expect(filesOfPicture('a/4', reviewed)).toEqual(['a/4']);
  });

  it('are read from a file of their form', () => {
    const folder = mkdtempSync(join(tmpdir(), 'reviewed-'));
    const path = join(folder, 'pairs.json');
    writeFileSync(path, JSON.stringify(reviewed));
    expect(readReviewedPairs(path)).toEqual(reviewed);
    writeFileSync(path, JSON.stringify([{ pair: ['a', 'b'], verdict: 'maybe' }]));
    expect(() => readReviewedPairs(path)).toThrow(RangeError);
    rmSync(folder, { recursive: true });
  });

  it('of the repository can be read', () => {
    const path = new URL('../../bench/recall/reviewed-pairs.json', import.meta.url);
    expect(Array.isArray(readReviewedPairs(path.pathname))).toBe(true);
  });
});

import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CALIBRATION } from '../../src/publisher/calibration.js';
import type { Inspection } from '../../src/publisher/inspect.js';
import { mostProbes, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { makeList } from '../support/lists.js';
import { cli, hexHashes, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
const bytes = makeList({
  name: 'Li\u00dfte',
  version: 12,
  hashes: {
    md5: hexHashes(10, 32, 1).map((hash, i) => ({ hash, label: i < 3 ? 'A1' : '' })),
    pdq: hexHashes(5, 64, 2).map((hash) => ({ hash, label: 'B' })),
  },
});
const file = folder.write('x.snapshot', bytes);

describe('presieve inspect', () => {
  it('prints one JSON value with --json', async () => {
    const result = await cli(['inspect', '--json', file]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [inspection, ...others] = jsonLines(result);
    expect(others).toEqual([]);
    expect(inspection).toEqual({
      file,
      name: 'Lißte',
      version: 12,
      created: 1_700_000_000,
      demo: false,
      salt: expect.stringMatching(/^[0-9a-f]{32}$/),
      capacity: 1024,
      layout: 5,
      keyBits: 64,
      sketchBits: 96,
      nearFingerprintBits: 24,
      exactFingerprintBits: 50,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sections: {
        md5: {
          entries: 10,
          labels: { '': 7, A1: 3 },
          bytes: expect.any(Number),
          bitsPerEntry: expect.any(Number),
          expectedFalsePositiveRate: 10 / 2 ** 50,
        },
        pdq: {
          entries: 5,
          labels: { B: 5 },
          bytes: expect.any(Number),
          bitsPerEntry: expect.any(Number),
          expectedFalsePositiveRate: expect.any(Number),
          expectedRecall: CALIBRATION.recall[64][96],
          workForTheList: 64,
          workPerEntry: 61.68,
          falseFindsPerTrueOne: 2 ** 40 - 1,
        },
      },
    });
    const { md5, pdq } = inspection.sections as Record<string, Record<string, number>>;
    for (const section of [md5, pdq]) {
      expect(section.bitsPerEntry).toBeCloseTo((section.bytes * 8) / section.entries, 1);
    }
    // 5 fingerprints of 24 bits, all guesses of the normal search, sketches within 18 of 96 bits at the very most.
    let tail = 0;
    for (let d = 0, ways = 1; d <= 18; ways = (ways * (96 - d)) / ++d) tail += ways / 2 ** 96;
    const most = (mostProbes(SEARCH_PLANS.normal) * 5 * tail) / 2 ** 24;
    expect(pdq.expectedFalsePositiveRate).toBeLessThan(most);
    expect(pdq.expectedFalsePositiveRate).toBeGreaterThan(most / 1000);
  });

  it('prints a table for a person', async () => {
    const { code, stdout, stderr } = await cli(['inspect', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^list\s+Lißte$/m);
    expect(stdout).toMatch(/^version\s+12$/m);
    expect(stdout).toMatch(/^created\s+2023-11-14T22:13:20Z$/m);
    expect(stdout).toMatch(/^capacity\s+1,024 entries a signal$/m);
    expect(stdout).toMatch(/^PDQ\s+layout 5, key 64 bits, sketch 96 bits, fingerprint 24 bits$/m);
    expect(stdout).toMatch(/^md5\s+10\s+\d+\s+[\d.]+\s+8\.9e-15$/m);
    const recall = (CALIBRATION.recall[64][96] * 100).toFixed(1);
    expect(stdout).toMatch(new RegExp(`^expectedRecall\\s+${recall} %`, 'm'));
    expect(stdout).toMatch(/^workForTheList\s+2\^64 /m);
    expect(stdout).toMatch(/^workPerEntry\s+2\^61\.7 /m);
    expect(stdout).toMatch(/^falseFindsPerTrueOne\s+2\^40\.0 /m);
    expect(stdout).toMatch(/^md5\s+7 {2}\(no label\)$/m);
    expect(stdout).toMatch(/^pdq\s+5 {2}B$/m);
  });

  it('says that what was not measured was not, and that nobody has no work', async () => {
    const header = { ...defaultParameters({ capacity: 1024, salt: new Uint8Array(16), keyBits: 32 }) };
    const empty = encodeSnapshot(
      { ...header, name: 'x', version: 1, createdSeconds: 0, demo: false },
      [],
      [sectionFromHashes(header, 'pdq', new Uint8Array(0), new Uint16Array(0))],
    );
    const path = folder.write('empty-pdq.snapshot', empty);
    const [{ sections }] = jsonLines<Inspection>(await cli(['inspect', '--json', path]));
    expect(sections.pdq).toMatchObject({
      entries: 0,
      bitsPerEntry: 0,
      expectedFalsePositiveRate: 0,
      expectedRecall: null,
      workForTheList: 32,
      workPerEntry: null,
      falseFindsPerTrueOne: 255,
    });
    const { stdout } = await cli(['inspect', path]);
    expect(stdout).toMatch(/^expectedRecall\s+not measured /m);
    expect(stdout).toMatch(/^workPerEntry\s+–/m);
  });

  it('has nothing of the kind to say of a list without PDQ hashes', async () => {
    const path = folder.write('md5.snapshot', makeList({ hashes: { md5: hexHashes(3, 32) } }));
    const { stdout } = await cli(['inspect', path]);
    expect(stdout).not.toContain('workForTheList');
    const [{ sections }] = jsonLines<Inspection>(await cli(['inspect', '--json', path]));
    expect(sections.md5).not.toHaveProperty('workForTheList');
  });

  it('says that a list is a demo, and escapes what could drive the terminal', async () => {
    const name = 'list\u202eevil';
    const { stdout } = await cli(['inspect', folder.write('demo.snapshot', makeList({ name, demo: true }))]);
    expect(stdout).toContain('list\\u202eevil  (demo list of harmless pictures)');
  });

  it.each([
    ['a missing file', folder.path('missing'), /missing: no such file/],
    ['a folder', folder.path('.'), /is a directory/],
    [
      'a file that is none',
      folder.write('text', 'just text'),
      /text: not a readable snapshot \(not-a-snapshot\)/,
    ],
    ['an empty file', folder.write('empty', ''), /empty: not a readable snapshot/],
    [
      'a snapshot cut off',
      folder.write('cut', bytes.subarray(0, 100)),
      /cut: not a readable snapshot \(truncated\)/,
    ],
    [
      'a damaged snapshot',
      folder.write(
        'bad',
        bytes.map((byte, i) => (i === 90 ? byte ^ 1 : byte)),
      ),
      /bad: not a readable snapshot \(checksum\)/,
    ],
  ])('refuses %s with exit code 2', async (_, path, message) => {
    const result = await cli(['inspect', '--json', path]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
  });

  it('takes exactly one file', async () => {
    expect(await cli(['inspect'])).toMatchObject({ code: 2, stdout: '' });
    expect(await cli(['inspect', file, file])).toMatchObject({ code: 2, stdout: '' });
  });
});

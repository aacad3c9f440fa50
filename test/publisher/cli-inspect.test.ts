import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
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
      layout: 1,
      keyBits: 64,
      sketchBits: 64,
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
        },
      },
    });
    const { md5, pdq } = inspection.sections as Record<string, Record<string, number>>;
    for (const section of [md5, pdq]) {
      expect(section.bitsPerEntry).toBeCloseTo((section.bytes * 8) / section.entries, 1);
    }
    // 5 fingerprints of 24 bits, eight forms of a picture, sketches that agree in 54 of 64 bits or more.
    expect(pdq.expectedFalsePositiveRate).toBeGreaterThan(1e-12);
    expect(pdq.expectedFalsePositiveRate).toBeLessThan(1e-6);
  });

  it('prints a table for a person', async () => {
    const { code, stdout, stderr } = await cli(['inspect', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^list\s+Lißte$/m);
    expect(stdout).toMatch(/^version\s+12$/m);
    expect(stdout).toMatch(/^created\s+2023-11-14T22:13:20Z$/m);
    expect(stdout).toMatch(/^capacity\s+1,024 entries a signal$/m);
    expect(stdout).toMatch(/^PDQ\s+layout 1, key 64 bits, sketch 64 bits, fingerprint 24 bits$/m);
    expect(stdout).toMatch(/^md5\s+10\s+\d+\s+[\d.]+\s+8\.9e-15$/m);
    expect(stdout).toMatch(/^md5\s+7 {2}\(no label\)$/m);
    expect(stdout).toMatch(/^pdq\s+5 {2}B$/m);
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

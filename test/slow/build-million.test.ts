/**
 * A million PDQ hashes and a million MD5 digests through the command line.
 * @module
 */
import { openSync, writeSync } from 'node:fs';
import { cpus } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Inspection } from '../../src/publisher/inspect.js';
import { cli, jsonLines, workFolder } from '../publisher/cli-harness.js';
import { hashPhoto } from '../support/hash-photo.js';
import { seededBytes } from '../support/lists.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const MILLION = 1_000_000;
const folder = workFolder();

function writeRandomHashes(name: string, bytesEach: number, seed: number): string {
  const path = folder.path(name);
  const file = openSync(path, 'w');
  const perChunk = 10_000;
  for (let done = 0; done < MILLION; done += perChunk) {
    const random = Buffer.from(seededBytes(perChunk * bytesEach, seed + done));
    const lines = Array.from({ length: perChunk }, (_, i) =>
      random.toString('hex', i * bytesEach, (i + 1) * bytesEach),
    );
    writeSync(file, `${lines.join('\n')}\n`);
  }
  return path;
}

describe('a million PDQ hashes and a million MD5 digests', () => {
  it('build in under 60 s, at 116 bits a PDQ entry or less, and a listed photo is found among them', async () => {
    const { bits } = await hashPhoto(stdlibPhoto('locomotion-house-cat'));
    const pdq = writeRandomHashes('pdq.txt', 32, 1);
    const md5 = writeRandomHashes('md5.txt', 16, 2_000_000);
    const own = folder.write('own.txt', hashToHex(bits));
    const out = folder.path('million.snapshot');

    const start = performance.now();
    const built = await cli([
      ...['build', '--name', 'million', '--list-version', '1', '--out', out, '--json'],
      ...['--pdq', pdq, '--pdq', own, '--md5', md5],
    ]);
    const seconds = (performance.now() - start) / 1000;
    expect(built.code).toBe(0);
    const [{ sections }] = jsonLines<Inspection>(built);
    console.log(
      `built in ${seconds.toFixed(1)} s on ${cpus()[0]?.model}; ` +
        `PDQ ${sections.pdq?.bitsPerEntry} bits an entry, MD5 ${sections.md5?.bitsPerEntry}`,
    );
    expect(seconds).toBeLessThan(60);
    expect(sections.pdq?.entries).toBe(MILLION + 1);
    expect(sections.md5?.entries).toBe(MILLION);
    expect(sections.pdq?.bitsPerEntry).toBeLessThanOrEqual(116);

    const photos = STDLIB_PHOTOS.map((name) => folder.write(`${name}.jpg`, stdlibPhoto(name)));
    const scanned = await cli(['scan', '--list', out, '--json', ...photos]);
    expect(
      jsonLines<{ outcome: { verdict: string } }>(scanned).map(({ outcome }) => outcome.verdict),
    ).toEqual(STDLIB_PHOTOS.map((name) => (name === 'locomotion-house-cat' ? 'match' : 'no-known-match')));
  });
});

/**
 * A list of a million random PDQ hashes and a million MD5 digests, built by the command line, in Chromium and
 * in Node: size, and the reference pictures made from the one listed photo.
 */
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scanner } from '../../src/index.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { cli } from '../publisher/cli-harness.js';
import {
  launchChromium,
  openPage,
  startServer,
  type TestPage,
  type TestServer,
  toBase64,
} from '../support/browser.js';
import { hashPhoto } from '../support/hash-photo.js';
import { seededBytes } from '../support/lists.js';
import { pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const MILLION = 1_000_000;
const folder = mkdtempSync(join(tmpdir(), 'presieve-million-'));
const listPath = join(folder, 'million.snapshot');

let browser: Browser;
let server: TestServer;
let inspection: { sections: Record<string, { entries: number; bitsPerEntry: number }> };

/** Random hashes as text, one a line, in pieces. */
async function writeHashes(path: string, bytes: number, seed: number, first: string[] = []): Promise<void> {
  const stream = createWriteStream(path);
  stream.write(first.map((hex) => `${hex}\n`).join(''));
  for (let done = 0, piece = 10_000; done < MILLION; done += piece) {
    const hex = Buffer.from(seededBytes(piece * bytes, seed + done)).toString('hex');
    let lines = '';
    for (let i = 0; i < piece; i++) lines += `${hex.slice(i * bytes * 2, (i + 1) * bytes * 2)}\n`;
    stream.write(lines);
  }
  stream.end();
  await finished(stream);
}

/** The listed photo: the reference's own where there is one. */
async function listedHash(): Promise<string> {
  if (SHARED === null) return hashToHex((await hashPhoto(stdlibPhoto('nagasaki-boats'))).bits);
  const original = pdqConformance().find(({ file }) => file.endsWith('aaa-orig.jpg'));
  return original?.full.dihedral[0] as string;
}

beforeAll(async () => {
  await writeHashes(join(folder, 'pdq.txt'), 32, 11, [await listedHash()]);
  await writeHashes(join(folder, 'md5.txt'), 16, 12);
  const started = performance.now();
  const built = await cli([
    ...['build', '--json', '--name', 'a million', '--list-version', '1', '--out', listPath],
    ...['--pdq', join(folder, 'pdq.txt'), '--md5', join(folder, 'md5.txt')],
  ]);
  console.log(`built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  expect(built).toMatchObject({ code: 0 });
  inspection = JSON.parse((await cli(['inspect', '--json', listPath])).stdout);
  browser = await launchChromium();
  server = await startServer();
  server.files.set('/million.snapshot', { body: readFileSync(listPath) });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true });
});

/** Pictures with the verdict that each is to have. */
function pictures(): { name: string; bytes: Uint8Array; verdict: string }[] {
  const photos = STDLIB_PHOTOS.map((name) => ({
    name,
    bytes: stdlibPhoto(name) as Uint8Array,
    verdict: SHARED === null && name === 'nagasaki-boats' ? 'match' : 'no-known-match',
  }));
  if (SHARED === null) return photos;
  const made = pdqConformance().map(({ file, path }) => ({
    name: file,
    bytes: new Uint8Array(readFileSync(path)) as Uint8Array,
    verdict: /^(bridge-mods|dih)\//.test(file) ? 'match' : 'no-known-match',
  }));
  return [...made, ...photos];
}

describe('a list of a million PDQ hashes and a million MD5 digests', () => {
  it('takes at most 84 bits an entry for PDQ with a sketch of 64 bits, 116 with 96', async () => {
    const { pdq, md5 } = inspection.sections;
    expect([pdq.entries, md5.entries]).toEqual([MILLION + 1, MILLION]);
    const compact = await cli([
      ...['build', '--json', '--preset', 'compact', '--name', 'a million', '--list-version', '1'],
      ...['--pdq', join(folder, 'pdq.txt'), '--out', join(folder, 'compact.snapshot')],
    ]);
    const small = JSON.parse(compact.stdout).sections.pdq.bitsPerEntry;
    console.log(
      `PDQ ${pdq.bitsPerEntry} (precise), ${small} (compact), MD5 ${md5.bitsPerEntry} bits an entry`,
    );
    expect(pdq.bitsPerEntry).toBeLessThanOrEqual(116);
    expect(small).toBeLessThanOrEqual(84);
  });

  it('opens in the worker, matches what was made from the listed photo, and nothing else, in Chromium', async () => {
    const page = await openPage(browser, server);
    const openMs = await page.evaluate(async () => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const list = await (await fetch('/million.snapshot')).blob();
      const started = performance.now();
      const scanner = createScanner({ lists: [list] });
      await scanner.ready;
      Object.assign(globalThis, { scanner });
      return performance.now() - started;
    });
    console.log(`worker started and list opened in ${openMs.toFixed(0)} ms`);
    const seen: Record<string, string> = {};
    for (const { name, bytes } of pictures()) {
      seen[name] = await page.evaluate(async (file) => {
        const { scanner } = globalThis as unknown as { scanner: Scanner };
        const outcome = await scanner.scan(Uint8Array.from(atob(file), (c) => c.charCodeAt(0)));
        return outcome.verdict;
      }, toBase64(bytes));
    }
    expect(seen).toEqual(Object.fromEntries(pictures().map(({ name, verdict }) => [name, verdict])));
  });

  it('does the same on the command line', async () => {
    const paths = pictures().map(({ name, bytes }) => {
      const path = join(folder, name.replaceAll('/', '-'));
      writeFileSync(path, bytes);
      return path;
    });
    const { code, stdout } = await cli(['scan', '--json', '--list', listPath, ...paths]);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(1);
    expect(lines.map(({ file, outcome }) => [file, outcome.verdict])).toEqual(
      pictures().map(({ verdict }, i) => [paths[i], verdict]),
    );
  });
});

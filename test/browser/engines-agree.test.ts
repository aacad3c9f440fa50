/**
 * PDQ of the same files in the three engines, side by side. Starts all engines itself, so it runs once, in Chromium's project.
 */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { startChromium } from '../support/engines/chromium.js';
import { startFirefox } from '../support/engines/firefox.js';
import { openTab } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { startWebKit } from '../support/engines/webkit.js';
import { hexDistance, pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

/** Bits by which two engines may differ; 0 was seen but for one picture with a colour profile. */
const MAX_BITS = 2;

const starts = [startChromium, startFirefox, ...(process.env.PRESIEVE_SKIP_WEBKIT ? [] : [startWebKit])];
let engines: Engine[] = [];
let pages: EnginePage[];
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  server.files.set('/hash.js', { body: await bundleEntry('hash-in-browser.ts'), type: 'text/javascript' });
  engines = await Promise.all(starts.map((start) => start()));
  await openPages();
});
renewOnRetry(openPages);

async function openPages(): Promise<void> {
  pages = await Promise.all(engines.map((engine) => openTab(engine, `${server.origin}/`)));
  for (const page of pages) {
    await page.evaluate(async () => void (await (globalThis as TestPage).load('/hash.js')));
  }
}

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.close()));
  await server?.close();
});

/** Bits between each two engines, by their names. */
async function distances(bytes: Uint8Array): Promise<Record<string, number>> {
  server.files.set('/picture', { body: bytes });
  const hashes = await Promise.all(
    pages.map((page) =>
      page.evaluate(async () => {
        const file = await (await fetch('/picture', { cache: 'no-store' })).blob();
        const { hashInBrowser } = globalThis as unknown as {
          hashInBrowser(file: Blob): Promise<{ dihedral: string[] }[]>;
        };
        return (await hashInBrowser(file))[0].dihedral[0];
      }),
    ),
  );
  const pairs = hashes.flatMap((hash, i) =>
    hashes
      .slice(i + 1)
      .map((other, j) => [`${engines[i].name} ${engines[i + 1 + j].name}`, hexDistance(hash, other)]),
  );
  return Object.fromEntries(pairs);
}

async function expectAgreement(files: Iterable<readonly [string, Uint8Array]>): Promise<void> {
  const rows: { file: string; bits: Record<string, number> }[] = [];
  for (const [file, bytes] of files) rows.push({ file, bits: await distances(bytes) });
  console.table(rows.map(({ file, bits }) => ({ file, ...bits })));
  for (const { file, bits } of rows) {
    for (const [pair, distance] of Object.entries(bits)) {
      expect.soft(distance, `${file}: ${pair}`).toBeLessThanOrEqual(MAX_BITS);
    }
  }
}

it('photos that every checkout has hash alike in the engines', async () => {
  const files: [string, Uint8Array][] = [];
  for (const name of STDLIB_PHOTOS) {
    const photo = sharp(stdlibPhoto(name)).resize({ width: 600 });
    files.push([name, stdlibPhoto(name)]);
    files.push([`${name}.png`, new Uint8Array(await photo.clone().png().toBuffer())]);
    files.push([`${name}.webp`, new Uint8Array(await photo.clone().webp().toBuffer())]);
  }
  await expectAgreement(files);
});

it.skipIf(SHARED === null)('the reference images (../shared/conformance/pdq) do too', async () => {
  const images = pdqConformance().map(
    ({ file, path }) => [file, new Uint8Array(readFileSync(path))] as const,
  );
  await expectAgreement(images);
});

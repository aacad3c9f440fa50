/**
 * PDQ of real picture files through the engine's decoders and through the Node decoder, against the hashes that
 * the reference implementation gives.
 */
import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { startServer, type TestPage, type TestServer } from '../support/browser.js';
import { bundleEntry } from '../support/bundle.js';
import { openTab, startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage } from '../support/engines/types.js';
import { hashPhoto } from '../support/hash-photo.js';
import { hexDistance, pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import { renewOnRetry } from '../support/retry.js';

/** Distance that another decoder may cost where the quality is 80 or more. */
const MAX_DISTANCE = 10;

interface BrowserHash {
  kernel: string;
  quality: number;
  dihedral: string[];
}

let engine: Engine;
let server: TestServer;
let page: EnginePage;

beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  server.files.set('/hash.js', { body: await bundleEntry('hash-in-browser.ts'), type: 'text/javascript' });
  await openPage();
});
renewOnRetry(openPage);

async function openPage(): Promise<void> {
  page = await openTab(engine, `${server.origin}/`);
  await page.evaluate(async () => void (await (globalThis as TestPage).load('/hash.js')));
}

afterAll(async () => {
  await engine?.close();
  await server?.close();
});

async function inBrowser(bytes: Uint8Array): Promise<BrowserHash[]> {
  server.files.set('/picture', { body: bytes });
  return page.evaluate(async () => {
    const file = await (await fetch('/picture', { cache: 'no-store' })).blob();
    const { hashInBrowser } = globalThis as unknown as { hashInBrowser(file: Blob): Promise<BrowserHash[]> };
    return hashInBrowser(file);
  });
}

async function inNode(bytes: Uint8Array): Promise<{ hex: string; quality: number }> {
  const hash = await hashPhoto(bytes);
  return { hex: hashToHex(hash.bits), quality: hash.quality };
}

describe.skipIf(SHARED === null)('the reference images (../shared/conformance/pdq)', () => {
  it('hash to within 10 bits of the reference, in this engine and in Node', async () => {
    const rows: Record<string, unknown>[] = [];
    for (const image of pdqConformance()) {
      const bytes = new Uint8Array(readFileSync(image.path));
      const [chromium] = await inBrowser(bytes);
      const node = await inNode(bytes);
      // Presieve applies EXIF orientation, the reference does not: a turned form of its hash is the right one.
      const turned = image.file.startsWith('exif-rotn/');
      const expected = [image.full, image.squashed512].flatMap(
        (form) => form?.dihedral.slice(0, turned ? 8 : 1) ?? [],
      );
      const least = (hex: string) => Math.min(...expected.map((other) => hexDistance(hex, other)));
      rows.push({
        file: image.file,
        quality: image.full.quality,
        chromium: least(chromium.dihedral[0]),
        node: least(node.hex),
        between: hexDistance(chromium.dihedral[0], node.hex),
        'quality here': `${chromium.quality} ${node.quality}`,
      });
      expect(chromium.kernel).toBe('wasm-simd');
    }
    console.table(rows);
    const bad = rows.filter(
      (row) =>
        (row.quality as number) >= 80 && Math.max(row.chromium as number, row.node as number) > MAX_DISTANCE,
    );
    expect(bad).toEqual([]);
  });
});

describe('pictures that every checkout has', () => {
  it('hash alike in this engine and in Node, in every format that both decode', async () => {
    const rows: Record<string, unknown>[] = [];
    for (const name of STDLIB_PHOTOS) {
      const photo = sharp(stdlibPhoto(name)).resize({ width: 600 });
      const files: Record<string, Buffer | Uint8Array> = {
        original: stdlibPhoto(name),
        jpeg: await photo.clone().jpeg({ quality: 80 }).toBuffer(),
        png: await photo.clone().png().toBuffer(),
        webp: await photo.clone().webp({ quality: 80 }).toBuffer(),
        avif: await photo.clone().avif({ quality: 60, effort: 2 }).toBuffer(),
        gif: await photo.clone().gif().toBuffer(),
        'p3 profile': await photo.clone().withIccProfile('p3').jpeg().toBuffer(),
        'exif turned': await photo.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
        alpha: await photo
          .clone()
          .composite([
            {
              input: Buffer.from(
                '<svg width="300" height="200"><defs><linearGradient id="g"><stop stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#fff"/></linearGradient></defs><rect width="300" height="200" fill="url(#g)"/></svg>',
              ),
              blend: 'dest-out',
            },
          ])
          .png()
          .toBuffer(),
      };
      for (const [kind, bytes] of Object.entries(files)) {
        const chromium = await inBrowser(new Uint8Array(bytes));
        const node = await inNode(new Uint8Array(bytes));
        expect(chromium.length, `${name} ${kind}`).toBe(kind === 'alpha' ? 2 : 1);
        rows.push({
          name,
          kind,
          distance: hexDistance(chromium[0].dihedral[0], node.hex),
          quality: node.quality,
        });
      }
    }
    console.table(rows);
    expect(rows.filter((row) => (row.distance as number) > MAX_DISTANCE)).toEqual([]);
  });

  it('ignores a colour profile and applies EXIF orientation', async () => {
    const photo = stdlibPhoto('french-alpine-landscape');
    const { data, info } = await sharp(photo).raw().toBuffer({ resolveWithObject: true });
    const raw = sharp(data, { raw: { width: info.width, height: info.height, channels: 3 } });
    const plain = (await inNode(new Uint8Array(await raw.clone().png().toBuffer()))).hex;
    // The same pixel values under a profile that would change them.
    const png = await raw.clone().png().toBuffer();
    const tagged = new Uint8Array(
      await sharp(png, { ignoreIcc: true }).withIccProfile('p3', { attach: true }).png().toBuffer(),
    );
    const { hex: taggedNode } = await inNode(tagged);
    const [{ dihedral }] = await inBrowser(tagged);
    expect(hexDistance(taggedNode, dihedral[0])).toBeLessThanOrEqual(2);
    const turned = new Uint8Array(
      await raw.clone().withMetadata({ orientation: 8 }).jpeg({ quality: 95 }).toBuffer(),
    );
    const forms = dihedralHashes(await hashPhoto(new Uint8Array(png))).map(({ bits }) => hashToHex(bits));
    const [upright] = await inBrowser(turned);
    const nearest = forms.map((form) => hexDistance(form, upright.dihedral[0]));
    expect(nearest.indexOf(Math.min(...nearest))).not.toBe(0);
    // A turned picture is sampled at other pixels: its hash is near the turned form, not equal to it.
    expect(Math.min(...nearest)).toBeLessThanOrEqual(MAX_DISTANCE);
    expect(plain).toBe(forms[0]);
  });

  it('hashes a transparent picture on white and on black', async () => {
    const half = Buffer.from('<svg width="64" height="64"><rect width="64" height="64" fill="#000"/></svg>');
    const base = sharp(stdlibPhoto('allium-oreophilum')).resize(256, 256, { fit: 'fill' });
    const transparent = await base
      .clone()
      .composite([{ input: half, blend: 'dest-out', gravity: 'northwest' }])
      .png()
      .toBuffer();
    const onto = async (background: string) =>
      (await inNode(new Uint8Array(await sharp(transparent).flatten({ background }).png().toBuffer()))).hex;
    const [white, black] = await inBrowser(new Uint8Array(transparent));
    expect(hexDistance(white.dihedral[0], await onto('#fff'))).toBeLessThanOrEqual(2);
    expect(hexDistance(black.dihedral[0], await onto('#000'))).toBeLessThanOrEqual(2);
    expect(hexDistance(white.dihedral[0], black.dihedral[0])).toBeGreaterThan(2);
  });
});

/**
 * What the picture finder costs in Chromium, on one thread: its loading, each of its steps on screenshots of a phone, and
 * scans of plain photos with it and without.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { compose, type SourcePhoto } from '../../models/picture-finder/compose/index.js';
import { launchChromium, openPage, startServer, type TestPage } from '../../test/support/browser.js';
import { makeList } from '../../test/support/lists.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../../test/support/photos.js';
import { decode } from '../recall/picture.js';
import { median } from '../turns.js';
import { STEPS, type StepsJob, type StepsResult } from './steps.js';

/** A phone's screen. */
const [WIDTH, HEIGHT] = [1170, 2532];

/** Screenshots, by family of layouts; a plain photo comes after them. */
const SCREENS = ['chat-doodles', 'gallery'];

/** Plain photos that are scanned, in each size. */
const MAX_PHOTOS = 12;

/** Sizes of plain photos: most pixels across and down, and the share of all rounds that they are scanned in. */
const SIZES = [
  { name: '12 megapixels', across: 4000, down: 4000, shareOfRounds: 0.45 },
  { name: '1600 pixels wide', across: 1600, down: 16000, shareOfRounds: 1 },
];

/** A file to measure with. */
interface Subject {
  name: string;
  path: string;
  bytes: Uint8Array;
}

/** A plain photo. */
interface Photo extends Subject {
  size: (typeof SIZES)[number];
}

/**
 * @param worker - the bundled steps.worker.ts, as text
 * @param quick - fewer rounds, a smaller list
 * @param root - the checkout
 */
export async function main(worker: string, quick: boolean, root: string): Promise<void> {
  const load = () => loadavg()[0].toFixed(1);
  const loadBefore = load();
  const browser = await launchChromium();
  const server = await startServer();
  try {
    const screens = await screenshots();
    const photos = await plainPhotos(root);
    for (const { path, bytes } of [...screens, ...photos]) server.files.set(path, { body: bytes });
    server.files.set('/list', { body: makeList({ pdqDecoys: quick ? 50_000 : 1_000_000 }) });
    server.files.set('/steps.js', { body: worker, type: 'text/javascript' });
    const page = await openPage(browser, server);
    const machine = `Chromium ${browser.version()}, ${availableParallelism()} cores`;
    const steps = await timeSteps(page, [...screens, photos[0]], quick ? 5 : 25);
    const scans = await timeScans(page, photos, quick ? 3 : 11);
    console.log(`${machine}, load ${loadBefore} before, ${load()} after; median (least), ms\n`);
    printSteps(steps, [...screens, photos[0]]);
    printScans(scans, photos);
  } finally {
    await browser.close();
    await server.close();
  }
}

async function screenshots(): Promise<Subject[]> {
  const sources = await Promise.all(
    STDLIB_PHOTOS.map(async (name): Promise<SourcePhoto> => {
      const picture = await decode(stdlibPhoto(name));
      return { width: picture.width, height: picture.height, pixels: async () => picture };
    }),
  );
  return Promise.all(
    SCREENS.map(async (name) => {
      const { file } = await compose({ family: name, seed: 'bench', subject: sources[0], others: sources });
      const bytes = await sharp(file).resize(WIDTH, HEIGHT, { fit: 'fill' }).png().toBuffer();
      return { name: `${name}, ${WIDTH} x ${HEIGHT}`, path: `/${name}.png`, bytes };
    }),
  );
}

/** Photos of every kind, if the reference material is there; else old prints, most of which have plain margins. */
function photosOf(root: string): { name: string; bytes: Uint8Array }[] {
  const folder = join(process.env.PRESIEVE_SHARED ?? join(root, '..', 'shared'), 'photos', 'cc0');
  if (!existsSync(folder)) return STDLIB_PHOTOS.map((name) => ({ name, bytes: stdlibPhoto(name) }));
  const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
  const every = Math.ceil(names.length / MAX_PHOTOS);
  return names
    .filter((_, i) => i % every === 0)
    .map((name) => ({ name: name.slice(0, 8), bytes: readFileSync(join(folder, name)) }));
}

/** Photos as cameras make them, then as messengers send them. */
async function plainPhotos(root: string): Promise<Photo[]> {
  const photos = photosOf(root);
  const sized = SIZES.flatMap((size) =>
    photos.map(async ({ name, bytes }) => ({
      name: `${name}, ${size.name}`,
      path: `/${name}-${size.across}.jpg`,
      size,
      bytes: new Uint8Array(
        await sharp(bytes)
          .rotate()
          .resize(size.across, size.down, { fit: 'inside' })
          .jpeg({ quality: 88 })
          .toBuffer(),
      ),
    })),
  );
  return Promise.all(sized);
}

async function timeSteps(page: Page, subjects: Subject[], rounds: number): Promise<StepsResult> {
  const job: StepsJob = {
    model: '/dist/parts/finder/picture-finder.onnx',
    runtime: '/dist/parts/finder/ort-wasm-simd-threaded.wasm',
    list: '/list',
    pictures: subjects.map(({ path }) => path),
    rounds,
  };
  return page.evaluate(async (job) => {
    const worker = new Worker('/steps.js', { type: 'module' });
    try {
      return await new Promise<StepsResult>((resolve, reject) => {
        worker.onmessage = ({ data }) => (data.result ? resolve(data.result) : reject(new Error(data.error)));
        worker.onerror = () => reject(new Error('the worker failed'));
        worker.postMessage(
          Object.fromEntries(
            Object.entries(job).map(([key, value]) => {
              const absolute = (path: unknown) => new URL(String(path), location.href).href;
              return [
                key,
                typeof value === 'number'
                  ? value
                  : Array.isArray(value)
                    ? value.map(absolute)
                    : absolute(value),
              ];
            }),
          ),
        );
      });
    } finally {
      worker.terminate();
    }
  }, job);
}

/** Times of scans without the finder and with it, by turns, for each photo; and of the finder to get ready. */
interface ScanTimes {
  readyMs: number;
  without: number[][];
  with: number[][];
}

async function timeScans(page: Page, photos: Photo[], rounds: number): Promise<ScanTimes> {
  return page.evaluate(
    async ({ files }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const plain = createScanner({ lists: ['/list'] });
      await plain.ready;
      const began = performance.now();
      const finding = createScanner({ lists: ['/list'], parts: ['finder'] });
      await finding.ready;
      while ((await finding.status()).parts[0].state === 'loading')
        await new Promise((next) => setTimeout(next, 5));
      const readyMs = performance.now() - began;
      const times = { readyMs, without: [] as number[][], with: [] as number[][] };
      for (const { path, rounds } of files) {
        const file = await (await fetch(path)).blob();
        const scan = async (scanner: typeof plain) => {
          const from = performance.now();
          const outcome = await scanner.scan(file);
          if (outcome.verdict !== 'no-known-match') throw new Error(JSON.stringify(outcome));
          return performance.now() - from;
        };
        const [without, withFinder]: number[][] = [[], []];
        for (let round = -1; round < rounds; round++) {
          const pair = [await scan(plain), await scan(finding)];
          if (round < 0) continue;
          without.push(pair[0]);
          withFinder.push(pair[1]);
        }
        times.without.push(without);
        times.with.push(withFinder);
      }
      return times;
    },
    {
      files: photos.map(({ path, size }) => ({ path, rounds: Math.ceil(rounds * size.shareOfRounds) })),
    },
  );
}

const figure = (values: readonly number[]) =>
  `${median(values).toFixed(1).padStart(7)} (${Math.min(...values).toFixed(1)})`.padEnd(18);

function printSteps({ fetchMs, startMs, pictures }: StepsResult, subjects: Subject[]): void {
  console.log(
    `loading: ${fetchMs.toFixed(0)} ms to fetch, ${startMs.toFixed(0)} ms to start, with a first run\n`,
  );
  pictures.forEach(({ times, boxes, rectangles }, i) => {
    console.log(`${subjects[i].name}: ${boxes} boxes of the network, ${rectangles} rectangles in the end`);
    for (const step of STEPS) console.log(`  ${step.padEnd(16)}${figure(times[step])}`);
  });
}

function printScans(scans: ScanTimes, photos: Photo[]): void {
  console.log(
    `\nscans without the finder, with it; the finder was ready after ${scans.readyMs.toFixed(0)} ms`,
  );
  const ratios = photos.map(({ name, size }, i) => {
    const ratio = median(scans.with[i]) / median(scans.without[i]);
    console.log(
      `  ${name.padEnd(44)}${figure(scans.without[i])}${figure(scans.with[i])}${ratio.toFixed(2)}x`,
    );
    return { size, ratio };
  });
  const average = (of: readonly { ratio: number }[]) =>
    `${(of.reduce((sum, { ratio }) => sum + ratio, 0) / of.length).toFixed(2)}x`;
  for (const size of SIZES) {
    console.log(`  on average, ${size.name}: ${average(ratios.filter((one) => one.size === size))}`);
  }
  console.log(`  on average, all: ${average(ratios)}`);
}

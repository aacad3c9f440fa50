/**
 * A whole scan of a 12-megapixel JPEG in Chromium, beside merely decoding it and reading it back.
 * @module
 */
import sharp from 'sharp';
import { launchChromium, openPage, startServer, type TestPage } from '../test/support/browser.js';
import { makeList, seededBytes } from '../test/support/lists.js';
import { stdlibPhoto } from '../test/support/photos.js';
import { type BenchRow, median } from './turns.js';

const WIDTH = 4000;
const HEIGHT = 3000;

/** A photo of 12 megapixels with the grain of a camera. */
async function photo(): Promise<Buffer> {
  const grain = Buffer.from(seededBytes(WIDTH * HEIGHT, 5).map((value) => 118 + (value % 20)));
  return sharp(stdlibPhoto('nagasaki-boats'))
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .composite([{ input: grain, raw: { width: WIDTH, height: HEIGHT, channels: 1 }, blend: 'soft-light' }])
    .jpeg({ quality: 90 })
    .toBuffer();
}

/** @returns rows, and the browser's name */
export async function benchScan({
  quick,
}: {
  quick: boolean;
}): Promise<{ browser: string; rows: BenchRow[] }> {
  const browser = await launchChromium();
  const server = await startServer();
  try {
    server.files.set('/photo.jpg', { body: await photo() });
    server.files.set('/list.snapshot', { body: makeList({ pdqDecoys: quick ? 50_000 : 1_000_000 }) });
    server.files.set('/decode.worker.js', {
      type: 'text/javascript',
      body: `onmessage = async ({ data: file }) => {
        const started = performance.now();
        const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none', premultiplyAlpha: 'none', imageOrientation: 'from-image' });
        const { width, height } = bitmap, rows = Math.floor(262144 / width);
        const context = new OffscreenCanvas(width, rows).getContext('2d', { willReadFrequently: true });
        for (let y = 0; y < height; y += rows) {
          const count = Math.min(rows, height - y);
          context.drawImage(bitmap, 0, y, width, count, 0, 0, width, count);
          context.getImageData(0, 0, width, count);
        }
        bitmap.close();
        postMessage(performance.now() - started);
      };`,
    });
    const page = await openPage(browser, server);
    const times = await page.evaluate(
      async (rounds) => {
        const { createScanner } = await (globalThis as TestPage).load<typeof import('../src/index.js')>(
          'presieve',
        );
        const file = await (await fetch('/photo.jpg')).blob();
        const scanner = createScanner({ lists: ['/list.snapshot'] });
        await scanner.ready;
        const worker = new Worker('/decode.worker.js');
        const decodeOnce = () =>
          new Promise<number>((resolve) => {
            worker.onmessage = ({ data }) => resolve(data);
            worker.postMessage(file);
          });
        const decode: number[] = [];
        const scan: number[] = [];
        for (let round = -1; round < rounds; round++) {
          const decoded = await decodeOnce();
          const started = performance.now();
          const outcome = await scanner.scan(file);
          const scanned = performance.now() - started;
          if (outcome.verdict !== 'no-known-match' || outcome.coverage.notes.length > 0)
            throw new Error(JSON.stringify(outcome));
          if (round >= 0) {
            decode.push(decoded);
            scan.push(scanned);
          }
        }
        return { decode, scan };
      },
      quick ? 3 : 9,
    );
    const bench = 'whole scan of a 12-megapixel JPEG, a million PDQ entries (Chromium, worker)';
    const yardstick = median(times.decode);
    const row = (what: string, values: number[]) => ({
      bench,
      what,
      medianMs: median(values),
      ratio: median(values) / yardstick,
    });
    return {
      browser: `Chromium ${browser.version()}`,
      rows: [row('decode and read back only', times.decode), row('scan', times.scan)],
    };
  } finally {
    await browser.close();
    await server.close();
  }
}

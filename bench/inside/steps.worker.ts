/**
 * The finder's steps one by one, timed in a worker of a browser. Bundled by bench/inside.mjs.
 * @module
 */
import { decodeBoxes } from '../../src/finder/boxes.js';
import { createEdgeKernel } from '../../src/finder/edges.js';
import { createFinder } from '../../src/finder/find.js';
import { loadNetwork } from '../../src/finder/network.js';
import { straightEdgeRectangles } from '../../src/finder/rectangles.js';
import { refine } from '../../src/finder/refine.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import type { Survey } from '../../src/kernels/survey.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { foundPictures } from '../../src/scan/found-pictures.js';
import { openList } from '../../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../../src/scan/lookup.js';
import { finderPlan } from '../../src/scan/search-plan.js';
import { STEPS, type StepsJob, type StepsResult, type StepTimes } from './steps.js';

const bytesOf = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());

async function pixelsOf(url: string): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData;
}

/** Hashes a picture in strips as a scan does. */
function hashed({ width, height, data }: ImageData, kernel: PdqKernel, survey: boolean) {
  const stripRows = Math.max(1, Math.floor((1024 * 1024) / (width * 4)));
  kernel.begin(width, height, { plane: true, survey });
  for (let y = 0; y < height; y += stripRows) {
    const count = Math.min(stripRows, height - y);
    kernel.rows(data.subarray(y * width * 4, (y + count) * width * 4), count);
  }
  const hash = kernel.end();
  const [plane, made] = [kernel.plane(), survey ? kernel.survey() : NONE];
  return { width, height, hash, plane, squashed: null, inner: [], survey: made };
}

const NONE: Survey = {
  luma: { width: 0, height: 0, data: new Uint8Array(0) },
  thumbnail: new Float32Array(0),
};

async function measure({ model, runtime, list, pictures, rounds }: StepsJob): Promise<StepsResult> {
  const began = performance.now();
  const [modelBytes, runtimeBytes] = await Promise.all([bytesOf(model), bytesOf(runtime)]);
  const fetched = performance.now();
  const network = await loadNetwork(modelBytes, runtimeBytes);
  await network.run(new Float32Array(3 * 256 * 256));
  const started = performance.now();
  const kernel = await createPdqKernel();
  const variants = await createVariantKernel();
  const edges = await createEdgeKernel();
  const lists = [await openList(await bytesOf(list))];
  const result: StepsResult = { fetchMs: fetched - began, startMs: started - fetched, pictures: [] };
  for (const url of pictures) {
    const picture = await pixelsOf(url);
    const times = Object.fromEntries(STEPS.map((step) => [step, [] as number[]])) as StepTimes['times'];
    let [boxes, rectangles] = [0, 0];
    for (let round = -2; round < rounds; round++) {
      const spent: number[] = [];
      let began = performance.now();
      const lap = (less = 0) => {
        spent.push(performance.now() - began - less);
        began = performance.now();
      };
      // The picture is hashed anyway: a survey costs what comes on top of that.
      hashed(picture, kernel, false);
      const hashMs = performance.now() - began;
      began = performance.now();
      const whole = hashed(picture, kernel, true);
      const { luma, thumbnail } = whole.survey;
      lap(hashMs);
      const maps = await network.run(thumbnail);
      lap();
      const found = decodeBoxes(maps, luma.width, luma.height);
      lap();
      const asked = found.map(({ left, top, width, height }) => ({
        left,
        top,
        right: left + width,
        bottom: top + height,
      }));
      const plane = edges.begin(luma);
      const refined = refine(asked, (coarse) => straightEdgeRectangles(coarse, 512), plane);
      lap();
      const given = { find: async () => refined };
      for await (const _ of foundPictures(whole.survey, given, kernel, whole));
      lap();
      const matches = new MatchSet(false);
      for await (const picture of foundPictures(whole.survey, given, kernel, whole)) {
        lookUpPictures([picture], lists, finderPlan(picture), variants, matches, true);
      }
      // They need the hashes.
      lap(spent[4]);
      // Again as a scan does it.
      const again = hashed(picture, kernel, true);
      const finder = createFinder(network, edges);
      for await (const picture of foundPictures(again.survey, finder, kernel, again)) {
        lookUpPictures([picture], lists, finderPlan(picture), variants, matches, true);
      }
      lap(hashMs);
      [boxes, rectangles] = [found.length, refined.length];
      if (round >= 0) STEPS.forEach((step, i) => void times[step].push(spent[i]));
    }
    result.pictures.push({ times, boxes, rectangles });
  }
  return result;
}

self.onmessage = async ({ data }: MessageEvent<StepsJob>) => {
  try {
    self.postMessage({ result: await measure(data) });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};

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
import { createVariantKernel } from '../../src/kernels/variants.js';
import { foundPictures } from '../../src/scan/found-pictures.js';
import { openList } from '../../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../../src/scan/lookup.js';
import { FINDER_PLAN } from '../../src/scan/search-plan.js';
import { Surveyor } from '../../src/scan/survey.js';
import { STEPS, type StepsJob, type StepsResult, type StepTimes } from './steps.js';

const bytesOf = async (url: string) => new Uint8Array(await (await fetch(url)).arrayBuffer());

async function pixelsOf(url: string): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetch(url)).blob());
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  return context?.getImageData(0, 0, bitmap.width, bitmap.height) as ImageData;
}

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
    const { width, height, data } = await pixelsOf(url);
    const words = new Uint32Array(data.buffer);
    const times = Object.fromEntries(STEPS.map((step) => [step, [] as number[]])) as StepTimes['times'];
    let [boxes, rectangles] = [0, 0];
    for (let round = -2; round < rounds; round++) {
      const marks = [performance.now()];
      const mark = () => void marks.push(performance.now());
      const surveyor = new Surveyor(width, height);
      surveyor.strip(words, height);
      const survey = surveyor.end();
      mark();
      const maps = await network.run(survey.thumbnail);
      mark();
      const found = decodeBoxes(maps, survey.luma.width, survey.luma.height);
      mark();
      const asked = found.map(({ left, top, width, height }) => ({
        left,
        top,
        right: left + width,
        bottom: top + height,
      }));
      const plane = edges.begin(survey.luma);
      const refined = refine(asked, (coarse) => straightEdgeRectangles(coarse, 512), plane);
      mark();
      const given = { find: async () => refined };
      for await (const _ of foundPictures(survey, given, kernel));
      mark();
      const matches = new MatchSet(false);
      for await (const picture of foundPictures(survey, given, kernel)) {
        lookUpPictures([picture], lists, FINDER_PLAN, variants, matches);
      }
      mark();
      // Again as a scan does it.
      const whole = new Surveyor(width, height);
      whole.strip(words, height);
      for await (const picture of foundPictures(whole.end(), createFinder(network, edges), kernel)) {
        lookUpPictures([picture], lists, FINDER_PLAN, variants, matches);
      }
      mark();
      [boxes, rectangles] = [found.length, refined.length];
      if (round < 0) continue;
      STEPS.forEach((step, i) => {
        const ms = marks[i + 1] - marks[i];
        // Look-ups are timed together with the hashes, which they need.
        times[step].push(step === 'look-ups' ? ms - (marks[i] - marks[i - 1]) : ms);
      });
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

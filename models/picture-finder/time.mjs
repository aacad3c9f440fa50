/**
 * `node models/picture-finder/time.mjs`: how long the network takes in Chromium with one thread. Prints the median and
 * the least of many runs, and the time to load.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { chromium } from 'playwright-core';
import { ensureChromium } from '../../scripts/find-browser.mjs';

const ORIGIN = 'https://finder.invalid';
const RUNS = 60;
const root = fileURLToPath(new URL('../..', import.meta.url));
const dist = `${root}/node_modules/onnxruntime-web/dist`;

const page = `
import * as ort from 'onnxruntime-web/wasm';
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = '${ORIGIN}/';
globalThis.measure = async (runs) => {
  const bytes = new Uint8Array(await (await fetch('/model')).arrayBuffer());
  const begun = performance.now();
  const session = await ort.InferenceSession.create(bytes);
  const loadMs = performance.now() - begun;
  const data = Float32Array.from({ length: 3 * 256 * 256 }, (_, i) => (i % 251) / 250);
  const times = [];
  for (let i = 0; i < runs; i++) {
    const from = performance.now();
    await session.run({ picture: new ort.Tensor('float32', data, [1, 3, 256, 256]) });
    times.push(performance.now() - from);
  }
  return { loadMs, times };
};`;
const bundle = await esbuild.build({
  stdin: { contents: page, resolveDir: root },
  bundle: true,
  format: 'esm',
  write: false,
  conditions: ['onnxruntime-web-use-extern-wasm'],
});

const browser = await chromium.launch({ executablePath: ensureChromium(), args: ['--no-sandbox'] });
try {
  const tab = await (await browser.newContext()).newPage();
  await tab.route(`${ORIGIN}/**`, (route) => {
    const name = new URL(route.request().url()).pathname.slice(1);
    if (name === '')
      return route.fulfill({
        contentType: 'text/html',
        body: '<script type="module" src="/page.js"></script>',
      });
    if (name === 'page.js')
      return route.fulfill({ contentType: 'text/javascript', body: bundle.outputFiles[0].text });
    if (name === 'model')
      return route.fulfill({ body: readFileSync(`${root}/models/picture-finder/picture-finder.onnx`) });
    const contentType = name.endsWith('.mjs') ? 'text/javascript' : 'application/wasm';
    return route.fulfill({ contentType, body: readFileSync(`${dist}/${name}`) });
  });
  await tab.goto(`${ORIGIN}/`);
  await tab.waitForFunction(() => 'measure' in globalThis);
  const { loadMs, times } = await tab.evaluate((runs) => globalThis.measure(runs), RUNS);
  times.sort((a, b) => a - b);
  const round = (ms) => Math.round(ms * 10) / 10;
  console.log(
    `network: median ${round(times[RUNS / 2])} ms, least ${round(times[0])} ms; loading ${round(loadMs)} ms ` +
      `(${RUNS} runs, one thread; ${availableParallelism()} cores, load ${round(loadavg()[0])})`,
  );
} finally {
  await browser.close();
}

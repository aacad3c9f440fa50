/**
 * Speed of the PDQ kernels over the built package: from RGBA to hash, as a multiple of the time that a loop
 * in WebAssembly takes to read every byte once. Everything takes turns in one run, and the best turn counts,
 * so that another process on the machine spoils neither side.
 *
 *     npm run build && node bench/kernel.mjs [--quick]
 *
 * @module
 */
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { WASM_BASE64 } from '../dist/kernels/generated/pdq.wasm.js';
import { createPdqReference } from '../dist/kernels/pdq-reference.js';
import { pdqKernelOf } from '../dist/kernels/pdq-wasm.js';
import { loadWasmKernel } from '../dist/kernels/wasm-loader.js';

/** Sizes with the ratio that the SIMD kernel is to stay below. */
const SIZES = [
  { width: 512, height: 512, goal: 10 },
  { width: 1600, height: 1004, goal: 4 },
  { width: 4000, height: 3000, goal: 2 },
];

/** Noise with a gradient below it, from a small generator: pixels that no branch or cache can guess. */
function picture(width, height) {
  const rgba = new Uint8Array(width * height * 4);
  let state = 1;
  for (let i = 0; i < rgba.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgba[i] = (i * 200) / rgba.length + (state >>> 27);
  }
  return rgba;
}

async function loadPdq() {
  const { exports, reason } = await loadWasmKernel(WASM_BASE64);
  if (!exports) throw new Error(`no WebAssembly here: ${reason}`);
  return exports;
}

/** Runs the contenders in turn; milliseconds of each one's best turn. */
function takeTurns(contenders, turns) {
  const best = contenders.map(() => Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < turns; turn++) {
    contenders.forEach((run, i) => {
      const start = performance.now();
      run();
      best[i] = Math.min(best[i], performance.now() - start);
    });
  }
  return best;
}

/**
 * Measures the kernels.
 * @param {{ quick?: boolean }} [options] - fewer turns
 * @returns {Promise<{ name: string, unit: string, ratio: number, goal?: number, milliseconds: number }[]>}
 * for each size: `SIMD` (pixels already in the kernel's memory, as those of the reading loop are),
 * `SIMD, strips copied in` (the whole of `PdqKernel`) and `TypeScript`
 */
export async function benchKernel({ quick = false } = {}) {
  const figures = [];
  for (const { width, height, goal } of SIZES) {
    const rgba = picture(width, height);
    const wasm = await loadPdq();
    const kernel = pdqKernelOf(await loadPdq());
    const reference = createPdqReference();
    pdqKernelOf(wasm); // writes the transform's matrix
    wasm.memory.grow(Math.ceil(rgba.length / 65536) + 1);
    const pixels = wasm.heapBase();
    new Uint8Array(wasm.memory.buffer).set(rgba, pixels);

    const hash = (pdq) => {
      pdq.begin(width, height);
      pdq.rows(rgba, height);
      return pdq.end();
    };
    const turns = Math.ceil((quick ? 2e7 : 2e8) / (width * height)) + 10;
    const [reading, simd, copied] = takeTurns(
      [
        () => wasm.readOnce(pixels, rgba.length),
        () => {
          wasm.begin(width, height);
          wasm.rows(pixels, height);
          wasm.end();
        },
        () => hash(kernel),
      ],
      turns,
    );
    const [readingAgain, typescript] = takeTurns(
      [() => wasm.readOnce(pixels, rgba.length), () => hash(reference)],
      quick ? 5 : 15,
    );
    const size = `${width}x${height}`;
    const unit = 'times reading every byte once';
    figures.push(
      { name: `PDQ ${size}, SIMD`, unit, ratio: simd / reading, goal, milliseconds: simd },
      { name: `PDQ ${size}, SIMD, strips copied in`, unit, ratio: copied / reading, milliseconds: copied },
      { name: `PDQ ${size}, TypeScript`, unit, ratio: typescript / readingAgain, milliseconds: typescript },
    );
  }
  return figures;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(`${cpus()[0].model}, ${process.platform} ${process.arch}, Node ${process.version}`);
  for (const { name, unit, ratio, goal, milliseconds } of await benchKernel({
    quick: process.argv.includes('--quick'),
  })) {
    const wanted = goal ? ` (goal: ${goal})` : '';
    console.log(`${name}: ${ratio.toFixed(1)} ${unit}${wanted}, ${milliseconds.toFixed(2)} ms`);
  }
}

/**
 * The PDQ kernels, from RGBA to hash, as a multiple of the time that a loop in WebAssembly takes to read every
 * byte once.
 * @module
 */
import { WASM_BASE64 } from '../src/kernels/generated/pdq.wasm.js';
import { createPdqReference } from '../src/kernels/pdq-reference.js';
import { type PdqWasmExports, pdqKernelOf } from '../src/kernels/pdq-wasm.js';
import type { PdqKernel } from '../src/kernels/types.js';
import { loadWasmKernel } from '../src/kernels/wasm-loader.js';
import { type BenchRow, takeTurns } from './turns.js';

const SIZES = [
  { width: 512, height: 512, goal: '10x' },
  { width: 1600, height: 1004, goal: '4x' },
  { width: 4000, height: 3000, goal: '2x' },
];

/** Pixels for every contestant's turn: enough that the clock's grain and a single interrupt don't count. */
const PIXELS_A_TURN = 6e6;

/** A gradient under noise, from a small generator. */
function picture(width: number, height: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  let state = 1;
  for (let i = 0; i < rgba.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    rgba[i] = (i * 200) / rgba.length + (state >>> 27);
  }
  return rgba;
}

async function loadPdq(): Promise<PdqWasmExports> {
  const { exports, reason } = await loadWasmKernel<PdqWasmExports>(WASM_BASE64);
  if (!exports) throw new Error(`no WebAssembly here: ${reason}`);
  return exports;
}

/** @returns rows */
export async function benchKernel({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const { width, height, goal } of SIZES) {
    const rgba = picture(width, height);
    const wasm = await loadPdq();
    pdqKernelOf(wasm); // writes the transform's matrix
    const pixels = wasm.heapBase();
    wasm.memory.grow(Math.ceil(rgba.length / 65536) + 1);
    new Uint8Array(wasm.memory.buffer).set(rgba, pixels);

    const reading = () => wasm.readOnce(pixels, rgba.length);
    const hash = (kernel: PdqKernel) => () => {
      kernel.begin(width, height);
      kernel.rows(rgba, height);
      return kernel.end();
    };
    const repeat = Math.max(1, Math.round(PIXELS_A_TURN / (width * height)));
    const bench = `PDQ ${width} x ${height}`;
    // Two runs: the slow contestant would push the pixels of the others out of the caches.
    const fast = await takeTurns(
      bench,
      {
        'reading every byte once': { run: reading, repeat },
        'SIMD, pixels in its memory': {
          run: () => {
            wasm.begin(width, height);
            wasm.rows(pixels, height);
            return wasm.end();
          },
          repeat,
          goal,
        },
        'SIMD, strips copied in': { run: hash(pdqKernelOf(await loadPdq())), repeat },
      },
      quick ? 15 : 75,
    );
    const slow = await takeTurns(
      bench,
      {
        reading: { run: reading, repeat },
        TypeScript: { run: hash(createPdqReference()), repeat: Math.ceil(repeat / 8) },
      },
      quick ? 5 : 15,
    );
    rows.push(...fast, slow[1]);
  }
  return rows;
}

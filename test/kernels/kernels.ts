/**
 * Every kernel there is, for suites that hold for all of them.
 * @module
 */
import { WASM_BASE64 } from '../../src/kernels/generated/pdq.wasm.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { type PdqWasmExports, pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { loadWasmKernel } from '../../src/kernels/wasm-loader.js';

/** A fresh instance of the wasm module. */
export async function loadPdqWasm(): Promise<PdqWasmExports> {
  const { exports, reason } = await loadWasmKernel<PdqWasmExports>(WASM_BASE64);
  if (!exports) throw new Error(`no WebAssembly: ${reason}`);
  return exports;
}

/** Name and maker of each kernel. */
export const KERNELS: [PdqKernel['name'], () => Promise<PdqKernel>][] = [
  ['wasm-simd', async () => pdqKernelOf(await loadPdqWasm())],
  ['typescript', async () => createPdqReference()],
];

/**
 * The fastest PDQ kernel that the platform allows.
 * @module
 */
import { WASM_BASE64 } from './generated/pdq.wasm.js';
import { createPdqReference } from './pdq-reference.js';
import { type PdqWasmExports, pdqKernelOf } from './pdq-wasm.js';
import type { PdqKernel } from './types.js';
import { loadWasmKernel, type WasmRefusal } from './wasm-loader.js';

/**
 * Makes the kernel in WebAssembly, or the one in TypeScript where the platform has no SIMD or refuses to
 * compile. Both give the same bits.
 * @param onRefusal - told why it has to be the one in TypeScript
 * @returns a kernel of its own
 */
export async function createPdqKernel(onRefusal?: (reason: WasmRefusal) => void): Promise<PdqKernel> {
  const { exports, reason } = await loadWasmKernel<PdqWasmExports>(WASM_BASE64);
  if (exports) return pdqKernelOf(exports);
  onRefusal?.(reason);
  return createPdqReference();
}

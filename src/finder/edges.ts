/**
 * The fastest edge kernel that the platform allows.
 * @module
 */
import { WASM_BASE64 } from '../kernels/generated/edges.wasm.js';
import { loadWasmKernel } from '../kernels/wasm-loader.js';
import { edgeReference } from './edge-reference.js';
import type { EdgeKernel } from './edge-types.js';
import { type EdgeWasmExports, edgeKernelOf } from './edge-wasm.js';

/**
 * @returns the kernel in WebAssembly, or the one in TypeScript where the platform has no SIMD or refuses to compile. Both give the
 *   same numbers
 */
export async function createEdgeKernel(): Promise<EdgeKernel> {
  const { exports } = await loadWasmKernel<EdgeWasmExports>(WASM_BASE64);
  return exports === null ? edgeReference : edgeKernelOf(exports);
}

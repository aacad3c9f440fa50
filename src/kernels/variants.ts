/**
 * The fastest variant kernel that the platform allows.
 * @module
 */
import { WASM_BASE64 } from './generated/variants.wasm.js';
import { createVariantReference } from './variants-reference.js';
import type { VariantKernel } from './variants-types.js';
import { type VariantWasmExports, variantKernelOf } from './variants-wasm.js';
import { loadWasmKernel, type WasmRefusal } from './wasm-loader.js';

/**
 * Makes the kernel in WebAssembly, or the one in TypeScript where the platform has no SIMD or refuses to
 * compile. Both give the same bits.
 * @param onRefusal - told why it has to be the one in TypeScript
 * @returns a kernel of its own
 */
export async function createVariantKernel(onRefusal?: (reason: WasmRefusal) => void): Promise<VariantKernel> {
  const { exports, reason } = await loadWasmKernel<VariantWasmExports>(WASM_BASE64);
  if (exports) return variantKernelOf(exports);
  onRefusal?.(reason);
  return createVariantReference();
}

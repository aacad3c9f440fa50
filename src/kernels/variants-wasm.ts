/**
 * The variant kernel in WebAssembly: wasm/variants.kernel.ts is the other side of the ABI.
 * @module
 */
import { SAMPLES } from './pdq-geometry.js';
import { PLANE_CELLS } from './plane-extension.js';
import { hostVariants } from './variants-host.js';
import { foldedMatrix } from './variants-matrix.js';
import type { VariantKernel } from './variants-types.js';

/** What wasm/variants.kernel.ts exports. Pointers are byte offsets into `memory`. */
export interface VariantWasmExports {
  memory: WebAssembly.Memory;
  cellsPointer(): number;
  coveredPointer(): number;
  tapsPointer(): number;
  affinePointer(): number;
  matrixPointer(): number;
  coefficientsPointer(): number;
  bitsPointer(): number;
  extend(): number;
  keepAsIs(): void;
  unmark(near: number, least: number, grow: number, withCovered: number): number;
  unmarked(): number;
  rows(slot: number): void;
  columns(slot: number): number;
  affine(): number;
}

/**
 * Wraps the module's exports.
 * @param wasm - a fresh instance, which belongs to the kernel from now on; its memory never grows
 * @returns the kernel
 */
export function variantKernelOf(wasm: VariantWasmExports): VariantKernel {
  const { buffer } = wasm.memory;
  const matrix = foldedMatrix();
  new Float32Array(buffer, wasm.matrixPointer(), matrix.length).set(matrix);
  const taps = wasm.tapsPointer();
  return hostVariants('wasm-simd', {
    cells: new Float32Array(buffer, wasm.cellsPointer(), PLANE_CELLS * PLANE_CELLS),
    taps: {
      cells: new Uint32Array(buffer, taps, SAMPLES),
      fractions: new Float32Array(buffer, taps + SAMPLES * 4, SAMPLES),
    },
    steps: new Float32Array(buffer, wasm.affinePointer(), 6),
    coefficients: new Float32Array(buffer, wasm.coefficientsPointer(), 256),
    bits: new Uint8Array(buffer, wasm.bitsPointer(), 32),
    extend: () => wasm.extend() !== 0,
    covered: new Uint8Array(buffer, wasm.coveredPointer(), SAMPLES * SAMPLES),
    keepAsIs: () => wasm.keepAsIs(),
    unmark: (near, least, grow, withCovered) => wasm.unmark(near, least, grow, Number(withCovered)) !== 0,
    unmarked: () => wasm.unmarked(),
    rows: (slot) => wasm.rows(slot),
    columns: (slot) => wasm.columns(slot),
    affine: () => wasm.affine(),
  });
}

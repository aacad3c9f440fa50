/**
 * The PDQ kernel in WebAssembly: copies strips into its memory and its results out again.
 * wasm/pdq.kernel.ts is the other side of the ABI (docs/kernels.md, section 5).
 * @module
 */
import { dctMatrix, FREQUENCIES } from './dct-matrix.js';
import { guardKernel } from './guarded-kernel.js';
import { SAMPLES } from './pdq-geometry.js';
import type { PdqKernel } from './types.js';

/** What wasm/pdq.kernel.ts exports. Pointers are byte offsets into `memory`. */
export interface PdqWasmExports {
  memory: WebAssembly.Memory;
  heapBase(): number;
  dctPointer(): number;
  coefficientsPointer(): number;
  bitsPointer(): number;
  begin(width: number, height: number): void;
  rows(pointer: number, count: number): void;
  end(): number;
  median(): number;
  readOnce(pointer: number, bytes: number): number;
}

/** Bytes of pixels copied at a time: small enough to be summed while still in the cache (measured). */
const STAGING_BYTES = 512 * 1024;

/** `rows` reads pixels in blocks of 4, so that it may look this far behind the last one. */
const READ_AHEAD_BYTES = 12;

const PAGE_BYTES = 65536;

/**
 * Wraps the module's exports.
 * @param wasm - a fresh instance, which belongs to the kernel from now on
 * @returns the kernel; its memory stays below 3 MB, whatever the picture
 */
export function pdqKernelOf(wasm: PdqWasmExports): PdqKernel {
  const staging = wasm.heapBase();
  let rowBytes = 0;
  let rowsAtOnce = 0;

  const reserve = (bytes: number) => {
    const missing = staging + bytes + READ_AHEAD_BYTES - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  };
  reserve(STAGING_BYTES);

  const matrix = dctMatrix();
  const dct = new Float32Array(wasm.memory.buffer, wasm.dctPointer(), 2 * matrix.length);
  dct.set(matrix);
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let k = 0; k < SAMPLES; k++) dct[matrix.length + k * FREQUENCIES + i] = matrix[i * SAMPLES + k];
  }

  return guardKernel('wasm-simd', {
    begin(width, height) {
      rowBytes = width * 4;
      rowsAtOnce = Math.max(1, Math.floor(STAGING_BYTES / rowBytes));
      reserve(rowBytes);
      wasm.begin(width, height);
    },
    rows(rgba, count) {
      // A view made before the memory grew is dead, so that it is made here.
      const memory = new Uint8Array(wasm.memory.buffer);
      for (let row = 0; row < count; row += rowsAtOnce) {
        const piece = Math.min(rowsAtOnce, count - row);
        memory.set(rgba.subarray(row * rowBytes, (row + piece) * rowBytes), staging);
        // A second sum over the same pixels (a plane for variants) would be taken here, from the staged piece.
        wasm.rows(staging, piece);
      }
    },
    end() {
      const quality = wasm.end();
      const { buffer } = wasm.memory;
      return {
        coefficients: new Float32Array(buffer, wasm.coefficientsPointer(), 256).slice(),
        median: wasm.median(),
        bits: new Uint8Array(buffer, wasm.bitsPointer(), 32).slice(),
        quality,
      };
    },
  });
}

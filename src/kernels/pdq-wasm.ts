/**
 * The PDQ kernel in WebAssembly: copies strips into its memory and its results out again.
 * wasm/pdq.kernel.ts is the other side of the ABI (docs/kernels.md, section 5).
 * @module
 */
import { dctMatrix, FREQUENCIES } from './dct-matrix.js';
import { guardKernel } from './guarded-kernel.js';
import { SAMPLES } from './pdq-geometry.js';
import { PLANE_CELLS } from './plane-extension.js';
import { planeOfSums } from './plane-sums.js';
import { WasmSurvey } from './survey-wasm.js';
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
  beginPlane(width: number, height: number): void;
  planeRows(pointer: number, count: number): void;
  endPlane(): void;
  planePointer(): number;
  expand(luma: number, count: number, rgba: number): void;
  beginSurvey(
    width: number,
    lumaStep: number,
    columnStep: number,
    rowStep: number,
    samplesX: number,
    samplesY: number,
    columns: number,
    sums: number,
  ): void;
  surveyRows(pointer: number, count: number, luma: number): number;
  endSurvey(out: number): void;
  readOnce(pointer: number, bytes: number): number;
}

/** Bytes of pixels copied at a time: small enough to be summed while still in the cache (measured). */
const STAGING_BYTES = 512 * 1024;

/** Pixels are read in blocks of 4: `rows` may look 12 bytes behind the last one, `planeRows` 16; `expand` writes up to 60. */
const READ_AHEAD_BYTES = 64;

const PAGE_BYTES = 65536;

/**
 * Wraps the module's exports.
 * @param wasm - a fresh instance, which belongs to the kernel from now on
 * @returns the kernel; its memory stays below 3 MB, whatever the picture; with a survey below 6 MB
 */
export function pdqKernelOf(wasm: PdqWasmExports): PdqKernel {
  const staging = wasm.heapBase();
  let size = { width: 0, height: 0 };
  let wantsPlane = false;
  let survey: WasmSurvey | undefined;
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

  /** Takes rows of pixels from the staging buffer. */
  const take = (count: number) => {
    wasm.rows(staging, count);
    // The same pixels again, while they are in the cache.
    if (wantsPlane) wasm.planeRows(staging, count);
    survey?.rows(staging, count);
  };

  return guardKernel('wasm-simd', {
    begin(width, height, plane, wantsSurvey) {
      size = { width, height };
      wantsPlane = plane;
      rowBytes = width * 4;
      rowsAtOnce = Math.max(1, Math.floor(STAGING_BYTES / rowBytes));
      reserve(rowBytes);
      wasm.begin(width, height);
      if (plane) wasm.beginPlane(width, height);
      // Behind the rows that `lumaRows` may put behind the staging buffer.
      const behind = staging + 2 * (Math.max(STAGING_BYTES, rowBytes) + READ_AHEAD_BYTES);
      survey = wantsSurvey ? new WasmSurvey(wasm, behind, width, height, rowsAtOnce) : undefined;
    },
    rows(rgba, count) {
      // A view made before the memory grew is dead, so that it is made here.
      const memory = new Uint8Array(wasm.memory.buffer);
      for (let row = 0; row < count; row += rowsAtOnce) {
        const piece = Math.min(rowsAtOnce, count - row);
        memory.set(rgba.subarray(row * rowBytes, (row + piece) * rowBytes), staging);
        take(piece);
      }
    },
    lumaRows(luma, stride, count) {
      const { width } = size;
      const space = staging + Math.max(STAGING_BYTES, rowBytes) + READ_AHEAD_BYTES;
      const together = stride <= 2 * width;
      const pitch = together ? stride : width;
      reserve(space - staging + rowsAtOnce * pitch);
      const memory = new Uint8Array(wasm.memory.buffer);
      for (let row = 0; row < count; row += rowsAtOnce) {
        const piece = Math.min(rowsAtOnce, count - row);
        // What lies between rows is copied as well where that is less work than copying each row for itself.
        for (let from = 0; from < piece; from += together ? piece : 1) {
          const start = (row + from) * stride;
          const bytes = together ? (piece - 1) * stride + width : width;
          memory.set(luma.subarray(start, start + bytes), space + from * pitch);
        }
        for (let i = 0; i < piece; i++) wasm.expand(space + i * pitch, width, staging + i * rowBytes);
        take(piece);
      }
    },
    end() {
      const quality = wasm.end();
      if (wantsPlane) wasm.endPlane();
      const { buffer } = wasm.memory;
      return {
        coefficients: new Float32Array(buffer, wasm.coefficientsPointer(), 256).slice(),
        median: wasm.median(),
        bits: new Uint8Array(buffer, wasm.bitsPointer(), 32).slice(),
        quality,
      };
    },
    plane() {
      const sums = new Float64Array(wasm.memory.buffer, wasm.planePointer(), PLANE_CELLS * PLANE_CELLS);
      return planeOfSums(sums, size.width, size.height);
    },
    survey: () => survey!.end(),
  });
}

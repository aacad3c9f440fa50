/**
 * The edge kernel in WebAssembly: lays planes and sums out in its memory. wasm/edges.kernel.ts is the other side.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';
import { type ChunkSums, checkStretch, type EdgeKernel, type EdgePlane, type Stretch } from './edge-types.js';

/** What wasm/edges.kernel.ts exports. Pointers are byte offsets into `memory`. */
export interface EdgeWasmExports {
  memory: WebAssembly.Memory;
  heapBase(): number;
  shrink(
    plane: number,
    stride: number,
    factor: number,
    to: number,
    width: number,
    height: number,
    sums: number,
  ): void;
  chunkSums(
    plane: number,
    width: number,
    height: number,
    upright: number,
    from: number,
    to: number,
    chunks: number,
    first: number,
    last: number,
    cap: number,
    out: number,
    pitch: number,
  ): void;
  supports(
    sums: number,
    pitch: number,
    chunks: number,
    count: number,
    first: number,
    lines: number,
    slant: number,
    out: number,
  ): void;
}

const PAGE_BYTES = 65536;
/** Reads and stores go so far behind a plane. */
const SLACK_BYTES = 64;
/** Room behind each chunk's sums, in bytes: for 16 values. */
const PITCH_SLACK_BYTES = 64;

/**
 * Wraps the module's exports.
 * @param wasm - a fresh instance, which belongs to the kernel from now on
 * @returns the kernel; its memory is as large as the largest picture's planes and sums together
 */
export function edgeKernelOf(wasm: EdgeWasmExports): EdgeKernel {
  const heap = wasm.heapBase();
  /** First byte behind the picture's planes; scratch begins there. */
  let free = heap;

  const reserve = (end: number) => {
    const missing = end - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  };
  const allocate = (bytes: number) => {
    const pointer = free;
    free = aligned(pointer + bytes + SLACK_BYTES);
    reserve(free);
    return pointer;
  };

  const planeAt = (pointer: number, width: number, height: number): EdgePlane => {
    const plane: EdgePlane = {
      width,
      height,
      // A view made before the memory grew is dead.
      get data() {
        return new Uint8Array(wasm.memory.buffer, pointer, width * height);
      },
      shrunk(factor) {
        if (factor === 1) return plane;
        const smallWidth = Math.floor(width / factor);
        const smallHeight = Math.floor(height / factor);
        const to = allocate(smallWidth * smallHeight);
        reserve(free + (width + 8) * 4);
        wasm.shrink(pointer, width, factor, to, smallWidth, smallHeight, free);
        return planeAt(to, smallWidth, smallHeight);
      },
      chunkSums(stretch, cap) {
        checkStretch(stretch, cap);
        return sumsOf(pointer, width, height, stretch, cap);
      },
    };
    return plane;
  };

  function sumsOf(pointer: number, width: number, height: number, stretch: Stretch, cap: number): ChunkSums {
    const { upright, from, to, chunks, first, last } = stretch;
    const count = last - first + 1;
    const pitch = aligned(count * 4 + PITCH_SLACK_BYTES);
    const sums = free;
    const out = sums + chunks * pitch;
    reserve(out);
    wasm.chunkSums(pointer, width, height, Number(upright), from, to, chunks, first, last, cap, sums, pitch);
    return {
      supports(low, high, slant) {
        const lines = high - low + 1;
        reserve(out + lines * 8);
        wasm.supports(sums, pitch, chunks, count, low - first, lines, slant, out);
        return new Float64Array(wasm.memory.buffer, out, lines);
      },
    };
  }

  return {
    name: 'wasm-simd',
    begin({ width, height, data }: LumaPlane) {
      free = heap;
      const pointer = allocate(width * height);
      new Uint8Array(wasm.memory.buffer).set(data, pointer);
      return planeAt(pointer, width, height);
    },
  };
}

function aligned(pointer: number): number {
  return Math.ceil(pointer / 16) * 16;
}

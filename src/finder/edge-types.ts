/**
 * What an edge kernel offers, whatever it is made of (WebAssembly SIMD or plain TypeScript). All kernels give the same
 * numbers for the same plane.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';

/** Lines of a plane, and the part of them that is looked at. */
export interface Stretch {
  /** Upright lines or level ones. Line n lies before column (or row) n. */
  readonly upright: boolean;
  /** First row (or column) along the lines, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** Pieces of about the same length that it is cut into along the lines, of at most 256 pixels. */
  readonly chunks: number;
  /** First and last line, 0 to the plane's width (or height). */
  readonly first: number;
  readonly last: number;
}

/** What was summed up along a stretch; for each chunk and line the mean of the capped steps, 0 to 1, in f32. */
export interface ChunkSums {
  /**
   * @param first - line
   * @param last - line
   * @param slant - how many pixels further a line is at its end than at its beginning
   * @returns the support of each line with its middle at `first` to `last`: the mean of the sums that it passes; lines
   *   beyond the stretch have none. **Overwritten by the next call**
   */
  supports(first: number, last: number, slant: number): Float64Array;
}

/** A plane of luma in the kernel's hands. */
export interface EdgePlane extends LumaPlane {
  /**
   * @param factor - whole, 1 or more
   * @returns the plane with both sides divided by it, each value the rounded mean of its cell
   */
  shrunk(factor: number): EdgePlane;
  /**
   * @param stretch - within the plane
   * @param cap - the step in luma from which an edge is as sharp as can be, 1 to 255
   * @returns sums that are **valid until the next call**
   * @throws RangeError for longer chunks than there may be
   */
  chunkSums(stretch: Stretch, cap: number): ChunkSums;
}

/** Works on one picture at a time. */
export interface EdgeKernel {
  readonly name: 'wasm-simd' | 'typescript';
  /**
   * Begins a picture; planes of the one before are no longer valid.
   * @param luma - of the picture; not kept where the kernel has a memory of its own
   */
  begin(luma: LumaPlane): EdgePlane;
}

/** Longest chunk of a stretch, in pixels: 16 bits hold its sum. */
export const MAX_CHUNK = 256;

/**
 * @param stretch - to be checked
 * @param cap - to be checked
 * @throws RangeError where sums might not fit
 */
export function checkStretch({ from, to, chunks }: Stretch, cap: number): void {
  if (!(to > from && chunks >= 1 && to - from <= chunks * MAX_CHUNK)) {
    throw new RangeError(`'stretch' must have chunks of 1 to ${MAX_CHUNK} pixels`);
  }
  if (!(Number.isInteger(cap) && cap >= 1 && cap <= 255)) throw new RangeError("'cap' must be 1 to 255");
}

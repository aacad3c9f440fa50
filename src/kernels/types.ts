/**
 * What a PDQ kernel offers, whatever it is made of (WebAssembly SIMD or plain TypeScript). All kernels give
 * the same bits for the same input.
 * @module
 */

import type { Survey } from './survey.js';

/** The bits of a PDQ hash with what they were made from: of a picture, or of a variant of it. */
export interface PdqVariant {
  /** 16 x 16 DCT coefficients, row-major (row = vertical frequency index), as f32; bit j belongs to coefficient j. */
  coefficients: Float32Array;
  /** The median of the coefficients: a bit is set where its coefficient is above it. */
  median: number;
  /** 32 bytes; bit j of the hash is bit (j & 7) of byte (j >> 3). */
  bits: Uint8Array;
}

/** A PDQ hash with what it was made from. */
export interface PdqHash extends PdqVariant {
  /** PDQ quality, 0 to 100. */
  quality: number;
}

/** What a kernel is to give besides the hash. */
export interface PdqOptions {
  /** Sum up the plane that variants are taken from as well; it costs about half as much again. */
  plane?: boolean;
  /** Make a survey for a picture finder as well. */
  survey?: boolean;
}

/**
 * A kernel that hashes one picture at a time, fed in strips of rows from top to bottom.
 * `begin`, then `rows` until all rows are in, then `end`. A new `begin` forgets an unfinished picture.
 */
export interface PdqKernel {
  readonly name: 'wasm-simd' | 'typescript';
  /**
   * @param width - columns, 1 or more
   * @param height - rows, 1 or more
   * @param options - the hash alone by default
   * @throws RangeError where {@link fitsKernel} is false
   */
  begin(width: number, height: number, options?: PdqOptions): void;
  /**
   * @param rgba - `count` whole rows of RGBA bytes, row-major, alpha ignored; not kept after the call
   * @param count - rows in this strip
   * @throws RangeError for a buffer of the wrong length or more rows than the picture has
   */
  rows(rgba: Uint8Array | Uint8ClampedArray, count: number): void;
  /**
   * The same for a grey picture, of which there is but the luma.
   * @param luma - `count` rows of 8-bit luma; not kept after the call
   * @param stride - bytes from one row to the next, at least the picture's width
   * @param count - rows in this strip
   * @throws RangeError for a buffer that is too short or more rows than the picture has
   */
  lumaRows(luma: Uint8Array, stride: number, count: number): void;
  /** @throws RangeError when rows are missing. The result is the caller's own. */
  end(): PdqHash;
  /**
   * The plane of the picture that `end` was last called for, until the next `begin`.
   * @returns 128 x 128 cells of luma, row-major, each the exact mean of its part of the picture, rounded to f32;
   * the caller's own
   * @throws RangeError where there is none: it has to be asked for at `begin`
   */
  plane(): Float32Array;
  /**
   * The survey of the picture that `end` was last called for, until the next `begin`.
   * @returns the caller's own
   * @throws RangeError where there is none: it has to be asked for at `begin`
   */
  survey(): Survey;
}

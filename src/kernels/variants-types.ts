/**
 * What a variant kernel offers, whatever it is made of (WebAssembly SIMD or plain TypeScript). All kernels
 * give the same bits for the same input.
 * @module
 */
import type { ToneCurve } from './plane-tone.js';
import type { PdqVariant } from './types.js';
import type { AffineMap, AxisMap } from './variants-maps.js';

/** What counts as written or drawn over a picture; see src/kernels/plane-marks.ts. */
export interface MarkRule {
  /** How many cells away is near, up, down, left and right: 0 to 128. */
  readonly near: number;
  /** Contrast to the cells near it from which a cell is a mark: luma, above 0, rounded to f32. */
  readonly least: number;
  /** By how many cells marks are grown: 0 to 128. */
  readonly grow: number;
}

/**
 * Takes variants of one picture at a time: PDQ hashes of what the picture may have been before it was cropped,
 * framed, turned or squeezed. `begin`, then `axis`, `affine` and `unmarked` as often as wanted.
 */
export interface VariantKernel {
  readonly name: 'wasm-simd' | 'typescript';
  /**
   * Begins a picture, or the same one in other tones.
   * @param plane - 128 x 128 cells of luma, row-major, each the mean of its part of the picture; not kept
   * @param curve - is applied to the plane first, where given
   * @throws TypeError, RangeError for a plane or curve of the wrong kind or size, or with cells that aren't finite
   */
  begin(plane: Float32Array, curve?: ToneCurve): void;
  /**
   * The variant under a map for each axis. One with a `y` that was among the last 32 takes about half the time.
   * @param y - rows
   * @param x - columns
   * @returns a result **that the next call overwrites**: the same object and arrays every time
   * @throws RangeError before `begin`; TypeError, RangeError for a map of anything but numbers from -1000 to 1000
   */
  axis(y: AxisMap, x: AxisMap): PdqVariant;
  /**
   * The variant under any straight map, for rotations.
   * @param map - from the variant to the picture
   * @returns a result **that the next call overwrites**: the same object and arrays every time
   * @throws RangeError before `begin`; TypeError, RangeError for a map of anything but numbers from -1000 to 1000
   */
  affine(map: AffineMap): PdqVariant;
  /**
   * The picture without what was written, drawn or laid over it, and otherwise as it is.
   * @param rule - what counts as written or drawn; null for nothing
   * @param covered - 64 x 64 bytes, row-major: other than 0 for each sample that is covered, whatever it looks like. Default: none
   * @returns a result **that the next call overwrites**: the same object and arrays every time; null where nothing is taken off, where
   *   by the rule nothing is a mark, or too much is
   * @throws RangeError before `begin`, or for numbers out of bounds, or for `covered` of another size
   */
  unmarked(rule: MarkRule | null, covered?: Uint8Array): PdqVariant | null;
}

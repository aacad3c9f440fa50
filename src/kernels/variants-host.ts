/**
 * What both variant kernels share: checks, tone, the plane's extension, the samples' positions, and which row
 * maps were transformed already. The wasm kernel goes through raw pointers, and nothing behind this file looks
 * at a size again.
 * @module
 */
import { PLANE_CELLS } from './plane-extension.js';
import { applyTone } from './plane-tone.js';
import type { PdqVariant } from './types.js';
import { type AffineMap, type AxisTaps, affineSteps, checkAxisMap, placeTaps } from './variants-maps.js';
import type { MarkRule, VariantKernel } from './variants-types.js';

/** Row maps that are kept. */
export const SLOTS = 32;

/** What a kernel is made of. The arrays are its own memory, which the host writes to. */
export interface VariantEngine {
  /** The picture's plane: 128 x 128 cells. */
  readonly cells: Float32Array;
  /** Samples of the axis at hand. */
  readonly taps: AxisTaps;
  /** Six numbers, see `affineSteps`. */
  readonly steps: Float32Array;
  /** Extends the cells. Returns false where one is no finite number. */
  extend(): boolean;
  /** Samples that are covered: 64 x 64 bytes. */
  readonly covered: Uint8Array;
  /** Samples the plane as `steps` tell, and keeps that as the picture as it is. */
  keepAsIs(): void;
  /**
   * Fills what is marked in the picture as it is: none by contrast if `least` is infinite, and what is covered where that
   * counts. Returns false where there is nothing, or too much.
   */
  unmark(near: number, least: number, grow: number, withCovered: boolean): boolean;
  /** Transforms both axes of what `unmark` left. Returns the median. */
  unmarked(): number;
  /** Samples the plane's rows at the taps and transforms them into a slot, 0 to 31. */
  rows(slot: number): void;
  /** Samples a slot's columns at the taps and transforms them, into `coefficients` and `bits`. Returns the median. */
  columns(slot: number): number;
  /** Samples the plane as `steps` tell and transforms both axes. Returns the median. */
  affine(): number;
  /** Results, overwritten every time. */
  readonly coefficients: Float32Array;
  readonly bits: Uint8Array;
}

/** The picture as it is. */
const AS_IS: AffineMap = { x0: 0, xu: 1, xv: 0, y0: 0, yu: 0, yv: 1 };

/** Nothing is a mark. */
const NO_MARKS: MarkRule = { near: 0, least: Number.POSITIVE_INFINITY, grow: 0 };

function checkRule({ near, least, grow }: MarkRule): void {
  for (const cells of [near, grow]) {
    if (!Number.isInteger(cells) || cells < 0 || cells > PLANE_CELLS) {
      throw new RangeError(`'rule' must have whole numbers of cells from 0 to ${PLANE_CELLS}, not ${cells}`);
    }
  }
  if (!(least > 0 && least < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`'rule' must have a least contrast above 0, not ${least}`);
  }
}

/**
 * Puts checks and cache in front of an engine.
 * @param name - which engine it is
 * @param engine - does the work
 * @returns the kernel
 */
export function hostVariants(name: VariantKernel['name'], engine: VariantEngine): VariantKernel {
  const result: PdqVariant = { coefficients: engine.coefficients, median: 0, bits: engine.bits };
  /** Offset and scale of the row map in each slot; NaN is like no map. */
  const slots = new Float64Array(2 * SLOTS).fill(Number.NaN);
  let oldest = 0;
  let begun = false;
  let isSampled = false;

  const slotOf = (offset: number, scale: number) => {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (slots[2 * slot] === offset && slots[2 * slot + 1] === scale) return slot;
    }
    return -1;
  };
  const checkBegun = () => {
    if (!begun) throw new RangeError("'begin' must come first, with a plane");
  };

  return {
    name,
    begin(plane, curve) {
      if (!(plane instanceof Float32Array)) throw new TypeError("'plane' must be a Float32Array");
      if (curve !== undefined && !(curve instanceof Float32Array)) {
        throw new TypeError("'curve' must be a Float32Array");
      }
      begun = false;
      slots.fill(Number.NaN);
      oldest = 0;
      isSampled = false;
      if (plane.length !== PLANE_CELLS * PLANE_CELLS) {
        throw new RangeError(`'plane' must have 128 x 128 cells, not ${plane.length}`);
      }
      engine.cells.set(curve ? applyTone(plane, curve) : plane);
      if (!engine.extend()) throw new RangeError("'plane' must hold finite numbers");
      begun = true;
    },
    unmarked(rule, covered) {
      checkBegun();
      if (rule !== null) checkRule(rule);
      if (covered !== undefined) {
        if (covered.length !== engine.covered.length) {
          throw new RangeError(`'covered' must have 64 x 64 samples, not ${covered.length}`);
        }
        engine.covered.set(covered);
      }
      if (!isSampled) {
        affineSteps(AS_IS, engine.steps);
        engine.keepAsIs();
        isSampled = true;
      }
      const { near, least, grow } = rule ?? NO_MARKS;
      if (!engine.unmark(near, Math.fround(least), grow, covered !== undefined)) return null;
      result.median = engine.unmarked();
      return result;
    },
    axis(y, x) {
      checkBegun();
      checkAxisMap('y', y);
      checkAxisMap('x', x);
      let slot = slotOf(y.offset, y.scale);
      if (slot < 0) {
        slot = oldest;
        oldest = (oldest + 1) % SLOTS;
        placeTaps(y, engine.taps);
        engine.rows(slot);
        slots[2 * slot] = y.offset;
        slots[2 * slot + 1] = y.scale;
      }
      placeTaps(x, engine.taps);
      result.median = engine.columns(slot);
      return result;
    },
    affine(map) {
      checkBegun();
      affineSteps(map, engine.steps);
      result.median = engine.affine();
      return result;
    },
  };
}

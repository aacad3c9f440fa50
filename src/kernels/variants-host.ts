/**
 * What both variant kernels share: checks, tone, the plane's extension, the samples' positions, and which row
 * maps were transformed already. The wasm kernel goes through raw pointers, and nothing behind this file looks
 * at a size again.
 * @module
 */
import { extendPlane } from './plane-extension.js';
import { applyTone } from './plane-tone.js';
import type { PdqVariant } from './types.js';
import { type AxisTaps, affineSteps, checkAxisMap, placeTaps } from './variants-maps.js';
import type { VariantKernel } from './variants-types.js';

/** Row maps that are kept. */
export const SLOTS = 32;

/** What a kernel is made of. The arrays are its own memory, which the host writes to. */
export interface VariantEngine {
  /** The extended plane: 170 rows of 176 cells, the last six of each 0. */
  readonly plane: Float32Array;
  /** Samples of the axis at hand. */
  readonly taps: AxisTaps;
  /** Six numbers, see `affineSteps`. */
  readonly steps: Float32Array;
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
      extendPlane(curve ? applyTone(plane, curve) : plane, engine.plane);
      begun = true;
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

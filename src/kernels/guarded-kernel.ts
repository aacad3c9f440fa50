/**
 * What every PDQ kernel checks before any pixel is touched. The wasm kernel loads and stores through raw
 * pointers, so that nothing behind this file looks at a size again.
 * @module
 */
import { fitsKernel, MAX_WINDOW_PRODUCT, MIN_HASHED_SIDE } from './pdq-limits.js';
import { createPlaneSums, type PlaneSums } from './plane-sums.js';
import type { PdqHash, PdqKernel } from './types.js';

/** What a kernel is made of: it may take for granted that sizes and the order of calls are right. */
export interface PdqEngine {
  /** Both sides are 5 or more and {@link fitsKernel} holds; `plane` tells whether one is wanted. */
  begin(width: number, height: number, plane: boolean): void;
  /** `rgba` holds `count` (1 or more) whole rows, none below the picture. */
  rows(rgba: Uint8Array | Uint8ClampedArray, count: number): void;
  /** Every row has been given. */
  end(): PdqHash;
  /** `end` was called, and a plane was wanted. */
  plane(): Float32Array;
}

/** What the reference gives a picture that is too small to hash. */
function emptyHash(): PdqHash {
  return { coefficients: new Float32Array(256), median: 0, bits: new Uint8Array(32), quality: 0 };
}

/**
 * Puts the checks in front of an engine.
 * @param name - which engine it is
 * @param engine - does the work
 * @returns the kernel, with the errors that {@link PdqKernel} promises
 */
export function guardKernel(name: PdqKernel['name'], engine: PdqEngine): PdqKernel {
  // No picture: 0 x 0.
  let width = 0;
  let height = 0;
  let seen = 0;
  let tooSmall = false;
  let wantsPlane = false;
  let hasPlane = false;
  /** Of a picture that is too small for the engine. */
  let smallPlane: PlaneSums | undefined;

  return {
    name,
    begin(newWidth, newHeight, { plane = false } = {}) {
      if (!fitsKernel(newWidth, newHeight)) {
        throw new RangeError(
          `'width' and 'height' must be positive integers with ` +
            `ceil(width / 128) * ceil(height / 128) <= ${MAX_WINDOW_PRODUCT}, not ${newWidth} x ${newHeight}`,
        );
      }
      width = newWidth;
      height = newHeight;
      seen = 0;
      tooSmall = Math.min(width, height) < MIN_HASHED_SIDE;
      wantsPlane = plane;
      hasPlane = false;
      smallPlane = tooSmall && plane ? createPlaneSums(width, height) : undefined;
      if (!tooSmall) engine.begin(width, height, plane);
    },
    rows(rgba, count) {
      if (!(rgba instanceof Uint8Array || rgba instanceof Uint8ClampedArray)) {
        throw new TypeError("'rgba' must be a Uint8Array or a Uint8ClampedArray");
      }
      if (!Number.isSafeInteger(count) || count < 1 || count > height - seen) {
        throw new RangeError(
          `'count' must be 1 to ${height - seen}, the rows left of the picture, not ${count}`,
        );
      }
      if (rgba.length !== count * width * 4) {
        throw new RangeError(`'rgba' must hold ${count} x ${width} x 4 bytes, not ${rgba.length}`);
      }
      if (!tooSmall) engine.rows(rgba, count);
      smallPlane?.rows(rgba, count);
      seen += count;
    },
    end() {
      if (height === 0) throw new RangeError("'end' needs a picture: call begin first");
      if (seen < height) throw new RangeError(`'end' needs ${height} rows, and only ${seen} were given`);
      const hash = tooSmall ? emptyHash() : engine.end();
      width = height = seen = 0;
      hasPlane = wantsPlane;
      return hash;
    },
    plane() {
      if (!hasPlane)
        throw new RangeError("'plane' needs a picture that was begun with { plane: true } and ended");
      return smallPlane ? smallPlane.plane() : engine.plane();
    },
  };
}

/**
 * What every PDQ kernel checks before any pixel is touched. The wasm kernel loads and stores through raw
 * pointers, so that nothing behind this file looks at a size again.
 * @module
 */
import { fitsKernel, MAX_WINDOW_PRODUCT, MIN_HASHED_SIDE } from './pdq-limits.js';
import { createPlaneSums, type PlaneSums } from './plane-sums.js';
import { type Survey, Surveyor } from './survey.js';
import type { PdqHash, PdqKernel } from './types.js';

/** What a kernel is made of: it may take for granted that sizes and the order of calls are right. */
export interface PdqEngine {
  /** Both sides are 5 or more and {@link fitsKernel} holds; the rest tells what is wanted besides. */
  begin(width: number, height: number, plane: boolean, survey: boolean): void;
  /** `rgba` holds `count` (1 or more) whole rows, none below the picture. */
  rows(rgba: Uint8Array | Uint8ClampedArray, count: number): void;
  /** `luma` holds `count` (1 or more) rows, `stride` bytes apart, none below the picture. */
  lumaRows(luma: Uint8Array, stride: number, count: number): void;
  /** Every row has been given. */
  end(): PdqHash;
  /** `end` was called, and a plane was wanted. */
  plane(): Float32Array;
  /** `end` was called, and a survey was wanted. */
  survey(): Survey;
}

/** What the reference gives a picture that is too small to hash. */
function emptyHash(): PdqHash {
  return { coefficients: new Float32Array(256), median: 0, bits: new Uint8Array(32), quality: 0 };
}

/**
 * @param rgba - whole pixels
 * @returns them as words, in the same memory where it is aligned
 */
export function wordsOf(rgba: Uint8Array | Uint8ClampedArray): Uint32Array {
  const { buffer, byteOffset, length } = byteAligned(rgba);
  return new Uint32Array(buffer, byteOffset, length / 4);
}

function byteAligned(rgba: Uint8Array | Uint8ClampedArray): Uint8Array | Uint8ClampedArray {
  return rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
}

/**
 * @param luma - rows of 8-bit luma
 * @param width - pixels of a row
 * @param stride - bytes from one row to the next
 * @param count - rows
 * @returns the same rows as grey RGBA
 */
export function greyRows(luma: Uint8Array, width: number, stride: number, count: number): Uint8Array {
  const words = new Uint32Array(width * count);
  for (let row = 0, to = 0; row < count; row++) {
    for (let x = 0; x < width; x++) words[to++] = luma[row * stride + x] * 0x01010101;
  }
  return new Uint8Array(words.buffer);
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
  let wantsSurvey = false;
  let hasSurvey = false;
  /** Of a picture that is too small for the engine. */
  let smallPlane: PlaneSums | undefined;
  let smallSurvey: Surveyor | undefined;
  const takeSmall = (rgba: Uint8Array | Uint8ClampedArray, count: number) => {
    smallPlane?.rows(rgba, count);
    smallSurvey?.strip(wordsOf(rgba), count);
  };

  const checkCount = (count: number) => {
    if (!Number.isSafeInteger(count) || count < 1 || count > height - seen) {
      throw new RangeError(
        `'count' must be 1 to ${height - seen}, the rows left of the picture, not ${count}`,
      );
    }
  };

  return {
    name,
    begin(newWidth, newHeight, { plane = false, survey = false } = {}) {
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
      wantsSurvey = survey;
      hasSurvey = false;
      smallPlane = tooSmall && plane ? createPlaneSums(width, height) : undefined;
      smallSurvey = tooSmall && survey ? new Surveyor(width, height) : undefined;
      if (!tooSmall) engine.begin(width, height, plane, survey);
    },
    rows(rgba, count) {
      if (!(rgba instanceof Uint8Array || rgba instanceof Uint8ClampedArray)) {
        throw new TypeError("'rgba' must be a Uint8Array or a Uint8ClampedArray");
      }
      checkCount(count);
      if (rgba.length !== count * width * 4) {
        throw new RangeError(`'rgba' must hold ${count} x ${width} x 4 bytes, not ${rgba.length}`);
      }
      if (tooSmall) takeSmall(rgba, count);
      else engine.rows(rgba, count);
      seen += count;
    },
    lumaRows(luma, stride, count) {
      if (!(luma instanceof Uint8Array)) throw new TypeError("'luma' must be a Uint8Array");
      checkCount(count);
      if (!Number.isSafeInteger(stride) || stride < width) {
        throw new RangeError(`'stride' must be ${width} or more, not ${stride}`);
      }
      if (luma.length < (count - 1) * stride + width) {
        throw new RangeError(`'luma' must hold ${count} rows, ${stride} bytes apart`);
      }
      if (tooSmall) takeSmall(greyRows(luma, width, stride, count), count);
      else engine.lumaRows(luma, stride, count);
      seen += count;
    },
    end() {
      if (height === 0) throw new RangeError("'end' needs a picture: call begin first");
      if (seen < height) throw new RangeError(`'end' needs ${height} rows, and only ${seen} were given`);
      const hash = tooSmall ? emptyHash() : engine.end();
      width = height = seen = 0;
      hasPlane = wantsPlane;
      hasSurvey = wantsSurvey;
      return hash;
    },
    plane() {
      if (!hasPlane)
        throw new RangeError("'plane' needs a picture that was begun with { plane: true } and ended");
      return smallPlane ? smallPlane.plane() : engine.plane();
    },
    survey() {
      if (!hasSurvey)
        throw new RangeError("'survey' needs a picture that was begun with { survey: true } and ended");
      return smallSurvey ? smallSurvey.end() : engine.survey();
    },
  };
}

/**
 * How much of a straight line in a plane is an edge, for any upright or level line, in constant time.
 *
 * The line x of rows y0 to y1 lies between the columns x - 1 and x. Its support is the mean over those rows of the
 * step in luma across it, counted up to {@link STEP_CAP}: a long line of small steps is an edge, a short one of
 * large steps is not.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';

/** The step in luma from which a pixel's edge is as sharp as can be. */
export const STEP_CAP = 24;

/** Each step, from -255 on, without its sign and capped. A table, since it can't be foretold which way a comparison would go. */
const CAPPED = Uint8Array.from({ length: 511 }, (_, i) => Math.min(Math.abs(i - 255), STEP_CAP));

/** Sums of steps along all lines of a plane. */
export class EdgeSums {
  readonly width: number;
  readonly height: number;
  /** [y * width + x]: of the steps across the line x in the rows before y. Modulo 2^16: differences stay true. */
  readonly #upright: Uint16Array;
  /** [x * height + y]: of the steps across the line y in the columns before x. */
  readonly #level: Uint16Array;

  /** @param plane - with sides of at most 2730 pixels (2^16 / STEP_CAP) */
  constructor(plane: LumaPlane) {
    const { width, height, data } = plane;
    this.width = width;
    this.height = height;
    const upright = new Uint16Array((height + 1) * width);
    const level = new Uint16Array(height * (width + 1));
    for (let y = 0; y < height; y++) {
      const row = y * width;
      // The first row and column have no step.
      const above = y === 0 ? row : row - width;
      let before = data[row];
      let sum = 0;
      for (let x = 0; x < width; x++) {
        const value = data[row + x];
        upright[row + width + x] = upright[row + x] + CAPPED[255 + value - before];
        sum += CAPPED[255 + value - data[above + x]];
        level[row + y + x + 1] = sum;
        before = value;
      }
    }
    this.#upright = upright;
    this.#level = level;
  }

  /** @returns 0 to 1: support of the upright line x in the rows from y0 to before y1 */
  upright(x: number, y0: number, y1: number): number {
    if (y1 <= y0 || x <= 0 || x >= this.width) return 0;
    const sums = this.#upright;
    return ((sums[y1 * this.width + x] - sums[y0 * this.width + x]) & 0xffff) / (STEP_CAP * (y1 - y0));
  }

  /** @returns 0 to 1: support of the level line y in the columns from x0 to before x1 */
  level(y: number, x0: number, x1: number): number {
    if (x1 <= x0 || y <= 0 || y >= this.height) return 0;
    const sums = this.#level;
    const row = y * (this.width + 1);
    return ((sums[row + x1] - sums[row + x0]) & 0xffff) / (STEP_CAP * (x1 - x0));
  }
}

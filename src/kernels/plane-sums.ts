/**
 * A picture's plane: 128 x 128 cells of luma, each the exact mean of its part of the picture, whatever the
 * size. A side of n pixels is cut into 128 n units: a pixel is 128 of them and a cell is n, so that overlaps are
 * whole numbers, and so are all sums: 1000 times the luma of a pixel is 299 R + 587 G + 114 B. The largest
 * picture has 4104 · 128² pixels (pdq-limits.ts), so that a cell's sum is at most 255,000 times as much,
 * 1.8 · 10¹³: far below 2⁵³, exact in f64. Then there is one division, and one rounding to f32.
 * @module
 */
import { PLANE_CELLS } from './plane-extension.js';

/** Sums up one picture's plane. */
export interface PlaneSums {
  /**
   * @param rgba - `count` whole rows; alpha is ignored
   * @param count - rows, none below the picture
   */
  rows(rgba: Uint8Array | Uint8ClampedArray, count: number): void;
  /** Every row has been given. Returns 128 x 128 cells of luma, the caller's own. */
  plane(): Float32Array<ArrayBuffer>;
}

/**
 * Divides a plane's sums.
 * @param sums - 128 x 128 cells; 1000 times luma, times units
 * @param width - of the picture
 * @param height - of the picture
 * @returns 128 x 128 cells of luma, row-major; a new array
 */
export function planeOfSums(sums: Float64Array, width: number, height: number): Float32Array<ArrayBuffer> {
  const plane = new Float32Array(PLANE_CELLS * PLANE_CELLS);
  const total = 1000 * width * height;
  for (let i = 0; i < plane.length; i++) plane[i] = sums[i] / total;
  return plane;
}

/** Units that pixel `i` and cell `c` share along a side of `pixels`. */
function overlap(i: number, c: number, pixels: number): number {
  return Math.min((i + 1) * PLANE_CELLS, (c + 1) * pixels) - Math.max(i * PLANE_CELLS, c * pixels);
}

/** The pixels of each cell along a side: first and last one, and how many of their units belong to the cell. */
function cellsOf(pixels: number) {
  return Array.from({ length: PLANE_CELLS }, (_, c) => {
    const first = Math.floor((c * pixels) / PLANE_CELLS);
    const last = Math.floor(((c + 1) * pixels - 1) / PLANE_CELLS);
    // A single pixel counts as the first one.
    const lastUnits = last > first ? overlap(last, c, pixels) : 0;
    return { first, firstUnits: overlap(first, c, pixels), last, lastUnits };
  });
}

/**
 * Begins a plane in plain TypeScript.
 * @param width - columns, 1 or more
 * @param height - rows, 1 or more; `fitsKernel` holds
 */
export function createPlaneSums(width: number, height: number): PlaneSums {
  const sums = new Float64Array(PLANE_CELLS * PLANE_CELLS);
  const cells = cellsOf(width);
  /** 1000 times the luma of each pixel of a row: at most 255,000, and 4104 of them are below 2³¹. */
  const luma = new Int32Array(width);
  const across = new Float64Array(PLANE_CELLS);
  let y = 0;

  /** Sums up one row, cell by cell. */
  function sumRow(rgba: Uint8Array | Uint8ClampedArray, start: number): void {
    for (let x = 0, p = start; x < width; x++, p += 4) {
      luma[x] = 299 * rgba[p] + 587 * rgba[p + 1] + 114 * rgba[p + 2];
    }
    for (let c = 0; c < PLANE_CELLS; c++) {
      const { first, firstUnits, last, lastUnits } = cells[c];
      let whole = 0;
      for (let x = first + 1; x < last; x++) whole = (whole + luma[x]) | 0;
      across[c] = firstUnits * luma[first] + PLANE_CELLS * whole + lastUnits * luma[last];
    }
  }

  return {
    rows(rgba, count) {
      for (let k = 0; k < count; k++, y++) {
        sumRow(rgba, k * width * 4);
        const last = Math.floor(((y + 1) * PLANE_CELLS - 1) / height);
        for (let c = Math.floor((y * PLANE_CELLS) / height); c <= last; c++) {
          const units = overlap(y, c, height);
          const line = c * PLANE_CELLS;
          for (let j = 0; j < PLANE_CELLS; j++) sums[line + j] += units * across[j];
        }
      }
    },
    plane: () => planeOfSums(sums, width, height),
  };
}

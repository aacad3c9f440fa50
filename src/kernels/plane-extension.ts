/**
 * What may lie beyond the edge of a picture: its luma plane continued by 21 cells on each side, ring by ring.
 * Each ring is the one inside it, smoothed along the edge and drawn a little towards the picture's mean. Where
 * an upload was cropped, that is nearer to what was cut off than a mirror image is (docs/kernels.md,
 * "Variants").
 * @module
 */

const { fround } = Math;

/** Cells along each axis of a picture's plane. */
export const PLANE_CELLS = 128;
/** Cells that are added on each side. */
export const MARGIN = 21;
/** Cells along each axis of the extended plane. */
export const EXTENDED_CELLS = PLANE_CELLS + 2 * MARGIN;
/** Cells from one row of the extended plane to the next; those behind the last one of a row are 0. */
export const EXTENDED_STRIDE = 176;

const THIRD = fround(1 / 3);
/** How far a ring is drawn towards the mean. */
const FADE = fround(0.08);

/** `to[i] = ((from[i - 1] + from[i]) + from[i + 1]) / 3`; a line's ends are their own neighbours. */
function smooth(from: Float32Array, to: Float32Array): void {
  const last = from.length - 1;
  let before = from[0];
  let here = before;
  for (let i = 0; i < last; i++) {
    const behind = from[i + 1];
    to[i] = fround(fround(fround(before + here) + behind) * THIRD);
    before = here;
    here = behind;
  }
  to[last] = fround(fround(fround(before + here) + here) * THIRD);
}

/** Turns a ring's side into that of the next ring out: smoothed twice, then faded. */
function growLine(line: Float32Array, other: Float32Array, mean: number): void {
  smooth(line, other);
  smooth(other, line);
  for (let i = 0; i < line.length; i++) line[i] = fround(line[i] + fround(fround(mean - line[i]) * FADE));
}

/** Mean of all cells: summed in f64 in their order, and rounded to f32. */
function meanOf(plane: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < plane.length; i++) sum += plane[i];
  return fround(sum / plane.length);
}

/**
 * Extends a plane: first to the left and to the right, then its widened rows upwards and downwards. Every
 * operation is in f32 and in a fixed order, so that the result is the same everywhere.
 * @param plane - 128 x 128 cells, row-major
 * @param out - takes 170 rows of {@link EXTENDED_STRIDE} cells, the plane's first cell in row and column 21. Cells
 * behind a row's 170th are left alone
 * @returns whether all cells are finite numbers; if one is not, nothing is written
 * @throws RangeError for a plane of another size
 */
export function extendPlane(plane: Float32Array, out: Float32Array): boolean {
  if (plane.length !== PLANE_CELLS * PLANE_CELLS) {
    throw new RangeError(`'plane' must have 128 x 128 cells, not ${plane.length}`);
  }
  const mean = meanOf(plane);
  if (!Number.isFinite(mean)) return false;

  for (let y = 0; y < PLANE_CELLS; y++) {
    const row = plane.subarray(y * PLANE_CELLS, (y + 1) * PLANE_CELLS);
    out.set(row, (y + MARGIN) * EXTENDED_STRIDE + MARGIN);
  }

  const column = new Float32Array(PLANE_CELLS);
  const otherColumn = new Float32Array(PLANE_CELLS);
  for (const [edge, step] of [[MARGIN, -1] as const, [MARGIN + PLANE_CELLS - 1, 1] as const]) {
    const first = MARGIN * EXTENDED_STRIDE + edge;
    for (let y = 0; y < PLANE_CELLS; y++) column[y] = out[first + y * EXTENDED_STRIDE];
    for (let ring = 1; ring <= MARGIN; ring++) {
      growLine(column, otherColumn, mean);
      const start = first + ring * step;
      for (let y = 0; y < PLANE_CELLS; y++) out[start + y * EXTENDED_STRIDE] = column[y];
    }
  }

  const row = new Float32Array(EXTENDED_CELLS);
  const otherRow = new Float32Array(EXTENDED_CELLS);
  for (const [edge, step] of [[MARGIN, -1] as const, [MARGIN + PLANE_CELLS - 1, 1] as const]) {
    const first = edge * EXTENDED_STRIDE;
    row.set(out.subarray(first, first + EXTENDED_CELLS));
    for (let ring = 1; ring <= MARGIN; ring++) {
      growLine(row, otherRow, mean);
      out.set(row, first + ring * step * EXTENDED_STRIDE);
    }
  }
  return true;
}

/**
 * The transform's matrix as the variant kernels use it: folded along the symmetries of its cosines.
 *
 * With 64 lines a(k), take the differences d(k) = a(k) − a(63 − k) and the sums s(k) = a(k) + a(63 − k) of the
 * first 32, and of these sums again the differences s(k) − s(31 − k) and the sums s(k) + s(31 − k) of the first
 * 16. Cosines of odd frequency (counted from 1) meet only the d, those of frequency 2, 6, 10, 14 only the second
 * differences, and those of 4, 8, 12, 16 only the second sums.
 * @module
 */
import { dctMatrix, FREQUENCIES } from './dct-matrix.js';
import { SAMPLES } from './pdq-geometry.js';

/** Frequencies (rows of the matrix, counted from 0) that share folded lines, and where those lie. */
export interface FoldedRows {
  readonly rows: readonly [number, number, number, number];
  /** First of the 64 folded lines: 32 differences, 16 second differences, 16 second sums. */
  readonly line: number;
  readonly terms: 16 | 32;
}

/** All 16 rows, four at a time, in packed order. */
export const FOLDED_ROWS: readonly FoldedRows[] = [
  { rows: [0, 2, 4, 6], line: 0, terms: 32 },
  { rows: [8, 10, 12, 14], line: 0, terms: 32 },
  { rows: [1, 5, 9, 13], line: 32, terms: 16 },
  { rows: [3, 7, 11, 15], line: 48, terms: 16 },
];

/**
 * The folded matrix in the order in which the wasm kernel reads it.
 * @returns 384 f32: of each of {@link FOLDED_ROWS}, term by term, the factors of its four rows
 */
export function foldedMatrix(): Float32Array<ArrayBuffer> {
  const matrix = dctMatrix();
  return Float32Array.from(
    FOLDED_ROWS.flatMap(({ rows, terms }) =>
      Array.from({ length: terms }, (_, k) => rows.map((row) => matrix[row * SAMPLES + k])).flat(),
    ),
  );
}

const { fround } = Math;

/** Folds one column: 64 values, `stride` apart, to 64 folded ones. */
function foldColumn(lines: Float32Array, column: number, stride: number, folded: Float32Array): void {
  const at = (k: number) => lines[k * stride + column];
  for (let k = 0; k < 16; k++) {
    const outer = fround(at(k) + at(63 - k));
    const inner = fround(at(31 - k) + at(32 + k));
    folded[k] = fround(at(k) - at(63 - k));
    folded[31 - k] = fround(at(31 - k) - at(32 + k));
    folded[32 + k] = fround(outer - inner);
    folded[48 + k] = fround(outer + inner);
  }
}

/**
 * Transforms every column of 64 lines, in f32; each sum runs from its first term up.
 * @param lines - 64 lines of `columns` values
 * @param columns - how many
 * @param matrix - see `dctMatrix`
 * @param out - takes the 16 frequencies of each column, one column after the other
 */
export function transformColumns(
  lines: Float32Array,
  columns: number,
  matrix: Float32Array,
  out: Float32Array,
): void {
  const folded = new Float32Array(SAMPLES);
  for (let column = 0; column < columns; column++) {
    foldColumn(lines, column, columns, folded);
    for (const { rows, line, terms } of FOLDED_ROWS) {
      for (const row of rows) {
        let sum = 0;
        for (let k = 0; k < terms; k++)
          sum = fround(sum + fround(matrix[row * SAMPLES + k] * folded[line + k]));
        out[column * FREQUENCIES + row] = sum;
      }
    }
  }
}

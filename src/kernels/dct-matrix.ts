/**
 * The 16 x 64 matrix of PDQ's discrete cosine transform,
 *
 *     D[i][k] = sqrt(2 / 64) · cos(π / 128 · (i + 1) · (2k + 1)),
 *
 * as the reference has it: the square root rounded to f32, the product taken in f64 and rounded to f32.
 * The values are written down rather than computed, since `Math.cos` may differ in its last bit from one
 * engine to the next, and a hash must not.
 * @module
 */

/** Frequencies kept along each axis. */
export const FREQUENCIES = 16;

const COLUMNS = 64;

/** The quarter wave: entry m − 1 is sqrt(2 / 64) · cos(π / 128 · m), m = 1 to 63; shortest decimals of the f32. */
const QUARTER_WAVE = [
  0.17672345, 0.17656375, 0.17629771, 0.17592546, 0.17544726, 0.17486335, 0.17417413, 0.17337997, 0.17248139,
  0.17147891, 0.17037314, 0.16916475, 0.16785446, 0.16644305, 0.16493139, 0.16332036, 0.16161098, 0.15980424,
  0.15790124, 0.15590313, 0.1538111, 0.15162642, 0.14935042, 0.14698444, 0.14452994, 0.14198837, 0.13936128,
  0.13665023, 0.13385688, 0.13098289, 0.12803, 0.125, 0.121894695, 0.11871597, 0.11546574, 0.112145945,
  0.108758606, 0.10530575, 0.10178947, 0.09821187, 0.09457511, 0.090881385, 0.08713291, 0.08333196,
  0.079480805, 0.075581774, 0.07163722, 0.06764951, 0.06362105, 0.059554275, 0.05545162, 0.051315565,
  0.0471486, 0.042953234, 0.038731992, 0.034487423, 0.030222077, 0.025938528, 0.021639355, 0.017327147,
  0.0130045, 0.008674021, 0.004338317,
];

/**
 * The matrix.
 * @returns 16 x 64 values, row-major; a new array, the caller's own
 */
export function dctMatrix(): Float32Array<ArrayBuffer> {
  const matrix = new Float32Array(FREQUENCIES * COLUMNS);
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let k = 0; k < COLUMNS; k++) {
      // One turn is 256 steps. Neither 0 nor 64 steps modulo 128 occur: i + 1 has too few factors of two.
      const turn = ((i + 1) * (2 * k + 1)) % 256;
      const half = turn > 128 ? 256 - turn : turn;
      matrix[i * COLUMNS + k] = half < 64 ? QUARTER_WAVE[half - 1] : -QUARTER_WAVE[127 - half];
    }
  }
  return matrix;
}

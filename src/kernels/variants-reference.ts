/**
 * The variant kernel in plain TypeScript: the oracle of the one in WebAssembly, and its substitute where that
 * is refused. Both do the same f32 operations in the same order (docs/kernels.md, "Variants").
 * @module
 */
import { dctMatrix, FREQUENCIES } from './dct-matrix.js';
import { SAMPLES } from './pdq-geometry.js';
import { bitsAbove, medianOf } from './pdq-reference.js';
import { EXTENDED_CELLS, EXTENDED_STRIDE, extendPlane, PLANE_CELLS } from './plane-extension.js';
import { contrastOf, marksOf, sampleMarksOf } from './plane-marks.js';
import { filledSamples } from './samples-fill.js';
import { hostVariants, SLOTS } from './variants-host.js';
import { type AxisTaps, sampleAffine } from './variants-maps.js';
import { transformColumns } from './variants-matrix.js';
import type { VariantKernel } from './variants-types.js';

const { fround } = Math;

/** Samples lines between the rows of a source at the taps: `a + (b − a) · fraction`, in f32. */
function sampleLines(source: Float32Array, stride: number, columns: number, taps: AxisTaps): Float32Array {
  const lines = new Float32Array(SAMPLES * columns);
  for (let i = 0; i < SAMPLES; i++) {
    const row = taps.cells[i] * stride;
    const fraction = taps.fractions[i];
    for (let j = 0; j < columns; j++) {
      const here = source[row + j];
      const next = source[row + stride + j];
      lines[i * columns + j] = fround(here + fround(fround(next - here) * fraction));
    }
  }
  return lines;
}

/**
 * Makes the kernel in plain TypeScript.
 * @returns a kernel of its own; it keeps some 700 KB
 */
export function createVariantReference(): VariantKernel {
  const matrix = dctMatrix();
  const cells = new Float32Array(PLANE_CELLS * PLANE_CELLS);
  const covered = new Uint8Array(SAMPLES * SAMPLES);
  const plane = new Float32Array(EXTENDED_CELLS * EXTENDED_STRIDE);
  const taps = { cells: new Uint32Array(SAMPLES), fractions: new Float32Array(SAMPLES) };
  const steps = new Float32Array(6);
  const samples = new Float32Array(SAMPLES * SAMPLES);
  const asIs = new Float32Array(SAMPLES * SAMPLES);
  const sampledHalf = new Float32Array(SAMPLES * FREQUENCIES);
  /** Of each slot, the 16 frequencies of each column of the plane, column by column. */
  const halves = Array.from({ length: SLOTS }, () => new Float32Array(EXTENDED_CELLS * FREQUENCIES));
  const coefficients = new Float32Array(FREQUENCIES * FREQUENCIES);
  const bits = new Uint8Array(32);

  /** Transforms 64 lines of the 16 vertical frequencies to the coefficients and the hash. */
  function finish(lines: Float32Array): number {
    transformColumns(lines, FREQUENCIES, matrix, coefficients);
    const median = medianOf(coefficients);
    bits.set(bitsAbove(coefficients, median));
    return median;
  }

  /** Transforms both axes of the samples. */
  function finishSamples(): number {
    transformColumns(samples, SAMPLES, matrix, sampledHalf);
    return finish(sampledHalf);
  }

  return hostVariants('typescript', {
    cells,
    taps,
    steps,
    coefficients,
    bits,
    extend: () => extendPlane(cells, plane),
    covered,
    keepAsIs: () => sampleAffine(plane, EXTENDED_STRIDE, steps, asIs),
    unmark(near, least, grow, withCovered) {
      let marks = new Uint8Array(samples.length);
      if (least < Number.POSITIVE_INFINITY) {
        const cellMarks = marksOf(contrastOf(cells, near), least, grow);
        if (cellMarks === null) return false;
        marks = sampleMarksOf(cellMarks);
      }
      if (withCovered) for (let i = 0; i < marks.length; i++) if (covered[i] !== 0) marks[i] = 1;
      if (!marks.includes(1)) return false;
      samples.set(filledSamples(asIs, marks));
      return true;
    },
    unmarked: finishSamples,
    rows(slot) {
      const lines = sampleLines(plane, EXTENDED_STRIDE, EXTENDED_CELLS, taps);
      transformColumns(lines, EXTENDED_CELLS, matrix, halves[slot]);
    },
    columns(slot) {
      return finish(sampleLines(halves[slot], FREQUENCIES, FREQUENCIES, taps));
    },
    affine() {
      sampleAffine(plane, EXTENDED_STRIDE, steps, samples);
      return finishSamples();
    },
  });
}

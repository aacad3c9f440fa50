/**
 * The hashes of a picture's eight rotations and reflections, from its coefficients alone.
 *
 * Reversing an axis turns every other cosine of that axis upside down (the odd frequencies, counted from 1,
 * so the even rows or columns here), and transposing the picture transposes the coefficients. Only the
 * median has to be found anew.
 * @module
 */
import { FREQUENCIES } from './dct-matrix.js';
import { bitsAbove, medianOf } from './pdq-reference.js';
import type { PdqVariant } from './types.js';

/** In this order everywhere; the reference calls the last two "flip plus 1" and "flip minus 1". */
export const DIHEDRAL_NAMES = [
  'original',
  'rotate-90',
  'rotate-180',
  'rotate-270',
  'flip-x',
  'flip-y',
  'transpose',
  'anti-transpose',
] as const;

/** What a turned or mirrored form does to the picture: axes are reversed first, then swapped. */
export interface DihedralTransform {
  readonly reverseRows: boolean;
  readonly reverseColumns: boolean;
  readonly transpose: boolean;
}

const transform = (reverseRows: boolean, reverseColumns: boolean, transpose: boolean): DihedralTransform => ({
  reverseRows,
  reverseColumns,
  transpose,
});

/** For each of {@link DIHEDRAL_NAMES}. */
export const DIHEDRAL_TRANSFORMS: readonly DihedralTransform[] = [
  transform(false, false, false),
  transform(false, true, true),
  transform(true, true, false),
  transform(true, false, true),
  transform(true, false, false),
  transform(false, true, false),
  transform(false, false, true),
  transform(true, true, true),
];

/**
 * One of the eight dihedral hashes.
 * @typeParam Hash - a `PdqHash`, or a variant without quality
 * @param hash - the picture as it is
 * @param form - index in {@link DIHEDRAL_NAMES}
 * @returns the hash of that form, with coefficients and bits of its own; the quality, if any, is the same
 */
export function dihedralForm<Hash extends PdqVariant>(hash: Hash, form: number): Hash {
  const { reverseRows, reverseColumns, transpose } = DIHEDRAL_TRANSFORMS[form];
  const coefficients = new Float32Array(hash.coefficients.length);
  for (let i = 0; i < FREQUENCIES; i++) {
    for (let j = 0; j < FREQUENCIES; j++) {
      const value = hash.coefficients[i * FREQUENCIES + j];
      const isNegated = (reverseRows && i % 2 === 0) !== (reverseColumns && j % 2 === 0);
      coefficients[transpose ? j * FREQUENCIES + i : i * FREQUENCIES + j] = isNegated ? -value : value;
    }
  }
  const median = medianOf(coefficients);
  return { ...hash, coefficients, median, bits: bitsAbove(coefficients, median) };
}

/**
 * The eight dihedral hashes.
 * @typeParam Hash - a `PdqHash`, or a variant without quality
 * @param hash - the picture as it is
 * @returns eight hashes in the order of {@link DIHEDRAL_NAMES}
 */
export function dihedralHashes<Hash extends PdqVariant>(hash: Hash): Hash[] {
  return DIHEDRAL_TRANSFORMS.map((_, form) => dihedralForm(hash, form));
}

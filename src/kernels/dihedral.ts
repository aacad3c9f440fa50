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

/** For each of {@link DIHEDRAL_NAMES}: which axes are reversed, and whether they are swapped afterwards. */
const TRANSFORMS: readonly (readonly [reverseRows: boolean, reverseColumns: boolean, transpose: boolean])[] =
  [
    [false, false, false],
    [false, true, true],
    [true, true, false],
    [true, false, true],
    [true, false, false],
    [false, true, false],
    [false, false, true],
    [true, true, true],
  ];

/**
 * The eight dihedral hashes.
 * @typeParam Hash - a `PdqHash`, or a variant without quality
 * @param hash - the picture as it is
 * @returns eight hashes in the order of {@link DIHEDRAL_NAMES}, each with coefficients and bits of its own; the
 * quality, if any, is the same in all
 */
export function dihedralHashes<Hash extends PdqVariant>(hash: Hash): Hash[] {
  return TRANSFORMS.map(([reverseRows, reverseColumns, transpose]) => {
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
  });
}

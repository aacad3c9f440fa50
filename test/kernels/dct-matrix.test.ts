import { expect, it } from 'vitest';
import { dctMatrix } from '../../src/kernels/dct-matrix.js';

it('is the matrix of the reference, value by value', () => {
  const matrix = dctMatrix();
  const scale = Math.fround(Math.sqrt(2 / 64));
  for (let i = 0; i < 16; i++) {
    for (let k = 0; k < 64; k++) {
      const expected = Math.fround(scale * Math.cos((Math.PI / 2 / 64) * (i + 1) * (2 * k + 1)));
      expect(matrix[i * 64 + k], `row ${i}, column ${k}`).toBe(expected);
    }
  }
});

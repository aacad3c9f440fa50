import { describe, expect, it } from 'vitest';
import { DIHEDRAL_NAMES, dihedralHashes } from '../../src/kernels/dihedral.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { differences, hashWith, type Picture, paint } from './pictures.js';

/** Turns pixels: the pixel at (x, y) of the result is the picture's at `from(x, y)`. */
function turned(picture: Picture, swap: boolean, from: (x: number, y: number) => [number, number]): Picture {
  const [width, height] = swap ? [picture.height, picture.width] : [picture.width, picture.height];
  const rgba = new Uint8Array(picture.rgba.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [fromX, fromY] = from(x, y);
      const p = (fromY * picture.width + fromX) * 4;
      rgba.set(picture.rgba.subarray(p, p + 4), (y * width + x) * 4);
    }
  }
  return { width, height, rgba };
}

describe('dihedral hashes', () => {
  const kernel = createPdqReference();

  it('are those of the turned picture', () => {
    // With sides of 64 · odd and odd windows (3 and 5), sampling is symmetrical: only rounding is left.
    const picture = paint('photo', 320, 576);
    const [right, bottom] = [picture.width - 1, picture.height - 1];
    const pictures: Record<(typeof DIHEDRAL_NAMES)[number], Picture> = {
      original: picture,
      'rotate-90': turned(picture, true, (x, y) => [right - y, x]),
      'rotate-180': turned(picture, false, (x, y) => [right - x, bottom - y]),
      'rotate-270': turned(picture, true, (x, y) => [y, bottom - x]),
      'flip-x': turned(picture, false, (x, y) => [x, bottom - y]),
      'flip-y': turned(picture, false, (x, y) => [right - x, y]),
      transpose: turned(picture, true, (x, y) => [y, x]),
      'anti-transpose': turned(picture, true, (x, y) => [right - y, bottom - x]),
    };
    const hashes = dihedralHashes(hashWith(kernel, picture));
    expect(hashes).toHaveLength(8);
    DIHEDRAL_NAMES.forEach((name, i) => {
      const expected = hashWith(kernel, pictures[name]);
      const worst = Math.max(...expected.coefficients.map((c, j) => Math.abs(c - hashes[i].coefficients[j])));
      expect(worst, name).toBeLessThan(1e-3);
      expect(Math.abs(hashes[i].median - expected.median), name).toBeLessThan(1e-3);
      expect(hashes[i].quality, name).toBe(expected.quality);
    });
  });

  it('begin with the hash itself, as a copy', () => {
    const hash = hashWith(kernel, paint('noise', 100, 90));
    const [original] = dihedralHashes(hash);
    expect(differences(original, hash)).toEqual([]);
    expect(original.coefficients).not.toBe(hash.coefficients);
    expect(original.bits).not.toBe(hash.bits);
  });

  it('each have a median and bits of their own', () => {
    for (const { coefficients, median, bits } of dihedralHashes(hashWith(kernel, paint('photo', 500, 333)))) {
      expect(median).toBe([...coefficients].sort((a, b) => a - b)[127]);
      for (let j = 0; j < 256; j++) {
        expect((bits[j >> 3] >> (j & 7)) & 1).toBe(coefficients[j] > median ? 1 : 0);
      }
    }
  });
});

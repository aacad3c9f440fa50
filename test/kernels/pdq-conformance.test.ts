import { beforeAll, describe, expect, it } from 'vitest';
import { DIHEDRAL_NAMES, dihedralHashes } from '../../src/kernels/dihedral.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqKernelOf } from '../../src/kernels/pdq-wasm.js';
import type { PdqHash, PdqKernel } from '../../src/kernels/types.js';
import { hexDistance, pdqConformance, SHARED } from '../support/photos.js';
import { loadPdqWasm } from './kernels.js';
import { differences, hashWith } from './pictures.js';
import { rgbaOf } from './rgba.js';

/** Where the coefficients around the median are as close as this, the reference's own rounding decides. */
const TIE = 1e-5;

/**
 * Known ties, as `file: form`, in which the exact kernel and the reference's rounding disagree. Whatever
 * isn't named must agree bit for bit, and what is named must still disagree, and be a tie.
 */
const TIES: readonly string[] = [];

/** Distance between the two coefficients next to the median. */
function gapOf({ coefficients }: PdqHash): number {
  const sorted = [...coefficients].sort((a, b) => a - b);
  return Math.min(sorted[128] - sorted[127], sorted[127] - sorted[126]);
}

describe.skipIf(SHARED === null)(
  `hashes of the reference implementation (PRESIEVE_SHARED: ${SHARED})`,
  () => {
    const images = SHARED === null ? [] : pdqConformance();
    const reference = createPdqReference();
    let wasm: PdqKernel;
    beforeAll(async () => {
      wasm = pdqKernelOf(await loadPdqWasm());
    });

    it.each(images)('$file', async ({ file, path, full, width, height }) => {
      const picture = await rgbaOf(path);
      expect([picture.width, picture.height]).toEqual([width, height]);
      const hash = hashWith(wasm, picture, [64]);
      expect(differences(hash, hashWith(reference, picture))).toEqual([]);
      expect(hash.quality).toBe(full.quality);
      dihedralHashes(hash).forEach((form, i) => {
        const name = `${file}: ${DIHEDRAL_NAMES[i]}`;
        const distance = hexDistance(hashToHex(form.bits), full.dihedral[i]);
        if (TIES.includes(name)) {
          expect(distance, `${name} agrees now`).toBeGreaterThan(0);
          expect(gapOf(form), name).toBeLessThan(TIE);
        } else {
          expect(distance, `${name}, gap ${gapOf(form)}`).toBe(0);
        }
      });
    });
  },
);

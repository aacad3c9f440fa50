import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode } from '../../bench/recall/picture.js';
import { isPrepared, listedHash, prepare, WAYS } from '../../bench/recall/ways.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import { pdqConformance, SHARED, stdlibPhoto } from '../support/photos.js';

describe('preparing a picture', () => {
  it('leaves a picture of at most 512 pixels a side as it is', async () => {
    const picture = { data: new Uint8Array(512 * 3 * 3), width: 512, height: 3 };
    expect(isPrepared(picture)).toBe(false);
    for (const way of WAYS) expect(await prepare(picture, way)).toBe(picture);
  });

  it('squashes any shape to 512 x 512, and keeps the shape of a thumbnail', async () => {
    const picture = await decode(stdlibPhoto('airplane-from-above'));
    expect(isPrepared(picture)).toBe(true);
    expect(await prepare(picture, 'squashed')).toMatchObject({ width: 512, height: 512 });
    const { width, height } = await prepare(picture, 'thumbnail');
    expect(Math.max(width, height)).toBe(512);
    expect(width / height).toBeCloseTo(picture.width / picture.height, 2);
  });

  it('takes every second pixel of twice the size, from the first', async () => {
    const data = Uint8Array.from({ length: 1024 * 512 * 3 }, (_, i) => (Math.floor(i / 3) % 1024) >> 2);
    const squashed = await prepare({ data, width: 1024, height: 512 }, 'squashed');
    for (const x of [0, 1, 2, 511]) expect(squashed.data[x * 3]).toBe((2 * x) >> 2);
  });
});

describe.skipIf(SHARED === null)('lists made by the C++ tool (../shared/conformance/pdq)', () => {
  it('has the hashes that the tool gives', async () => {
    const kernel = createPdqReference();
    let squashed = 0;
    for (const image of pdqConformance()) {
      // The tool does not turn a photo upright; decode() does.
      if (/exif-rotn-[368]/.test(image.file)) continue;
      const picture = await decode(readFileSync(image.path));
      const hash = async (way: 'full' | 'squashed') =>
        hashToHex((await listedHash(picture, way, kernel)).bits);
      expect(isPrepared(picture), image.file).toBe(image.squashed512 !== undefined);
      expect(await hash('full'), image.file).toBe(image.full.dihedral[0]);
      if (image.squashed512 === undefined) continue;
      expect(await hash('squashed'), image.file).toBe(image.squashed512.dihedral[0]);
      squashed++;
    }
    expect(squashed).toBeGreaterThan(15);
  });
});

import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { powerTone } from '../../src/kernels/plane-tone.js';
import type { PdqHash, PdqKernel, PdqVariant } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { padMap } from '../../src/kernels/variants-maps.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import type { Picture } from './pictures.js';
import { bitDistance, planeWith } from './planes.js';
import { rgbaOf } from './rgba.js';

/** Part of a picture; strips to cut off, in sides of it, rounded to whole pixels. */
function crop(picture: Picture, left: number, right: number, top: number, bottom: number): Picture {
  const x = Math.round(left * picture.width);
  const y = Math.round(top * picture.height);
  const width = picture.width - x - Math.round(right * picture.width);
  const height = picture.height - y - Math.round(bottom * picture.height);
  const rgba = new Uint8Array(width * height * 4);
  for (let row = 0; row < height; row++) {
    const start = ((row + y) * picture.width + x) * 4;
    rgba.set(picture.rgba.subarray(start, start + width * 4), row * width * 4);
  }
  return { width, height, rgba };
}

/** The map that gives back what was cut off. */
const padBack = (before: number, after: number) =>
  padMap(before / (1 - before - after), after / (1 - before - after));

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];

describe('variants of photos', () => {
  let pdq: PdqKernel;
  let kernel: VariantKernel;
  const photos = new Map<string, { picture: Picture; hash: PdqHash }>();

  /** Hashes a picture, and gives its plane to the variant kernel. */
  const begin = (picture: Picture): PdqHash => {
    const plane = planeWith(pdq, picture);
    kernel.begin(plane);
    pdq.begin(picture.width, picture.height);
    pdq.rows(picture.rgba, picture.height);
    return pdq.end();
  };

  /** The distance of each photo's edit, and of a variant of that, from the photo itself. */
  async function distances(
    edit: (picture: Picture) => Picture | Promise<Picture>,
    variant: (kernel: VariantKernel, edited: Picture) => PdqVariant,
  ) {
    const plain: number[] = [];
    const better: number[] = [];
    for (const { picture, hash } of photos.values()) {
      const edited = await edit(picture);
      plain.push(bitDistance(begin(edited).bits, hash.bits));
      better.push(bitDistance(variant(kernel, edited).bits, hash.bits));
    }
    return { plain, better };
  }

  beforeAll(async () => {
    pdq = await createPdqKernel();
    kernel = await createVariantKernel();
    for (const name of STDLIB_PHOTOS) {
      const picture = await rgbaOf(stdlibPhoto(name));
      photos.set(name, { picture, hash: begin(picture) });
    }
  });

  it('that change nothing are near the photo', async () => {
    const { better } = await distances(
      (picture) => picture,
      (kernel) => kernel.axis(padMap(0, 0), padMap(0, 0)),
    );
    expect(median(better), `${better}`).toBeLessThanOrEqual(10);
    expect(Math.max(...better), `${better}`).toBeLessThanOrEqual(20);
  });

  it.each([
    [0.02, 0.02, 0.02, 0.02],
    [0.035, 0.035, 0.035, 0.035],
    [0, 0, 0.05, 0],
    [0.07, 0, 0, 0],
    [0, 0.04, 0.01, 0.03],
  ])('that pad a crop by %f, %f, %f, %f are nearer than the crop', async (left, right, top, bottom) => {
    const { plain, better } = await distances(
      (picture) => crop(picture, left, right, top, bottom),
      (kernel) => kernel.axis(padBack(top, bottom), padBack(left, right)),
    );
    const report = `${better}, of crops ${plain}`;
    better.forEach((distance, i) => {
      expect(distance, report).toBeLessThan(plain[i]);
    });
    expect(median(better), report).toBeLessThanOrEqual(31);
    expect(median(plain), report).toBeGreaterThan(31);
  });

  it('that cut a frame off are nearer than the framed photo', async () => {
    const frame = 16;
    const { plain, better } = await distances(
      ({ width, height, rgba }) => {
        const [wide, high] = [width + 2 * frame, height + 2 * frame];
        const framed = new Uint8Array(wide * high * 4).fill(255);
        for (let row = 0; row < height; row++) {
          const pixels = rgba.subarray(row * width * 4, (row + 1) * width * 4);
          framed.set(pixels, ((row + frame) * wide + frame) * 4);
        }
        return { width: wide, height: high, rgba: framed };
      },
      (kernel, { width, height }) =>
        kernel.axis(padMap(-frame / height, -frame / height), padMap(-frame / width, -frame / width)),
    );
    const report = `${better}, of framed photos ${plain}`;
    expect(median(plain), report).toBeGreaterThan(31);
    expect(Math.max(...better), report).toBeLessThanOrEqual(20);
  });

  it.each([2, -3])('that turn a photo back by %i degrees are nearer than the turned one', async (degrees) => {
    const turn = (degrees * Math.PI) / 180;
    const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
    const { plain, better } = await distances(
      async ({ width, height, rgba }) => {
        // The canvas grows, with black corners.
        const { data, info } = await sharp(rgba, { raw: { width, height, channels: 4 } })
          .rotate(degrees, { background: '#000' })
          .raw()
          .toBuffer({ resolveWithObject: true });
        return { width: info.width, height: info.height, rgba: data };
      },
      (kernel, { width, height }) => {
        // The photo's own sides, from those of the canvas.
        const [grow, shrink] = [Math.abs(cos), Math.abs(sin)];
        const across = (grow * width - shrink * height) / (grow ** 2 - shrink ** 2);
        const down = (grow * height - shrink * width) / (grow ** 2 - shrink ** 2);
        const [xu, xv] = [(cos * across) / width, (-sin * down) / width];
        const [yu, yv] = [(sin * across) / height, (cos * down) / height];
        return kernel.affine({ x0: 0.5 - (xu + xv) / 2, xu, xv, y0: 0.5 - (yu + yv) / 2, yu, yv });
      },
    );
    const report = `${better}, of turned photos ${plain}`;
    better.forEach((distance, i) => {
      expect(distance, report).toBeLessThan(plain[i]);
    });
    expect(Math.max(...better), report).toBeLessThanOrEqual(31);
  });

  it('in other tones are nearer to a photo that was darkened', async () => {
    const { plain, better } = await distances(
      ({ width, height, rgba }) => ({
        width,
        height,
        rgba: rgba.map((value) => Math.round(255 * (value / 255) ** (5 / 2))),
      }),
      (kernel, edited) => {
        kernel.begin(planeWith(pdq, edited), powerTone(2));
        return kernel.axis(padMap(0, 0), padMap(0, 0));
      },
    );
    const report = `${better}, without ${plain}`;
    expect(median(better), report).toBeLessThanOrEqual(median(plain) / 2);
    expect(Math.max(...better), report).toBeLessThanOrEqual(20);
  });
});

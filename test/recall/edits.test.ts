import { beforeAll, describe, expect, it } from 'vitest';
import { applyEdit, EDIT_GROUPS, EDITS } from '../../bench/recall/edits.js';
import { decode, type Picture } from '../../bench/recall/picture.js';
import {
  allSides,
  border,
  crop,
  inscribedScale,
  letterbox,
  longSide,
  mirror,
  quarterTurn,
  rotate,
} from '../../bench/recall/steps-geometry.js';
import { contrast, gamma, grey, levels, noise } from '../../bench/recall/steps-tone.js';
import { stdlibPhoto } from '../support/photos.js';

/** Pixels whose red is their column and whose green is their row. */
function ramp(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) {
      data[i] = x;
      data[i + 1] = y;
      data[i + 2] = 77;
    }
  }
  return { data, width, height };
}

const pixel = ({ data, width }: Picture, x: number, y: number) =>
  Array.from(data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3));
const half = () => 0.5;

describe('the set of edits', () => {
  let photo: Picture;

  beforeAll(async () => {
    photo = await longSide(240)(await decode(stdlibPhoto('nagasaki-boats')), half);
  });

  it('has at least 45, each with a name of its own, group by group', () => {
    expect(EDITS.length).toBeGreaterThanOrEqual(45);
    expect(new Set(EDITS.map(({ name }) => name)).size).toBe(EDITS.length);
    expect(EDITS.map(({ group }) => EDIT_GROUPS.indexOf(group))).toEqual(
      EDITS.map(({ group }) => EDIT_GROUPS.indexOf(group)).sort((a, b) => a - b),
    );
  });

  it.each(EDITS.map((edit) => [edit.name, edit] as const))(
    '%s gives a picture, the same one each time',
    async (_, edit) => {
      const file = await applyEdit(photo, 'a photo', edit);
      expect(await applyEdit(photo, 'a photo', edit)).toEqual(file);
      const { data, width, height } = await decode(file);
      expect(data).toHaveLength(width * height * 3);
      const changed = edit.group !== 're-encoding' && (width !== photo.width || height !== photo.height);
      // Whatever keeps the size changes pixels.
      if (!changed) expect(data).not.toEqual(photo.data);
    },
  );

  it('gives every photo random choices of its own', async () => {
    const coloured = EDITS.find(({ name }) => name === '10 % coloured')!;
    const corner = async (name: string) => pixel(await decode(await applyEdit(photo, name, coloured)), 1, 1);
    expect(await corner('one')).not.toEqual(await corner('another'));
  });
});

describe('steps that move pixels', () => {
  const picture = ramp(100, 60);

  it('crops shares of width and height', async () => {
    const cut = await crop({ left: 0.1, top: 0.05 })(picture, half);
    expect([cut.width, cut.height]).toEqual([90, 57]);
    expect(pixel(cut, 0, 0)).toEqual([10, 3, 77]);
    expect(pixel(cut, 89, 56)).toEqual([99, 59, 77]);
  });

  it('adds borders of a colour around untouched pixels', async () => {
    const framed = await border(allSides(0.1), [1, 2, 3])(picture, half);
    expect([framed.width, framed.height]).toEqual([120, 72]);
    expect(pixel(framed, 0, 0)).toEqual([1, 2, 3]);
    expect(pixel(framed, 119, 71)).toEqual([1, 2, 3]);
    expect(pixel(framed, 10, 6)).toEqual([0, 0, 77]);
    expect(pixel(framed, 109, 65)).toEqual([99, 59, 77]);
  });

  it.each([
    [100, 60, 1, 100, 100],
    [60, 100, 1, 100, 100],
    [90, 60, 16 / 9, 107, 60],
    [60, 90, 16 / 9, 60, 107],
    [200, 60, 16 / 9, 200, 113],
  ])('letterboxes %i x %i to a screen of %f', async (width, height, aspect, toWidth, toHeight) => {
    const boxed = await letterbox(aspect, [9, 9, 9])(ramp(width, height), half);
    expect([boxed.width, boxed.height]).toEqual([toWidth, toHeight]);
    const [left, top] = [(toWidth - width) >> 1, (toHeight - height) >> 1];
    expect(pixel(boxed, left, top)).toEqual([0, 0, 77]);
    expect(pixel(boxed, left + width - 1, top + height - 1)).toEqual([width - 1, height - 1, 77]);
  });

  it('mirrors, and turns clockwise', async () => {
    expect(pixel(await mirror(picture, half), 0, 5)).toEqual([99, 5, 77]);
    const turned = await quarterTurn(90)(picture, half);
    expect([turned.width, turned.height]).toEqual([60, 100]);
    expect(pixel(turned, 59, 0)).toEqual([0, 0, 77]);
    expect(pixel(await quarterTurn(180)(picture, half), 0, 0)).toEqual([99, 59, 77]);
  });

  it('turns by an angle with black corners, or without', async () => {
    const white = { data: new Uint8Array(300 * 200 * 3).fill(255), width: 300, height: 200 };
    const grown = await rotate(3, 'grown')(white, half);
    expect(grown.width).toBeGreaterThan(305);
    expect(pixel(grown, 0, 0)).toEqual([0, 0, 0]);
    const same = await rotate(3, 'same')(white, half);
    expect([same.width, same.height]).toEqual([300, 200]);
    expect(Math.min(...[0, 299].flatMap((x) => [0, 199].map((y) => pixel(same, x, y)[0])))).toBe(0);
    const inscribed = await rotate(3, 'inscribed')(white, half);
    expect(inscribed.width / inscribed.height).toBeCloseTo(1.5, 1);
    expect(inscribed.data.every((value) => value > 200)).toBe(true);
    expect(inscribedScale(300, 200, 0)).toBe(1);
  });

  it('turns either way', async () => {
    const [one, other] = await Promise.all([0.2, 0.8].map((x) => rotate(3, 'same')(picture, () => x)));
    expect(one.data).not.toEqual(other.data);
  });
});

describe('steps that change values', () => {
  const picture = { data: Uint8Array.of(0, 100, 250), width: 1, height: 1 };
  const after = async (step: typeof grey) => [...(await step(picture, half)).data];

  it('cuts off what leaves the range', async () => {
    expect(await after(levels((value) => 1.3 * value))).toEqual([0, 130, 255]);
    expect(await after(contrast(1.4))).toEqual([0, 89, 255]);
  });

  it('brightens by a gamma above 1 and keeps black and white', async () => {
    const [black, middle] = await after(gamma(1.6));
    expect(black).toBe(0);
    expect(middle).toBe(Math.round(255 * (100 / 255) ** 0.625));
    expect((await gamma(0.6)({ ...picture, data: Uint8Array.of(255, 255, 255) }, half)).data[0]).toBe(255);
  });

  it('makes grey of luma', async () => {
    expect(await after(grey)).toEqual([87, 87, 87]);
  });

  it('adds noise of the deviation that it says', async () => {
    let state = 1;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const flat = { data: new Uint8Array(30_000).fill(128), width: 100, height: 100 };
    const { data } = await noise(10)(flat, random);
    const squares = data.reduce((sum, value) => sum + (value - 128) ** 2, 0);
    expect(Math.sqrt(squares / data.length)).toBeGreaterThan(9.5);
    expect(Math.sqrt(squares / data.length)).toBeLessThan(10.5);
  });
});

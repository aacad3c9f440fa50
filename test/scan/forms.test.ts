import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { PdqHash, PdqKernel } from '../../src/kernels/types.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { composited, hasTransparency } from '../../src/scan/composite.js';
import { isComparable } from '../../src/scan/detail.js';
import { formsOf, rotationMap } from '../../src/scan/forms.js';
import { type HashedPicture, hashImage } from '../../src/scan/hash-image.js';
import { mostProbes, type Pads, type PlanStep, padOrbit, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import type { DecodedImage } from '../../src/scan/types.js';
import { hexDistance, pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

let kernel: PdqKernel;
let variants: VariantKernel;

beforeAll(async () => {
  kernel = await createPdqKernel();
  variants = await createVariantKernel();
});

function picture(width: number, height: number, rgba: Uint8Array, mayHaveAlpha = false): DecodedImage {
  return {
    width,
    height,
    mayHaveAlpha,
    readRows: (y, count) => rgba.slice(y * width * 4, (y + count) * width * 4),
    close: () => {},
  };
}

async function hashed(image: Sharp): Promise<HashedPicture> {
  const { data, info } = await image
    .toColourspace('srgb')
    .removeAlpha()
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const found = hashImage(picture(info.width, info.height, new Uint8Array(data)), kernel);
  return found?.pictures[0] as HashedPicture;
}

const hex = ({ bits }: { bits: Uint8Array }) => hashToHex(bits);

/** Least distance of a row's forms to a hash. */
function leastDistance(step: PlanStep, upload: HashedPicture, original: PdqHash): number {
  let least = 256;
  for (const { query } of formsOf(upload, [step], variants))
    least = Math.min(least, hexDistance(hex(query), hex(original)));
  return least;
}

const PLAIN: PlanStep = { kind: 'pads', x: [0, 0], y: [0, 0], log2Probes: 1 };
const outer = (first: number): PlanStep => ({ kind: 'outer', first, log2Probes: 1 });

const formsAsHex = (upload: HashedPicture, plan: PlanStep[]) =>
  Array.from(formsOf(upload, plan, variants), ({ query }) => hex(query));

/** 640 x 480 pixels without any edge. */
function softPng(): Promise<Buffer> {
  const cells = Uint8Array.from({ length: 8 * 6 }, (_, i) => 70 + (((i + 7) * (i + 31) * 97) % 110));
  const soft = sharp(cells, { raw: { width: 8, height: 6, channels: 1 } });
  return soft.resize(640, 480, { kernel: 'cubic' }).toColourspace('srgb').png().toBuffer();
}

/** A photo, 640 x 480 pixels. */
const photo640 = () =>
  sharp(stdlibPhoto('nagasaki-boats'))
    .resize(640, 480, { fit: 'fill' })
    .toColourspace('srgb')
    .png()
    .toBuffer();

const svg640 = (inside: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${inside}</svg>`;
const ROUND = svg640(
  '<path fill="#fff" fill-rule="evenodd" d="M0 0H640V480H0zM90 0Q0 0 0 90V390Q0 480 90 480H550Q640 480 640 390V90Q640 0 550 0z"/>',
);
const BUTTON = svg640('<circle cx="320" cy="240" r="70"/><path fill="#fff" d="M300 205L360 240L300 275z"/>');
const BADGE = svg640('<rect x="530" y="440" width="100" height="36" rx="16" fill="#000"/>');

/** White bars with a black rim, as tall letters are, across 640 x 480 pixels: they need no font. */
const LETTERS = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${Array.from(
    { length: 12 },
    (_, i) =>
      `<rect x="${70 + i * 42}" y="380" width="14" height="60" fill="#fff" stroke="#000" stroke-width="9"/>`,
  ).join('')}</svg>`,
);

describe('the forms of a plan', () => {
  it.each<[string, PlanStep, (photo: Sharp, width: number, height: number) => Sharp, number]>([
    ['the upload as it is', { kind: 'as-is', log2Probes: 1 }, (photo) => photo, 0],
    [
      'a crop of 4 % on each side',
      { kind: 'pads', x: [1 / 23, 1 / 23], y: [1 / 23, 1 / 23], log2Probes: 1 },
      (photo, width, height) =>
        photo.extract({
          left: Math.round(width * 0.04),
          top: Math.round(height * 0.04),
          width: Math.round(width * 0.92),
          height: Math.round(height * 0.92),
        }),
      40,
    ],
    [
      'a strip cut off the right, found through its mirror image',
      { kind: 'pads', x: [1 / 19, 0], y: [0, 0], log2Probes: 1 },
      (photo, width, height) => photo.extract({ left: 0, top: 0, width: Math.round(width * 0.95), height }),
      36,
    ],
    [
      'a turn by 2 degrees with the canvas grown',
      { kind: 'rotations', degrees: 2, canvas: 'grown', log2Probes: 1 },
      (photo) => photo.rotate(2, { background: '#000' }),
      30,
    ],
    [
      'a turn by -2 degrees with the canvas grown',
      { kind: 'rotations', degrees: 2, canvas: 'grown', log2Probes: 1 },
      (photo) => photo.rotate(-2, { background: '#000' }),
      30,
    ],
    ['a mirror image', { kind: 'turned', log2Probes: 1, planeLog2Probes: 1 }, (photo) => photo.flop(), 12],
    [
      'a quarter turn',
      { kind: 'turned', log2Probes: 1, planeLog2Probes: 1 },
      (photo) => photo.rotate(90),
      12,
    ],
    [
      'a border',
      { kind: 'borders', log2Probes: 1, planeLog2Probes: 1 },
      (photo) => photo.extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#c22' }),
      6,
    ],
  ])('undo %s', async (_name, step, edit, most) => {
    const distances: number[] = [];
    const before: number[] = [];
    for (const name of STDLIB_PHOTOS) {
      const png = await sharp(stdlibPhoto(name))
        .resize(640, 480, { fit: 'fill' })
        .toColourspace('srgb')
        .png()
        .toBuffer();
      const original = await hashed(sharp(png));
      const upload = await hashed(edit(sharp(png), 640, 480));
      distances.push(leastDistance(step, upload, original.hash));
      before.push(hexDistance(hex(upload.hash), hex(original.hash)));
    }
    distances.sort((a, b) => a - b);
    expect(distances[3], `${distances} where the upload itself has ${before}`).toBeLessThanOrEqual(most);
  });

  it('have one where letters are over it, and none without letters; what follows stays as it was', async () => {
    const original = await hashed(sharp(await softPng()));
    const upload = await hashed(sharp(await softPng()).composite([{ input: LETTERS }]));
    const unmarked = (contrast: number): PlanStep => ({
      kind: 'unmarked',
      near: 2,
      grow: 2,
      contrast,
      log2Probes: 1,
    });
    const [one, two, ...rest] = formsAsHex(upload, [unmarked(100), unmarked(140), unmarked(256), PLAIN]);
    expect(rest).toEqual(formsAsHex(upload, [PLAIN]));
    for (const form of [one, two]) expect([...rest, hex(upload.hash)]).not.toContain(form);
    expect(formsAsHex(original, [unmarked(100)])).toEqual([]);
  });

  it('bring a picture back that an app gave round corners, a button and a badge', async () => {
    const original = await hashed(sharp(await photo640()));
    const plain = formsAsHex(original, [PLAIN])[0];
    const covers: [string, string, PlanStep][] = [
      ['round corners', ROUND, { kind: 'uncovered', covers: [{ round: 0.2 }], log2Probes: 1 }],
      ['a button', BUTTON, { kind: 'uncovered', covers: [{ disc: 0.16 }], log2Probes: 1 }],
      [
        'a badge',
        BADGE,
        {
          kind: 'uncovered',
          covers: [{ corner: { at: 'lower-right', width: 0.2, height: 0.1 } }],
          log2Probes: 1,
        },
      ],
    ];
    for (const [name, svg, step] of covers) {
      const upload = await hashed(sharp(await photo640()).composite([{ input: Buffer.from(svg) }]));
      const before = hexDistance(formsAsHex(upload, [PLAIN])[0], plain);
      const after = hexDistance(formsAsHex(upload, [step])[0], plain);
      expect(before, name).toBeGreaterThan(after + 4);
      expect(after, `${name}, ${before} with it`).toBeLessThanOrEqual(20);
    }
  });

  it('leave out a picture inside: each of the likeliest, one at a time', async () => {
    const png = await photo640();
    const original = await hashed(sharp(png));
    const plain = formsAsHex(original, [PLAIN])[0];
    const black = { create: { width: 120, height: 90, channels: 3, background: '#000' } } as const;
    const inset = await sharp(black).png().toBuffer();
    const whole = await hashed(sharp(png).composite([{ input: inset, left: 500, top: 20 }]));
    const box = { left: 500, top: 20, right: 620, bottom: 110 };
    expect(formsAsHex(whole, [outer(3)])).toEqual([]);
    const [one, ...none] = formsAsHex({ ...whole, inside: [box] }, [outer(3)]);
    expect(none).toEqual([]);
    const before = hexDistance(hex(whole.hash), plain);
    expect(hexDistance(one, plain)).toBeLessThan(before / 2);
    const far = { left: 0, top: 300, right: 90, bottom: 400 };
    const two = formsAsHex({ ...whole, inside: [far, box] }, [outer(2)]);
    expect(two).toHaveLength(2);
    expect(two[1]).toBe(one);
    expect(two[0]).not.toBe(one);
    expect(formsAsHex({ ...whole, inside: [far, box] }, [outer(1)])).toEqual([two[0]]);
  });

  it('are made as asked for: a search that ends early leaves the rest', async () => {
    const upload = await hashed(sharp(stdlibPhoto('nagasaki-boats')));
    let made = 0;
    const counting: VariantKernel = {
      ...variants,
      begin: () => {},
      axis: (y, x) => {
        made++;
        return variants.axis(y, x);
      },
      affine: (map) => variants.affine(map),
    };
    variants.begin(upload.plane);
    for (const _ of formsOf(upload, SEARCH_PLANS.normal, counting)) break;
    expect(made).toBe(0);
  });

  it('cost what the plan says, at most', async () => {
    const upload = await hashed(sharp(stdlibPhoto('nagasaki-boats')));
    for (const plan of Object.values(SEARCH_PLANS)) {
      let probes = 0;
      for (const form of formsOf(upload, plan, variants)) probes += form.probes;
      expect(probes).toBeLessThanOrEqual(mostProbes(plan));
      expect(probes).toBeGreaterThan(mostProbes(plan) * 0.8);
    }
    expect(mostProbes(SEARCH_PLANS.normal)).toBeLessThan(2 ** 21.1);
  });
});

describe('the mirror images of pads', () => {
  const pads = fc.tuple(fc.constantFrom(0, 0.02, 0.05), fc.constantFrom(0, 0.02, 0.05)) as fc.Arbitrary<Pads>;

  it('are closed under mirroring and swapping, none twice', () => {
    fc.assert(
      fc.property(pads, pads, (x, y) => {
        const orbit = padOrbit(x, y).map((form) => JSON.stringify(form));
        expect(orbit[0]).toBe(JSON.stringify({ x, y }));
        expect(new Set(orbit).size).toBe(orbit.length);
        for (const form of padOrbit(x, y)) {
          for (const other of padOrbit(form.x, form.y)) expect(orbit).toContain(JSON.stringify(other));
        }
      }),
    );
  });
});

describe('the map of a turned picture', () => {
  it('is the identity for no turn, on any canvas', () => {
    for (const canvas of ['grown', 'inner', 'same'] as const) {
      const map = rotationMap(0, canvas, 300, 200);
      expect(map.x0).toBeCloseTo(0);
      expect(map.xu).toBeCloseTo(1);
      expect(map.yv).toBeCloseTo(1);
      expect(Math.abs(map.xv) + Math.abs(map.yu) + Math.abs(map.y0)).toBeCloseTo(0);
    }
  });

  it('keeps the centre, and puts the corners of a grown canvas on its edges', () => {
    const { x0, xu, xv, y0, yu, yv } = rotationMap(5, 'grown', 300, 200);
    expect([x0 + (xu + xv) / 2, y0 + (yu + yv) / 2].map((value) => value.toFixed(9))).toEqual([
      '0.500000000',
      '0.500000000',
    ]);
    expect(y0).toBeCloseTo(0, 9); // the left upper corner touches the upper edge when turned clockwise
    expect(x0 + xu).toBeCloseTo(1, 9);
  });
});

describe.skipIf(SHARED === null)('the squash of other tools (../shared/conformance/pdq)', () => {
  it('has the reference hash, where a side is over 512', async () => {
    let compared = 0;
    for (const image of pdqConformance()) {
      const upload = await hashed(sharp(readFileSync(image.path), { ignoreIcc: true }));
      if (image.squashed512 === undefined || image.squashed512 === null) {
        expect(upload.squashed, image.file).toBeNull();
        continue;
      }
      compared++;
      expect(
        hexDistance(hex(upload.squashed as PdqHash), image.squashed512.dihedral[0]),
        image.file,
      ).toBeLessThanOrEqual(2);
    }
    expect(compared).toBeGreaterThan(5);
  });
});

describe('detail', () => {
  const drawn = (draw: (x: number, y: number) => number) => {
    const rgba = new Uint8Array(256 * 256 * 4).fill(255);
    for (let i = 0; i < 256 * 256; i++) rgba.fill(draw(i % 256, i >> 8), i * 4, i * 4 + 3);
    return hashImage(picture(256, 256, rgba), kernel)?.pictures[0].hash as PdqHash;
  };

  it('is missing in flat pictures, gradients, stripes and checks', () => {
    expect(isComparable(drawn(() => 120))).toBe(false);
    expect(isComparable(drawn((x) => x))).toBe(false);
    expect(isComparable(drawn((x) => (x & 16 ? 255 : 0)))).toBe(false);
    expect(isComparable(drawn((x, y) => ((x ^ y) & 16 ? 255 : 0)))).toBe(false);
  });

  it('is there in photos', async () => {
    for (const name of STDLIB_PHOTOS)
      expect(isComparable((await hashed(sharp(stdlibPhoto(name)))).hash), name).toBe(true);
  });
});

describe('transparent pictures', () => {
  it('are composited by the formula, rounded', () => {
    const rgba = Uint8Array.from([10, 20, 30, 255, 10, 20, 30, 0, 200, 100, 0, 128]);
    const over = (grey: number) => [...composited(picture(3, 1, rgba, true), grey).readRows(0, 1)];
    expect(over(255)).toEqual([10, 20, 30, 255, 255, 255, 255, 255, 227, 177, 127, 255]);
    expect(over(0)).toEqual([10, 20, 30, 255, 0, 0, 0, 255, 100, 50, 0, 255]);
  });

  it('may lie unaligned in memory', () => {
    const bytes = new Uint8Array(9).fill(255);
    expect(hasTransparency(bytes.subarray(1))).toBe(false);
    bytes[8] = 7;
    expect(hasTransparency(bytes.subarray(1))).toBe(true);
  });

  it('are told by a single pixel', () => {
    const rgba = new Uint8Array(400).fill(255);
    expect(hasTransparency(rgba)).toBe(false);
    rgba[203] = 254;
    expect(hasTransparency(rgba)).toBe(true);
  });

  it('give two pictures, opaque ones one', async () => {
    const rgba = new Uint8Array(64 * 64 * 4).map((_, i) => (i * 31) & 255);
    expect(hashImage(picture(64, 64, rgba, true), kernel)?.pictures).toHaveLength(2);
    expect(hashImage(picture(64, 64, rgba, false), kernel)?.pictures).toHaveLength(1);
  });
});

/**
 * Pictures for training that nobody's rights are in: landscapes and clouds from noise, and public-domain clip art on
 * plain, shaded or noisy ground.
 * @module
 */
import sharp from 'sharp';
import { type Picture, pixelsOf } from '../../../bench/recall/picture.js';
import type { Dice } from '../compose/dice.js';

type Colour = readonly [number, number, number];

function colour(dice: Dice): Colour {
  return [dice.between(0, 255), dice.between(0, 255), dice.between(0, 255)];
}

function mix(a: Colour, b: Colour, share: number): Colour {
  return [0, 1, 2].map((c) => a[c] + (b[c] - a[c]) * share) as unknown as Colour;
}

/** @returns a function of 0 to about 1 over the plane, with octaves of smooth noise */
function cloud(dice: Dice, octaves: number, stretch: number): (x: number, y: number) => number {
  const side = 64;
  const values = Float32Array.from({ length: side * side }, () => dice.between(0, 1));
  const at = (x: number, y: number) => values[(y & (side - 1)) * side + (x & (side - 1))];
  const smooth = (x: number, y: number) => {
    const [x0, y0] = [Math.floor(x), Math.floor(y)];
    const [fx, fy] = [x - x0, y - y0].map((f) => f * f * (3 - 2 * f));
    const top = at(x0, y0) + (at(x0 + 1, y0) - at(x0, y0)) * fx;
    const bottom = at(x0, y0 + 1) + (at(x0 + 1, y0 + 1) - at(x0, y0 + 1)) * fx;
    return top + (bottom - top) * fy;
  };
  return (x, y) => {
    let sum = 0;
    for (let o = 0, weight = 0.5, scale = 1; o < octaves; o++, weight /= 2, scale *= 2) {
      sum += weight * smooth(x * scale * stretch + o * 17, y * scale + o * 31);
    }
    return sum;
  };
}

/** @returns a picture of noise between a few colours: clouds, or a landscape with ridges under a sky */
export function noisePicture(dice: Dice, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  const noise = cloud(dice, dice.whole(2, 6), dice.one([1, 1, 0.3, 3]));
  const scale = dice.between(1.5, 9) / Math.max(width, height);
  const palette = Array.from({ length: 5 }, () => colour(dice));
  const landscape = dice.chance(0.6);
  const ridges = Array.from({ length: dice.whole(1, 4) }, (_, i) => ({
    base: 0.25 + 0.2 * i + dice.between(0, 0.15),
    depth: dice.between(0.05, 0.4),
    paint: [colour(dice), colour(dice)] as const,
    row: dice.between(0, 60),
  }));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const value = noise(x * scale, y * scale);
      let pixel = mix(palette[0], palette[1], landscape ? y / height : value);
      if (!landscape)
        pixel = mix(pixel, palette[2], Math.max(0, noise(y * scale + 9, x * scale) * 1.6 - 0.5));
      else {
        pixel = mix(pixel, palette[2], Math.max(0, value - 0.4));
        for (const { base, depth, paint, row } of ridges) {
          const edge = base + depth * (noise(x * scale, row) - 0.5);
          if (y / height > edge) pixel = mix(paint[0], paint[1], noise(x * scale * 3, y * scale * 3));
        }
      }
      for (let c = 0; c < 3; c++) data[at + c] = Math.min(255, Math.max(0, pixel[c]));
    }
  }
  return { data, width, height };
}

/** @returns clip art (a PNG with transparency) over a ground */
export async function artPicture(
  dice: Dice,
  file: Uint8Array,
  width: number,
  height: number,
): Promise<Picture> {
  const noisy = dice.chance(0.4);
  const ground: Picture = noisy ? noisePicture(dice, width, height) : shaded(dice, width, height);
  const share = dice.between(0.5, 1);
  const fit = { fit: 'inside' } as const;
  const art = await sharp(file)
    .resize(Math.round(width * share), Math.round(height * share), fit)
    .ensureAlpha()
    .png()
    .toBuffer({ resolveWithObject: true });
  const left = Math.floor(dice.between(0, width - art.info.width + 1));
  const top = Math.floor(dice.between(0, height - art.info.height + 1));
  const raw = { width, height, channels: 3 } as const;
  return pixelsOf(sharp(ground.data, { raw }).composite([{ input: art.data, left, top }]));
}

function shaded(dice: Dice, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  const from = colour(dice);
  const to = dice.chance(0.5) ? from : colour(dice);
  const across = dice.chance(0.5);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const pixel = mix(from, to, across ? x / width : y / height);
      for (let c = 0; c < 3; c++) data[at + c] = pixel[c];
    }
  }
  return { data, width, height };
}

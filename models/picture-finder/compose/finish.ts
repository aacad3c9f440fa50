/**
 * What happens to a page on its way: photographed at an angle, cropped a little, scaled, saved.
 * @module
 */
import {
  decode,
  type Encode,
  imageOf,
  jpeg,
  type Picture,
  pixelsOf,
  webp,
} from '../../../bench/recall/picture.js';
import type { Dice } from './dice.js';
import type { Rect } from './drawing.js';
import { intersection } from './page.js';
import { after, invert, layOver, mapPoint, type Point, tiltedPage } from './warp.js';

/** A finished picture, and where the rectangles of the page went: upper left, upper right, lower right, lower left. */
export interface Finished {
  readonly picture: Picture;
  readonly quads: readonly (readonly Point[])[];
}

/**
 * A photo of the screen: up to 5 degrees around each axis in the plane's depth, 1 degree in the plane, on a table or
 * wall, with the device's rim, uneven light, a soft lens and noise.
 * @param page - what the screen shows
 * @param rects - in pixels of the page
 * @param dice - makes the choices
 */
export async function photograph(page: Picture, rects: readonly Rect[], dice: Dice): Promise<Finished> {
  const { width, height } = page;
  const rim = Math.round(Math.min(width, height) * dice.between(0.01, 0.05));
  const colour = dice.one(['#111', '#111', '#2a2a2c', '#d9d9dc']);
  const extend = { top: rim, bottom: rim, left: rim, right: rim, background: colour };
  const device = await pixelsOf(imageOf(page).extend(extend));
  const tilt = {
    yaw: dice.between(-5, 5),
    pitch: dice.between(-5, 5),
    roll: dice.between(-1, 1),
    distance: dice.between(1.3, 3),
  };
  const flat = tiltedPage(device.width, device.height, tilt);
  const corners = cornersOf({ left: 0, top: 0, width: device.width, height: device.height }).map((p) =>
    mapPoint(flat, p),
  );
  const margin = () => dice.between(-0.02, 0.12) * Math.min(width, height);
  const left = Math.min(...corners.map(([x]) => x)) - margin();
  const top = Math.min(...corners.map(([, y]) => y)) - margin();
  const right = Math.max(...corners.map(([x]) => x)) + margin();
  const bottom = Math.max(...corners.map(([, y]) => y)) + margin();
  const canvas = table(dice, Math.round(right - left), Math.round(bottom - top));
  const back = after(invert(flat), -left, -top);
  layOver(canvas, device, back);
  const soft = await pixelsOf(imageOf(canvas).blur(dice.between(0.35, 0.9)));
  light(soft, dice);
  const quads = rects.map((rect) =>
    cornersOf({ ...rect, left: rect.left + rim, top: rect.top + rim })
      .map((point) => mapPoint(flat, point))
      .map(([x, y]): Point => [x - left, y - top]),
  );
  return { picture: soft, quads };
}

/** @returns the corners of a rectangle, clockwise from the upper left */
export function cornersOf({ left, top, width, height }: Rect): Point[] {
  return [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ];
}

/** A table or wall: two colours running into each other, with grain. */
function table(dice: Dice, width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3);
  const from = [0, 1, 2].map(() => dice.between(20, 220));
  const to = from.map((value) => value * dice.between(0.5, 1.1));
  const grain = dice.between(0, 24);
  const period = dice.between(3, 40);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const wave = grain * Math.sin((x + 20 * Math.sin(y / 90)) / period) * Math.sin(y / (period * 9));
      for (let c = 0; c < 3; c++) {
        data[at + c] = Math.min(255, Math.max(0, from[c] + ((to[c] - from[c]) * y) / height + wave));
      }
    }
  }
  return { data, width, height };
}

/** Light from one side, and noise. */
function light({ data, width, height }: Picture, dice: Dice): void {
  const [gx, gy] = [dice.between(-0.18, 0.18), dice.between(-0.18, 0.18)];
  const gain = dice.between(0.85, 1.05);
  const black = dice.between(0, 18);
  const noise = dice.between(0, 9);
  let state = dice.whole(1, 0x7fffffff);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const factor = gain * (1 + gx * (x / width - 0.5) + gy * (y / height - 0.5));
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      const grain = (state >> 16) * (noise / 32_768) + black;
      for (let c = 0; c < 3; c++) {
        data[at + c] = Math.min(255, Math.max(0, data[at + c] * factor + grain));
      }
    }
  }
}

/** How a picture is saved and how large it is. */
export interface Sending {
  /** Pixels cut off each side. */
  readonly crop: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
  readonly scale: number;
  /** Null for PNG. */
  readonly encode: Encode | null;
}

/**
 * @param dice - makes the choices
 * @param picture - to be sent
 * @param reduced - of smaller pictures less is taken
 * @returns a crop of at most 1.5 % a side, a scale, a way to save
 */
export function randomSending(dice: Dice, { width, height }: Picture, reduced: boolean): Sending {
  const share = dice.chance(0.3) ? 0.015 : 0;
  const cut = (side: number) => Math.floor(side * dice.between(0, share));
  const crop = { left: cut(width), right: cut(width), top: cut(height), bottom: cut(height) };
  const longest = Math.max(width, height);
  const least = reduced ? 0.85 : Math.min(1, 1000 / longest);
  const scale = dice.chance(0.4) ? 1 : dice.between(least, 1);
  const quality = dice.whole(reduced ? 60 : 45, 95);
  const encode = dice.chance(0.2) ? null : dice.chance(0.8) ? jpeg(quality) : webp(quality);
  return { crop, scale, encode };
}

/**
 * Crops, scales and saves.
 * @returns the file, and the picture as somebody sees it who opens the file
 */
export async function send(
  { picture, quads }: Finished,
  { crop, scale, encode }: Sending,
): Promise<Finished & { readonly file: Uint8Array<ArrayBuffer> }> {
  const cut = {
    left: crop.left,
    top: crop.top,
    width: picture.width - crop.left - crop.right,
    height: picture.height - crop.top - crop.bottom,
  };
  const size = [cut.width, cut.height].map((side) => Math.max(16, Math.round(side * scale)));
  const image = imageOf(picture).extract(cut).resize(size[0], size[1], { fit: 'fill' });
  const sent = await pixelsOf(image);
  const file = encode
    ? await encode(sent)
    : new Uint8Array(await imageOf(sent).png({ compressionLevel: 3 }).toBuffer());
  return {
    file,
    picture: encode ? await decode(file) : sent,
    quads: quads.map((quad) =>
      quad.map(
        ([x, y]): Point => [((x - cut.left) * size[0]) / cut.width, ((y - cut.top) * size[1]) / cut.height],
      ),
    ),
  };
}

/**
 * @param quad - corners, clockwise from the upper left
 * @param width - of the picture
 * @param height - of it
 * @returns the upright rectangle of the sides' means, cut to the picture
 */
export function boxOf(quad: readonly Point[], width: number, height: number): Rect {
  const left = (quad[0][0] + quad[3][0]) / 2;
  const top = (quad[0][1] + quad[1][1]) / 2;
  const right = (quad[1][0] + quad[2][0]) / 2;
  const bottom = (quad[2][1] + quad[3][1]) / 2;
  const box = { left, top, width: right - left, height: bottom - top };
  return intersection(box, { left: 0, top: 0, width, height });
}

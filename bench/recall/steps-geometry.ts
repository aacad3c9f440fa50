/**
 * Edits that move pixels: scaling, cropping, borders, turning.
 * @module
 */
import { imageOf, type Picture, pixelsOf } from './picture.js';
import type { Random } from './random.js';

/** One step of an edit. Random choices are the photo's own. */
export type Step = (picture: Picture, random: Random) => Promise<Picture>;

/** Red, green, blue; or drawn at random for each photo. */
export type Colour = readonly [number, number, number] | 'random';

export const WHITE: Colour = [255, 255, 255];
export const BLACK: Colour = [0, 0, 0];

/** @returns scales to exactly this size; `size` gets the width and height */
export function resize(size: (width: number, height: number) => readonly [number, number]): Step {
  return (picture) => {
    const [width, height] = size(picture.width, picture.height).map((side) => Math.max(1, Math.round(side)));
    return pixelsOf(imageOf(picture).resize(width, height, { fit: 'fill' }));
  };
}

/** @returns scales both sides by a factor */
export function scale(factor: number): Step {
  return resize((width, height) => [width * factor, height * factor]);
}

/** @returns scales the longer side to so many pixels, up or down */
export function longSide(pixels: number): Step {
  return resize((width, height) => {
    const factor = pixels / Math.max(width, height);
    return [width * factor, height * factor];
  });
}

/** Shares of the width (left, right) and of the height (top, bottom). */
export interface Margins {
  readonly left?: number;
  readonly right?: number;
  readonly top?: number;
  readonly bottom?: number;
}

function inPixels({ left = 0, right = 0, top = 0, bottom = 0 }: Margins, { width, height }: Picture) {
  return {
    left: Math.round(left * width),
    right: Math.round(right * width),
    top: Math.round(top * height),
    bottom: Math.round(bottom * height),
  };
}

/** @returns cuts margins off; a function may choose them at random */
export function crop(margins: Margins | ((random: Random) => Margins)): Step {
  return (picture, random) => {
    const chosen = typeof margins === 'function' ? margins(random) : margins;
    const { left, right, top, bottom } = inPixels(chosen, picture);
    return cut(picture, left, top, picture.width - left - right, picture.height - top - bottom);
  };
}

/** @returns margins that are alike on all sides */
export function allSides(share: number): Margins {
  return { left: share, right: share, top: share, bottom: share };
}

/** @returns adds margins of a plain colour */
export function border(margins: Margins, colour: Colour): Step {
  return (picture, random) =>
    pixelsOf(imageOf(picture).extend({ ...inPixels(margins, picture), background: paint(colour, random) }));
}

/**
 * Pads to a screen's shape with bars on two sides.
 * @param aspect - longer side over shorter side; the screen is held like the picture
 * @param colour - of the bars
 */
export function letterbox(aspect: number, colour: Colour): Step {
  return (picture, random) => {
    const { width, height } = picture;
    const shape = width >= height ? aspect : 1 / aspect;
    const across = Math.max(0, Math.round(height * shape) - width);
    const down = Math.max(0, Math.round(width / shape) - height);
    const left = across >> 1;
    const top = down >> 1;
    const bars = { left, right: across - left, top, bottom: down - top };
    return pixelsOf(imageOf(picture).extend({ ...bars, background: paint(colour, random) }));
  };
}

/**
 * Turns by a small angle, either way at random, with black corners.
 * @param degrees - the angle
 * @param canvas - `grown` to hold all of the picture; of the `same` size as before; `inscribed`: the largest rectangle
 *   of the same shape without black corners
 */
export function rotate(degrees: number, canvas: 'grown' | 'same' | 'inscribed'): Step {
  return async (picture, random) => {
    const { width, height } = picture;
    const angle = random() < 0.5 ? -degrees : degrees;
    const turned = await pixelsOf(imageOf(picture).rotate(angle, { background: '#000' }));
    if (canvas === 'grown') return turned;
    const factor = canvas === 'same' ? 1 : inscribedScale(width, height, (degrees * Math.PI) / 180);
    const kept = [Math.floor(width * factor), Math.floor(height * factor)];
    const left = Math.max(0, Math.round((turned.width - kept[0]) / 2));
    const top = Math.max(0, Math.round((turned.height - kept[1]) / 2));
    return cut(turned, left, top, Math.min(kept[0], turned.width), Math.min(kept[1], turned.height));
  };
}

/**
 * @param width - of a rectangle
 * @param height - of it
 * @param radians - by which it is turned, 0 to a right angle
 * @returns the scale of the largest upright rectangle of its shape that lies within it
 */
export function inscribedScale(width: number, height: number, radians: number): number {
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  return Math.min(width / (width * cos + height * sin), height / (width * sin + height * cos));
}

/** Left and right swapped. */
export const mirror: Step = (picture) => pixelsOf(imageOf(picture).flop());

/** @returns turns clockwise by 90, 180 or 270 degrees */
export function quarterTurn(degrees: 90 | 180 | 270): Step {
  return (picture) => pixelsOf(imageOf(picture).rotate(degrees));
}

function cut(picture: Picture, left: number, top: number, width: number, height: number): Promise<Picture> {
  return pixelsOf(imageOf(picture).extract({ left, top, width, height }));
}

function paint(colour: Colour, random: Random) {
  const [r, g, b] = colour === 'random' ? [random(), random(), random()].map((x) => x * 256) : colour;
  return { r: Math.floor(r), g: Math.floor(g), b: Math.floor(b) };
}

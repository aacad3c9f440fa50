/**
 * Pictures on a screen that was photographed at an angle: their sides are slanted, each by another angle, and they are laid upright before they
 * are hashed.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';
import type { Rectangle } from './borders.js';

/** How slanted a rectangle's sides are: pixels across for each pixel along, to the right going down and down going right. */
export type Slopes = { readonly [side in keyof Rectangle]: number };

/** Pixels of the longer side of an upright picture, at most: enough for any hash. */
const MOST_PIXELS = 512;

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * @param rectangle - through the middles of the sides
 * @param slopes - of its sides
 * @returns where the sides meet: upper left, upper right, lower left, lower right
 */
export function cornersOf(rectangle: Rectangle, slopes: Slopes): readonly [Point, Point, Point, Point] {
  const { left, top, right, bottom } = rectangle;
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  /** Where x = at + slope (y - middle) meets y = level + rise (x - middle). */
  const meet = (at: number, slope: number, level: number, rise: number): Point => {
    const x = (at + slope * (level - rise * middle.x - middle.y)) / (1 - slope * rise);
    return { x, y: level + rise * (x - middle.x) };
  };
  return [
    meet(left, slopes.left, top, slopes.top),
    meet(right, slopes.right, top, slopes.top),
    meet(left, slopes.left, bottom, slopes.bottom),
    meet(right, slopes.right, bottom, slopes.bottom),
  ];
}

/**
 * @param luma - of the whole
 * @param rectangle - through the middles of the sides, in pixels of `luma`
 * @param slopes - of its sides
 * @returns the picture between these sides, upright, in the rectangle's own proportions; what lies outside of `luma` is as its edge
 */
export function uprighted(luma: LumaPlane, rectangle: Rectangle, slopes: Slopes): LumaPlane {
  const across = rectangle.right - rectangle.left;
  const down = rectangle.bottom - rectangle.top;
  const scale = Math.min(1, MOST_PIXELS / Math.max(across, down));
  const width = Math.max(1, Math.round(across * scale));
  const height = Math.max(1, Math.round(down * scale));
  const [upperLeft, upperRight, lowerLeft, lowerRight] = cornersOf(rectangle, slopes);
  const data = new Uint8Array(width * height);
  for (let row = 0, to = 0; row < height; row++) {
    const v = (row + 0.5) / height;
    const from = between(upperLeft, lowerLeft, v);
    const end = between(upperRight, lowerRight, v);
    const stepX = (end.x - from.x) / width;
    const stepY = (end.y - from.y) / width;
    for (let column = 0; column < width; column++, to++) {
      data[to] = sampleAt(luma, from.x + (column + 0.5) * stepX - 0.5, from.y + (column + 0.5) * stepY - 0.5);
    }
  }
  return { width, height, data };
}

function between(a: Point, b: Point, share: number): Point {
  return { x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share };
}

/** Luma at a point, bilinear, rounded. */
function sampleAt({ width, height, data }: LumaPlane, x: number, y: number): number {
  const left = Math.min(Math.max(Math.floor(x), 0), Math.max(0, width - 2));
  const top = Math.min(Math.max(Math.floor(y), 0), Math.max(0, height - 2));
  const fractionX = Math.min(Math.max(x - left, 0), 1);
  const fractionY = Math.min(Math.max(y - top, 0), 1);
  const right = Math.min(1, width - 1);
  const below = height > 1 ? width : 0;
  const at = top * width + left;
  const upper = data[at] + (data[at + right] - data[at]) * fractionX;
  const lower = data[at + below] + (data[at + below + right] - data[at + below]) * fractionX;
  return Math.round(upper + (lower - upper) * fractionY);
}

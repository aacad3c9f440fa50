/**
 * How far two rectangles are the same.
 * @module
 */
import type { Rectangle } from '../scan/borders.js';

/** @returns intersection over union, 0 to 1 */
export function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / (area(a) + area(b) - both);
}

function area({ left, top, right, bottom }: Rectangle): number {
  return (right - left) * (bottom - top);
}

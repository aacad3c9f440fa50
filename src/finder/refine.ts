/**
 * From the network's boxes, which are about right, to rectangles whose sides are the edges of pictures.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import { MAX_FOUND_PICTURES } from '../scan/finder.js';
import { type LumaPlane, shrunk } from '../scan/survey.js';
import { overlap } from './overlap.js';
import { snapBox } from './snap.js';

/** Longer side of the plane in which sides are sought first, about. */
const COARSE_SIDE = 1024;
/** How far a side of the network's boxes may be off, as a share of the picture's side and of the box's. */
const REACH = 0.018;
const REACH_OF_BOX = 0.03;
/** Overlap from which two boxes are the same picture. */
const SAME = 0.92;
/** Overlap below which a box as the network gave it is worth a look beside the snapped one. */
const MOVED = 0.95;

/**
 * @param boxes - in pixels of the plane, the likeliest first
 * @param luma - of the whole picture
 * @returns rectangles in whole pixels, the likeliest first, at most {@link MAX_FOUND_PICTURES}
 */
export function refine(boxes: readonly Rectangle[], luma: LumaPlane): Rectangle[] {
  const factor = Math.max(1, Math.round(Math.max(luma.width, luma.height) / COARSE_SIDE));
  const coarse = shrunk(luma, factor);
  const kept: Rectangle[] = [];
  const others: Rectangle[] = [];
  for (const box of boxes) {
    const start = scaled(box, 1 / factor);
    const reach = {
      x: coarse.width * REACH + (start.right - start.left) * REACH_OF_BOX,
      y: coarse.height * REACH + (start.bottom - start.top) * REACH_OF_BOX,
    };
    const snapped = fine(snapBox(start, coarse, reach).box, coarse, luma, factor);
    if (kept.every((other) => overlap(snapped, other) < SAME)) kept.push(snapped);
    others.push(whole(box, luma));
  }
  const second = others.filter((box) => kept.every((other) => overlap(box, other) < MOVED));
  return [...kept, ...second].slice(0, MAX_FOUND_PICTURES);
}

/** From the coarse plane to the fine one: each side is within a cell of where the coarse one says. */
function fine(box: Rectangle, coarse: LumaPlane, luma: LumaPlane, factor: number): Rectangle {
  if (factor === 1) return box;
  const start = scaled(box, factor);
  if (box.right === coarse.width) start.right = luma.width;
  if (box.bottom === coarse.height) start.bottom = luma.height;
  return snapBox(start, luma, { x: factor + 1, y: factor + 1 }, false).box;
}

function scaled({ left, top, right, bottom }: Rectangle, factor: number): Rectangle {
  return { left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor };
}

function whole({ left, top, right, bottom }: Rectangle, { width, height }: LumaPlane): Rectangle {
  return {
    left: Math.max(0, Math.round(left)),
    top: Math.max(0, Math.round(top)),
    right: Math.min(width, Math.round(right)),
    bottom: Math.min(height, Math.round(bottom)),
  };
}

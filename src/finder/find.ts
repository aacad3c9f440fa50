/**
 * The picture finder's story: the network looks at the thumbnail, edges in the luma make its boxes exact, and rectangles of
 * straight edges fill up what is left of the places.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import type { PictureFinder } from '../scan/finder.js';
import { decodeBoxes, type FoundBox } from './boxes.js';
import type { Network } from './network.js';
import { straightEdgeRectangles } from './rectangles.js';
import { refine } from './refine.js';

/** Longer side of the plane in which straight edges are looked for, about. */
const STRAIGHT_SIDE = 512;

/**
 * @param network - the loaded network
 * @returns the finder
 */
export function createFinder(network: Network): PictureFinder {
  return {
    async find({ luma, thumbnail }) {
      const boxes = decodeBoxes(await network.run(thumbnail), luma.width, luma.height);
      return refine(boxes.map(rectangleOf), straightEdgeRectangles(luma, STRAIGHT_SIDE), luma);
    },
  };
}

function rectangleOf({ left, top, width, height }: FoundBox): Rectangle {
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * The picture finder's story: the network looks at the thumbnail, edges in the luma make its boxes exact.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import type { PictureFinder } from '../scan/finder.js';
import { decodeBoxes, type FoundBox } from './boxes.js';
import type { Network } from './network.js';
import { refine } from './refine.js';

/**
 * @param network - the loaded network
 * @returns the finder
 */
export function createFinder(network: Network): PictureFinder {
  return {
    async find({ luma, thumbnail }) {
      const boxes = decodeBoxes(await network.run(thumbnail), luma.width, luma.height);
      return refine(boxes.map(rectangleOf), luma);
    },
  };
}

function rectangleOf({ left, top, width, height }: FoundBox): Rectangle {
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * The picture finder's story: the network looks at the thumbnail, edges in the luma make its boxes exact, and rectangles of
 * straight edges fill up what is left of the places.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import type { PictureFinder } from '../scan/finder.js';
import type { Survey } from '../scan/survey.js';
import { decodeBoxes, type FoundBox } from './boxes.js';
import type { Network } from './network.js';
import { straightEdgeRectangles } from './rectangles.js';
import { refine } from './refine.js';

/** Longer side of the plane in which straight edges are looked for, about. */
const STRAIGHT_SIDE = 512;

/** What the finder saw. */
export interface Located {
  /** The network's boxes, in pixels of the survey's luma, the likeliest first. */
  readonly boxes: readonly Rectangle[];
  /** What is looked up; see {@link PictureFinder}. */
  readonly rectangles: Rectangle[];
}

/**
 * @param network - the loaded network
 * @param survey - of the whole picture
 * @returns the rectangles, and the boxes that they were made of
 * @throws Error if the network could not be run
 */
export async function locatePictures(network: Network, { luma, thumbnail }: Survey): Promise<Located> {
  const boxes = decodeBoxes(await network.run(thumbnail), luma.width, luma.height).map(rectangleOf);
  return {
    boxes,
    rectangles: refine(boxes, (coarse) => straightEdgeRectangles(coarse, STRAIGHT_SIDE), luma),
  };
}

/**
 * @param network - the loaded network
 * @returns the finder
 */
export function createFinder(network: Network): PictureFinder {
  return { find: async (survey) => (await locatePictures(network, survey)).rectangles };
}

function rectangleOf({ left, top, width, height }: FoundBox): Rectangle {
  return { left, top, right: left + width, bottom: top + height };
}

/**
 * The picture finder's story: the network looks at the thumbnail, edges in the luma make its boxes exact, and rectangles of
 * straight edges fill up what is left of the places. Of a plain photo nothing but the whole is left.
 * @module
 */

import type { Survey } from '../kernels/survey.js';
import type { Rectangle } from '../scan/borders.js';
import type { FoundRectangle, PictureFinder } from '../scan/finder.js';
import { decodeBoxes, type FoundBox } from './boxes.js';
import type { EdgeKernel } from './edge-types.js';
import type { Network } from './network.js';
import { overlap } from './overlap.js';
import { straightEdgeRectangles } from './rectangles.js';
import { refine } from './refine.js';

/** Longer side of the plane in which straight edges are looked for, about. */
const STRAIGHT_SIDE = 512;

/**
 * Overlap with the whole picture from which a box says that it is one photo, and the score up to which another box says nothing. Where
 * the network says nothing but that, there is nothing inside to look for: most pictures are like that (docs/picture-finder.md).
 */
const WHOLE = 0.95;
const LEAST_INNER_SCORE = 0.35;

/** What the finder saw. */
export interface Located {
  /** The network's boxes, in pixels of the survey's luma, the likeliest first. */
  readonly boxes: readonly Rectangle[];
  /** What is looked up; see {@link PictureFinder}. */
  readonly rectangles: FoundRectangle[];
}

/**
 * @param network - the loaded network
 * @param edges - the edge kernel
 * @param survey - of the whole picture
 * @returns the rectangles, and the boxes that they were made of
 * @throws Error if the network could not be run
 */
export async function locatePictures(
  network: Network,
  edges: EdgeKernel,
  { luma, thumbnail }: Survey,
): Promise<Located> {
  const found = decodeBoxes(await network.run(thumbnail), luma.width, luma.height);
  const boxes = found.map(rectangleOf);
  const page: Rectangle = { left: 0, top: 0, right: luma.width, bottom: luma.height };
  const isPlainPhoto = found.every(
    ({ score }, i) => score < LEAST_INNER_SCORE || overlap(boxes[i], page) >= WHOLE,
  );
  if (isPlainPhoto) return { boxes, rectangles: [page] };
  return {
    boxes,
    rectangles: refine(boxes, (coarse) => straightEdgeRectangles(coarse, STRAIGHT_SIDE), edges.begin(luma)),
  };
}

/**
 * @param network - the loaded network
 * @param edges - the edge kernel
 * @returns the finder
 */
export function createFinder(network: Network, edges: EdgeKernel): PictureFinder {
  return { find: async (survey) => (await locatePictures(network, edges, survey)).rectangles };
}

function rectangleOf({ left, top, width, height }: FoundBox): Rectangle {
  return { left, top, right: left + width, bottom: top + height };
}

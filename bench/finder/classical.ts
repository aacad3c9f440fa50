/**
 * The baseline: a picture finder of straight edges alone, without a network. It has the same edge snap behind it, and looks
 * at twice the detail that the finder spends on straight edges.
 * @module
 */
import type { EdgeKernel } from '../../src/finder/edge-types.js';
import { straightEdgeRectangles } from '../../src/finder/rectangles.js';
import { refine } from '../../src/finder/refine.js';
import type { PictureFinder } from '../../src/scan/finder.js';

/** Longer side of the plane that is looked at. */
const SIDE = 1024;

/**
 * @param edges - the edge kernel
 * @returns the baseline
 */
export function classicalFinder(edges: EdgeKernel): PictureFinder {
  return {
    find: async ({ luma }) => refine([], (coarse) => straightEdgeRectangles(coarse, SIDE), edges.begin(luma)),
  };
}

/**
 * The baseline: a picture finder of straight edges alone, without a network. It has the same edge snap behind it.
 * @module
 */
import { refine } from '../../src/finder/refine.js';
import type { PictureFinder } from '../../src/scan/finder.js';
import { shrunk } from '../../src/scan/survey.js';
import { EdgeSums } from './edge-sums.js';
import { findSegments } from './lines.js';
import { findRectangles } from './rectangles.js';

/** Longer side of the plane that is looked at. */
const SIDE = 1024;
/** Shortest side of a picture, as a share of the plane's shorter side, and in pixels. */
const LEAST_SHARE = 0.12;
const LEAST_SIDE = 24;
/** Length of an edge, as a share of the shortest side. */
const EDGE_SHARE = 0.6;

/** The baseline. */
export const classicalFinder: PictureFinder = {
  async find({ luma }) {
    const factor = Math.max(1, Math.round(Math.max(luma.width, luma.height) / SIDE));
    const plane = shrunk(luma, factor);
    const least = Math.max(LEAST_SIDE, Math.min(plane.width, plane.height) * LEAST_SHARE);
    const boxes = findRectangles(new EdgeSums(plane), findSegments(plane, least * EDGE_SHARE), least);
    return refine(
      boxes.map(({ left, top, right, bottom }) => ({
        left: left * factor,
        top: top * factor,
        right: right * factor,
        bottom: bottom * factor,
      })),
      luma,
    );
  },
};

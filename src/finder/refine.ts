/**
 * From the network's boxes, which are about right, to rectangles whose sides are the edges of pictures.
 *
 * Where more than one line may be a side (a frame in a frame, the bubble around a photo, two photos with a narrow gap), the
 * likeliest rectangle of each box comes first, and as many others follow as there is room for.
 * @module
 */
import type { Rectangle } from '../scan/borders.js';
import { type FoundRectangle, MAX_FOUND_PICTURES } from '../scan/finder.js';
import { cornersOf, type Slopes } from '../scan/slanted.js';
import type { EdgePlane } from './edge-types.js';
import { overlap } from './overlap.js';
import { type SnappedBox, snapBox } from './snap.js';

/** Longer side of the plane in which sides are sought first, about. */
const COARSE_SIDE = 1024;
/** How far a side of the network's boxes may be off, as a share of the picture's side and of the box's. */
const REACH = 0.018;
const REACH_OF_BOX = 0.03;
/** How many times farther sides are sought for a second rectangle. */
const FAR = 4;
/** How far sides of rectangles of straight edges may be off, as a share of the picture's longer side. */
const STRAIGHT_REACH = 0.004;
/** Overlap from which two rectangles are the same picture, and from which a further one is not worth its look-up. */
const SAME = 0.92;
const SAME_ALTERNATIVE = 0.985;
/** Overlap with the whole picture from which a rectangle is the whole. */
const WHOLE = 0.96;
/** Slanted corners lie so far beside the upright ones at least, as a share of the side. */
const LEAST_SLANT = 0.012;
/** Other lines' scores below the best one's by more than this are not tried. */
const MOST_BEHIND = 0.4;

/** How far behind the likeliest rectangles the others are, in the measure of lines' scores: the least are taken first. */
const DEFICIT = {
  /** The likeliest one again, with slanted sides. */
  slanted: 0.02,
  /** With other lines: so much, so much of what their scores are less, and for each of them, unless all four are others. */
  other: 0.05,
  otherShare: 0.5,
  moved: 0.03,
  /** With sides that were sought farther away. */
  far: 0.06,
  /** Of straight edges: the first, and each further one more. */
  straight: 0.08,
  straightStep: 0.015,
  /** The network's own box. */
  unsnapped: 0.1,
  /** The whole, which was looked up already, but not as one with something over it. */
  whole: 0.1,
};

/** A rectangle, and how much less likely than its box's best one it is. */
interface Alternative {
  rectangle: Rectangle;
  deficit: number;
}

/** One that is made exact only if there is still room for it. */
interface Possible {
  deficit: number;
  make(): FoundRectangle;
}

const SIDES = ['left', 'top', 'right', 'bottom'] as const;

/**
 * @param boxes - of the network, in pixels of `luma`, the likeliest first
 * @param straightEdges - finds rectangles of straight edges in a smaller plane, the likeliest first; called where the boxes
 *   leave room
 * @param luma - of the whole picture
 * @returns rectangles in whole pixels of `luma`, the likeliest first, at most {@link MAX_FOUND_PICTURES}
 */
export function refine(
  boxes: readonly Rectangle[],
  straightEdges: (coarse: EdgePlane) => readonly Rectangle[],
  luma: EdgePlane,
): FoundRectangle[] {
  const factor = Math.max(1, Math.round(Math.max(luma.width, luma.height) / COARSE_SIDE));
  const coarse = luma.shrunk(factor);
  const page = { left: 0, top: 0, right: luma.width, bottom: luma.height };
  const kept: FoundRectangle[] = [];
  const alternatives: Possible[] = [];
  const isNew = (rectangle: FoundRectangle, same: number) =>
    (rectangle === page || overlap(rectangle, page) < WHOLE) &&
    kept.every((other) => isSlanted(rectangle) !== isSlanted(other) || overlap(rectangle, other) < same);
  for (const box of boxes) {
    const start = scaled(box, 1 / factor);
    const reach = {
      x: coarse.width * REACH + (start.right - start.left) * REACH_OF_BOX,
      y: coarse.height * REACH + (start.bottom - start.top) * REACH_OF_BOX,
    };
    const snapped = snapBox(start, coarse, reach);
    const best = fine(snapped.box, coarse, luma, factor);
    const isWhole = overlap(best, page) >= WHOLE;
    if (isNew(isWhole ? page : best, SAME)) kept.push(isWhole ? page : best);
    const slanted = slantedBox(snapped, factor);
    if (slanted !== null) alternatives.push({ make: () => slanted, deficit: DEFICIT.slanted });
    for (const { rectangle, deficit } of otherRectangles(snapped)) {
      alternatives.push({ make: () => fine(rectangle, coarse, luma, factor), deficit });
    }
    alternatives.push({ make: () => whole(box, luma), deficit: DEFICIT.unsnapped });
    const far = { x: reach.x * FAR, y: reach.y * FAR };
    const farther = () => snapBox(start, coarse, far, false).box;
    alternatives.push({ make: () => fine(farther(), coarse, luma, factor), deficit: DEFICIT.far });
  }
  alternatives.push({ make: () => page, deficit: DEFICIT.whole });
  if (kept.length >= MAX_FOUND_PICTURES) return kept.slice(0, MAX_FOUND_PICTURES);
  const near = STRAIGHT_REACH * Math.max(coarse.width, coarse.height);
  for (const [i, box] of straightEdges(coarse).slice(0, MAX_FOUND_PICTURES).entries()) {
    const snapped = () => snapBox(box, coarse, { x: near, y: near }, false).box;
    const make = () => fine(snapped(), coarse, luma, factor);
    alternatives.push({ make, deficit: DEFICIT.straight + i * DEFICIT.straightStep });
  }
  alternatives.sort((a, b) => a.deficit - b.deficit);
  for (const { make } of alternatives) {
    if (kept.length >= MAX_FOUND_PICTURES) break;
    const rectangle = make();
    if (isNew(rectangle, SAME_ALTERNATIVE)) kept.push(rectangle);
  }
  return kept;
}

function isSlanted({ slopes }: FoundRectangle): boolean {
  return slopes !== undefined;
}

/** The box with its sides as slanted as its lines are, if they are, in pixels of the fine plane. */
function slantedBox({ box, lines }: SnappedBox, factor: number): FoundRectangle | null {
  const slopes: Slopes = {
    left: lines.left[0].slope,
    top: lines.top[0].slope,
    right: lines.right[0].slope,
    bottom: lines.bottom[0].slope,
  };
  const { left, top, right, bottom } = box;
  const [upperLeft, upperRight, lowerLeft, lowerRight] = cornersOf(box, slopes);
  const beside = Math.max(
    ...[upperLeft.x - left, upperRight.x - right, lowerLeft.x - left, lowerRight.x - right].map(
      (x) => Math.abs(x) / (right - left),
    ),
    ...[upperLeft.y - top, upperRight.y - top, lowerLeft.y - bottom, lowerRight.y - bottom].map(
      (y) => Math.abs(y) / (bottom - top),
    ),
  );
  return beside >= LEAST_SLANT ? { ...scaled(box, factor), slopes } : null;
}

/** Rectangles with other lines as sides. Of a frame in a frame all four sides are others, so that comes first. */
function otherRectangles({ box, lines }: SnappedBox): Alternative[] {
  let found = [{ rectangle: box, deficit: 0, moved: 0 }];
  for (const side of SIDES) {
    const [best, ...others] = lines[side];
    found = found.flatMap((alternative) => [
      alternative,
      ...others.map(({ at, score }) => ({
        rectangle: { ...alternative.rectangle, [side]: at },
        deficit: Math.max(alternative.deficit, best.score - score),
        moved: alternative.moved + 1,
      })),
    ]);
  }
  return found
    .filter(({ deficit, moved }) => moved > 0 && deficit <= MOST_BEHIND)
    .map(({ rectangle, deficit, moved }) => ({
      rectangle,
      deficit:
        DEFICIT.other + deficit * DEFICIT.otherShare + (moved === SIDES.length ? 0 : moved * DEFICIT.moved),
    }));
}

/** From the coarse plane to the fine one: each side is within a cell of where the coarse one says. */
function fine(box: Rectangle, coarse: EdgePlane, luma: EdgePlane, factor: number): Rectangle {
  if (factor === 1) return box;
  const start = scaled(box, factor);
  if (box.right === coarse.width) start.right = luma.width;
  if (box.bottom === coarse.height) start.bottom = luma.height;
  return snapBox(start, luma, { x: factor + 1, y: factor + 1 }, false).box;
}

function scaled({ left, top, right, bottom }: Rectangle, factor: number): Rectangle {
  return { left: left * factor, top: top * factor, right: right * factor, bottom: bottom * factor };
}

function whole({ left, top, right, bottom }: Rectangle, { width, height }: EdgePlane): Rectangle {
  return {
    left: Math.max(0, Math.round(left)),
    top: Math.max(0, Math.round(top)),
    right: Math.min(width, Math.round(right)),
    bottom: Math.min(height, Math.round(bottom)),
  };
}

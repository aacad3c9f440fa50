/**
 * Moves a box's sides to the edges of the picture that it is about.
 *
 * A side is sought among the lines within reach of where it is said to be. A line's support is the mean of the steps in
 * luma across it, each counted up to {@link STEP_CAP}: a long line of small steps is an edge, a few large steps are not.
 * On a screen photographed at an angle sides are slanted, so where no upright line is well supported, slanted ones are
 * tried; the side is then where such a line has its middle.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import type { EdgePlane } from './edge-types.js';

/** The step in luma from which a pixel's edge is as sharp as can be. */
const STEP_CAP = 24;
/** Share of a side's length at either end that is not looked at: rounded corners, badges over a corner. */
const MARGIN = 0.1;
/** Support below which a side stays where it is. */
const LEAST_SUPPORT = 0.08;
/** Support of the plane's own edge, which can end a picture without any step. */
const PLANE_EDGE_SUPPORT = 0.3;
/** What a line at the end of the reach must have more of than one in the middle, in support. */
const DISTANCE_COST = 0.2;
/** What a slanted line must have more of than a straight one. */
const SLANT_COST = 0.08;
/** Support of a straight line from which no slanted one is tried. */
const GOOD_SUPPORT = 0.5;
/** Slants tried, in both directions: pixels across for each pixel along. */
const SLANTS = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09];
/** Pixels along a line that are moved together when it is slanted. */
const CHUNK = 14;
/** Rounds over the four sides: each is sought along what the others now say. */
const ROUNDS = 2;
/** Pixels below which no side is sought. */
const LEAST_LENGTH = 8;

/** Other lines that are kept for a side, and how far apart they lie at least, in pixels. */
const OTHER_LINES = 2;
const APART = 3;

/** A line that a side may be on. */
export interface Line {
  readonly at: number;
  /** Support, 0 to 1, less what it costs to be far off or slanted. */
  readonly score: number;
  readonly support: number;
  /** Pixels across for each pixel along. */
  readonly slope: number;
}

/** A box, and the lines that each side may be on, the best first: at least one, which is the box's. */
export interface SnappedBox {
  box: Rectangle;
  lines: { [side in keyof Rectangle]: readonly Line[] };
}

/**
 * @param start - about right; in pixels of the plane, not necessarily whole
 * @param plane - luma
 * @param reach - how far each side may be off, in pixels, along x and along y
 * @param slanted - whether slanted sides may be tried
 * @returns the box with each side on the best supported line within reach
 */
export function snapBox(
  start: Rectangle,
  plane: EdgePlane,
  reach: { x: number; y: number },
  slanted = true,
): SnappedBox {
  const { width, height } = plane;
  const box: Rectangle = {
    left: clamp(Math.round(start.left), 0, width),
    top: clamp(Math.round(start.top), 0, height),
    right: clamp(Math.round(start.right), 0, width),
    bottom: clamp(Math.round(start.bottom), 0, height),
  };
  const lines: { [side in keyof Rectangle]: readonly Line[] } = { left: [], top: [], right: [], bottom: [] };
  const across = { plane, upright: true, lines: width };
  const down = { plane, upright: false, lines: height };
  for (let round = 0; round < ROUNDS; round++) {
    const rows = inner(box.top, box.bottom);
    const middleX = clamp(Math.round((start.left + start.right) / 2), 2, width - 2);
    const middleY = clamp(Math.round((start.top + start.bottom) / 2), 2, height - 2);
    lines.left = bestLines(across, rows, start.left, reach.x, 0, middleX - 2, slanted);
    lines.right = bestLines(across, rows, start.right, reach.x, middleX + 2, width, slanted);
    box.left = lines.left[0].at;
    box.right = lines.right[0].at;
    const columns = inner(box.left, box.right);
    lines.top = bestLines(down, columns, start.top, reach.y, 0, middleY - 2, slanted);
    lines.bottom = bestLines(down, columns, start.bottom, reach.y, middleY + 2, height, slanted);
    box.top = lines.top[0].at;
    box.bottom = lines.bottom[0].at;
  }
  return { box, lines };
}

/** Lines of one direction. */
interface Direction {
  readonly plane: EdgePlane;
  readonly upright: boolean;
  /** Lines that there are. */
  readonly lines: number;
}

/** @returns the best lines, the best first; where no line has any support, the one where the side is said to be */
function bestLines(
  { plane, upright, lines }: Direction,
  [from, to]: [number, number],
  start: number,
  reach: number,
  low: number,
  high: number,
  slanted: boolean,
): Line[] {
  const nowhere: Line = {
    at: clamp(Math.round(start), low, high),
    score: LEAST_SUPPORT,
    support: 0,
    slope: 0,
  };
  const length = to - from;
  const first = Math.max(low, Math.ceil(start - reach));
  const last = Math.min(high, Math.floor(start + reach));
  if (length < LEAST_LENGTH || last < first) return [nowhere];
  const chunks = Math.max(1, Math.round(length / CHUNK));
  const most = slanted ? Math.ceil((SLANTS[SLANTS.length - 1] * length) / 2) : 0;
  const found = new ScoredLines(first, last, start, reach);
  const stretch = { upright, from, to, chunks, first, last };
  const straight = plane.chunkSums(stretch, STEP_CAP).supports(first, last, 0);
  if (first === 0) straight[0] = PLANE_EDGE_SUPPORT;
  if (last === lines) straight[last - first] = PLANE_EDGE_SUPPORT;
  found.consider(straight, 0);
  if (!slanted || found.bestSupport >= GOOD_SUPPORT || most < 1) return found.best(nowhere);
  const wideFirst = Math.max(1, first - most);
  const wideLast = Math.min(lines - 1, last + most);
  if (wideLast < wideFirst) return found.best(nowhere);
  const sums = plane.chunkSums({ ...stretch, first: wideFirst, last: wideLast }, STEP_CAP);
  for (const slant of SLANTS) {
    const total = slant * length;
    if (total < 1.5) continue;
    for (const way of [slant, -slant]) {
      found.consider(sums.supports(first, last, way * length), SLANT_COST, way);
    }
  }
  return found.best(nowhere);
}

/** The best score of each line within reach. */
class ScoredLines {
  /** Of all that count. */
  bestSupport = 0;
  readonly #first: number;
  readonly #start: number;
  readonly #reach: number;
  readonly #scores: Float64Array;
  readonly #supports: Float64Array;
  readonly #slopes: Float64Array;
  /** In which round each was found: of equal ones the earlier counts. */
  readonly #rounds: Uint8Array;
  #round = 0;

  constructor(first: number, last: number, start: number, reach: number) {
    this.#first = first;
    this.#start = start;
    this.#reach = Math.max(1, reach);
    this.#scores = new Float64Array(last - first + 1).fill(LEAST_SUPPORT);
    this.#supports = new Float64Array(last - first + 1);
    this.#slopes = new Float64Array(last - first + 1);
    this.#rounds = new Uint8Array(last - first + 1);
  }

  /** @param supports - of all lines of a slope, what they have to give for it being `cost` */
  consider(supports: Float64Array, cost: number, slope = 0): void {
    const scores = this.#scores;
    for (let i = 0; i < scores.length; i++) {
      const support = supports[i];
      // Its distance can only cost more.
      if (support - cost <= scores[i] && support <= this.bestSupport) continue;
      const away = (this.#first + i - this.#start) / this.#reach;
      const score = support - cost - DISTANCE_COST * away * away;
      if (score <= LEAST_SUPPORT) continue;
      if (support > this.bestSupport) this.bestSupport = support;
      if (score <= scores[i]) continue;
      scores[i] = score;
      this.#supports[i] = support;
      this.#slopes[i] = slope;
      this.#rounds[i] = this.#round;
    }
    this.#round++;
  }

  /** @returns the best lines that are not each other's neighbours; `nowhere` if there is still room for it */
  best(nowhere: Line): Line[] {
    const kept: Line[] = [];
    while (kept.length <= OTHER_LINES) {
      const i = this.#bestApart(kept);
      if (i < 0) break;
      kept.push({
        at: this.#first + i,
        score: this.#scores[i],
        support: this.#supports[i],
        slope: this.#slopes[i],
      });
    }
    if (kept.length <= OTHER_LINES && isApart(kept, nowhere.at)) kept.push(nowhere);
    return kept;
  }

  #bestApart(kept: readonly Line[]): number {
    const scores = this.#scores;
    let best = -1;
    let most = LEAST_SUPPORT;
    for (let i = 0; i < scores.length; i++) {
      const isBetter =
        scores[i] > most || (scores[i] === most && best >= 0 && this.#rounds[i] < this.#rounds[best]);
      if (!isBetter || !isApart(kept, this.#first + i)) continue;
      best = i;
      most = scores[i];
    }
    return best;
  }
}

function isApart(kept: readonly Line[], at: number): boolean {
  return kept.every((line) => Math.abs(line.at - at) >= APART);
}

/** A side without its ends. */
function inner(from: number, to: number): [number, number] {
  const margin = (to - from) * MARGIN;
  return [Math.round(from + margin), Math.round(to - margin)];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

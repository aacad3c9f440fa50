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
import type { LumaPlane } from '../scan/survey.js';

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
const SLANTS = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07];
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
  plane: LumaPlane,
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
  const across = { data: plane.data, lines: width, across: 1, along: width };
  const down = { data: plane.data, lines: height, across: width, along: 1 };
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

/** A plane read across lines of one direction. */
interface Direction {
  data: Uint8Array;
  /** Lines that there are. */
  lines: number;
  /** Distance in `data` from a line to the next, and along a line. */
  across: number;
  along: number;
}

/** @returns the best lines, the best first; where no line has any support, the one where the side is said to be */
function bestLines(
  direction: Direction,
  [from, to]: [number, number],
  start: number,
  reach: number,
  low: number,
  high: number,
  slanted: boolean,
): Line[] {
  const here = clamp(Math.round(start), low, high);
  const length = to - from;
  const first = Math.max(low, Math.ceil(start - reach));
  const last = Math.min(high, Math.floor(start + reach));
  if (length < LEAST_LENGTH || last < first) return [{ at: here, score: LEAST_SUPPORT, support: 0 }];
  const chunks = Math.max(1, Math.round(length / CHUNK));
  const most = slanted ? Math.ceil((SLANTS[SLANTS.length - 1] * length) / 2) : 0;
  const found: Line[] = [{ at: here, score: LEAST_SUPPORT, support: 0 }];
  let bestSupport = 0;
  const consider = (at: number, support: number, cost: number) => {
    const away = (at - start) / Math.max(1, reach);
    const score = support - cost - DISTANCE_COST * away * away;
    if (score <= LEAST_SUPPORT) return;
    found.push({ at, score, support });
    bestSupport = Math.max(bestSupport, support);
  };
  let sums = chunkSums(direction, from, to, chunks, first, last);
  const straight = (line: number) => lineSupport(sums, chunks, line - first, last - first + 1, 0);
  for (let line = first; line <= last; line++) {
    const isPlaneEdge = line === 0 || line === direction.lines;
    consider(line, isPlaneEdge ? PLANE_EDGE_SUPPORT : straight(line), 0);
  }
  if (!slanted || bestSupport >= GOOD_SUPPORT || most < 1) return apart(found);
  const wideFirst = Math.max(1, first - most);
  const wideLast = Math.min(direction.lines - 1, last + most);
  if (wideLast < wideFirst) return apart(found);
  sums = chunkSums(direction, from, to, chunks, wideFirst, wideLast);
  for (const slant of SLANTS) {
    const total = slant * length;
    if (total < 1.5) continue;
    for (const way of [total, -total]) {
      for (let line = first; line <= last; line++) {
        consider(
          line,
          lineSupport(sums, chunks, line - wideFirst, wideLast - wideFirst + 1, way),
          SLANT_COST,
        );
      }
    }
  }
  return apart(found);
}

/** The best lines that are not each other's neighbours. */
function apart(found: Line[]): Line[] {
  found.sort((a, b) => b.score - a.score);
  const kept: Line[] = [];
  for (const line of found) {
    if (kept.every(({ at }) => Math.abs(at - line.at) >= APART)) kept.push(line);
    if (kept.length > OTHER_LINES) break;
  }
  return kept;
}

/** Means of the capped steps, for each chunk along and each line from `first` to `last`. */
function chunkSums(
  { data, across, along, lines }: Direction,
  from: number,
  to: number,
  chunks: number,
  first: number,
  last: number,
): Float32Array {
  const count = last - first + 1;
  const sums = new Float32Array(chunks * count);
  const lowest = Math.max(1, first);
  const highest = Math.min(last, lines - 1);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = from + Math.floor((chunk * (to - from)) / chunks);
    const end = from + Math.floor(((chunk + 1) * (to - from)) / chunks);
    const scale = 1 / (STEP_CAP * Math.max(1, end - start));
    const row = chunk * count;
    if (across === 1) addRows(data, sums, row - first, start, end, along, lowest, highest);
    else addColumns(data, sums, row - first, start, end, across, lowest, highest);
    for (let i = row; i < row + count; i++) sums[i] *= scale;
  }
  return sums;
}

/** Steps across upright lines, from one pixel of a row to the next: row by row, as they lie in memory. */
function addRows(
  data: Uint8Array,
  sums: Float32Array,
  offset: number,
  start: number,
  end: number,
  along: number,
  lowest: number,
  highest: number,
): void {
  for (let i = start; i < end; i++) {
    const at = i * along;
    let before = data[at + lowest - 1];
    for (let line = lowest; line <= highest; line++) {
      const value = data[at + line];
      const step = value > before ? value - before : before - value;
      sums[offset + line] += step < STEP_CAP ? step : STEP_CAP;
      before = value;
    }
  }
}

/** Steps across level lines, from one row to the next: line by line. */
function addColumns(
  data: Uint8Array,
  sums: Float32Array,
  offset: number,
  start: number,
  end: number,
  across: number,
  lowest: number,
  highest: number,
): void {
  for (let line = lowest; line <= highest; line++) {
    let sum = 0;
    for (let p = line * across + start, stop = line * across + end; p < stop; p++) {
      const difference = data[p] - data[p - across];
      const step = difference < 0 ? -difference : difference;
      sum += step < STEP_CAP ? step : STEP_CAP;
    }
    sums[offset + line] = sum;
  }
}

/** Support of the line with its middle at `middle` that is `slant` pixels further at its end than at its beginning. */
function lineSupport(
  sums: Float32Array,
  chunks: number,
  middle: number,
  count: number,
  slant: number,
): number {
  let sum = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const line = Math.round(middle + slant * ((chunk + 0.5) / chunks - 0.5));
    if (line >= 0 && line < count) sum += sums[chunk * count + line];
  }
  return sum / chunks;
}

/** A side without its ends. */
function inner(from: number, to: number): [number, number] {
  const margin = (to - from) * MARGIN;
  return [Math.round(from + margin), Math.round(to - margin)];
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

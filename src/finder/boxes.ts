/**
 * Boxes from the maps of the picture finder's network. The network says for each cell of 8 x 8 input pixels how
 * likely the middle of a picture lies there, and how far the picture's sides are (models/picture-finder/README.md).
 * @module
 */
import { CELL_SIDE, CELLS, INPUT_SIDE, MAPS } from './layout.js';
import { overlap } from './overlap.js';
import { type Corners, moveSides } from './sides.js';

/** A rectangle where a picture seems to be. */
export interface FoundBox {
  /** In pixels of the picture that was looked at, not always whole ones. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Likelihood as the network sees it, 0 to 1. */
  readonly score: number;
}

/** What counts as found. */
export interface BoxLimits {
  /** Least score. */
  readonly minScore: number;
  /** Of two boxes with a larger intersection over union the better one stays. */
  readonly sameIou: number;
  /** Boxes at most, the best first. */
  readonly maxBoxes: number;
}

/**
 * Swept on 416 compositions of tuning photos (scores of 0.1 to 0.4, 0.5 to 0.8 of overlap): from 0.1 to 0.25 and 0.6 to 0.8 the
 * subject's box is found in as many of them up to one in 100; above a score of 0.3 it is lost in more.
 */
export const BOX_LIMITS: BoxLimits = { minScore: 0.15, sameIou: 0.7, maxBoxes: 12 };

/** Cells next to a middle have a say if their score is at least this share of its score, and their box this like. */
const NEIGHBOUR_SCORE = 0.5;
const NEIGHBOUR_IOU = 0.7;

/** A box with its score. */
interface Scored extends Corners {
  readonly score: number;
}

/**
 * @param maps - the network's output: MAPS x CELLS x CELLS, row-major
 * @param width - of the picture in pixels
 * @param height - of the picture in pixels
 * @param limits - default {@link BOX_LIMITS}
 * @returns boxes within the picture, the best first
 * @throws RangeError for maps of another length
 */
export function decodeBoxes(
  maps: Float32Array,
  width: number,
  height: number,
  limits: BoxLimits = BOX_LIMITS,
): FoundBox[] {
  if (maps.length !== MAPS * CELLS * CELLS) {
    throw new RangeError(`'maps' has ${maps.length} numbers, not ${MAPS * CELLS * CELLS}`);
  }
  const kept: Scored[] = [];
  for (const cell of peaks(maps, limits.minScore)) {
    if (kept.length === limits.maxBoxes) break;
    const rough = agreed(maps, cell);
    if (!(rough.right - rough.left >= 1 && rough.bottom - rough.top >= 1)) continue;
    const box = { ...moveSides(maps, rough), score: rough.score };
    if (kept.every((other) => overlap(box, other) <= limits.sameIou)) kept.push(box);
  }
  const [fx, fy] = [width / INPUT_SIDE, height / INPUT_SIDE];
  return kept.map(({ left, top, right, bottom, score }) => ({
    left: left * fx,
    top: top * fy,
    width: (right - left) * fx,
    height: (bottom - top) * fy,
    score,
  }));
}

/** Cells that no neighbour exceeds, the best first; of equals the first in reading order. */
function peaks(maps: Float32Array, minScore: number): number[] {
  const found: number[] = [];
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const score = maps[cell];
    if (!(score >= minScore)) continue;
    if (neighbours(cell).every((other) => maps[other] < score || (maps[other] === score && other > cell))) {
      found.push(cell);
    }
  }
  return found.sort((a, b) => maps[b] - maps[a] || a - b);
}

function neighbours(cell: number): number[] {
  const [row, column] = [Math.floor(cell / CELLS), cell % CELLS];
  const around: number[] = [];
  for (let y = Math.max(0, row - 1); y <= Math.min(CELLS - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(CELLS - 1, column + 1); x++) {
      if (y !== row || x !== column) around.push(y * CELLS + x);
    }
  }
  return around;
}

/** The mean of what a cell says and what those neighbours say that mean the same picture, weighted by score. */
function agreed(maps: Float32Array, cell: number): Scored {
  const own = cornersAt(maps, cell);
  const voices = [own];
  for (const other of neighbours(cell)) {
    if (maps[other] < NEIGHBOUR_SCORE * own.score) continue;
    const voice = cornersAt(maps, other);
    if (overlap(own, voice) >= NEIGHBOUR_IOU) voices.push(voice);
  }
  const weight = voices.reduce((sum, { score }) => sum + score, 0);
  const mean = (side: 'left' | 'top' | 'right' | 'bottom') =>
    voices.reduce((sum, voice) => sum + voice[side] * voice.score, 0) / weight;
  return {
    left: mean('left'),
    top: mean('top'),
    right: mean('right'),
    bottom: mean('bottom'),
    score: own.score,
  };
}

function cornersAt(maps: Float32Array, cell: number): Scored {
  const area = CELLS * CELLS;
  const x = ((cell % CELLS) + 0.5) * CELL_SIDE;
  const y = (Math.floor(cell / CELLS) + 0.5) * CELL_SIDE;
  const within = (value: number) => Math.min(INPUT_SIDE, Math.max(0, value));
  return {
    left: within(x - maps[area + cell]),
    top: within(y - maps[2 * area + cell]),
    right: within(x + maps[3 * area + cell]),
    bottom: within(y + maps[4 * area + cell]),
    score: maps[cell],
  };
}

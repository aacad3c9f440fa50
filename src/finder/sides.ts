/**
 * Where exactly a box's sides run. From a picture's middle its sides can only be guessed; cells beside a side see it.
 * Each cell that a side seems to run through votes for its place, and the box's side moves to where most votes meet.
 * @module
 */
import { CELL_SIDE, CELLS } from './layout.js';

/** A box in input pixels. */
export interface Corners {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The order of the maps of sides. */
const SIDES = ['left', 'top', 'right', 'bottom'] as const;
/** First map of the likelihoods that a side runs through a cell, and of where in the cell it runs. */
const LIKELIHOOD_MAP = 5;
const PLACE_MAP = 9;

/** A side moves by at most this share of the box, or by so many input pixels if that is more. */
const REACH_SHARE = 0.15;
const MIN_REACH = 10;
/** Votes so near to each other, in input pixels, are about the same side. */
const SAME_SIDE = 2.5;
/** Mean likelihood that the cells along a side must reach for it to move. */
const MIN_SUPPORT = 0.25;
/** Share of the box at each end of a side that has no vote: corners may be round, or covered. */
const CORNER_SHARE = 0.1;

interface Vote {
  readonly at: number;
  readonly weight: number;
}

/**
 * @param maps - the network's output: MAPS x CELLS x CELLS, row-major
 * @param box - a box as the cell in its middle says it
 * @returns the box with each side where the cells along it say, or left where they say little
 */
export function moveSides(maps: Float32Array, box: Corners): Corners {
  const [left, top, right, bottom] = SIDES.map((_, side) => sideOf(maps, box, side));
  if (!(right - left >= 1 && bottom - top >= 1)) return box;
  return { left, top, right, bottom };
}

function sideOf(maps: Float32Array, box: Corners, side: number): number {
  const rough = box[SIDES[side]];
  const upright = side % 2 === 0;
  const [across, from, to] = upright
    ? [box.right - box.left, box.top, box.bottom]
    : [box.bottom - box.top, box.left, box.right];
  const reach = Math.max(MIN_REACH, REACH_SHARE * across);
  const lines = cellsBetween(from + CORNER_SHARE * (to - from), to - CORNER_SHARE * (to - from));
  const votes = votesFor(maps, side, lines, rough, reach);
  let best = { support: 0, place: rough };
  for (const { at } of votes) {
    let [weight, sum] = [0, 0];
    for (const vote of votes) {
      if (Math.abs(vote.at - at) > SAME_SIDE) continue;
      weight += vote.weight;
      sum += vote.weight * vote.at;
    }
    // Nearer places need fewer votes.
    const support = (weight / lines.length) * Math.exp(-2 * ((at - rough) / reach) ** 2);
    if (weight / lines.length >= MIN_SUPPORT && support > best.support)
      best = { support, place: sum / weight };
  }
  return best.place;
}

/** What the cells near a side say, for each line of cells along it. */
function votesFor(
  maps: Float32Array,
  side: number,
  lines: readonly number[],
  rough: number,
  reach: number,
): Vote[] {
  const area = CELLS * CELLS;
  const upright = side % 2 === 0;
  const votes: Vote[] = [];
  const last = Math.min(CELLS - 1, Math.floor((rough + reach) / CELL_SIDE));
  for (let place = Math.max(0, Math.floor((rough - reach) / CELL_SIDE)); place <= last; place++) {
    for (const line of lines) {
      const cell = upright ? line * CELLS + place : place * CELLS + line;
      const weight = maps[(LIKELIHOOD_MAP + side) * area + cell];
      const at = (place + maps[(PLACE_MAP + side) * area + cell]) * CELL_SIDE;
      if (weight > 0.05 && Math.abs(at - rough) <= reach) votes.push({ at, weight });
    }
  }
  return votes;
}

/** Cells whose middle lies between; at least the one in the middle. */
function cellsBetween(from: number, to: number): number[] {
  const inside: number[] = [];
  for (let cell = 0; cell < CELLS; cell++) {
    const middle = (cell + 0.5) * CELL_SIDE;
    if (middle >= from && middle <= to) inside.push(cell);
  }
  if (inside.length > 0) return inside;
  return [Math.min(CELLS - 1, Math.max(0, Math.floor((from + to) / 2 / CELL_SIDE)))];
}

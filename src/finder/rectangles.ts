/**
 * Rectangles made of straight edges: pictures on a page, found without a network.
 * @module
 */

import type { Rectangle } from '../scan/borders.js';
import { EdgeSums } from './edge-sums.js';
import type { EdgePlane } from './edge-types.js';
import { findSegments, type Segment } from './lines.js';
import { overlap } from './overlap.js';

/** A rectangle and how well its sides are supported, 0 to 1. */
export interface ScoredBox extends Rectangle {
  score: number;
}

/** Support that every side must have, and that three of the four must have. */
const LEAST_SIDE = 0.12;
const GOOD_SIDE = 0.3;

/** Lines tried as the upper, and as the lower side of two uprights. */
const ENDS = 2;
/** The best rectangles, before those that are nearly the same are dropped. */
const MAX_CANDIDATES = 200;

/**
 * @param sums - of the plane
 * @param segments - of the plane
 * @param leastSide - shortest side, in pixels
 * @returns rectangles, the best first, none nearly twice
 */
export function findRectangles(
  sums: EdgeSums,
  segments: { upright: readonly Segment[]; level: readonly Segment[] },
  leastSide: number,
): ScoredBox[] {
  const { width, height } = sums;
  const whole = { upright: { from: 0, to: height, score: 0 }, level: { from: 0, to: width, score: 0 } };
  // The page's own edges may be a picture's sides.
  const uprights = [...segments.upright, { at: 0, ...whole.upright }, { at: width, ...whole.upright }];
  const levels = [...segments.level, { at: 0, ...whole.level }, { at: height, ...whole.level }];
  uprights.sort((a, b) => a.at - b.at);
  levels.sort((a, b) => a.at - b.at);
  const candidates: ScoredBox[] = [];
  for (let i = 0; i < uprights.length; i++) {
    const left = uprights[i];
    for (let j = i + 1; j < uprights.length; j++) {
      const right = uprights[j];
      const across = right.at - left.at;
      if (across < leastSide) continue;
      const from = Math.max(left.from, right.from);
      const to = Math.min(left.to, right.to);
      if (to - from < leastSide * 0.6) continue;
      const slack = (to - from) * 0.2;
      const [x0, x1] = inner(left.at, right.at);
      const supported = (near: number) =>
        levels
          .filter(
            (level) =>
              Math.abs(level.at - near) <= slack &&
              Math.min(level.to, right.at) - Math.max(level.from, left.at) >= across * 0.6,
          )
          .map(({ at }) => ({ at, support: at === 0 || at === height ? GOOD_SIDE : sums.level(at, x0, x1) }))
          .filter(({ support }) => support >= LEAST_SIDE)
          .sort((a, b) => b.support - a.support)
          .slice(0, ENDS);
      const bottoms = supported(to);
      if (bottoms.length === 0) continue;
      for (const top of supported(from)) {
        for (const bottom of bottoms) {
          if (bottom.at - top.at < leastSide) continue;
          const box = { left: left.at, top: top.at, right: right.at, bottom: bottom.at };
          const score = support(sums, box);
          if (score > 0) candidates.push({ ...box, score });
        }
      }
    }
  }
  candidates.sort((a, b) => b.score - a.score);
  candidates.splice(MAX_CANDIDATES);
  const kept: ScoredBox[] = [];
  for (const box of candidates) {
    if (kept.every((other) => overlap(box, other) < 0.8)) kept.push(box);
    if (kept.length === 48) break;
  }
  return kept;
}

/** @returns 0 where it is no rectangle, else how well its sides stand out from what continues them */
function support(sums: EdgeSums, { left, top, right, bottom }: Rectangle): number {
  const { width, height } = sums;
  if (left === 0 && top === 0 && right === width && bottom === height) return 0;
  const [x0, x1] = inner(left, right);
  const [y0, y1] = inner(top, bottom);
  // A side on the page's own edge has no step: it counts as good, not as very good.
  const sides = [
    left === 0 ? GOOD_SIDE : sums.upright(left, y0, y1),
    right === width ? GOOD_SIDE : sums.upright(right, y0, y1),
    top === 0 ? GOOD_SIDE : sums.level(top, x0, x1),
    bottom === height ? GOOD_SIDE : sums.level(bottom, x0, x1),
  ];
  sides.sort((a, b) => a - b);
  if (sides[0] < LEAST_SIDE || sides[1] < GOOD_SIDE) return 0;
  const out = (bottom - top) * 0.12;
  const over = (right - left) * 0.12;
  const beyond =
    sums.upright(left, Math.max(0, Math.round(top - out)), top) +
    sums.upright(left, bottom, Math.min(height, Math.round(bottom + out))) +
    sums.upright(right, Math.max(0, Math.round(top - out)), top) +
    sums.upright(right, bottom, Math.min(height, Math.round(bottom + out))) +
    sums.level(top, Math.max(0, Math.round(left - over)), left) +
    sums.level(top, right, Math.min(width, Math.round(right + over))) +
    sums.level(bottom, Math.max(0, Math.round(left - over)), left) +
    sums.level(bottom, right, Math.min(width, Math.round(right + over)));
  const size = Math.sqrt(((right - left) * (bottom - top)) / (width * height));
  return (sides[0] + sides[1] + sides[2] + sides[3]) / 4 - beyond / 16 + size * 0.2;
}

/** A side without its ends, where corners may be round. */
function inner(from: number, to: number): [number, number] {
  const margin = (to - from) * 0.08;
  return [Math.round(from + margin), Math.round(to - margin)];
}

/** Shortest side of a picture, as a share of the plane's shorter side, and in pixels. */
const LEAST_SHARE = 0.12;
const LEAST_SIDE_PIXELS = 16;
/** Length of an edge, as a share of the shortest side. */
const EDGE_SHARE = 0.6;

/**
 * @param luma - of the whole picture
 * @param side - longer side of the smaller plane that is looked at, about
 * @returns rectangles in pixels of `luma`, the best first
 */
export function straightEdgeRectangles(luma: EdgePlane, side: number): ScoredBox[] {
  const factor = Math.max(1, Math.round(Math.max(luma.width, luma.height) / side));
  const plane = luma.shrunk(factor);
  const least = Math.max(LEAST_SIDE_PIXELS, Math.min(plane.width, plane.height) * LEAST_SHARE);
  const found = findRectangles(new EdgeSums(plane), findSegments(plane, least * EDGE_SHARE), least);
  return found.map(({ left, top, right, bottom, score }) => ({
    left: left * factor,
    top: top * factor,
    right: right * factor,
    bottom: bottom * factor,
    score,
  }));
}

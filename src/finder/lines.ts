/**
 * Straight edges of a plane: upright and level segments along which luma steps, longer than what texture makes by
 * chance.
 * @module
 */
import type { LumaPlane } from '../kernels/survey.js';

/** A straight edge: the line `at` (a column or a row; it lies before it), from `from` to before `to` along it. */
export interface Segment {
  at: number;
  from: number;
  to: number;
  /** Pixels with an edge, less what gaps cost. */
  score: number;
}

/** A step in luma that counts as an edge. */
const STEP = 6;
/** What a pixel without an edge takes away: a line may have gaps, not holes. */
const GAP_COST = 2;
/** Segments of one direction that are kept, the best ones. */
const MAX_SEGMENTS = 64;

/**
 * @param plane - luma
 * @param leastLength - score from which a segment is kept
 * @returns upright and level segments, the best first
 */
export function findSegments(
  plane: LumaPlane,
  leastLength: number,
): { upright: Segment[]; level: Segment[] } {
  const { width, height, data } = plane;
  const upright = thinned(trace(data, width, height, 1, width, leastLength), width);
  const level = thinned(trace(data, height, width, width, 1, leastLength), height);
  return { upright, level };
}

/** Walks along every line; `across` and `along` are the distances of neighbours in `data`. */
function trace(
  data: Uint8Array,
  lines: number,
  length: number,
  across: number,
  along: number,
  leastLength: number,
): Segment[] {
  const found: Segment[] = [];
  for (let at = 1; at < lines; at++) {
    let score = 0;
    let best = 0;
    let from = 0;
    let to = 0;
    for (let i = 0, p = at * across; i < length; i++, p += along) {
      const step = data[p] - data[p - across];
      if (step >= STEP || step <= -STEP) {
        if (score === 0) from = i;
        score++;
        if (score > best) {
          best = score;
          to = i + 1;
        }
      } else if (score > 0) {
        score -= GAP_COST;
        if (score <= 0 || score < best - leastLength / 2) {
          if (best >= leastLength) found.push({ at, from, to, score: best });
          score = 0;
          best = 0;
        }
      }
    }
    if (best >= leastLength) found.push({ at, from, to, score: best });
  }
  return found;
}

/** Of segments that lie side by side (one blurred edge), the best; and the best of all. */
function thinned(segments: Segment[], lines: number): Segment[] {
  segments.sort((a, b) => b.score - a.score);
  const byLine: Segment[][] = Array.from({ length: lines + 1 }, () => []);
  const kept: Segment[] = [];
  for (const segment of segments) {
    const covered = [-2, -1, 0, 1, 2].some((offset) =>
      byLine[segment.at + offset]?.some(
        (other) =>
          Math.min(other.to, segment.to) - Math.max(other.from, segment.from) >
          (segment.to - segment.from) / 2,
      ),
    );
    if (covered) continue;
    byLine[segment.at].push(segment);
    kept.push(segment);
    if (kept.length === MAX_SEGMENTS) break;
  }
  return kept;
}

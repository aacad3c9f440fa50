/**
 * Keys of the patterns of a query, in the order of the schedule (docs/snapshot-format.md, 6.2; the runs are those of
 * src/snapshot/schedule.ts).
 *
 * A run is an earlier stretch of the schedule with one bit flipped, so its keys are made four at a time by one xor.
 * Stores go up to three keys too far; what they spoil is written afterwards or lies in the slack behind a plane.
 * @module
 */
import { planeCount } from './half-sip-hash';

let runs: u32 = 0;
/** u32 for each run: index of its first pattern, and one entry more; index of that one's parent. */
let starts: usize = 0;
let parents: usize = 0;
/** u8 for each run: the rank that it adds. */
let ranks: usize = 0;
/** For each rank the words that flip its bit, a u32 for each plane. */
let flips: usize = 0;

/** Planes for the keys of the first `keptEnd` patterns, of which `keptNow` are made. */
export let kept: usize = 0;
export let keptStride: usize = 0;
let keptEnd: u32 = 0;
let keptNow: u32 = 0;
/** The run that has pattern `keptNow`. */
let keptRun: u32 = 0;

/** Tells where the runs lie. */
export function setRuns(
  count: u32,
  startPointer: usize,
  parentPointer: usize,
  rankPointer: usize,
  flipPointer: usize,
): void {
  runs = count;
  starts = startPointer;
  parents = parentPointer;
  ranks = rankPointer;
  flips = flipPointer;
}

/** Tells where the planes lie. */
export function setKept(pointer: usize, stride: usize): void {
  kept = pointer;
  keptStride = stride;
}

/** Begins a query, whose own key, that of the empty pattern, is in the planes. */
export function beginKeys(end: u32): void {
  keptEnd = end;
  keptNow = 1;
  keptRun = 1;
}

// @ts-ignore: decorator
@inline
function startOf(run: u32): u32 {
  return load<u32>(starts + (<usize>run << 2));
}

/** Makes the keys of a stretch of one run, from `index` on, at `output`. */
function makeStretch(run: u32, index: u32, count: u32, output: usize, stride: usize): void {
  const parent = load<u32>(parents + (<usize>run << 2)) + index - startOf(run);
  const planes = planeCount();
  let from = kept + (<usize>parent << 2);
  let to = output;
  let flip = flips + ((<usize>load<u8>(ranks + run) * planes) << 2);
  for (let plane: u32 = 0; plane < planes; plane++) {
    const mask = v128.load32_splat(flip);
    const end = <usize>count << 2;
    for (let i: usize = 0; i < end; i += 16) v128.store(to + i, v128.xor(v128.load(from + i), mask));
    from += keptStride;
    to += stride;
    flip += 4;
  }
}

/** The run that has a pattern. */
function runOf(index: u32): u32 {
  let from: u32 = 0;
  let to = runs;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (startOf(middle) <= index) from = middle;
    else to = middle;
  }
  return from;
}

/** Whether the keys of all patterns below `end` are kept. */
export function areKept(end: u32): bool {
  return end <= keptEnd;
}

/** Makes sure of the keys below `end` in the kept planes, and of all that are kept where there are fewer. */
export function keepTo(end: u32): void {
  const to = min(end, keptEnd);
  while (keptNow < to) {
    const next = startOf(keptRun + 1);
    const stop = min(next, to);
    makeStretch(keptRun, keptNow, stop - keptNow, kept + (<usize>keptNow << 2), keptStride);
    keptNow = stop;
    if (stop == next) keptRun++;
  }
}

/** Makes the keys of patterns `from` to `end` in planes at `output`. Their parents are all kept. Rank 0 flips nothing. */
export function makeKeys(from: u32, end: u32, output: usize, stride: usize): void {
  let index = from;
  for (let run = runOf(from); index < end; run++) {
    const stop = min(startOf(run + 1), end);
    makeStretch(run, index, stop - index, output + (<usize>(index - from) << 2), stride);
    index = stop;
  }
}

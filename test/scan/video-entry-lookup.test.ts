import { beforeAll, describe, expect, it } from 'vitest';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import type { Match } from '../../src/outcome.js';
import type { HashedFrame } from '../../src/scan/frame-lookup.js';
import { type OpenedList, openList } from '../../src/scan/lists.js';
import { MatchSet } from '../../src/scan/lookup.js';
import type { PlanStep } from '../../src/scan/search-plan.js';
import { inOneGo } from '../../src/scan/turns.js';
import { isCopyOf, VideoEntryLookup } from '../../src/scan/video-entry-lookup.js';
import type { VideoThresholds } from '../../src/snapshot/types.js';
import { flipBits, queryOf } from '../snapshot/queries.js';
import { headerOf, parametersOf, randomBytes } from '../snapshot/support.js';
import { type MadeVideo, madeVideo, videoSnapshot } from '../snapshot/videos.js';

const PLAN: readonly PlanStep[] = [{ kind: 'as-is', log2Probes: 10 }];
const KERNEL = { begin: () => {} } as unknown as VariantKernel;
const HEADER = headerOf(parametersOf({ sketchBits: 96 }));
// 32 frames, two in each of the 16 segments; and another one.
const VIDEO = madeVideo(1, 32, 'A');
const OTHER = madeVideo(2, 32, 'B');

const open = (thresholds: Partial<VideoThresholds> = {}, videos: MadeVideo[] = [VIDEO, OTHER]) =>
  openList(videoSnapshot(HEADER, videos, thresholds));

/** Frame i of a video, a little changed. */
const frameOf = ({ hashes }: MadeVideo, i: number) =>
  flipBits(hashes.slice(i * 32, (i + 1) * 32), [255 - (i % 5), 222, 205]);
const unrelated = (seed: number) => randomBytes(32, 1000 + seed);

function frames(
  hashes: readonly Uint8Array[],
  change: (frame: HashedFrame, i: number) => Partial<HashedFrame> = () => ({}),
): HashedFrame[] {
  return hashes.map((bits, index) => {
    const hash = { ...queryOf(bits, index + 1), quality: 100 };
    const picture = { width: 8, height: 8, hash, plane: new Float32Array(), squashed: null, inner: [] };
    const frame: HashedFrame = { index, timestamp: index, hash, pictures: [picture], repeats: null };
    return { ...frame, ...change(frame, index) };
  });
}

function matches(list: OpenedList, given: readonly HashedFrame[]): Match[] {
  const lookup = new VideoEntryLookup([list], PLAN, KERNEL);
  for (const frame of given) inOneGo(lookup.addFrame(frame));
  const found = new MatchSet(true);
  lookup.result(found);
  return found.toArray();
}

const A: Match[] = [{ list: 'test', signal: 'perceptual', label: 'A' }];
let list: OpenedList;
beforeAll(async () => {
  list = await open();
});

const some = (count: number, of = VIDEO) => Array.from({ length: count }, (_, i) => frameOf(of, i));
const others = (count: number) => Array.from({ length: count }, (_, i) => unrelated(i));

describe('a file against listed videos', () => {
  it('is a copy from 80 % of its frames on', () => {
    expect(matches(list, frames([...some(8), ...others(2)]))).toEqual(A);
    expect(matches(list, frames([...some(7), ...others(3)]))).toEqual([]);
    expect(matches(list, frames([...others(2), ...some(8)]))).toEqual(A);
  });

  it('is a copy from 80 % of the listed segments on, however long it is', () => {
    const every = (count: number) => Array.from({ length: count }, (_, i) => frameOf(VIDEO, i * 2));
    expect(matches(list, frames([...every(13), ...others(90)]))).toEqual(A);
    expect(matches(list, frames([...every(12), ...others(90)]))).toEqual([]);
    // Many frames of few segments are no more than those.
    expect(matches(list, frames([...some(24), ...others(90)]))).toEqual([]);
  });

  it('may be a copy of several, and of none', async () => {
    const twins = await open({}, [VIDEO, { ...VIDEO, id: 7, label: 'twin' }, OTHER]);
    expect(matches(twins, frames(some(10))).map(({ label }) => label)).toEqual(['A', 'twin']);
    expect(matches(twins, frames(others(10)))).toEqual([]);
    expect(matches(twins, [])).toEqual([]);
  });

  it('needs two frames, though one be all that it has', () => {
    expect(matches(list, frames(some(1)))).toEqual([]);
    expect(matches(list, frames(some(2)))).toEqual(A);
  });

  it('does not count frames without detail, or of less quality than the list asks for', async () => {
    const tenFrames = [...some(4), ...others(6)];
    const without = (quality: number) => (frame: HashedFrame, i: number) =>
      i < 4 ? {} : quality < 50 ? { pictures: [] } : { hash: { ...frame.hash, quality } };
    expect(matches(list, frames(tenFrames, without(49)))).toEqual(A);
    expect(matches(list, frames(tenFrames, without(60)))).toEqual([]);
    expect(matches(await open({ quality: 61 }), frames(tenFrames, without(60)))).toEqual(A);
  });

  it('counts a repeated frame as often as it was shown, and looks it up once', () => {
    let searches = 0;
    const counted: OpenedList = {
      ...list,
      videos: {
        ...list.videos!,
        count: list.videos!.count,
        thresholds: list.videos!.thresholds,
        labelIds: list.videos!.labelIds,
        segments: list.videos!.segments,
        search: (...args) => {
          searches++;
          list.videos!.search(...args);
        },
      },
    };
    const still = frames([frameOf(VIDEO, 3), ...others(9)], (_, i) => (i > 0 && i < 8 ? { repeats: 0 } : {}));
    expect(matches(counted, still)).toEqual(A);
    expect(searches).toBe(3);
  });

  it('is not judged by frames out of turn, which were chosen for what others had found', () => {
    const tenFrames = frames([...some(8), ...others(2)]);
    const late = frames(others(8), (_, i) => ({ index: 10 + i, timestamp: 3.5 }));
    expect(matches(list, [...tenFrames, ...late])).toEqual(A);
  });

  it('is judged by the thresholds of its list', async () => {
    const half = frames([...some(5), ...others(5)]);
    expect(matches(await open({ queryPercent: 50 }), half)).toEqual(A);
    expect(matches(await open({ queryPercent: 51 }), half)).toEqual([]);
    expect(matches(await open({ queryPercent: 50, leastFrames: 6 }), half)).toEqual([]);
    expect(matches(await open({ queryPercent: 0 }), frames(some(10)))).toEqual([]);
    const all = frames([...Array.from({ length: 16 }, (_, i) => frameOf(VIDEO, 2 * i)), ...others(20)]);
    expect(matches(await open({ entryPercent: 0 }), all)).toEqual([]);
  });

  it('leaves lists without videos alone', async () => {
    const { videos: _, ...withoutVideos } = list;
    expect(matches(withoutVideos, frames(some(10)))).toEqual([]);
  });
});

describe('the rule', () => {
  it('is exact at its bounds', () => {
    const thresholds = { quality: 50, distance: 31, queryPercent: 80, entryPercent: 80, leastFrames: 1 };
    const videos = { thresholds, segments: Uint16Array.of(0b11111) };
    const isCopy = (frames: number, compared: number, segments: number) =>
      isCopyOf(videos, 0, { frames, compared, segments });
    expect(isCopy(4, 5, 1)).toBe(true);
    expect(isCopy(79, 99, 1)).toBe(false);
    expect(isCopy(1, 1000, 0b1111)).toBe(true);
    expect(isCopy(1, 1000, 0b111)).toBe(false);
    expect(isCopy(0, 0, 0)).toBe(false);
  });
});

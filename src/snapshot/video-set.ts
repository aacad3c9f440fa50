/**
 * Look-up of one frame among the frames of listed videos (docs/snapshot-format.md, 9.4).
 * @module
 */
import { type AcceptanceRule, accept, distanceThreshold, estimatedDistance } from './acceptance.js';
import { NearKeys } from './keyed.js';
import { type NearQuery, NearSearch, type ProbeBudget } from './near-search.js';
import { unpackBits } from './packed-bits.js';
import { type ProbeEngine, TypeScriptProbeEngine } from './probe.js';
import type { Snapshot, VideoSection, VideoThresholds } from './types.js';
import { MAX_FRAME_DISTANCE, SEGMENTS } from './video-table.js';

/** A segment of a listed video. */
export interface VideoPart {
  /** Number of the video in the list's table. */
  readonly video: number;
  /** 0 to 15. */
  readonly segment: number;
}

/** The videos of a list. One search at a time. */
export interface VideoSet {
  readonly engine: 'wasm-simd' | 'typescript';
  readonly thresholds: VideoThresholds;
  /** Videos. */
  readonly count: number;
  /** The label of each. */
  readonly labelIds: Uint16Array;
  /** Segments of each that have a frame: bit i for segment i. */
  readonly segments: Uint16Array;
  /**
   * Searches all of the budget, whatever it finds: a frame may be of several listed videos, and of several moments.
   * @param query - a frame's coefficients, median and hash; not kept
   * @param budget - patterns to try
   * @param take - given the part that each agreeing frame is of; the same one may come again
   * @throws TypeError, RangeError for arguments of the wrong kind or size
   */
  search(query: NearQuery, budget: ProbeBudget, take: (part: VideoPart) => void): void;
}

/**
 * Opens a list's videos with the engine in plain TypeScript.
 * @param snapshot - that was read
 * @returns the set, or null where the list has no section of videos
 */
export function openVideoSet(snapshot: Snapshot): VideoSet | null {
  if (snapshot.videos === null) return null;
  const keys = new NearKeys(snapshot.header);
  const engine = new TypeScriptProbeEngine(snapshot.videos.frames, keys);
  return new ProbingVideoSet('typescript', snapshot, snapshot.videos, keys, engine);
}

/** A set of videos over any engine. */
export class ProbingVideoSet implements VideoSet {
  readonly engine: VideoSet['engine'];
  readonly thresholds: VideoThresholds;
  readonly count: number;
  readonly labelIds: Uint16Array;
  readonly segments: Uint16Array;
  readonly #videos: VideoSection;
  readonly #search: NearSearch;

  /**
   * @param engine - name of the engine
   * @param snapshot - that has the videos
   * @param videos - its videos
   * @param keys - of its parameters
   * @param probes - the engine, over the videos' frames
   */
  constructor(
    engine: VideoSet['engine'],
    { header }: Snapshot,
    videos: VideoSection,
    keys: NearKeys,
    probes: ProbeEngine,
  ) {
    this.engine = engine;
    this.thresholds = videos.thresholds;
    this.count = videos.table.count;
    this.labelIds = videos.table.labelIds;
    this.segments = videos.segments;
    this.#videos = videos;
    const rule = frameRule(videos.thresholds.distance);
    this.#search = new NearSearch(header, videos.frames, keys, probes, rule);
  }

  search(query: NearQuery, budget: ProbeBudget, take: (part: VideoPart) => void): void {
    const { labels, labelBits } = this.#videos.frames;
    this.#search.run(query, budget, (entries) => {
      for (const { ordinal } of entries) {
        const owner = unpackBits(labels, labelBits, ordinal);
        take({ video: Math.floor(owner / SEGMENTS), segment: owner % SEGMENTS });
      }
      return true;
    });
  }
}

/**
 * The rule of 6.4, stricter by as many bits as the list's distance lies below 31.
 * @param distance - of the list, 0 to 31
 */
export function frameRule(distance: number): AcceptanceRule {
  const stricter = MAX_FRAME_DISTANCE - distance;
  return (candidate) =>
    accept(candidate) && estimatedDistance(candidate) <= distanceThreshold(candidate.sketchBits) - stricter;
}

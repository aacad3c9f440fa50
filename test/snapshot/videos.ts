/**
 * Sections of videos for tests, all made up.
 * @module
 */
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { labelTable } from '../../src/snapshot/text.js';
import type { ListParameters, SnapshotHeader, VideoThresholds } from '../../src/snapshot/types.js';
import { videosFromFrames } from '../../src/snapshot/video-section.js';
import { DEFAULT_VIDEO_THRESHOLDS } from '../../src/snapshot/video-table.js';
import { randomBytes } from './support.js';

/** A video as a test tells it. */
export interface MadeVideo {
  id: number;
  label: string;
  /** n x 32 bytes. */
  hashes: Uint8Array;
  segments: readonly number[];
}

/** `frames` different random frames spread evenly over `segments` segments. */
export function madeVideo(id: number, frames: number, label = '', segments = 16): MadeVideo {
  return {
    id,
    label,
    hashes: randomBytes(frames * 32, id * 97 + 5),
    segments: Array.from({ length: frames }, (_, i) => Math.floor((i * segments) / frames)),
  };
}

/** A list of videos and nothing else. */
export function videoSnapshot(
  header: SnapshotHeader & ListParameters,
  videos: readonly MadeVideo[],
  thresholds: Partial<VideoThresholds> = {},
): Uint8Array {
  const { labels, ids } = labelTable(videos.map(({ label }) => label));
  const entries = videosFromFrames(
    header,
    videos.map(({ id, hashes, segments }, i) => ({
      id: idOf(id),
      labelId: ids[i],
      hashes,
      segments: Uint8Array.from(segments),
    })),
    { ...DEFAULT_VIDEO_THRESHOLDS, ...thresholds },
  );
  return encodeSnapshot(header, labels, [], entries);
}

/** 8 bytes, in the order of the numbers. */
export function idOf(id: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setUint32(4, id);
  return bytes;
}

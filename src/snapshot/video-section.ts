/**
 * From videos' frames to the entries of a section (docs/snapshot-format.md, 9).
 * @module
 */
import { sortEntries } from './section.js';
import { compareText } from './text.js';
import type { ListParameters, VideoEntries, VideoThresholds } from './types.js';
import { MAX_VIDEOS, SEGMENTS, thresholdProblem, VIDEO_ID_BYTES } from './video-table.js';

/** A video to be listed: its frames, folded and without those of too little detail. */
export interface VideoFrames {
  /** 8 bytes, the same for the same video in every version of the list (9.2). */
  readonly id: Uint8Array;
  /** As in the label table that the section will be encoded with. */
  readonly labelId: number;
  /** n x 32 bytes, PDQ hashes after 5.1; one at least. */
  readonly hashes: Uint8Array;
  /** The segment of each frame, 0 to 15. */
  readonly segments: Uint8Array;
}

/**
 * Makes the section of videos.
 * @param parameters - of the list
 * @param videos - in any order, with different ids
 * @param thresholds - when a file counts as a copy of one
 * @returns the entries, whatever the order of the videos the same
 * @throws RangeError for values that the format doesn't allow, or more frames than the capacity
 */
export function videosFromFrames(
  parameters: ListParameters,
  videos: readonly VideoFrames[],
  thresholds: VideoThresholds,
): VideoEntries {
  const problem = thresholdProblem(thresholds);
  if (problem !== null) throw new RangeError(problem);
  if (videos.length > MAX_VIDEOS) throw new RangeError(`'videos' must be at most ${MAX_VIDEOS}`);
  const sorted = [...videos].sort((a, b) => compareText(a.id, b.id));
  const frameCount = sorted.reduce((sum, { segments }) => sum + segments.length, 0);
  const ids = new Uint8Array(sorted.length * VIDEO_ID_BYTES);
  const labelIds = new Uint16Array(sorted.length);
  const hashes = new Uint8Array(frameCount * 32);
  const owners = new Uint32Array(frameCount);
  let at = 0;
  sorted.forEach((video, number) => {
    if (video.id.length !== VIDEO_ID_BYTES) throw new RangeError(`'id' must have ${VIDEO_ID_BYTES} bytes`);
    if (video.hashes.length !== video.segments.length * 32)
      throw new RangeError("'segments' must be as many as hashes");
    ids.set(video.id, number * VIDEO_ID_BYTES);
    labelIds[number] = video.labelId;
    hashes.set(video.hashes, at * 32);
    for (const segment of video.segments) {
      if (segment >= SEGMENTS) throw new RangeError(`'segments' must be below ${SEGMENTS}`);
      owners[at++] = number * SEGMENTS + segment;
    }
  });
  const table = { count: sorted.length, ids, labelIds };
  return { thresholds, table, frames: sortEntries(parameters, 'pdq', hashes, owners) };
}

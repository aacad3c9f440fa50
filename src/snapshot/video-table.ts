/**
 * What a section of videos has before its frames: thresholds and the table of videos (docs/snapshot-format.md, 9).
 * @module
 */
import { SnapshotError } from './errors.js';
import { packBits, unpackBits } from './packed-bits.js';
import { ceilLog2 } from './parameters.js';
import { compareBytes } from './section.js';
import type { SectionView, VideoEntries, VideoTable, VideoThresholds } from './types.js';

/** Segments that a video is cut into at most; a frame's is 4 bits of its owner (9.3). */
export const SEGMENTS = 16;
/** Bytes of a video's id. */
export const VIDEO_ID_BYTES = 8;
/** Most videos of a list: an owner has at most 24 bits. */
export const MAX_VIDEOS = 2 ** 20;
/** Bytes of the prelude before the table. */
export const PRELUDE_BYTES = 16;

/** Largest distance that a list may ask for: what PDQ's authors call a match, and 6.4 accepts. */
export const MAX_FRAME_DISTANCE = 31;

/** Those of vPDQ for distance, quality and the file's share; docs/vpdq.md tells where the others come from. */
export const DEFAULT_VIDEO_THRESHOLDS: VideoThresholds = Object.freeze({
  quality: 50,
  distance: 31,
  queryPercent: 80,
  entryPercent: 80,
  leastFrames: 2,
});

/** Bounds of each threshold, in the order of the prelude's bytes (9.2). */
const BOUNDS: readonly (readonly [keyof VideoThresholds, least: number, most: number])[] = [
  ['quality', 0, 100],
  ['distance', 0, MAX_FRAME_DISTANCE],
  ['queryPercent', 0, 100],
  ['entryPercent', 0, 100],
  ['leastFrames', 1, 255],
];

/**
 * @param table - of videos
 * @returns owners that there may be (9.3)
 */
export function ownerCount(table: Pick<VideoTable, 'count'>): number {
  return table.count * SEGMENTS;
}

/**
 * @param thresholds - of a list
 * @returns the first rule of 9.2 that they break, or null
 */
export function thresholdProblem(thresholds: VideoThresholds): string | null {
  for (const [name, least, most] of BOUNDS) {
    const value = thresholds[name];
    if (!Number.isInteger(value) || value < least || value > most) {
      return `'${name}' must be a whole number from ${least} to ${most}`;
    }
  }
  if (thresholds.queryPercent === 0 && thresholds.entryPercent === 0)
    return "'queryPercent' and 'entryPercent' must not both be 0: nothing would ever match";
  return null;
}

/**
 * @param videos - about to be encoded
 * @throws RangeError where they break a rule of 9
 */
export function checkVideos({ thresholds, table, frames }: VideoEntries): void {
  const problem = thresholdProblem(thresholds);
  if (problem !== null) throw new RangeError(problem);
  if (table.count > MAX_VIDEOS) throw new RangeError(`'videos' must be at most ${MAX_VIDEOS}`);
  const seen = new Uint8Array(table.count);
  for (const owner of frames.owners) {
    if (owner >= ownerCount(table)) throw new RangeError("'videos' has a frame of no video");
    seen[Math.floor(owner / SEGMENTS)] = 1;
  }
  if (seen.includes(0)) throw new RangeError("'videos' has a video without frames");
  for (let i = 1; i < table.count; i++) {
    if (!idsAscend(table.ids, i)) throw new RangeError("'videos' must be sorted by their ids, each once");
  }
}

/**
 * @param thresholds - of the list
 * @param table - with ids of the labels as they will be in the file
 * @param labelBits - bits of a label id
 * @returns the prelude's bytes (9.2)
 */
export function encodePrelude(thresholds: VideoThresholds, table: VideoTable, labelBits: number): Uint8Array {
  const labels = packBits(table.labelIds, labelBits);
  const bytes = new Uint8Array(PRELUDE_BYTES + table.ids.length + labels.length);
  new DataView(bytes.buffer).setUint32(0, table.count, true);
  BOUNDS.forEach(([name], i) => {
    bytes[4 + i] = thresholds[name];
  });
  bytes.set(table.ids, PRELUDE_BYTES);
  bytes.set(labels, PRELUDE_BYTES + table.ids.length);
  return bytes;
}

/**
 * Reads a prelude and checks all of it.
 * @param section - all bytes of the section
 * @param frameCount - its entries
 * @param labelCount - labels of the list
 * @returns thresholds, table, and the bytes of both
 * @throws SnapshotError `malformed`
 */
export function readPrelude(
  section: Uint8Array,
  frameCount: number,
  labelCount: number,
): { thresholds: VideoThresholds; table: VideoTable; byteLength: number } {
  if (section.length < PRELUDE_BYTES) malformed('the section of videos ends within its prelude');
  const count = new DataView(section.buffer, section.byteOffset).getUint32(0, true);
  const [quality, distance, queryPercent, entryPercent, leastFrames, ...zeros] = section.subarray(
    4,
    PRELUDE_BYTES,
  );
  const thresholds = { quality, distance, queryPercent, entryPercent, leastFrames };
  const problem = thresholdProblem(thresholds);
  if (problem !== null) malformed(problem);
  if (zeros.some((byte) => byte !== 0)) malformed('reserved bytes are not zero');
  if (count > MAX_VIDEOS || count > frameCount) malformed('there are more videos than there may be');
  if (count === 0 && frameCount > 0) malformed('frames of no video');
  if (count > 0 && labelCount === 0) malformed('entries without a label table');
  const labelBits = ceilLog2(labelCount);
  const idsEnd = PRELUDE_BYTES + count * VIDEO_ID_BYTES;
  const byteLength = idsEnd + Math.ceil((count * labelBits) / 8);
  if (byteLength > section.length) malformed('the section of videos ends within its table');

  const ids = section.subarray(PRELUDE_BYTES, idsEnd);
  const labels = section.subarray(idsEnd, byteLength);
  const spare = labels.length * 8 - count * labelBits;
  if (spare > 0 && labels[labels.length - 1] >>> (8 - spare) !== 0)
    malformed('bits after the labels are not zero');
  const labelIds = new Uint16Array(count);
  for (let i = 0; i < count; i++) {
    if (i > 0 && !idsAscend(ids, i)) malformed('the videos are not in order');
    labelIds[i] = unpackBits(labels, labelBits, i);
    if (labelIds[i] >= labelCount) malformed('a video has a label that is not in the table');
  }
  return { thresholds, table: { count, ids, labelIds }, byteLength };
}

/**
 * @param frames - of the section, checked
 * @param table - of its videos
 * @returns which segments of each video have a frame
 * @throws SnapshotError `malformed` where a video has no frame
 */
export function segmentsOf(frames: SectionView, table: VideoTable): Uint16Array {
  const segments = new Uint16Array(table.count);
  for (let i = 0; i < frames.count; i++) {
    const owner = unpackBits(frames.labels, frames.labelBits, i);
    segments[Math.floor(owner / SEGMENTS)] |= 1 << (owner % SEGMENTS);
  }
  if (segments.includes(0)) malformed('a video has no frame');
  return segments;
}

/** Whether id i comes behind the one before it. */
function idsAscend(ids: Uint8Array, i: number): boolean {
  return compareBytes(ids, (i - 1) * VIDEO_ID_BYTES, i * VIDEO_ID_BYTES, VIDEO_ID_BYTES) < 0;
}

function malformed(message: string): never {
  throw new SnapshotError('malformed', message);
}

/**
 * From one table of videos to the next (docs/delta-format.md, 3.7).
 * @module
 */
import { malformed } from './delta-errors.js';
import type { ChangedLabels } from './delta-labels.js';
import type { ChangedOwners } from './delta-merge.js';
import { packBits, unpackBits } from './packed-bits.js';
import { ceilLog2 } from './parameters.js';
import { compareText } from './text.js';
import type { VideoSection, VideoTable } from './types.js';
import {
  encodePrelude,
  MAX_VIDEOS,
  ownerCount,
  PRELUDE_BYTES,
  readPrelude,
  SEGMENTS,
  VIDEO_ID_BYTES,
} from './video-table.js';

/** Bytes of the change before its lists. */
const FIXED_BYTES = PRELUDE_BYTES + 8;

const NO_VIDEOS: VideoTable = { count: 0, ids: new Uint8Array(0), labelIds: new Uint16Array(0) };

/** How a table of videos changes. */
export interface VideoChange {
  /** As the delta has it. */
  readonly bytes: Uint8Array;
  readonly owners: ChangedOwners;
}

/** A table of videos after a change. */
export interface ChangedVideos {
  /** The next snapshot's prelude (S 9.2). */
  readonly prelude: Uint8Array;
  readonly owners: ChangedOwners;
  /** How many bytes of the section the change takes. */
  readonly byteLength: number;
}

/**
 * @param base - the section of the base, null for none
 * @param next - that of the next snapshot
 * @param newLabels - for each label of the base its new id, -1 where it's gone
 * @param labelCount - labels of the next snapshot
 * @returns the change
 */
export function diffVideos(
  base: VideoSection | null,
  next: VideoSection,
  newLabels: Int32Array,
  labelCount: number,
): VideoChange {
  const from = base?.table ?? NO_VIDEOS;
  const to = next.table;
  const newNumbers = new Int32Array(from.count).fill(-1);
  const isKept = new Uint8Array(to.count);
  for (let i = 0, j = 0; i < from.count && j < to.count; ) {
    const order = compareIds(from.ids, i, to.ids, j);
    // A video that has another label is another video here.
    if (order === 0 && newLabels[from.labelIds[i]] === to.labelIds[j]) {
      newNumbers[i] = j;
      isKept[j] = 1;
    }
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  const removed = [...newNumbers.keys()].filter((i) => newNumbers[i] < 0);
  const added = [...isKept.keys()].filter((i) => isKept[i] === 0);

  const labels = packBits(
    Uint16Array.from(added, (i) => to.labelIds[i]),
    ceilLog2(labelCount),
  );
  const idsAt = FIXED_BYTES + removed.length * 4;
  const labelsAt = idsAt + added.length * VIDEO_ID_BYTES;
  const bytes = new Uint8Array(labelsAt + labels.length);
  const view = new DataView(bytes.buffer);
  bytes.set(encodePrelude(next.thresholds, NO_VIDEOS, 0));
  view.setUint32(0, to.count, true);
  view.setUint32(PRELUDE_BYTES, removed.length, true);
  view.setUint32(PRELUDE_BYTES + 4, added.length, true);
  removed.forEach((number, i) => {
    view.setUint32(FIXED_BYTES + i * 4, number, true);
  });
  added.forEach((number, i) => {
    bytes.set(idAt(to.ids, number), idsAt + i * VIDEO_ID_BYTES);
  });
  bytes.set(labels, labelsAt);
  return { bytes, owners: changedOwners(newNumbers, to) };
}

/**
 * @param section - of the delta, all its bytes
 * @param base - the section of the base, null for none
 * @param labels - before and after
 * @returns the next table, and where the entries begin
 * @throws DeltaError `malformed` where the change doesn't fit the base
 * @throws SnapshotError `malformed` where the next prelude would break a rule
 */
export function changeVideos(
  section: Uint8Array,
  base: VideoSection | null,
  labels: ChangedLabels,
): ChangedVideos {
  const from = base?.table ?? NO_VIDEOS;
  if (section.length < FIXED_BYTES) malformed('a section of videos ends within its change');
  const view = new DataView(section.buffer, section.byteOffset, section.byteLength);
  const count = view.getUint32(0, true);
  const removed = view.getUint32(PRELUDE_BYTES, true);
  const added = view.getUint32(PRELUDE_BYTES + 4, true);
  if (removed > from.count || added > MAX_VIDEOS || from.count - removed + added !== count)
    malformed('the videos removed and added do not fit');
  if (count > MAX_VIDEOS) malformed('there are too many videos');
  const labelBits = ceilLog2(labels.table.length);
  const idsAt = FIXED_BYTES + removed * 4;
  const labelsAt = idsAt + added * VIDEO_ID_BYTES;
  const byteLength = labelsAt + Math.ceil((added * labelBits) / 8);
  if (byteLength > section.length) malformed('a section of videos ends within its change');
  const newNumbers = new Int32Array(from.count);
  for (let i = 0, before = -1; i < removed; i++) {
    const number = view.getUint32(FIXED_BYTES + i * 4, true);
    if (number <= before || number >= from.count) malformed('the videos removed are not numbers in order');
    newNumbers[number] = -1;
    before = number;
  }
  const come = section.subarray(idsAt, labelsAt);
  const comeLabels = section.subarray(labelsAt, byteLength);
  const table = { count, ids: new Uint8Array(count * VIDEO_ID_BYTES), labelIds: new Uint16Array(count) };
  const spare = comeLabels.length * 8 - added * labelBits;
  if (spare > 0 && comeLabels[comeLabels.length - 1] >>> (8 - spare) !== 0)
    malformed('bits after the labels are not zero');
  let number = 0;
  let next = 0;
  const put = (ids: Uint8Array, index: number, label: number) => {
    table.ids.set(idAt(ids, index), number * VIDEO_ID_BYTES);
    table.labelIds[number] = label;
    return number++;
  };
  const putAdded = () => put(come, next, unpackBits(comeLabels, labelBits, next++));
  for (let i = 0; i < from.count; i++) {
    if (newNumbers[i] < 0) continue;
    while (next < added && compareIds(come, next, from.ids, i) < 0) putAdded();
    const label = labels.newIds[from.labelIds[i]];
    if (label < 0) malformed('a video stays whose label is removed');
    newNumbers[i] = put(from.ids, i, label);
  }
  while (next < added) putAdded();

  const packed = packBits(table.labelIds, labelBits);
  const prelude = new Uint8Array(PRELUDE_BYTES + table.ids.length + packed.length);
  prelude.set(section.subarray(0, PRELUDE_BYTES));
  prelude.set(table.ids, PRELUDE_BYTES);
  prelude.set(packed, PRELUDE_BYTES + table.ids.length);
  // By the reader's own rules: ids in order, none twice, labels that there are. (Each video has a frame: its reader sees.)
  readPrelude(prelude, count, labels.table.length);
  return { prelude, owners: changedOwners(newNumbers, table), byteLength };
}

/** Every segment of a video goes where the video goes. */
function changedOwners(newNumbers: Int32Array, table: Pick<VideoTable, 'count'>): ChangedOwners {
  const newIds = new Int32Array(newNumbers.length * SEGMENTS).fill(-1);
  newNumbers.forEach((number, i) => {
    if (number < 0) return;
    for (let segment = 0; segment < SEGMENTS; segment++)
      newIds[i * SEGMENTS + segment] = number * SEGMENTS + segment;
  });
  return { count: ownerCount(table), newIds };
}

function idAt(ids: Uint8Array, i: number): Uint8Array {
  return ids.subarray(i * VIDEO_ID_BYTES, (i + 1) * VIDEO_ID_BYTES);
}

function compareIds(a: Uint8Array, i: number, b: Uint8Array, j: number): number {
  return compareText(idAt(a, i), idAt(b, j));
}

/**
 * Reads and checks what a delta says of itself (docs/delta-format.md, 2 and 4.3).
 * @module
 */
import { DeltaError, malformed } from './delta-errors.js';
import {
  DELTA_FIELD,
  DELTA_FORMAT_VERSION,
  DELTA_MAGIC,
  DELTA_ROW_BYTES,
  type SnapshotName,
} from './delta-format.js';
import { CHECKSUM_BYTES, FLAG_DEMO } from './format.js';
import { checkFrame, type Frame } from './frame.js';
import { FIRST_LICENSED_KIND } from './signal-type.js';
import { TextReader } from './text-reader.js';
import { VIDEO_KIND } from './types.js';

const FRAME: Frame = { what: 'delta', magic: DELTA_MAGIC, field: DELTA_FIELD, version: DELTA_FORMAT_VERSION };

/** A section of a delta. */
export interface DeltaSection {
  /** S 2.4: that of a signal, of videos, or a licensee's. */
  readonly kind: number;
  /** Entries of the base that are removed. */
  readonly removed: number;
  /** Entries that are added. */
  readonly added: number;
  /** The section's bytes, a view of the file's: of videos the change of their table; removals, codes, sketches, labels. */
  readonly bytes: Uint8Array;
  /** How many of the bytes are removals; no more than there are. */
  readonly removalBytes: number;
}

/** What a delta says of itself. */
export interface DeltaHeader {
  /** Name of the list, as the next snapshot has it. */
  readonly name: string;
  /** The snapshot that it is made for. */
  readonly base: SnapshotName;
  /** The snapshot that it leads to. */
  readonly next: SnapshotName;
  /** Unix time in seconds of the next snapshot. */
  readonly createdSeconds: number;
  /** Whether the next snapshot is a demo list. */
  readonly demo: boolean;
  /** Ids in the base's label table, ascending. Not yet compared with the base. */
  readonly removedLabels: readonly number[];
  /** In ascending order of their bytes. */
  readonly addedLabels: readonly string[];
  /** The sections of the next snapshot. What is in them isn't checked yet. */
  readonly sections: readonly DeltaSection[];
}

/**
 * Reads a delta's header. The whole file's checksum is checked, the sections' content is not.
 * @param delta - all bytes of the file; the header keeps views of them
 * @returns what it says of itself
 * @throws DeltaError with the code of the first check that fails
 * @throws TypeError where `delta` is no Uint8Array
 */
export function readDeltaHeader(delta: Uint8Array): DeltaHeader {
  if (!(delta instanceof Uint8Array)) throw new TypeError("'delta' must be a Uint8Array");
  const view = new DataView(delta.buffer, delta.byteOffset, delta.byteLength);
  // A subclass such as Node's Buffer may give methods another meaning.
  const bytes = new Uint8Array(delta.buffer, delta.byteOffset, delta.byteLength);
  checkFrame(bytes, view, FRAME, (problem, message) => {
    throw new DeltaError(problem === 'magic' ? 'not-a-delta' : problem, message);
  });

  const flags = view.getUint16(DELTA_FIELD.flags, true);
  if ((flags & ~FLAG_DEMO) !== 0) throw new DeltaError('unsupported-version', 'a flag is not known');
  for (let i = DELTA_FIELD.zero; i < DELTA_FIELD.sectionTable; i++)
    if (bytes[i] !== 0) malformed('reserved bytes are not zero');
  const base = {
    version: view.getUint32(DELTA_FIELD.baseVersion, true),
    byteLength: view.getUint32(DELTA_FIELD.baseLength, true),
    checksum: view.getUint32(DELTA_FIELD.baseChecksum, true),
  };
  const next = {
    version: view.getUint32(DELTA_FIELD.nextVersion, true),
    byteLength: view.getUint32(DELTA_FIELD.nextLength, true),
    checksum: view.getUint32(DELTA_FIELD.nextChecksum, true),
  };
  if (base.version < 1 || next.version <= base.version) malformed('the versions do not ascend');
  const createdSeconds =
    view.getUint32(DELTA_FIELD.createdLow, true) + view.getUint32(DELTA_FIELD.createdHigh, true) * 2 ** 32;
  if (!Number.isSafeInteger(createdSeconds)) malformed('the time of creation is too large');

  const headerLength = view.getUint32(DELTA_FIELD.headerLength, true);
  const sections = readSectionTable(bytes, view, headerLength);
  return { base, next, createdSeconds, demo: flags !== 0, ...readTexts(bytes, view, headerLength), sections };
}

/** Rows in order, their sections side by side after the header, and after them nothing but zeros (1.4, 2.1). */
function readSectionTable(bytes: Uint8Array, view: DataView, headerLength: number): DeltaSection[] {
  const rowCount = view.getUint8(DELTA_FIELD.sectionCount);
  const bodyEnd = bytes.length - CHECKSUM_BYTES;
  if (headerLength < DELTA_FIELD.sectionTable + rowCount * DELTA_ROW_BYTES || headerLength > bodyEnd) {
    malformed('the header has a wrong length');
  }
  const sections: DeltaSection[] = [];
  let lastKind = 0;
  let at = headerLength;
  for (let i = 0; i < rowCount; i++) {
    const row = DELTA_FIELD.sectionTable + i * DELTA_ROW_BYTES;
    const kind = view.getUint16(row, true);
    if (kind <= lastKind) malformed('the section table is not in order');
    if (view.getUint16(row + 2, true) !== 0) malformed('reserved bytes are not zero');
    if (kind > VIDEO_KIND && kind < FIRST_LICENSED_KIND)
      throw new DeltaError('unsupported-version', `section kind ${kind} is not known`);
    const byteLength = view.getUint32(row + 4, true);
    const removed = view.getUint32(row + 8, true);
    const added = view.getUint32(row + 12, true);
    const removalBytes = view.getUint32(row + 16, true);
    if (byteLength > bodyEnd - at) malformed('a section ends beyond the delta');
    if (removalBytes > byteLength) malformed('removals end beyond their section');
    sections.push({ kind, removed, added, bytes: bytes.subarray(at, at + byteLength), removalBytes });
    lastKind = kind;
    at += byteLength;
  }
  while (at < bodyEnd) if (bytes[at++] !== 0) malformed('the padding is not zero');
  return sections;
}

/** The name and the changes of the label table, which end with the header. */
function readTexts(
  bytes: Uint8Array,
  view: DataView,
  headerLength: number,
): Pick<DeltaHeader, 'name' | 'removedLabels' | 'addedLabels'> {
  const start = DELTA_FIELD.sectionTable + view.getUint8(DELTA_FIELD.sectionCount) * DELTA_ROW_BYTES;
  const texts = new TextReader(bytes, start, headerLength, malformed);
  const name = texts.name(view.getUint8(DELTA_FIELD.nameLength));
  const removedLabels: number[] = [];
  const ids = texts.take(view.getUint16(DELTA_FIELD.removedLabelCount, true) * 2);
  for (let i = 0; i < ids.length; i += 2) {
    const id = ids[i] | (ids[i + 1] << 8);
    if (i > 0 && id <= removedLabels[removedLabels.length - 1])
      malformed('the labels removed are not in order');
    removedLabels.push(id);
  }
  const addedLabels = texts.labels(view.getUint16(DELTA_FIELD.addedLabelCount, true), 'the labels added');
  texts.finish();
  return { name, removedLabels, addedLabels };
}

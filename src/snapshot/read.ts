/**
 * Reads a snapshot and checks all of it (docs/snapshot-format.md, 7).
 *
 * Every length is compared with what is there before it is used. What is allocated beside the file's own bytes are
 * entry points into the codes (16 bytes for 16 entries or more), the labels, and small change.
 * @module
 */
import { SnapshotError } from './errors.js';
import { buildIndex } from './fingerprint-index.js';
import {
  CHECKSUM_BYTES,
  FIELD,
  FLAG_DEMO,
  FORMAT_VERSION,
  MAGIC,
  MAX_CODE_BYTES,
  partBytes,
  SECTION_ROW_BYTES,
} from './format.js';
import { checkFrame, type Frame } from './frame.js';
import { isLayout } from './layouts.js';
import { unpackBits } from './packed-bits.js';
import { ceilLog2, fingerprintBits, parameterProblem, SALT_BYTES } from './parameters.js';
import { codeBitsBounds, riceParameter } from './rice.js';
import { compareBytes } from './section.js';
import { FIRST_LICENSED_KIND } from './signal-type.js';
import { TextReader } from './text-reader.js';
import {
  type RawSection,
  type SectionView,
  SIGNALS,
  type Signal,
  type Snapshot,
  type SnapshotHeader,
  VIDEO_KIND,
  type VideoSection,
} from './types.js';
import { ownerCount, readPrelude, segmentsOf } from './video-table.js';

const FRAME: Frame = { what: 'snapshot', magic: MAGIC, field: FIELD, version: FORMAT_VERSION };

/** A row of the section table (2.4). */
interface SectionRow {
  kind: number;
  offset: number;
  byteLength: number;
  count: number;
}

/**
 * Reads a snapshot.
 * @param file - all of its bytes; kept, not copied: they must not change any more
 * @returns the snapshot
 * @throws SnapshotError with the code of the first check that fails (7.2)
 * @throws TypeError where `file` is no Uint8Array
 */
export function readSnapshot(file: Uint8Array): Snapshot {
  if (!(file instanceof Uint8Array)) throw new TypeError("'file' must be a Uint8Array");
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  // A subclass such as Node's Buffer may give `slice` another meaning.
  const bytes = new Uint8Array(file.buffer, file.byteOffset, file.byteLength);
  checkFrame(bytes, view, FRAME, (problem, message) => {
    throw new SnapshotError(problem === 'magic' ? 'not-a-snapshot' : problem, message);
  });
  const headerLength = view.getUint32(FIELD.headerLength, true);
  const rows = readSectionTable(view, headerLength);
  const { name, labels } = readTexts(bytes, view, headerLength);
  const header = readHeader(bytes, view, name);

  const sections = new Map<Signal, SectionView>();
  const unknownKinds: number[] = [];
  const licensed: RawSection[] = [];
  let videos: VideoSection | null = null;
  for (const row of rows) {
    const { kind, offset, byteLength, count } = row;
    const signal = SIGNALS[kind - 1];
    if (kind === VIDEO_KIND) videos = readVideos(bytes, header, row, labels.length);
    else if (signal !== undefined)
      sections.set(signal, readSection(bytes, header, signal, row, labels.length));
    else unknownKinds.push(kind);
    if (kind >= FIRST_LICENSED_KIND)
      licensed.push({ kind, count, bytes: bytes.subarray(offset, offset + byteLength) });
  }
  return { header, labels, sections, videos, unknownKinds, licensed, byteLength: bytes.length };
}

/** @returns whether a snapshot has a section that this version can't tell the meaning of, not even as a licensee's */
export function hasUnknownKinds({ unknownKinds, licensed }: Snapshot): boolean {
  return unknownKinds.length > licensed.length;
}

/** Fields of fixed place, but counts and lengths (2, 2.2, 2.3). */
function readHeader(bytes: Uint8Array, view: DataView, name: string): SnapshotHeader {
  const flags = view.getUint16(FIELD.flags, true);
  const header: SnapshotHeader = {
    name,
    version: view.getUint32(FIELD.listVersion, true),
    createdSeconds:
      view.getUint32(FIELD.createdLow, true) + view.getUint32(FIELD.createdHigh, true) * 2 ** 32,
    demo: (flags & FLAG_DEMO) !== 0,
    salt: bytes.slice(FIELD.salt, FIELD.salt + SALT_BYTES),
    capacity: view.getUint32(FIELD.capacity, true),
    layout: view.getUint8(FIELD.layout),
    keyBits: view.getUint8(FIELD.keyBits),
    sketchBits: view.getUint8(FIELD.sketchBits),
    nearFingerprintBits: view.getUint8(FIELD.nearFingerprintBits),
    exactFingerprintBits: view.getUint8(FIELD.exactFingerprintBits),
  };
  if ((flags & ~FLAG_DEMO) !== 0) throw new SnapshotError('unsupported-version', 'a flag is not known');
  if (!isLayout(header.layout)) {
    throw new SnapshotError('unsupported-version', `layout ${header.layout} is not known`);
  }
  const problem = parameterProblem(header);
  if (problem !== null) malformed(problem);
  if (header.version < 1) malformed('the list version is zero');
  if (!Number.isSafeInteger(header.createdSeconds)) malformed('the time of creation is too large');
  for (let i = FIELD.zero; i < FIELD.sectionTable; i++)
    if (bytes[i] !== 0) malformed('reserved bytes are not zero');
  return header;
}

/** Rows in order, their sections side by side from the header to the checksum (2.4). */
function readSectionTable(view: DataView, headerLength: number): SectionRow[] {
  const rowCount = view.getUint8(FIELD.sectionCount);
  const bodyEnd = view.byteLength - CHECKSUM_BYTES;
  if (headerLength < FIELD.sectionTable + rowCount * SECTION_ROW_BYTES || headerLength > bodyEnd) {
    malformed('the header has a wrong length');
  }
  const rows: SectionRow[] = [];
  let kind = 0;
  let end = headerLength;
  for (let i = 0; i < rowCount; i++) {
    const at = FIELD.sectionTable + i * SECTION_ROW_BYTES;
    const row = {
      kind: view.getUint16(at, true),
      offset: view.getUint32(at + 4, true),
      byteLength: view.getUint32(at + 8, true),
      count: view.getUint32(at + 12, true),
    };
    if (row.kind <= kind) malformed('the section table is not in order');
    if (view.getUint16(at + 2, true) !== 0) malformed('reserved bytes are not zero');
    if (row.offset !== end || row.byteLength > bodyEnd - end)
      malformed('a section is not where it should be');
    kind = row.kind;
    end += row.byteLength;
    rows.push(row);
  }
  if (end !== bodyEnd) malformed('something lies between the last section and the checksum');
  return rows;
}

/** The name and the label table (2.5), which end with the header. */
function readTexts(
  bytes: Uint8Array,
  view: DataView,
  headerLength: number,
): { name: string; labels: string[] } {
  const start = FIELD.sectionTable + view.getUint8(FIELD.sectionCount) * SECTION_ROW_BYTES;
  const texts = new TextReader(bytes, start, headerLength, malformed);
  const name = texts.name(view.getUint8(FIELD.nameLength));
  const labels = texts.labels(view.getUint16(FIELD.labelCount, true), 'the labels');
  texts.finish();
  return { name, labels };
}

/** The section of videos (9): a prelude, then a section like any other, of owners in the place of labels. */
function readVideos(
  bytes: Uint8Array,
  header: SnapshotHeader,
  row: SectionRow,
  labelCount: number,
): VideoSection {
  const section = bytes.subarray(row.offset, row.offset + row.byteLength);
  const { thresholds, table, byteLength: length } = readPrelude(section, row.count, labelCount);
  const rest = { ...row, offset: row.offset + length, byteLength: row.byteLength - length };
  const frames = readSection(bytes, header, 'pdq', rest, ownerCount(table));
  return { thresholds, table, segments: segmentsOf(frames, table), byteLength: row.byteLength, frames };
}

/** A section of a known kind (3). */
function readSection(
  bytes: Uint8Array,
  header: SnapshotHeader,
  signal: Signal,
  { offset, byteLength, count }: SectionRow,
  labelCount: number,
): SectionView {
  if (count > header.capacity) malformed('a section has more entries than the list may have');
  if (count > 0 && labelCount === 0) malformed('entries without a label table');
  const width = fingerprintBits(header, signal);
  const parts = partBytes(header, signal, count, labelCount);
  const codeBytes = byteLength - parts.sketches - parts.labels;
  const { least, most } = codeBitsBounds(width, count);
  if (codeBytes < Math.ceil(least / 8) || codeBytes > Math.ceil(most / 8)) {
    malformed('a section is too short or too long for its entries');
  }
  if (codeBytes > MAX_CODE_BYTES) throw new SnapshotError('too-large', 'a section has too many entries');

  const sketchesAt = offset + codeBytes;
  const labelsAt = sketchesAt + parts.sketches;
  const codes = bytes.subarray(offset, sketchesAt);
  const sketches = bytes.subarray(sketchesAt, labelsAt);
  const labels = bytes.subarray(labelsAt, labelsAt + parts.labels);
  const labelBits = ceilLog2(labelCount);
  checkLabels(labels, labelBits, count, labelCount);

  const sketchBytes = signal === 'pdq' ? header.sketchBits / 8 : 0;
  const k = riceParameter(width, count);
  const index = buildIndex(codes, width, k, count, (ordinal) => {
    const before = ordinal - 1;
    const order =
      compareBytes(sketches, before * sketchBytes, ordinal * sketchBytes, sketchBytes) ||
      unpackBits(labels, labelBits, before) - unpackBits(labels, labelBits, ordinal);
    if (order > 0) malformed('entries with one fingerprint are not in order');
  });
  return {
    signal,
    count,
    byteLength,
    fingerprintBits: width,
    riceParameter: k,
    codes,
    sketches,
    labels,
    labelBits,
    index,
  };
}

/** All label ids must be in the table, and what follows them zero (3.5). */
function checkLabels(labels: Uint8Array, labelBits: number, count: number, labelCount: number): void {
  const spare = labels.length * 8 - count * labelBits;
  if (spare > 0 && labels[labels.length - 1] >>> (8 - spare) !== 0)
    malformed('bits after the labels are not zero');
  if (labelCount === 2 ** labelBits) return;
  for (let i = 0; i < count; i++) {
    if (unpackBits(labels, labelBits, i) >= labelCount)
      malformed('an entry has a label that is not in the table');
  }
}

function malformed(message: string): never {
  throw new SnapshotError('malformed', message);
}

/**
 * Writes a snapshot (docs/snapshot-format.md).
 * @module
 */
import { crc32c } from './crc32c.js';
import {
  CHECKSUM_BYTES,
  FIELD,
  FLAG_DEMO,
  FORMAT_VERSION,
  MAGIC,
  MAX_CODE_BYTES,
  SECTION_ROW_BYTES,
} from './format.js';
import { packBits } from './packed-bits.js';
import { ceilLog2, checkParameters, fingerprintBits, sameParameters } from './parameters.js';
import { RiceWriter } from './rice.js';
import { compareText, encodeText, MAX_LABELS } from './text.js';
import { type SectionEntries, SIGNALS, type SnapshotHeader, VIDEO_KIND, type VideoEntries } from './types.js';
import { checkVideos, encodePrelude, ownerCount } from './video-table.js';

/**
 * Encodes a snapshot. Equal arguments give equal bytes.
 * @param header - name, version, time and parameters of the list
 * @param labels - the label table that the sections' label ids refer to, as `labelTable` sorts it; labels that no
 *   entry has are left out of the file
 * @param sections - at most one for each signal, in any order, made with the header's parameters
 * @param videos - the section of videos, made with the header's parameters; none by default
 * @returns the file's bytes
 * @throws TypeError, RangeError for arguments that don't fit the format or each other
 */
export function encodeSnapshot(
  header: SnapshotHeader,
  labels: readonly string[],
  sections: readonly SectionEntries[],
  videos: VideoEntries | null = null,
): Uint8Array {
  const name = checkHeader(header);
  checkSections(header, labels, videos === null ? sections : [...sections, videos.frames]);
  const signals = new Set(sections.map(({ signal }) => signal));
  if (signals.size !== sections.length) throw new RangeError("'sections' must have different signals");
  if (videos !== null) checkVideos(videos);
  const used = usedLabels(labels, [
    ...sections.map(({ labelIds }) => labelIds),
    ...(videos === null ? [] : [videos.table.labelIds]),
  ]);
  const texts = labels.map((label) => encodeText(label, 'labels'));
  if (texts.some((text, i) => i > 0 && compareText(texts[i - 1], text) >= 0)) {
    throw new RangeError("'labels' must be sorted by their bytes, each once");
  }
  const table = texts.filter((_, id) => used.newIds[id] >= 0);
  const labelBits = ceilLog2(used.count);
  const bodies = sections
    .map((section): SectionBody => {
      const owners = section.labelIds.map((id) => used.newIds[id]);
      return {
        kind: SIGNALS.indexOf(section.signal) + 1,
        count: section.count,
        parts: encodeSection(section, owners, labelBits),
      };
    })
    .sort((a, b) => a.kind - b.kind);
  if (videos !== null) {
    const { table, frames } = videos;
    const newTable = { ...table, labelIds: table.labelIds.map((id) => used.newIds[id]) };
    bodies.push({
      kind: VIDEO_KIND,
      count: frames.count,
      parts: [
        encodePrelude(videos.thresholds, newTable, labelBits),
        ...encodeSection(frames, frames.owners, ceilLog2(ownerCount(table))),
      ],
    });
  }
  return assembleSnapshot(header, name, table, bodies);
}

/** A section's bytes, in the parts of 3.2. */
export interface SectionBody {
  readonly kind: number;
  /** Entries. */
  readonly count: number;
  /** Of videos the prelude (9.2); codes, sketches, labels or owners. */
  readonly parts: readonly Uint8Array[];
}

/**
 * Puts the parts of a snapshot together; the writer's last step, and the last step of applying a delta.
 * @param header - checked
 * @param name - bytes of the list's name
 * @param table - bytes of each label, in order
 * @param bodies - the sections, in the order of their kinds
 * @returns the file's bytes
 * @throws RangeError for a file of more than 4 GiB
 */
export function assembleSnapshot(
  header: SnapshotHeader,
  name: Uint8Array,
  table: readonly Uint8Array[],
  bodies: readonly SectionBody[],
): Uint8Array {
  const headerLength =
    FIELD.sectionTable +
    bodies.length * SECTION_ROW_BYTES +
    name.length +
    table.reduce((sum, text) => sum + 1 + text.length, 0);
  const bodyLength = bodies.reduce((sum, { parts }) => sum + totalLength(parts), 0);
  const fileLength = headerLength + bodyLength + CHECKSUM_BYTES;
  if (fileLength > 0xffffffff) throw new RangeError("'sections' make a file of more than 4 GiB");

  const bytes = new Uint8Array(fileLength);
  const view = new DataView(bytes.buffer);
  writeFixedHeader(view, header, headerLength);
  view.setUint8(FIELD.sectionCount, bodies.length);
  view.setUint16(FIELD.labelCount, table.length, true);
  view.setUint8(FIELD.nameLength, name.length);
  let row = FIELD.sectionTable;
  let at = headerLength;
  for (const { kind, count, parts } of bodies) {
    view.setUint16(row, kind, true);
    view.setUint32(row + 4, at, true);
    view.setUint32(row + 8, totalLength(parts), true);
    view.setUint32(row + 12, count, true);
    row += SECTION_ROW_BYTES;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  bytes.set(name, row);
  let text = row + name.length;
  for (const label of table) {
    bytes[text] = label.length;
    bytes.set(label, text + 1);
    text += 1 + label.length;
  }
  view.setUint32(at, crc32c(bytes.subarray(0, at)), true);
  return bytes;
}

/** Checks what the header adds to the parameters. Returns the bytes of the name. */
function checkHeader(header: SnapshotHeader): Uint8Array {
  checkParameters(header);
  const { version, createdSeconds, demo } = header;
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff) {
    throw new RangeError("'version' must be a whole number from 1 to 2^32 - 1");
  }
  if (!Number.isSafeInteger(createdSeconds) || createdSeconds < 0) {
    throw new RangeError("'createdSeconds' must be a whole number of seconds, 0 or more");
  }
  if (typeof demo !== 'boolean') throw new TypeError("'demo' must be true or false");
  const name = encodeText(header.name, 'name');
  if (name.length === 0) throw new RangeError("'name' must not be empty");
  return name;
}

function checkSections(
  header: SnapshotHeader,
  labels: readonly string[],
  sections: readonly Omit<SectionEntries, 'labelIds'>[],
): void {
  if (labels.length > MAX_LABELS) throw new RangeError(`'labels' must be at most ${MAX_LABELS}`);
  for (const { signal, parameters, count } of sections) {
    if (!sameParameters(header, parameters)) {
      throw new RangeError(`'sections' has ${signal} entries made with other parameters than the header's`);
    }
    if (count > header.capacity) {
      throw new RangeError(
        `'sections' has more ${signal} entries than the list's capacity of ${header.capacity}`,
      );
    }
  }
}

/** New id of each label, -1 for those that no entry has. Ids keep their order, so entries keep theirs. */
function usedLabels(
  labels: readonly string[],
  entries: readonly Uint16Array[],
): { newIds: Int32Array; count: number } {
  const newIds = new Int32Array(labels.length).fill(-1);
  for (const labelIds of entries) {
    for (const id of labelIds) {
      if (id >= labels.length) throw new RangeError(`'labels' has no label ${id}, which an entry has`);
      newIds[id] = 0;
    }
  }
  let count = 0;
  for (let id = 0; id < newIds.length; id++) if (newIds[id] === 0) newIds[id] = count++;
  return { newIds, count };
}

/** The parts of a section (3.2). */
function encodeSection(
  section: Omit<SectionEntries, 'labelIds'>,
  owners: Uint16Array | Uint32Array,
  ownerBits: number,
): Uint8Array[] {
  const { signal, parameters, count, low, high, sketches } = section;
  const writer = new RiceWriter(fingerprintBits(parameters, signal), count);
  for (let i = 0; i < count; i++) writer.write(low[i], high[i]);
  const codes = writer.finish();
  if (codes.length > MAX_CODE_BYTES) throw new RangeError(`'sections' has too many ${signal} entries`);
  return [codes, sketches, packBits(owners, ownerBits)];
}

function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** All fields of fixed place but the counts; the file's length is that of the view. */
function writeFixedHeader(view: DataView, header: SnapshotHeader, headerLength: number): void {
  new Uint8Array(view.buffer).set(MAGIC);
  new Uint8Array(view.buffer).set(header.salt, FIELD.salt);
  view.setUint16(FIELD.formatVersion, FORMAT_VERSION, true);
  view.setUint16(FIELD.flags, header.demo ? FLAG_DEMO : 0, true);
  view.setUint32(FIELD.headerLength, headerLength, true);
  view.setUint32(FIELD.fileLength, view.byteLength, true);
  view.setUint32(FIELD.listVersion, header.version, true);
  view.setUint32(FIELD.createdLow, header.createdSeconds % 2 ** 32, true);
  view.setUint32(FIELD.createdHigh, Math.floor(header.createdSeconds / 2 ** 32), true);
  view.setUint32(FIELD.capacity, header.capacity, true);
  view.setUint8(FIELD.layout, header.layout);
  view.setUint8(FIELD.keyBits, header.keyBits);
  view.setUint8(FIELD.sketchBits, header.sketchBits);
  view.setUint8(FIELD.nearFingerprintBits, header.nearFingerprintBits);
  view.setUint8(FIELD.exactFingerprintBits, header.exactFingerprintBits);
}

/**
 * Makes a delta from two snapshots of a list (docs/delta-format.md).
 * @module
 */
import { crc32c } from './crc32c.js';
import { diffSection } from './delta-diff.js';
import { DeltaError } from './delta-errors.js';
import {
  DELTA_FIELD,
  DELTA_FORMAT_VERSION,
  DELTA_MAGIC,
  DELTA_ROW_BYTES,
  snapshotName,
} from './delta-format.js';
import { diffLabels } from './delta-labels.js';
import { diffVideos } from './delta-videos.js';
import { CHECKSUM_BYTES, FLAG_DEMO } from './format.js';
import { sameParameters } from './parameters.js';
import { hasUnknownKinds, readSnapshot } from './read.js';
import { compareText, encodeText } from './text.js';
import { type RawSection, SIGNALS, type Snapshot, VIDEO_KIND } from './types.js';

/** What may be chosen of a delta. */
export interface DeltaOptions {
  /** The delta's length is made a multiple of so many bytes (1.4). Default 1: no padding. */
  readonly padToBytes?: number;
}

/**
 * Makes a delta. Memory: both snapshots' indexes, the delta, and some 40 bytes for each entry added or removed.
 * @param base - a snapshot
 * @param next - a later one of the same list
 * @param options - padding
 * @returns the delta; not always smaller than `next`, so compare
 * @throws DeltaError `incompatible` where the parameters differ, the version doesn't rise, or a section is of an unknown
 *   kind: publish `next` whole
 * @throws SnapshotError where `base` or `next` can't be read
 * @throws TypeError, RangeError for wrong options
 */
export function makeDelta(base: Uint8Array, next: Uint8Array, options: DeltaOptions = {}): Uint8Array {
  const { padToBytes = 1 } = options;
  if (!Number.isInteger(padToBytes) || padToBytes < 1 || padToBytes > 2 ** 24) {
    throw new RangeError("'padToBytes' must be a whole number from 1 to 2^24");
  }
  const from = readSnapshot(base);
  const to = readSnapshot(next);
  checkCompatible(from, to);
  const { removed, added, newIds } = diffLabels(from.labels, to.labels);
  const bodies = diffSections(from, to, newIds);

  const name = encodeText(to.header.name, 'name');
  const texts = added.map((label) => encodeText(label, 'labels'));
  const headerLength =
    DELTA_FIELD.sectionTable +
    bodies.length * DELTA_ROW_BYTES +
    name.length +
    removed.length * 2 +
    texts.reduce((sum, text) => sum + 1 + text.length, 0);
  const bodyLength = bodies.reduce((sum, { parts }) => sum + totalLength(parts), 0);
  const fileLength = Math.ceil((headerLength + bodyLength + CHECKSUM_BYTES) / padToBytes) * padToBytes;
  if (fileLength > 0xffffffff) throw new DeltaError('incompatible', 'a delta of more than 4 GiB');

  const bytes = new Uint8Array(fileLength);
  const view = new DataView(bytes.buffer);
  writeFixedHeader(view, headerLength, to);
  writeName(view, DELTA_FIELD.baseVersion, snapshotName(base, from.header.version));
  writeName(view, DELTA_FIELD.nextVersion, snapshotName(next, to.header.version));
  view.setUint8(DELTA_FIELD.sectionCount, bodies.length);
  view.setUint8(DELTA_FIELD.nameLength, name.length);
  view.setUint16(DELTA_FIELD.removedLabelCount, removed.length, true);
  view.setUint16(DELTA_FIELD.addedLabelCount, texts.length, true);
  let row = DELTA_FIELD.sectionTable;
  let at = headerLength;
  for (const { kind, removals, additions, removalBytes, parts } of bodies) {
    view.setUint16(row, kind, true);
    view.setUint32(row + 4, totalLength(parts), true);
    view.setUint32(row + 8, removals, true);
    view.setUint32(row + 12, additions, true);
    view.setUint32(row + 16, removalBytes, true);
    row += DELTA_ROW_BYTES;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
  }
  bytes.set(name, row);
  let text = row + name.length;
  for (const id of removed) {
    view.setUint16(text, id, true);
    text += 2;
  }
  for (const label of texts) {
    bytes[text] = label.length;
    bytes.set(label, text + 1);
    text += 1 + label.length;
  }
  const end = fileLength - CHECKSUM_BYTES;
  view.setUint32(end, crc32c(bytes.subarray(0, end)), true);
  return bytes;
}

function checkCompatible(base: Snapshot, next: Snapshot): void {
  const refuse = (why: string) => {
    throw new DeltaError('incompatible', `no delta is possible: ${why}`);
  };
  if (!sameParameters(base.header, next.header)) refuse('salt, capacity, layout or widths differ');
  if (next.header.version <= base.header.version) refuse('the version is not higher');
  if (hasUnknownKinds(base) || hasUnknownKinds(next)) refuse('a section is of an unknown kind');
}

function writeFixedHeader(view: DataView, headerLength: number, { header }: Snapshot): void {
  new Uint8Array(view.buffer).set(DELTA_MAGIC);
  view.setUint16(DELTA_FIELD.formatVersion, DELTA_FORMAT_VERSION, true);
  view.setUint16(DELTA_FIELD.flags, header.demo ? FLAG_DEMO : 0, true);
  view.setUint32(DELTA_FIELD.headerLength, headerLength, true);
  view.setUint32(DELTA_FIELD.fileLength, view.byteLength, true);
  view.setUint32(DELTA_FIELD.createdLow, header.createdSeconds % 2 ** 32, true);
  view.setUint32(DELTA_FIELD.createdHigh, Math.floor(header.createdSeconds / 2 ** 32), true);
}

/** Three words: version, length, checksum. */
function writeName(
  view: DataView,
  at: number,
  { version, byteLength, checksum }: ReturnType<typeof snapshotName>,
): void {
  view.setUint32(at, version, true);
  view.setUint32(at + 4, byteLength, true);
  view.setUint32(at + 8, checksum, true);
}

/** A section of the delta. */
interface DeltaBody {
  readonly kind: number;
  readonly removals: number;
  readonly additions: number;
  readonly removalBytes: number;
  readonly parts: readonly Uint8Array[];
}

/** Every section of the next snapshot, in the order of their kinds. */
function diffSections(from: Snapshot, to: Snapshot, newIds: Int32Array): DeltaBody[] {
  const bodies: DeltaBody[] = [];
  const labelCount = to.labels.length;
  SIGNALS.forEach((signal, i) => {
    const section = to.sections.get(signal);
    if (section === undefined) return;
    const owners = { count: labelCount, newIds };
    const difference = diffSection(to.header, from.sections.get(signal), section, owners);
    bodies.push({ kind: i + 1, ...difference, removalBytes: difference.parts[0].length });
  });
  if (to.videos !== null) {
    const { bytes, owners } = diffVideos(from.videos, to.videos, newIds, labelCount);
    const { parts, ...counts } = diffSection(to.header, from.videos?.frames, to.videos.frames, owners);
    bodies.push({ kind: VIDEO_KIND, ...counts, removalBytes: parts[0].length, parts: [bytes, ...parts] });
  }
  for (const section of to.licensed)
    bodies.push(
      replaceUnlessSame(
        from.licensed.find(({ kind }) => kind === section.kind),
        section,
      ),
    );
  return bodies;
}

/** A licensee's section stays as it is, or comes whole (3.8). */
function replaceUnlessSame(base: RawSection | undefined, { kind, count, bytes }: RawSection): DeltaBody {
  const isSame = count === (base?.count ?? 0) && compareText(bytes, base?.bytes ?? new Uint8Array(0)) === 0;
  if (isSame) return { kind, removals: 0, additions: 0, removalBytes: 0, parts: [] };
  return { kind, removals: base?.count ?? 0, additions: count, removalBytes: 0, parts: [bytes] };
}

function totalLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

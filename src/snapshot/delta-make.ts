/**
 * Makes a delta from two snapshots of a list (docs/delta-format.md).
 * @module
 */
import { crc32c } from './crc32c.js';
import { compareSketches } from './delta-apply.js';
import { DeltaError } from './delta-errors.js';
import {
  DELTA_FIELD,
  DELTA_FORMAT_VERSION,
  DELTA_MAGIC,
  DELTA_ROW_BYTES,
  removalWidths,
  snapshotName,
} from './delta-format.js';
import { diffLabels } from './delta-labels.js';
import { CHECKSUM_BYTES, FLAG_DEMO } from './format.js';
import { packBits, unpackBits } from './packed-bits.js';
import { ceilLog2, fingerprintBits, sameParameters } from './parameters.js';
import { readSnapshot } from './read.js';
import { RiceReader, RiceWriter } from './rice.js';
import { encodeText } from './text.js';
import { type ListParameters, type SectionView, SIGNALS, type Signal, type Snapshot } from './types.js';

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
  const bodies = SIGNALS.flatMap((signal) => {
    const section = to.sections.get(signal);
    return section ? [diffSection(to, signal, from.sections.get(signal), section, newIds)] : [];
  });

  const name = encodeText(to.header.name, 'name');
  const texts = added.map((label) => encodeText(label, 'labels'));
  const headerLength =
    DELTA_FIELD.sectionTable +
    bodies.length * DELTA_ROW_BYTES +
    name.length +
    removed.length * 2 +
    texts.reduce((sum, text) => sum + 1 + text.length, 0);
  const bodyLength = bodies.reduce((sum, { byteLength }) => sum + byteLength, 0);
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
  for (const { signal, removals, additions, parts, byteLength } of bodies) {
    view.setUint16(row, SIGNALS.indexOf(signal) + 1, true);
    view.setUint32(row + 4, byteLength, true);
    view.setUint32(row + 8, removals, true);
    view.setUint32(row + 12, additions, true);
    view.setUint32(row + 16, parts[0].length, true);
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
  if (base.unknownKinds.length > 0 || next.unknownKinds.length > 0) refuse('a section is of an unknown kind');
  if (base.videos !== null || next.videos !== null) refuse('the list has videos');
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
  readonly signal: Signal;
  readonly removals: number;
  readonly additions: number;
  /** Removals, codes, sketches, labels. */
  readonly parts: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  readonly byteLength: number;
}

function diffSection(
  { header, labels }: Snapshot,
  signal: Signal,
  base: SectionView | undefined,
  next: SectionView,
  newIds: Int32Array,
): DeltaBody {
  const sketchBytes = signal === 'pdq' ? header.sketchBits / 8 : 0;
  const { gone, come } = compareSections(base, next, newIds, sketchBytes);
  const positions = new RiceWriter(removalWidths(base?.count ?? 0, gone.length).bits, gone.length);
  for (const position of gone) positions.write(position, 0);
  const parts: DeltaBody['parts'] = [
    positions.finish(),
    ...encodeAdditions(header, next, come, sketchBytes, ceilLog2(labels.length)),
  ];
  const byteLength = parts.reduce((sum, part) => sum + part.length, 0);
  return { signal, removals: gone.length, additions: come.ordinals.length, parts, byteLength };
}

/** Entries of a section by ordinal and fingerprint. */
interface Chosen {
  readonly ordinals: number[];
  readonly low: number[];
  readonly high: number[];
}

/** Both sections side by side, each read once: positions of the base that go, entries of the next that come. */
function compareSections(
  base: SectionView | undefined,
  next: SectionView,
  newIds: Int32Array,
  sketchBytes: number,
): { gone: number[]; come: Chosen } {
  const gone: number[] = [];
  const come: Chosen = { ordinals: [], low: [], high: [] };
  const old = new Cursor(base);
  const now = new Cursor(next);
  const isNew = () => {
    come.ordinals.push(now.ordinal);
    come.low.push(now.low);
    come.high.push(now.high);
    now.next();
  };
  const isGone = () => {
    gone.push(old.ordinal);
    old.next();
  };
  while (old.isLeft) {
    const label = newIds[old.label];
    if (label < 0 || !now.isLeft) {
      isGone();
      continue;
    }
    const order =
      old.high - now.high ||
      old.low - now.low ||
      compareSketches(base!.sketches, old.ordinal, next.sketches, now.ordinal, sketchBytes) ||
      label - now.label;
    if (order < 0) isGone();
    else if (order > 0) isNew();
    else {
      old.next();
      now.next();
    }
  }
  while (now.isLeft) isNew();
  return { gone, come };
}

function encodeAdditions(
  parameters: ListParameters,
  next: SectionView,
  { ordinals, low, high }: Chosen,
  sketchBytes: number,
  labelBits: number,
): [Uint8Array, Uint8Array, Uint8Array] {
  const writer = new RiceWriter(fingerprintBits(parameters, next.signal), ordinals.length);
  const sketches = new Uint8Array(ordinals.length * sketchBytes);
  const labelIds = new Uint16Array(ordinals.length);
  ordinals.forEach((ordinal, i) => {
    writer.write(low[i], high[i]);
    const at = ordinal * sketchBytes;
    sketches.set(next.sketches.subarray(at, at + sketchBytes), i * sketchBytes);
    labelIds[i] = unpackBits(next.labels, next.labelBits, ordinal);
  });
  return [writer.finish(), sketches, packBits(labelIds, labelBits)];
}

/** The entries of a section in order. */
class Cursor {
  ordinal = -1;
  isLeft = false;
  readonly #section: SectionView | undefined;
  readonly #reader: RiceReader | undefined;

  constructor(section: SectionView | undefined) {
    this.#section = section;
    this.#reader = section && new RiceReader(section.codes, section.fingerprintBits, section.riceParameter);
    this.next();
  }

  get low(): number {
    return this.#reader!.low;
  }

  get high(): number {
    return this.#reader!.high;
  }

  get label(): number {
    const { labels, labelBits } = this.#section!;
    return unpackBits(labels, labelBits, this.ordinal);
  }

  next(): void {
    this.isLeft = ++this.ordinal < (this.#section?.count ?? 0);
    if (this.isLeft) this.#reader!.next();
  }
}

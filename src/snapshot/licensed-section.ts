/**
 * Sections of signals that a licensee adds to a snapshot (docs/signals.md). Every reader that doesn't know a signal
 * skips its section (docs/snapshot-format.md, 2.4).
 *
 * A section is rows in ascending order: the keyed hash of the key (8 bytes), the sealed sketch, the label's id (2
 * bytes). Without the picture, or one near it, a row tells neither.
 * @module
 */
import { crc32c } from './crc32c.js';
import { SnapshotError } from './errors.js';
import { CHECKSUM_BYTES, FIELD, SECTION_ROW_BYTES } from './format.js';
import { halfSipHash, messageBlocks } from './half-sip-hash.js';
import { readSnapshot } from './read.js';
import { checkSignalType, type SignalType } from './signal-type.js';
import { compareText } from './text.js';
import type { RawSection, Snapshot } from './types.js';

const FINGERPRINT_BYTES = 8;
const LABEL_BYTES = 2;

/** An entry of a licensee's signal. */
export interface LicensedEntry {
  /** As many bytes as the signal's hash has. */
  readonly hash: Uint8Array;
  /** One of the labels that the snapshot has already. */
  readonly label: string;
}

/** A licensee's section, opened. */
export interface LicensedSet {
  /** Entries. */
  readonly count: number;
  /**
   * @param hash - of a picture
   * @returns label ids of the entries that the signal's rule accepts, ascending, each once; empty where none is near
   */
  lookup(hash: Uint8Array): number[];
}

/**
 * @param file - a snapshot
 * @param type - the signal
 * @param entries - in any order; repeated ones count once
 * @returns the snapshot with a section of that signal; the file itself stays as it is
 * @throws SnapshotError where `file` is no snapshot
 * @throws RangeError where it has such a section, or an entry has a wrong length or an unknown label
 */
export function addLicensedSection(
  file: Uint8Array,
  type: SignalType,
  entries: readonly LicensedEntry[],
): Uint8Array {
  checkSignalType(type);
  const { header, labels } = readSnapshot(file);
  const sealing = new Sealing(type, header.salt);
  const rows = entries.map(({ hash, label }) => {
    checkHash(type, hash);
    const id = labels.indexOf(label);
    if (id < 0) throw new RangeError("'label' is none of the snapshot's labels");
    return sealing.row(hash, id);
  });
  rows.sort(compareText);
  const unique = rows.filter((row, i) => i === 0 || compareText(row, rows[i - 1]) !== 0);
  return insertSection(file, type.kind, unique, sealing.rowBytes);
}

/**
 * @param snapshot - read, and kept
 * @param type - the signal
 * @returns its section, or undefined where the snapshot has none
 * @throws SnapshotError where the section is malformed
 */
export function openLicensedSet(snapshot: Snapshot, type: SignalType): LicensedSet | undefined {
  checkSignalType(type);
  const { header, labels, licensed } = snapshot;
  const section = licensed.find(({ kind }) => kind === type.kind);
  if (section === undefined) return undefined;
  const { bytes, count } = section;
  const sealing = new Sealing(type, header.salt);
  const { rowBytes } = sealing;
  if (bytes.length !== count * rowBytes) malformed('has a wrong length');
  checkLicensedRows(section, labels.length);
  const rowAt = (i: number) => bytes.subarray(i * rowBytes, (i + 1) * rowBytes);
  return {
    count,
    lookup(hash) {
      checkHash(type, hash);
      const sketch = gather(hash, type.sketchPositions);
      const ids = new Set<number>();
      for (const probe of type.probes(hash)) {
        checkHash(type, probe);
        const key = gather(probe, type.keyPositions);
        const fingerprint = sealing.fingerprint(key);
        for (let i = lowerBound(rowAt, count, fingerprint); i < count; i++) {
          const row = rowAt(i);
          if (compareText(row.subarray(0, FINGERPRINT_BYTES), fingerprint) !== 0) break;
          const entry = sealing.seal(key, row.subarray(FINGERPRINT_BYTES, rowBytes - LABEL_BYTES));
          if (type.accepts(sketch, entry)) ids.add(labelId(row));
        }
      }
      return [...ids].sort((a, b) => a - b);
    },
  };
}

/**
 * Checks what can be checked of a section without its signal: whole rows, in order, with labels that there are.
 * @param section - of a licensee's kind
 * @param labelCount - labels of the snapshot
 * @throws SnapshotError `malformed`
 */
export function checkLicensedRows({ bytes, count }: RawSection, labelCount: number): void {
  if (count === 0 && bytes.length === 0) return;
  const rowBytes = bytes.length / count;
  if (!Number.isInteger(rowBytes) || rowBytes <= FINGERPRINT_BYTES + LABEL_BYTES)
    malformed('has a wrong length');
  let before: Uint8Array | undefined;
  for (let at = 0; at < bytes.length; at += rowBytes) {
    const row = bytes.subarray(at, at + rowBytes);
    if (before !== undefined && compareText(before, row) >= 0) malformed('is not in order');
    if (labelId(row) >= labelCount) malformed('has a label that is not there');
    before = row;
  }
}

/** The keyed functions of one signal in one list: those of 4.3 and 4.4, with the kind in every message. */
class Sealing {
  readonly rowBytes: number;
  readonly #type: SignalType;
  readonly #salt: DataView;

  constructor(type: SignalType, salt: Uint8Array) {
    this.#type = type;
    this.#salt = new DataView(salt.buffer, salt.byteOffset, salt.byteLength);
    this.rowBytes = FINGERPRINT_BYTES + type.sketchPositions.length / 8 + LABEL_BYTES;
  }

  row(hash: Uint8Array, labelIndex: number): Uint8Array {
    const key = gather(hash, this.#type.keyPositions);
    const row = new Uint8Array(this.rowBytes);
    row.set(this.fingerprint(key));
    row.set(this.seal(key, gather(hash, this.#type.sketchPositions)), FINGERPRINT_BYTES);
    row[row.length - 2] = labelIndex & 255;
    row[row.length - 1] = labelIndex >>> 8;
    return row;
  }

  fingerprint(key: Uint8Array): Uint8Array {
    return this.#keyed(0, key, 0);
  }

  /** Seals a sketch, or opens a sealed one. */
  seal(key: Uint8Array, sketch: Uint8Array): Uint8Array {
    const result = sketch.slice();
    for (let at = 0; at < result.length; at += 8) {
      const pad = this.#keyed(8, key, at / 8);
      for (let i = at; i < Math.min(at + 8, result.length); i++) result[i] ^= pad[i - at];
    }
    return result;
  }

  #keyed(saltOffset: number, key: Uint8Array, counter: number): Uint8Array {
    const { kind } = this.#type;
    const message = Uint8Array.of(...key, kind & 255, kind >>> 8, counter & 255, counter >>> 8);
    const blocks = messageBlocks(message);
    const output = new Uint32Array(2);
    const [key0, key1] = [0, 4].map((at) => this.#salt.getUint32(saltOffset + at, true));
    halfSipHash(key0, key1, blocks, blocks.length, output);
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    // The high word first, so that the order of bytes is the order of numbers.
    view.setUint32(0, output[1]);
    view.setUint32(4, output[0]);
    return bytes;
  }
}

/** The sections of a file that was checked. */
function tableOf(file: Uint8Array): RawSection[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Array.from({ length: file[FIELD.sectionCount] }, (_, i) => {
    const at = FIELD.sectionTable + i * SECTION_ROW_BYTES;
    const offset = view.getUint32(at + 4, true);
    return {
      kind: view.getUint16(at, true),
      count: view.getUint32(at + 12, true),
      bytes: new Uint8Array(file.buffer, file.byteOffset + offset, view.getUint32(at + 8, true)),
    };
  });
}

function insertSection(
  file: Uint8Array,
  kind: number,
  rows: readonly Uint8Array[],
  rowBytes: number,
): Uint8Array {
  const sections = tableOf(file);
  if (sections.some((section) => section.kind === kind))
    throw new RangeError(`'kind' ${kind} is there already`);
  if (sections.length === 255) throw new RangeError("'file' has 255 sections already");
  const bytes = new Uint8Array(rows.length * rowBytes);
  rows.forEach((row, i) => {
    bytes.set(row, i * rowBytes);
  });
  sections.push({ kind, count: rows.length, bytes });
  sections.sort((a, b) => a.kind - b.kind);

  const result = new Uint8Array(file.length + SECTION_ROW_BYTES + bytes.length);
  const view = new DataView(result.buffer);
  const oldHeader = new DataView(file.buffer, file.byteOffset).getUint32(FIELD.headerLength, true);
  const texts = FIELD.sectionTable + (sections.length - 1) * SECTION_ROW_BYTES;
  result.set(file.subarray(0, FIELD.sectionTable));
  result.set(file.subarray(texts, oldHeader), texts + SECTION_ROW_BYTES);
  result[FIELD.sectionCount] = sections.length;
  view.setUint32(FIELD.headerLength, oldHeader + SECTION_ROW_BYTES, true);
  view.setUint32(FIELD.fileLength, result.length, true);
  let offset = oldHeader + SECTION_ROW_BYTES;
  sections.forEach((section, i) => {
    const at = FIELD.sectionTable + i * SECTION_ROW_BYTES;
    view.setUint16(at, section.kind, true);
    view.setUint32(at + 4, offset, true);
    view.setUint32(at + 8, section.bytes.length, true);
    view.setUint32(at + 12, section.count, true);
    result.set(section.bytes, offset);
    offset += section.bytes.length;
  });
  view.setUint32(result.length - CHECKSUM_BYTES, crc32c(result.subarray(0, -CHECKSUM_BYTES)), true);
  return result;
}

/** Index of the first row that doesn't come before a fingerprint. */
function lowerBound(rowAt: (i: number) => Uint8Array, count: number, fingerprint: Uint8Array): number {
  let low = 0;
  for (let high = count; low < high; ) {
    const middle = (low + high) >>> 1;
    if (compareText(rowAt(middle).subarray(0, FINGERPRINT_BYTES), fingerprint) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function labelId(row: Uint8Array): number {
  return row[row.length - 2] | (row[row.length - 1] << 8);
}

function gather(hash: Uint8Array, positions: readonly number[]): Uint8Array {
  const bits = new Uint8Array(positions.length / 8);
  positions.forEach((j, i) => {
    bits[i >>> 3] |= ((hash[j >>> 3] >>> (j & 7)) & 1) << (i & 7);
  });
  return bits;
}

function checkHash(type: SignalType, hash: Uint8Array): void {
  if (!(hash instanceof Uint8Array)) throw new TypeError("'hash' must be a Uint8Array");
  if (hash.length !== type.bytes) throw new RangeError(`'hash' must have ${type.bytes} bytes`);
}

function malformed(message: string): never {
  throw new SnapshotError('malformed', `a licensee's section ${message}`);
}

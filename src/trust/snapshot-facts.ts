/**
 * The few facts of a snapshot that have to agree with its signed metadata, read from its header alone: opening a list
 * of millions is the scan worker's work.
 * @module
 */
import { FIELD, MAGIC, SECTION_ROW_BYTES } from '../snapshot/format.js';
import { TrustError } from './errors.js';

/** What a snapshot says of itself. */
export interface SnapshotFacts {
  readonly name: string;
  readonly version: number;
  /** Unix time in seconds. */
  readonly created: number;
  /** Entries of all sections, those of unknown kinds included. */
  readonly entries: number;
}

/** Reads a snapshot's facts. @throws TrustError `format` */
export type SnapshotInspector = (bytes: Uint8Array) => SnapshotFacts;

/**
 * @param bytes - a snapshot (docs/snapshot-format.md, 2)
 * @returns name, version, time, number of entries
 * @throws TrustError `format`
 */
export function readSnapshotFacts(bytes: Uint8Array): SnapshotFacts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length >= FIELD.sectionTable && MAGIC.every((byte, i) => bytes[i] === byte);
  const sections = whole ? view.getUint8(FIELD.sectionCount) : 0;
  const nameAt = FIELD.sectionTable + sections * SECTION_ROW_BYTES;
  const nameEnd = nameAt + (whole ? view.getUint8(FIELD.nameLength) : 0);
  if (!whole || nameEnd > bytes.length || view.getUint32(FIELD.fileLength, true) !== bytes.length)
    throw new TrustError('format', 'not a snapshot');
  let entries = 0;
  for (let i = 0; i < sections; i++)
    entries += view.getUint32(FIELD.sectionTable + i * SECTION_ROW_BYTES + 12, true);
  return {
    name: new TextDecoder().decode(bytes.subarray(nameAt, nameEnd)),
    version: view.getUint32(FIELD.listVersion, true),
    created: view.getUint32(FIELD.createdLow, true) + view.getUint32(FIELD.createdHigh, true) * 2 ** 32,
    entries,
  };
}

/**
 * What an update asks of a snapshot before it replaces the one in use: that the scan worker will be able to open it, and
 * the few facts of its header that have to agree with its signed metadata.
 * @module
 */
import { FIELD, MAGIC, SECTION_ROW_BYTES } from '../snapshot/format.js';
import { checkLicensedRows } from '../snapshot/licensed-section.js';
import { readSnapshot } from '../snapshot/read.js';
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

/**
 * Checks all of a snapshot, as its reader in the scan worker does (docs/snapshot-format.md, 7). A list that can't be
 * opened must not replace the one before it in the store: after a restart there would be none.
 * @param bytes - what was signed
 * @param path - of the target, for the message
 * @throws TrustError `unreadable`
 */
export function checkReadable(bytes: Uint8Array, path: string): void {
  try {
    const { licensed, labels } = readSnapshot(bytes);
    for (const section of licensed) checkLicensedRows(section, labels.length);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TrustError('unreadable', `"${path}" was signed, but can't be read: ${why}`, { cause });
  }
}

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

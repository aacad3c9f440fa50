/**
 * The error of this room.
 * @module
 */

/**
 * Closed union of {@link SnapshotError} codes (docs/snapshot-format.md, 7.2).
 *
 * | code | meaning |
 * |---|---|
 * | `not-a-snapshot` | the bytes don't begin like a snapshot |
 * | `unsupported-version` | a format version, layout or flag that this software doesn't know |
 * | `truncated` | bytes are missing at the end |
 * | `checksum` | bytes were damaged |
 * | `malformed` | the content breaks a rule of the format |
 * | `too-large` | more than this software can hold |
 */
export type SnapshotErrorCode =
  | 'not-a-snapshot'
  | 'unsupported-version'
  | 'truncated'
  | 'checksum'
  | 'malformed'
  | 'too-large';

/** Thrown for bytes that are not a snapshot that can be read. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
  readonly code: SnapshotErrorCode;

  constructor(code: SnapshotErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

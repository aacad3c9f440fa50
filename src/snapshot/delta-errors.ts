/**
 * The error of deltas.
 * @module
 */

/**
 * Closed union of {@link DeltaError} codes (docs/delta-format.md, 4.3).
 *
 * | code | meaning |
 * |---|---|
 * | `not-a-delta` | the bytes don't begin like a delta |
 * | `unsupported-version` | a format version, flag or kind of section that this software doesn't know |
 * | `truncated` | bytes are missing at the end |
 * | `checksum` | bytes were damaged |
 * | `malformed` | the content breaks a rule of the format, or doesn't lead where it says |
 * | `wrong-base` | the delta was made for another snapshot, or the base is damaged |
 * | `too-large` | the result would be more than this software can hold |
 * | `incompatible` | there can't be a delta between two snapshots (1.2); only from `makeDelta` |
 */
export type DeltaErrorCode =
  | 'not-a-delta'
  | 'unsupported-version'
  | 'truncated'
  | 'checksum'
  | 'malformed'
  | 'wrong-base'
  | 'too-large'
  | 'incompatible';

/** Thrown where a delta can't be made, read or applied. */
export class DeltaError extends Error {
  override readonly name = 'DeltaError';
  readonly code: DeltaErrorCode;

  constructor(code: DeltaErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * @param message - which rule is broken
 * @throws DeltaError `malformed`, always
 */
export function malformed(message: string): never {
  throw new DeltaError('malformed', message);
}

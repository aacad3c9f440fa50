/**
 * Errors of the client: wrong use and failed set-up. What a scan could not find out is an
 * {@link Outcome}, never an exception.
 * @module
 */

/**
 * Closed union of {@link ScanError} codes.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-argument` | an option or a file of the wrong type or value |
 * | `closed` | the scanner was closed |
 * | `worker-unavailable` | no worker could be started, or it did not answer its first ping |
 * | `list-unavailable` | a list's bytes could not be read or fetched |
 * | `list-invalid` | a list's bytes are not a snapshot that this version can read |
 */
export type ScanErrorCode =
  | 'invalid-argument'
  | 'closed'
  | 'worker-unavailable'
  | 'list-unavailable'
  | 'list-invalid';

/** Thrown for wrong use and failed set-up. */
export class ScanError extends Error {
  override readonly name = 'ScanError';
  readonly code: ScanErrorCode;

  constructor(code: ScanErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Errors of the list client: why an update was refused. The list in use stays in use.
 * @module
 */

/**
 * Closed union of `TrustError`'s codes.
 *
 * | code | meaning |
 * |---|---|
 * | `rollback` | a version below one that was trusted before |
 * | `expired` | metadata past its expiry: a frozen repository, or a wrong clock |
 * | `threshold` | fewer distinct keys of the role signed than it takes |
 * | `signature` | no key of the role signed these bytes: wrong or removed key, or altered bytes |
 * | `version-mismatch` | a file is not the version that the metadata above it names (mix-and-match) |
 * | `length` | a file is not as long as signed |
 * | `hash` | a file does not have the digest that was signed |
 * | `format` | not TUF 1.x metadata, not a snapshot, or one that breaks a clause of docs/list-repository.md |
 * | `too-large` | more bytes, keys, roles or nesting than the limits allow |
 * | `network` | a server could not be reached or answered with an error |
 * | `not-found` | the repository has no such file, role, target or list |
 * | `timeout` | a deadline passed, or bytes came too slowly |
 * | `aborted` | the update was cancelled |
 * | `storage` | the store failed, hung or is full |
 * | `conflict` | another tab or process changed the stored state meanwhile |
 * | `unreadable` | a list, signed as it is, that this software can't read: malformed, or of a newer format |
 * | `version-floor` | the list is older than the app's `minVersion` |
 * | `fork` | evidence that different clients were shown different lists |
 * | `urgent-cap` | an urgent list has more entries than its role may add |
 * | `urgent-expired` | an urgent list is past its hours and was not approved |
 * | `delta` | a delta could not be applied or gave other bytes than those signed |
 * | `invalid-argument` | wrong use |
 * | `worker-lost` | the trust worker could not be started, died, or no longer answered |
 * | `internal` | a failure that nothing foresaw |
 */
export type TrustErrorCode =
  | 'rollback'
  | 'expired'
  | 'threshold'
  | 'signature'
  | 'version-mismatch'
  | 'length'
  | 'hash'
  | 'format'
  | 'too-large'
  | 'network'
  | 'not-found'
  | 'timeout'
  | 'aborted'
  | 'storage'
  | 'conflict'
  | 'unreadable'
  | 'version-floor'
  | 'fork'
  | 'urgent-cap'
  | 'urgent-expired'
  | 'delta'
  | 'invalid-argument'
  | 'worker-lost'
  | 'internal';

/** Thrown (or rejected with) by everything in this folder. */
export class TrustError extends Error {
  override readonly name = 'TrustError';
  readonly code: TrustErrorCode;

  constructor(code: TrustErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** A `TrustError` as data: what crosses a worker's boundary and what a status keeps. */
export interface TrustFailure {
  readonly code: TrustErrorCode;
  readonly message: string;
}

/**
 * @param error - anything thrown
 * @param otherwise - code of what is no TrustError
 * @returns the error itself if it is a TrustError, else one that has it as its cause
 */
export function asTrustError(error: unknown, otherwise: TrustErrorCode = 'internal'): TrustError {
  if (error instanceof TrustError) return error;
  return new TrustError(otherwise, error instanceof Error ? error.message : String(error), { cause: error });
}

/**
 * @param error - anything thrown
 * @returns its code and message as a plain object
 */
export function toFailure(error: unknown): TrustFailure {
  const { code, message } = asTrustError(error);
  return { code, message };
}

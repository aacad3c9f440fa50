/**
 * Errors of the publisher's tools.
 * @module
 */
import type { Finding } from './findings.js';

/**
 * Closed union of {@link PublisherError} codes.
 *
 * | code | meaning |
 * |---|---|
 * | `usage` | options that are wrong, missing or in conflict |
 * | `input-unreadable` | a file that could not be opened or read |
 * | `input-invalid` | lines of a list that are not hashes; `findings` lists them |
 * | `input-empty` | not one entry is left to build a list of |
 * | `accusing-hash` | hashes that would accuse innocent files, refused by `strict`; `findings` lists them |
 * | `too-many-labels` | more different labels than a snapshot can number |
 * | `capacity-exceeded` | more entries than the list's capacity |
 * | `base-conflict` | the build disagrees with the base snapshot: another name, a version not higher, other widths |
 * | `snapshot-invalid` | the bytes are not a snapshot that this version reads |
 * | `output-failed` | the result could not be written |
 * | `key-invalid` | a file that is not a key, not one of this role, not to be opened, or open to others |
 * | `repository-invalid` | a repository with files missing or damaged, or none at all |
 * | `version-conflict` | a version that is published already, or another list staged before |
 * | `urgent-cap` | more entries than the urgent role may add |
 * | `not-reproduced` | the signer's own inputs give another snapshot than the one to be signed |
 * | `threshold` | too few organisations have signed |
 * | `refused` | clients would refuse the repository, or do |
 */
export type PublisherErrorCode =
  | 'usage'
  | 'input-unreadable'
  | 'input-invalid'
  | 'input-empty'
  | 'accusing-hash'
  | 'too-many-labels'
  | 'capacity-exceeded'
  | 'base-conflict'
  | 'snapshot-invalid'
  | 'output-failed'
  | 'key-invalid'
  | 'repository-invalid'
  | 'version-conflict'
  | 'urgent-cap'
  | 'not-reproduced'
  | 'threshold'
  | 'refused';

/** Thrown by everything under `presieve/publisher`. */
export class PublisherError extends Error {
  override readonly name = 'PublisherError';
  readonly code: PublisherErrorCode;
  /** The lines at fault, the first of them and how many there are in all; null where no line is. */
  readonly findings: Finding[] | null;
  /** Lines at fault in all; `findings` may hold fewer. */
  readonly findingCount: number;

  /**
   * @param code - what went wrong
   * @param message - one sentence for a person, without a full stop
   * @param options - the cause, and the lines at fault
   */
  constructor(
    code: PublisherErrorCode,
    message: string,
    options: { cause?: unknown; findings?: Finding[]; findingCount?: number } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.findings = options.findings ?? null;
    this.findingCount = options.findingCount ?? this.findings?.length ?? 0;
  }
}

/** What an operating system's error code means, in words. */
const MEANINGS: Record<string, string> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'is a directory',
  ENOSPC: 'no space left on the device',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EIO: 'input/output error',
};

/**
 * @param error - anything thrown by `node:fs`
 * @returns why, in a few words, without the path
 */
export function systemReason(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return MEANINGS[code ?? ''] ?? message ?? String(error);
}

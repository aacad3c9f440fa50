/**
 * What crosses between the page and the fingerprint worker.
 * @module
 */
import type { Limits } from '../limits.js';
import type { PartName } from '../parts.js';
import type { PartBytes, PartCode, Reply } from '../worker/protocol.js';
import type { Fingerprint } from './types.js';

/** Raised with every incompatible change, so that a page never drives another version's worker. */
export const FINGERPRINT_PROTOCOL = 1;

/** A fingerprint, or why there is none. */
export type FingerprintReply =
  | { ok: true; value: Fingerprint }
  | { ok: false; code: 'unreadable' | 'internal'; message: string };

/** The worker's side. One file, one worker. */
export interface FingerprintWorkerApi {
  /**
   * Begins to load the video part, if there is one, before any file is seen.
   * @returns the worker's protocol version
   */
  hello(limits: Limits, parts: readonly PartCode[]): Promise<number>;
  /** Creates a part that was named at `hello`; null for its files if they can't be had. */
  createPart(name: PartName, files: readonly PartBytes[] | null): Promise<Reply<'part-ready'>>;
  /**
   * @param file - the file
   * @param onProgress - told 0 to 1
   */
  run(file: Blob, onProgress: (fraction: number) => void): Promise<FingerprintReply>;
}

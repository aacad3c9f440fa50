/**
 * What crosses between the page and the scan worker, and nothing else does.
 *
 * Into the worker: list bytes, files, settings. Out of it: names and versions of opened lists, progress
 * fractions, {@link Outcome}s, and failures as data (comlink keeps only message, name and stack of a thrown
 * error).
 * @module
 */
import type { Limits } from '../limits.js';
import type { HostDecodedImage } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { PartName } from '../parts.js';
import type { Policy } from '../policy.js';
import type { SearchPreset } from '../scan/search-plan.js';

/** Raised with every incompatible change, so that a page never drives another version's worker. */
export const PROTOCOL_VERSION = 3;

/** A value, or a failure as data. */
export type Reply<T> =
  | { ok: true; value: T }
  | { ok: false; code: 'list-invalid' | 'internal'; message: string };

/** A list for the worker to open. */
export interface ListToOpen {
  /** Names these bytes: a list that is open under the same key stays open and is not read again. */
  key: string;
  snapshot: Blob;
  /** When it is no longer vouched for, in milliseconds since 1970. Absent for lists that are not signed. */
  expires?: number;
  /** True for a small urgent list, which is no longer used after `expires`, whatever the policy says. */
  urgent?: boolean;
}

/** A part's code for the worker to import. */
export interface PartCode {
  name: PartName;
  /** Absolute address. */
  code: string;
  /** Absolute address of its library. */
  library?: string;
}

/** A data file of a part. */
export interface PartBytes {
  name: string;
  blob: Blob;
  /** What its SHA-256 must be, in hex. */
  sha256: string;
}

/** The lists in use now, or why they could not be opened and which of them (its index) is to blame. */
export type OpenListsReply =
  | { ok: true; value: OpenedListInfo[] }
  | { ok: false; code: 'list-invalid' | 'internal'; message: string; index?: number };

/** What the page may know of an opened list. */
export interface OpenedListInfo {
  name: string;
  version: number;
  createdSeconds: number;
  demo: boolean;
}

/** What the page tells a new worker. */
export interface WorkerSettings {
  policy: Policy;
  limits: Limits;
  labels: boolean;
  search: SearchPreset;
  /** Types that the host decodes itself; empty for none. */
  hostDecoderTypes: readonly string[];
  /** Code to import, at once. */
  parts: readonly PartCode[];
  /** Name of a lock that the worker holds for as long as it lives, so that the page learns of its death. */
  lifeLock: string;
}

/** A new worker's first answer. */
export interface WorkerGreeting {
  protocol: number;
  /** Whether the worker holds its life lock; false where Web Locks are missing or refused. */
  holdsLifeLock: boolean;
}

/** The page's side, called by the worker. */
export interface PageCallbacks {
  onProgress(scanId: number, fraction: number): void;
  /** The file is a video of so many seconds: its scan may take longer. */
  onVideoLength(scanId: number, seconds: number): void;
  decode(file: Blob, type: string): Promise<HostDecodedImage | null>;
}

/** The worker's side, called by the page. */
export interface ScanWorkerApi {
  /** Answers the first ping, once the life lock is held or known to be out of reach. */
  hello(settings: WorkerSettings, callbacks: PageCallbacks): Promise<WorkerGreeting>;
  /**
   * Opens lists, in place of those opened before, which stay open if one of these can't be.
   * `missing`: a list that the host asked for is not among them.
   */
  openLists(lists: readonly ListToOpen[], missing: boolean): Promise<OpenListsReply>;
  /**
   * Makes a declared part ready for the scans that need it.
   * @param files - its data files, or null if they can't be had
   */
  createPart(name: PartName, files: readonly PartBytes[] | null): Promise<Reply<'part-ready'>>;
  /** Scans one file. `timeoutMs`: what it may take, before the page replaces the worker. */
  scan(scanId: number, file: Blob, timeoutMs: number): Promise<Reply<Outcome>>;
  /** Asks a running scan to end soon. */
  cancel(scanId: number): void;
}

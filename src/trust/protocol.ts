/**
 * What crosses between the page and the trust worker. Failures are data: comlink keeps only message, name and stack of
 * a thrown error.
 * @module
 */
import type { TrustFailure } from './errors.js';
import type { TrustLimits } from './limits.js';
import type { TrustedList } from './repository.js';
import type { RepositoryStatus } from './status.js';
import type { RepositoryConfig } from './update-list.js';

/** Raised with every incompatible change, so that a page never drives another version's worker. */
export const TRUST_PROTOCOL_VERSION = 2;

/** A value, or a failure as data. */
export type TrustReply<T> = { ok: true; value: T } | { ok: false; failure: TrustFailure };

/** A new worker's first answer. */
export interface TrustGreeting {
  readonly protocol: number;
  /** Whether the worker holds its life lock; false where Web Locks are missing or refused. */
  readonly holdsLifeLock: boolean;
}

/** What the page tells a new worker. */
export interface TrustWorkerSettings {
  readonly repositories: readonly RepositoryConfig[];
  /** Those that differ from the defaults. */
  readonly limits?: Partial<TrustLimits>;
  /** Name of the database; default `presieve-lists`. */
  readonly databaseName?: string;
  /** Name of a lock that the worker holds for as long as it lives, so that the page learns of its death. */
  readonly lifeLock?: string;
}

/** The page's side, called by the worker. */
export interface TrustPageCallbacks {
  /** An update ended. `changed`: the page should read the lists anew. */
  onUpdate(repository: string, changed: boolean, status: RepositoryStatus): void;
}

/** The worker's side, called by the page. */
export interface TrustWorkerApi {
  /** Answers the first ping, once the life lock is held or known to be out of reach. */
  hello(settings: TrustWorkerSettings, callbacks: TrustPageCallbacks): Promise<TrustGreeting>;
  /** Lists that may be used now; their bytes are transferred. */
  readLists(): Promise<TrustReply<TrustedList[]>>;
  /** Begins to update, at once and at intervals. */
  start(): Promise<TrustReply<null>>;
  /** Updates now. @returns true if a list changed */
  update(): Promise<TrustReply<boolean>>;
  status(): Promise<TrustReply<RepositoryStatus[]>>;
  /** Answers at once: for the page's watchdog. */
  ping(): Promise<null>;
  /** Ends all updates. */
  stop(): void;
}

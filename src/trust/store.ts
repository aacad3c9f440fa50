/**
 * What is kept between updates, and where. A commit puts list bytes under their digest first and the one record that
 * says what is current last, so that any prefix of its writes leaves the old state whole.
 * @module
 */
import type { ChainHead } from './chain.js';
import { TrustError, type TrustFailure } from './errors.js';
import type { MetadataFiles } from './trusted-set.js';
import type { UrgentMemory } from './urgent.js';

/** A list in use, or an urgent addition to one. All times in milliseconds since 1970. */
export interface StoredList {
  readonly name: string;
  readonly urgent: boolean;
  readonly version: number;
  readonly created: number;
  readonly entries: number;
  readonly sha256: string;
  /** Bytes. */
  readonly length: number;
  /** The targets role that lists it. */
  readonly role: string;
  /** Ids of the keys that signed that role's metadata. */
  readonly approvingKeys: readonly string[];
  /** When that role's metadata expires. */
  readonly expires: number;
  /** When the first of all the metadata that led to it expires: past it, there may be a newer list. */
  readonly freshUntil: number;
  /** When an urgent list has to be dropped; undefined for an approved or ordinary one. */
  readonly urgentUntil?: number | undefined;
  readonly installed: number;
}

/** Figures on a repository's updates. */
export interface UpdateStatistics {
  readonly updates: number;
  readonly failedUpdates: number;
  /** Since the last update that succeeded. */
  readonly failuresInARow: number;
  readonly bytesFetched: number;
  readonly deltasApplied: number;
  readonly fullSnapshots: number;
}

/** The end of the last update. */
export interface LastUpdate {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Why the whole update failed; undefined if it did not. */
  readonly failure?: TrustFailure | undefined;
  /** Why single lists could not be updated, by name. */
  readonly listFailures: Readonly<Record<string, TrustFailure>>;
  /** What went wrong beside, by `NAME (urgent)` and `NAME (delta)`; no reason to come back sooner. */
  readonly warnings: Readonly<Record<string, TrustFailure>>;
}

/** Everything small that is kept of one repository: one record. */
export interface RepositoryState {
  readonly format: 1;
  /** Rises with each commit; see {@link TrustStore.commit}. */
  readonly revision: number;
  /** Undefined before the first update. */
  readonly metadata?: MetadataFiles | undefined;
  readonly heads: Readonly<Record<string, ChainHead>>;
  readonly lists: readonly StoredList[];
  /** By list. */
  readonly urgentMemory: Readonly<Record<string, UrgentMemory>>;
  /** Poll interval and names of key holders, from the trusted metadata. */
  readonly pollSeconds?: number | undefined;
  readonly organisations: Readonly<Record<string, string>>;
  readonly lastUpdate?: LastUpdate | undefined;
  readonly statistics: UpdateStatistics;
}

/** The state of a repository that was never updated. */
export const EMPTY_STATE: RepositoryState = Object.freeze({
  format: 1,
  revision: 0,
  heads: {},
  lists: [],
  urgentMemory: {},
  organisations: {},
  statistics: {
    updates: 0,
    failedUpdates: 0,
    failuresInARow: 0,
    bytesFetched: 0,
    deltasApplied: 0,
    fullSnapshots: 0,
  },
});

/** Bytes of a list by their digest. */
export interface SnapshotBytes {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Where a store keeps things. `memory` forgets everything when its worker ends: rollback protection then begins anew. */
export type StoreKind = 'indexeddb' | 'memory' | 'custom';

/** Keeps states and lists of any number of repositories. Every call settles within a deadline. */
export interface TrustStore {
  readonly kind: StoreKind;
  /** Why it is not the kind that was asked for. */
  readonly fallbackReason?: TrustFailure | undefined;
  /** @throws TrustError (by rejection) `storage` */
  readState(repository: string): Promise<RepositoryState | undefined>;
  /** @returns bytes as they were committed; whoever reads them checks their digest. @throws TrustError `storage` */
  readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined>;
  /**
   * Takes a new state over, wholly or not at all: puts `snapshots`, then the state, then removes what the state does not
   * name.
   * @param repository - its name
   * @param state - with a revision one above that of the state that it was made from
   * @param snapshots - lists that the state names and the store may not have
   * @throws TrustError (by rejection) `conflict` if the stored revision is another one by now, or `storage`
   */
  commit(repository: string, state: RepositoryState, snapshots: readonly SnapshotBytes[]): Promise<void>;
  close(): void;
}

/**
 * @param stored - what a store holds
 * @param state - what is to replace it
 * @throws TrustError `conflict`
 */
export function checkRevision(stored: RepositoryState | undefined, state: RepositoryState): void {
  const revision = stored?.revision ?? 0;
  if (state.revision !== revision + 1) {
    throw new TrustError(
      'conflict',
      `the stored state has revision ${revision} instead of ${state.revision - 1}: changed by another tab`,
    );
  }
}

/** The store of a worker without storage. A commit is one synchronous step. */
export class MemoryStore implements TrustStore {
  readonly kind = 'memory';
  readonly fallbackReason: TrustFailure | undefined;
  readonly #states = new Map<string, RepositoryState>();
  readonly #snapshots = new Map<string, Map<string, Uint8Array>>();

  /** @param fallbackReason - why nothing better could be had */
  constructor(fallbackReason?: TrustFailure) {
    this.fallbackReason = fallbackReason;
  }

  async readState(repository: string): Promise<RepositoryState | undefined> {
    return this.#states.get(repository);
  }

  async readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined> {
    return this.#snapshots.get(repository)?.get(sha256)?.slice();
  }

  async commit(
    repository: string,
    state: RepositoryState,
    snapshots: readonly SnapshotBytes[],
  ): Promise<void> {
    checkRevision(this.#states.get(repository), state);
    const kept = new Map(this.#snapshots.get(repository));
    for (const { sha256, bytes } of snapshots) kept.set(sha256, bytes.slice());
    const named = new Set(state.lists.map((list) => list.sha256));
    for (const sha256 of kept.keys()) if (!named.has(sha256)) kept.delete(sha256);
    this.#snapshots.set(repository, kept);
    this.#states.set(repository, structuredClone(state));
  }

  /** Takes a state over without a look at revisions. */
  adopt(repository: string, state: RepositoryState): void {
    this.#states.set(repository, structuredClone(state));
  }

  close(): void {}
}

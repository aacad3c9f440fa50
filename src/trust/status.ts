/**
 * What an app, and through it anyone, may know of the lists in use.
 * @module
 */
import type { TrustFailure } from './errors.js';
import type {
  LastUpdate,
  RepositoryState,
  StoredList,
  StoreKind,
  TrustStore,
  UpdateStatistics,
} from './store.js';
import type { WantedList } from './update-list.js';

/** A key that signed. */
export interface ApprovingKey {
  /** SHA-256 of the key's canonical form. */
  readonly keyId: string;
  /** Who holds it, as the root metadata says. */
  readonly organisation?: string | undefined;
}

/** One list, or an urgent addition to one. */
export interface ListStatus {
  readonly repository: string;
  readonly name: string;
  readonly urgent: boolean;
  /** Undefined if there is no usable list of this name; all that follows is then undefined, too. */
  readonly version?: number;
  /** Since it was made. */
  readonly ageSeconds?: number;
  /** ISO 8601. When its approval ends; for an urgent list the earlier of that and its hours. */
  readonly expires?: string;
  readonly expired?: boolean;
  /** ISO 8601. Past it a newer list may be held back from this client. */
  readonly freshUntil?: string;
  readonly entries?: number;
  readonly approvingKeys?: readonly ApprovingKey[];
  /** Of the snapshot: for comparison with what the publisher publishes. */
  readonly sha256?: string;
}

/** One repository. */
export interface RepositoryStatus {
  readonly repository: string;
  readonly lists: readonly ListStatus[];
  /** `memory`: nothing outlives the worker, and rollback protection begins anew at the next start. */
  readonly store: StoreKind;
  readonly storeFailure?: TrustFailure | undefined;
  /** ISO 8601, and what went wrong. */
  readonly lastUpdate?: (Omit<LastUpdate, 'at'> & { readonly at: string }) | undefined;
  readonly statistics: UpdateStatistics;
}

/**
 * @param list - a stored list
 * @param now - milliseconds since 1970
 * @param wanted - what the app asks for
 * @returns true if the list may be used: not below the app's floor, an urgent one within its hours
 */
export function isUsable(list: StoredList, now: number, wanted: readonly WantedList[]): boolean {
  const want = wanted.find(({ name }) => name === list.name);
  if (want === undefined) return false;
  if (list.urgent) return list.urgentUntil === undefined || list.urgentUntil > now;
  return list.version >= (want.minVersion ?? 1);
}

/**
 * @param list - a stored list
 * @returns when it is no longer vouched for, in milliseconds since 1970
 */
export function expiryOf(list: StoredList): number {
  return Math.min(list.expires, list.urgentUntil ?? Number.POSITIVE_INFINITY);
}

/**
 * @param repository - its name
 * @param state - as stored
 * @param wanted - lists that the app asks for
 * @param now - milliseconds since 1970
 * @param store - where the state is kept
 * @returns the status; one row at least for each wanted list
 */
export function repositoryStatus(
  repository: string,
  state: RepositoryState,
  wanted: readonly WantedList[],
  now: number,
  store: Pick<TrustStore, 'kind' | 'fallbackReason'>,
): RepositoryStatus {
  const usable = state.lists.filter((list) => isUsable(list, now, wanted));
  const rows = usable.map((list): ListStatus => {
    const expires = expiryOf(list);
    return {
      repository,
      name: list.name,
      urgent: list.urgent,
      version: list.version,
      ageSeconds: Math.max(0, Math.floor((now - list.created) / 1000)),
      expires: new Date(expires).toISOString(),
      expired: expires <= now,
      freshUntil: new Date(list.freshUntil).toISOString(),
      entries: list.entries,
      approvingKeys: list.approvingKeys.map((keyId) => ({
        keyId,
        organisation: Object.hasOwn(state.organisations, keyId) ? state.organisations[keyId] : undefined,
      })),
      sha256: list.sha256,
    };
  });
  for (const { name } of wanted)
    if (!rows.some((row) => row.name === name && !row.urgent)) rows.push({ repository, name, urgent: false });
  const { lastUpdate, statistics } = state;
  return {
    repository,
    lists: rows,
    store: store.kind,
    storeFailure: store.fallbackReason,
    lastUpdate: lastUpdate && { ...lastUpdate, at: new Date(lastUpdate.at).toISOString() },
    statistics,
  };
}

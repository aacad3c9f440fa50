/**
 * What clients make of a repository: the real client, with a memory of its own.
 * @module
 */
import type { ChainHead } from '../../trust/chain.js';
import type { TrustFailure } from '../../trust/errors.js';
import { toFailure } from '../../trust/errors.js';
import { DEFAULT_TRUST_LIMITS } from '../../trust/limits.js';
import { type RepositoryStatus, repositoryStatus } from '../../trust/status.js';
import { EMPTY_STATE, MemoryStore, type TrustStore } from '../../trust/store.js';
import { createFetchTransport } from '../../trust/transport.js';
import { updateRepository } from '../../trust/update-list.js';
import { Updater } from '../../trust/updater.js';
import { PublisherError } from '../errors.js';
import { applyDelta } from './deltas.js';
import { diskFolder, folderAddress, type RepositoryAddress } from './folder.js';

/** What a client came to. */
export interface Verification {
  readonly rootVersion: number;
  /** Lists in use, as an app sees them. */
  readonly status: RepositoryStatus;
  /** Heads of chains, to be compared with what others were shown. */
  readonly heads: Readonly<Record<string, ChainHead>>;
  /** Why the whole update was refused, if it was. */
  readonly failure?: TrustFailure | undefined;
  /** Why single lists were refused, by name. */
  readonly listFailures: Readonly<Record<string, TrustFailure>>;
  /** What went wrong beside, by `NAME (urgent)` and `NAME (delta)`. */
  readonly warnings: Readonly<Record<string, TrustFailure>>;
}

/** How a repository is verified. */
export interface VerifyOptions {
  /** Root metadata that the client starts from. */
  readonly root: Uint8Array;
  /** Default: every list that the top-level targets role has. */
  readonly lists?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** What the client remembers; default: nothing. */
  readonly store?: TrustStore;
}

const NAME = 'verified';

/**
 * @param place - a folder, or the address of one on a server
 * @returns how a client reaches it
 * @throws PublisherError `usage`
 */
export function repositoryAddress(place: string): RepositoryAddress {
  if (!/^[a-z]+:\/\//i.test(place)) return folderAddress(diskFolder(place));
  if (!/^https?:\/\//i.test(place) || !URL.canParse(place))
    throw new PublisherError('usage', `${place}: only http and https addresses are fetched`);
  const base = place.endsWith('/') ? place : `${place}/`;
  return {
    name: place,
    metadataUrl: new URL('metadata/', base).href,
    targetsUrl: new URL('targets/', base).href,
    transport: createFetchTransport(DEFAULT_TRUST_LIMITS),
  };
}

/**
 * Updates a client from a repository.
 * @param address - the repository
 * @param options - anchor, lists, time
 * @returns what it accepts, and why it refuses the rest
 */
export async function verifyRepository(
  address: RepositoryAddress,
  { root, lists, now, store = new MemoryStore() }: VerifyOptions,
): Promise<Verification> {
  const { metadataUrl, targetsUrl, transport } = address;
  const common = { metadataUrl, targetsUrl, root };
  let names = lists ?? [];
  let failure: TrustFailure | undefined;
  let rootVersion = 0;
  try {
    const limits = DEFAULT_TRUST_LIMITS;
    const stored = (await store.readState(NAME))?.metadata;
    const updater = new Updater({ ...common, anchor: root, stored, transport, now, limits });
    rootVersion = updater.root.version;
    await updater.refresh();
    rootVersion = updater.root.version;
    if (lists === undefined) names = await listNames(updater);
  } catch (error) {
    failure = toFailure(error);
  }
  const wanted = names.map((name) => ({ name }));
  const config = { ...common, repository: NAME, lists: wanted };
  if (failure === undefined) {
    const environment = { store, transport, now: () => now, limits: DEFAULT_TRUST_LIMITS, applyDelta };
    const report = await updateRepository(config, environment);
    const status = repositoryStatus(address.name, report.state, wanted, now, store);
    const { listFailures, warnings } = report;
    return {
      rootVersion,
      status,
      heads: report.state.heads,
      failure: report.failure,
      listFailures,
      warnings,
    };
  }
  const state = (await store.readState(NAME)) ?? EMPTY_STATE;
  const status = repositoryStatus(address.name, state, wanted, now, store);
  return { rootVersion, status, heads: state.heads, failure, listFailures: {}, warnings: {} };
}

/** @returns true if something was refused; remarks on urgent lists and deltas don't count */
export function isRefused({ failure, listFailures }: Verification): boolean {
  return failure !== undefined || Object.keys(listFailures).length > 0;
}

async function listNames(updater: Updater): Promise<string[]> {
  const names = new Set<string>();
  // The top-level role comes first in any search.
  for await (const { metadata } of updater.rolesFor('any')) {
    for (const { custom } of Object.values(metadata.signed.targets)) {
      const list = (custom as { presieve?: { list?: unknown } } | undefined)?.presieve?.list;
      if (typeof list === 'string') names.add(list);
    }
    break;
  }
  return [...names].sort();
}

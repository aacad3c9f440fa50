/**
 * One whole update of one repository, in order: load what is trusted, refresh the metadata, and for each list choose its
 * targets, fetch them (deltas where they are smaller), verify, commit. Whatever fails, the list in use stays in use.
 * @module
 */
import { asTrustError, TrustError, type TrustErrorCode, type TrustFailure, toFailure } from './errors.js';
import type { TrustLimits } from './limits.js';
import {
  findList,
  type ListOffer,
  type ListSearch,
  type ListTarget,
  planDeltas,
  type UrgentOffer,
} from './list-targets.js';
import { verifyTarget } from './models.js';
import { checkReadable, readSnapshotFacts } from './snapshot-facts.js';
import {
  EMPTY_STATE,
  type RepositoryState,
  type SnapshotBytes,
  type StoredList,
  type TrustStore,
  type UpdateStatistics,
} from './store.js';
import type { Transport } from './transport.js';
import { Updater, type UpdaterOptions } from './updater.js';
import { checkUrgent } from './urgent.js';

/** A list that an app wants. */
export interface WantedList {
  readonly name: string;
  /** Older versions are refused even where nothing is stored: a floor under lost rollback protection. Default 1. */
  readonly minVersion?: number | undefined;
}

/** A repository as an app names it. */
export interface RepositoryConfig {
  /** Name under which its state is kept. A repository with new root keys and no chain from the old ones needs a new one. */
  readonly repository: string;
  /** Where its metadata lies, with a slash at its end. */
  readonly metadataUrl: string;
  /** Where its targets lie, with a slash at its end. */
  readonly targetsUrl: string;
  /** Root metadata of any version, come to the app by a way that it trusts. */
  readonly root: Uint8Array;
  readonly lists: readonly WantedList[];
}

/**
 * Applies a delta to a snapshot.
 * @returns the bytes of the new snapshot; they are checked against the signed digest
 */
export type ApplyDelta = (base: Uint8Array, delta: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** What an update works with. */
export interface UpdateEnvironment {
  readonly store: TrustStore;
  readonly transport: Transport;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly limits: TrustLimits;
  /** Without it every update is a full snapshot. */
  readonly applyDelta?: ApplyDelta | undefined;
  /** Digests of lists found unreadable, and why: they are not fetched again for as long as this software runs. */
  readonly unreadable?: Map<string, string> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How an update ended. */
export interface UpdateReport {
  /** The state that is stored now. */
  readonly state: RepositoryState;
  /** True if a list was taken over or dropped. */
  readonly changed: boolean;
  /** Why the whole update failed, if it did. */
  readonly failure?: TrustFailure | undefined;
  /** Why single lists could not be updated, by name. */
  readonly listFailures: Readonly<Record<string, TrustFailure>>;
  /** What went wrong beside, by `NAME (urgent)` and `NAME (delta)`. */
  readonly warnings: Readonly<Record<string, TrustFailure>>;
}

/** Codes that end the whole update; anything else is one list's own affair. */
const ENDING: readonly TrustErrorCode[] = ['conflict', 'storage', 'aborted'];

/**
 * Updates once.
 * @param config - the repository
 * @param environment - store, transport, clock, limits
 * @returns how it ended; a refused update is a report with a `failure`, not a rejection
 * @throws TrustError (by rejection) `storage` if not even the stored state could be read
 */
export async function updateRepository(
  config: RepositoryConfig,
  environment: UpdateEnvironment,
): Promise<UpdateReport> {
  const stored = (await environment.store.readState(config.repository)) ?? EMPTY_STATE;
  const run = new UpdateRun(config, environment, stored);
  try {
    await run.update();
  } catch (error) {
    run.fail(error);
  }
  return run.finish();
}

class UpdateRun {
  readonly #config: RepositoryConfig;
  readonly #environment: UpdateEnvironment;
  /** TUF 5.1: one time for the whole update. */
  readonly #now: number;
  #state: RepositoryState;
  #updater: Updater | undefined;
  #changed = false;
  #failure: TrustFailure | undefined;
  readonly #listFailures: Record<string, TrustFailure> = {};
  readonly #warnings: Record<string, TrustFailure> = {};
  #deltasApplied = 0;
  #fullSnapshots = 0;

  constructor(config: RepositoryConfig, environment: UpdateEnvironment, state: RepositoryState) {
    this.#config = config;
    this.#environment = environment;
    this.#now = environment.now();
    this.#state = state;
  }

  async update(): Promise<void> {
    this.#updater = this.#createUpdater();
    await this.#updater.refresh();
    for (const { name, minVersion = 1 } of this.#config.lists) {
      try {
        const search = await findList((path, onFailure) => this.#updater!.rolesFor(path, onFailure), name);
        await this.#updateOrdinary(name, search, minVersion);
        await this.#updateUrgent(name, search);
      } catch (error) {
        const failure = asTrustError(error);
        if (ENDING.includes(failure.code)) throw failure;
        this.#listFailures[name] = toFailure(failure);
      }
    }
  }

  fail(error: unknown): void {
    this.#failure = toFailure(error);
  }

  /** Commits what was verified, also after a failure, and the figures. */
  async finish(): Promise<UpdateReport> {
    const failed = this.#failure !== undefined || Object.keys(this.#listFailures).length > 0;
    try {
      await this.#commit({
        lastUpdate: {
          at: this.#now,
          failure: this.#failure,
          listFailures: this.#listFailures,
          warnings: this.#warnings,
        },
        statistics: this.#statistics(failed),
      });
    } catch (error) {
      this.#failure ??= toFailure(error);
    }
    return {
      state: this.#state,
      changed: this.#changed,
      failure: this.#failure,
      listFailures: this.#listFailures,
      warnings: this.#warnings,
    };
  }

  #createUpdater(): Updater {
    const { metadataUrl, targetsUrl, root } = this.#config;
    const { transport, limits, signal } = this.#environment;
    const { metadata, heads } = this.#state;
    const options: UpdaterOptions = {
      metadataUrl,
      targetsUrl,
      anchor: root,
      stored: metadata,
      heads,
      transport,
      now: this.#now,
      limits,
      signal,
    };
    try {
      return new Updater(options);
    } catch (error) {
      // Damaged storage: begin again from the app's root. Heads and list versions still stand against rollback.
      if (metadata === undefined) throw error;
      return new Updater({ ...options, stored: undefined });
    }
  }

  async #updateOrdinary(name: string, { base }: ListSearch, minVersion: number): Promise<void> {
    if (base === undefined) throw new TrustError('not-found', `"${name}" is not a list of this repository`);
    const { snapshot } = base;
    const { version } = snapshot.facts;
    if (version < minVersion) {
      throw new TrustError(
        'version-floor',
        `"${name}" has version ${version}, below the floor ${minVersion}`,
      );
    }
    const stored = this.#stored(name, false);
    if (stored !== undefined && version < stored.version)
      throw new TrustError('rollback', `"${name}" went back from version ${stored.version} to ${version}`);
    await this.#install(name, base, false, stored, undefined, {});
  }

  async #updateUrgent(name: string, { base, urgent, urgentFailure }: ListSearch): Promise<void> {
    const stored = this.#stored(name, true);
    try {
      if (urgentFailure !== undefined) throw urgentFailure;
      if (urgent !== undefined) return await this.#installUrgent(name, urgent, base!, stored);
      if (stored !== undefined) await this.#drop(stored);
    } catch (error) {
      const failure = asTrustError(error);
      if (ENDING.includes(failure.code)) throw failure;
      this.#warnings[`${name} (urgent)`] = toFailure(failure);
      // What is in use stays in use, for as long as it may.
      if (stored?.urgentUntil !== undefined && stored.urgentUntil <= this.#now) await this.#drop(stored);
    }
  }

  async #installUrgent(
    name: string,
    urgent: UrgentOffer,
    base: ListOffer,
    stored: StoredList | undefined,
  ): Promise<void> {
    const { urgentMemory } = this.#state;
    const { limits } = this.#environment;
    const known = Object.hasOwn(urgentMemory, name) ? urgentMemory[name] : undefined;
    const { version } = base.role.metadata.signed;
    const { until, memory } = checkUrgent(urgent, version, known, this.#now, limits);
    const also = memory ? { urgentMemory: { ...urgentMemory, [name]: memory } } : {};
    await this.#install(name, urgent, true, stored, until, also, urgent.rule?.maxEntries);
  }

  /** Fetches a list unless it is there, verifies it and commits it with the metadata that vouches for it. */
  async #install(
    name: string,
    { snapshot, deltas, role }: ListOffer,
    urgent: boolean,
    stored: StoredList | undefined,
    urgentUntil: number | undefined,
    also: Partial<RepositoryState>,
    maxEntries = Number.POSITIVE_INFINITY,
  ): Promise<void> {
    const { facts, sha256, length } = snapshot;
    const isSameVersion = stored?.version === facts.version;
    if (isSameVersion && stored.sha256 !== sha256)
      throw new TrustError('fork', `"${snapshot.path}" was another file before, of the same version`);
    const snapshots: SnapshotBytes[] = [];
    if (!isSameVersion) {
      const { unreadable } = this.#environment;
      const known = unreadable?.get(sha256);
      if (known !== undefined) throw new TrustError('unreadable', known);
      const bytes = await this.#obtain(snapshot, deltas, stored);
      try {
        checkReadable(bytes, snapshot.path);
      } catch (error) {
        unreadable?.set(sha256, asTrustError(error).message);
        throw error;
      }
      this.#checkFacts(bytes, snapshot, maxEntries);
      snapshots.push({ sha256, bytes });
    }
    const { timestamp, snapshot: snapshotMetadata } = this.#updater!;
    const { expires } = role.metadata.signed;
    const record: StoredList = {
      name,
      urgent,
      version: facts.version,
      created: facts.created * 1000,
      entries: facts.entries,
      sha256,
      length,
      role: role.role,
      approvingKeys: role.signers,
      expires,
      freshUntil: Math.min(timestamp.expires, snapshotMetadata.expires, expires),
      urgentUntil,
      installed: isSameVersion ? stored.installed : this.#now,
    };
    const lists = [...this.#others(record), record];
    if (snapshots.length > 0) {
      await this.#commit({ ...also, lists }, snapshots);
      this.#changed = true;
    } else {
      // The same list, vouched for anew: committed with the end of the update.
      this.#state = { ...this.#state, ...also, lists };
    }
  }

  /** By deltas if they are smaller and work, else in full. */
  async #obtain(
    snapshot: ListTarget,
    deltas: readonly ListTarget[],
    stored: StoredList | undefined,
  ): Promise<Uint8Array> {
    const { applyDelta, store } = this.#environment;
    const way = stored && planDeltas(deltas, stored.version, snapshot.facts.version, snapshot.length);
    if (applyDelta !== undefined && way !== undefined) {
      try {
        let bytes = await store.readSnapshot(this.#config.repository, stored!.sha256);
        if (bytes === undefined) throw new TrustError('delta', 'the base is not stored');
        await verifyTarget(bytes, { hashes: { sha256: stored!.sha256 } }, 'the stored list');
        for (const delta of way) bytes = await applyDelta(bytes, await this.#updater!.fetchTarget(delta));
        await verifyTarget(bytes, snapshot, snapshot.path);
        this.#deltasApplied += way.length;
        return bytes;
      } catch (error) {
        const { code, message } = asTrustError(error, 'delta');
        if (code === 'aborted') throw error;
        // Said, not fatal: the full snapshot is the way that always works.
        this.#warnings[`${snapshot.facts.list} (delta)`] = { code, message };
      }
    }
    const bytes = await this.#updater!.fetchTarget(snapshot);
    this.#fullSnapshots++;
    return bytes;
  }

  /** 4.6, 6.2: what the list says of itself is what was signed of it. */
  #checkFacts(bytes: Uint8Array, { path, facts }: ListTarget, maxEntries: number): void {
    const found = readSnapshotFacts(bytes);
    if (found.entries > maxEntries)
      throw new TrustError('urgent-cap', `"${path}" has ${found.entries} entries, over ${maxEntries}`);
    const { list: name, version, created, entries } = facts;
    for (const [field, expected] of Object.entries({ name, version, created, entries })) {
      const value = found[field as keyof typeof found];
      if (value !== expected)
        throw new TrustError('format', `"${path}" has the ${field} ${value}, its metadata says ${expected}`);
    }
  }

  #stored(name: string, urgent: boolean): StoredList | undefined {
    return this.#state.lists.find((list) => list.name === name && list.urgent === urgent);
  }

  #others(record: StoredList): StoredList[] {
    return this.#state.lists.filter((list) => list.name !== record.name || list.urgent !== record.urgent);
  }

  async #drop(record: StoredList): Promise<void> {
    await this.#commit({ lists: this.#others(record) });
    this.#changed = true;
  }

  /** One transaction: list bytes, then the state with everything verified so far. */
  async #commit(change: Partial<RepositoryState>, snapshots: readonly SnapshotBytes[] = []): Promise<void> {
    const state: RepositoryState = {
      ...this.#state,
      ...this.#verified(),
      ...change,
      revision: this.#state.revision + 1,
    };
    try {
      await this.#environment.store.commit(this.#config.repository, state, snapshots);
    } catch (error) {
      throw asTrustError(error, 'storage');
    }
    this.#state = state;
  }

  #verified(): Partial<RepositoryState> {
    const updater = this.#updater;
    if (updater === undefined) return {};
    const { files, heads, root } = updater;
    return {
      metadata: files,
      heads,
      organisations: root['x-presieve']?.organisations ?? {},
      pollSeconds: updater.pollSeconds ?? this.#state.pollSeconds,
    };
  }

  #statistics(failed: boolean): UpdateStatistics {
    const before = this.#state.statistics;
    return {
      updates: before.updates + 1,
      failedUpdates: before.failedUpdates + (failed ? 1 : 0),
      failuresInARow: failed ? before.failuresInARow + 1 : 0,
      bytesFetched: before.bytesFetched + (this.#updater?.bytesFetched ?? 0),
      deltasApplied: before.deltasApplied + this.#deltasApplied,
      fullSnapshots: before.fullSnapshots + this.#fullSnapshots,
    };
  }
}

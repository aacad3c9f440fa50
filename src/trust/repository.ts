/**
 * A repository over time: its stored lists, its updates one after the other and at their intervals, its status.
 * @module
 */
import { digestHex } from './bytes.js';
import { nextUpdateDelayMs } from './schedule.js';
import { expiryOf, isUsable, type RepositoryStatus, repositoryStatus } from './status.js';
import { EMPTY_STATE, type RepositoryState, type StoredList } from './store.js';
import {
  type RepositoryConfig,
  type UpdateEnvironment,
  type UpdateReport,
  updateRepository,
} from './update-list.js';
import { type Locks, withUpdateLock } from './update-lock.js';

/** A list, ready for a scan worker. */
export interface TrustedList {
  readonly repository: string;
  readonly name: string;
  /** True for the small list of an urgent role, to be used beside the ordinary one of the same name. */
  readonly urgent: boolean;
  readonly version: number;
  /** The snapshot. Belongs to the receiver. */
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly approvingKeys: readonly string[];
  /** Milliseconds since 1970. */
  readonly expires: number;
}

/** What a {@link TrustedRepository} works with. */
export interface RepositoryEnvironment extends Omit<UpdateEnvironment, 'signal' | 'unreadable'> {
  /** Default: those of the platform; pass `null` for none. */
  readonly locks?: Locks | null | undefined;
  /** From 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/** See the module. */
export class TrustedRepository {
  readonly #config: RepositoryConfig;
  readonly #environment: RepositoryEnvironment;
  readonly #stopped = new AbortController();
  /** A list that this software can't read is fetched once, not at every poll. */
  readonly #unreadable = new Map<string, string>();
  #running: Promise<UpdateReport> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(config: RepositoryConfig, environment: RepositoryEnvironment) {
    this.#config = config;
    this.#environment = environment;
  }

  /**
   * Reads the lists that may be used now, each checked against its digest. A damaged one is forgotten, so that the next
   * update fetches it.
   * @throws TrustError (by rejection) `storage`
   */
  async readLists(): Promise<TrustedList[]> {
    const { store, now } = this.#environment;
    const { repository, lists: wanted } = this.#config;
    const state = await this.#state();
    const read: TrustedList[] = [];
    const damaged: StoredList[] = [];
    for (const list of state.lists.filter((candidate) => isUsable(candidate, now(), wanted))) {
      const { name, urgent, version, sha256, approvingKeys } = list;
      const bytes = await store.readSnapshot(repository, sha256);
      if (bytes === undefined || (await digestHex('sha256', bytes)) !== sha256) damaged.push(list);
      else
        read.push({
          repository,
          name,
          urgent,
          version,
          bytes,
          sha256,
          approvingKeys,
          expires: expiryOf(list),
        });
    }
    if (damaged.length > 0) {
      const lists = state.lists.filter((list) => !damaged.includes(list));
      // Where another tab was quicker, it has seen the damage or replaced the list.
      await store.commit(repository, { ...state, lists, revision: state.revision + 1 }, []).catch(() => {});
    }
    return read;
  }

  /**
   * Updates now, or joins the update that is under way.
   * @returns how it ended
   * @throws TrustError (by rejection) `storage` if the stored state can't be read
   */
  update(): Promise<UpdateReport> {
    this.#running ??= this.#update().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #update(): Promise<UpdateReport> {
    const { locks = globalThis.navigator?.locks, limits } = this.#environment;
    const { repository } = this.#config;
    const before = await this.#state();
    return withUpdateLock(
      locks ?? undefined,
      `presieve-update-${repository}`,
      limits.lockTimeoutMs,
      async (hadToWait) => {
        if (hadToWait) {
          // Another tab has just done it: one download for both.
          const state = await this.#state();
          const { lastUpdate } = state;
          if (state.revision !== before.revision && lastUpdate !== undefined && !lastUpdate.failure)
            return { ...lastUpdate, state, changed: true };
        }
        return updateRepository(this.#config, {
          ...this.#environment,
          unreadable: this.#unreadable,
          signal: this.#stopped.signal,
        });
      },
    );
  }

  /** @returns what is known of the lists. @throws TrustError (by rejection) `storage` */
  async status(): Promise<RepositoryStatus> {
    const { store, now } = this.#environment;
    return repositoryStatus(this.#config.repository, await this.#state(), this.#config.lists, now(), store);
  }

  /**
   * Updates at once and then at the repository's interval, until {@link stop}.
   * @param onReport - told of every update's end
   */
  start(onReport: (report: UpdateReport) => void): void {
    let unread = 0;
    const tick = async () => {
      let state: RepositoryState | undefined;
      try {
        const report = await this.update();
        if (this.#stopped.signal.aborted) return;
        state = report.state;
        unread = 0;
        onReport(report);
      } catch {
        // Not even the state could be read, or the listener failed: like any failure, try again later.
        unread++;
      }
      if (this.#stopped.signal.aborted) return;
      const { random = Math.random } = this.#environment;
      const delay = nextUpdateDelayMs({
        pollSeconds: state?.pollSeconds,
        failures: unread || (state?.statistics.failuresInARow ?? 0),
        random: random(),
      });
      this.#timer = setTimeout(() => void tick(), delay);
    };
    void tick();
  }

  /** Ends the schedule and cancels an update that is under way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#stopped.abort();
  }

  async #state(): Promise<RepositoryState> {
    return (await this.#environment.store.readState(this.#config.repository)) ?? EMPTY_STATE;
  }
}

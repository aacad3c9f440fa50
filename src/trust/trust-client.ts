/**
 * The page's handle on the trust worker: starts it, takes over lists, hears of updates, and starts it anew when it dies
 * or no longer answers. Nothing on the page waits for it without a deadline.
 * @module
 */
import * as Comlink from 'comlink';
import { lifeLockName, WorkerGone, WorkerLink } from '../worker-link.js';
import { TrustError, type TrustFailure, toFailure } from './errors.js';
import {
  TRUST_PROTOCOL_VERSION,
  type TrustGreeting,
  type TrustReply,
  type TrustWorkerApi,
} from './protocol.js';
import type { TrustedList } from './repository.js';
import type { RepositoryStatus } from './status.js';
import type { RepositoryConfig } from './update-list.js';

/** The default worker: the self-contained file beside this module. Bundlers look for this very expression. */
export function createDefaultTrustWorker(): Worker {
  return new Worker(new URL('./trust.worker.js', import.meta.url), {
    type: 'module',
    name: 'presieve-trust',
  });
}

/** What a {@link TrustClient} works with. */
export interface TrustClientOptions {
  readonly repositories: readonly RepositoryConfig[];
  /** Default: {@link createDefaultTrustWorker}. */
  readonly createWorker?: (() => Worker) | undefined;
  /** For the worker's start, and for each call that only reads. */
  readonly timeoutMs: number;
  /** How often it is asked whether it still answers. */
  readonly watchdogIntervalMs: number;
  /** Told of all usable lists at first and when they changed. */
  readonly onLists: (lists: readonly TrustedList[]) => void;
  /** Told when the status changed; after `onLists`. */
  readonly onStatus: () => void;
}

/** How the trust worker fares. */
export interface UpdaterStatus {
  /** `restarting`: it failed, and a new one starts after a while. */
  readonly state: 'starting' | 'running' | 'restarting';
  /** Its last failure, until an update has ended well. Failures of updates are those of the repositories. */
  readonly failure?: TrustFailure;
  /** How often it was lost and started anew; absent if never. */
  readonly restarts?: number;
}

/** One answer may fail to come in time on a page that was frozen, or a device that slept. */
const SILENCES_OF_A_HUNG_WORKER = 2;
const FIRST_RESTART_MS = 1_000;
const LAST_RESTART_MS = 5 * 60_000;

/** See the module. */
export class TrustClient {
  /** Resolves when the stored lists were handed over, or could not be had. */
  readonly stored: Promise<void>;
  /** Resolves when the first update of each repository has ended, or could not be tried. */
  readonly firstUpdate: Promise<void>;
  readonly #options: TrustClientOptions;
  readonly #statuses = new Map<string, RepositoryStatus>();
  /** Repositories whose update has ended once. */
  readonly #updated = new Set<string>();
  #storedDone!: () => void;
  #firstUpdateDone!: () => void;
  #link: WorkerLink<TrustWorkerApi> | undefined;
  /** Reads follow one another, so that no older set of lists comes after a newer one. */
  #reading: Promise<void> = Promise.resolve();
  /** The lists that were handed over. */
  #held: string | undefined;
  #state: UpdaterStatus['state'] = 'starting';
  #failure: TrustFailure | undefined;
  #restarts = 0;
  /** Workers lost within {@link LAST_RESTART_MS} of their start, one after the other. */
  #lossesInARow = 0;
  #startedAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  constructor(options: TrustClientOptions) {
    this.#options = options;
    this.stored = new Promise((resolve) => {
      this.#storedDone = resolve;
    });
    this.firstUpdate = new Promise((resolve) => {
      this.#firstUpdateDone = resolve;
    });
    void this.#start();
  }

  /** What the worker last said of its repositories. */
  get statuses(): readonly RepositoryStatus[] {
    return [...this.#statuses.values()];
  }

  get updater(): UpdaterStatus {
    return {
      state: this.#state,
      ...(this.#failure !== undefined && { failure: this.#failure }),
      ...(this.#restarts > 0 && { restarts: this.#restarts }),
    };
  }

  /**
   * Updates now. Resolves when the new lists were handed over, or that failed (the status says how); never rejects.
   * @param timeoutMs - after which it resolves in any case; the update goes on
   */
  async update(timeoutMs: number): Promise<void> {
    await this.stored;
    const link = this.#link;
    if (link === undefined) return;
    try {
      unwrap(await link.call<TrustReply<boolean>>(link.api.update(), timeoutMs));
      for (const { repository } of this.#options.repositories) this.#updated.add(repository);
      await this.#refresh(link);
    } catch (error) {
      if (this.#link !== link) return;
      this.#failure = failureOf(error);
      this.#options.onStatus();
      // It may be slow, or hang: not for the watchdog's next turn alone to find out.
      this.#watch(link, 0);
    }
  }

  /** Ends the worker, for good. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#watchdog);
    this.#link?.terminate();
    this.#storedDone();
    this.#firstUpdateDone();
  }

  async #start(): Promise<void> {
    const { createWorker = createDefaultTrustWorker, repositories, timeoutMs } = this.#options;
    let link: WorkerLink<TrustWorkerApi> | undefined;
    this.#startedAt = Date.now();
    try {
      const started = new WorkerLink<TrustWorkerApi>(createWorker(), 'trust worker');
      link = started;
      this.#link = started;
      const lifeLock = lifeLockName();
      const callbacks = Comlink.proxy({
        onUpdate: (repository: string) => this.#onUpdate(started, repository),
      });
      const greeting = await started.call<TrustGreeting>(
        started.api.hello({ repositories, lifeLock }, callbacks),
        timeoutMs,
      );
      if (greeting.protocol !== TRUST_PROTOCOL_VERSION) {
        throw new Error(`the worker speaks protocol ${greeting.protocol}, not ${TRUST_PROTOCOL_VERSION}`);
      }
      if (greeting.holdsLifeLock) started.watchLifeLock(lifeLock);
      await this.#refresh(started);
      this.#storedDone();
      unwrap(await started.call<TrustReply<null>>(started.api.start(), timeoutMs));
      this.#state = 'running';
      started.death.catch((error) => this.#lost(started, error));
      this.#watch(started, this.#options.watchdogIntervalMs);
    } catch (error) {
      this.#lost(link, error);
    }
  }

  /** Reads status and lists anew, and hands on what changed. @throws WorkerGone or TrustError (by rejection) */
  #refresh(link: WorkerLink<TrustWorkerApi>): Promise<void> {
    const refreshed = this.#reading.then(() => this.#read(link));
    this.#reading = refreshed.catch(() => {});
    return refreshed;
  }

  async #read(link: WorkerLink<TrustWorkerApi>): Promise<void> {
    const { timeoutMs, repositories, onLists, onStatus } = this.#options;
    const statuses = unwrap(await link.call<TrustReply<RepositoryStatus[]>>(link.api.status(), timeoutMs));
    // Not the worker's word that something changed: another tab may have updated the store before it.
    const stored = fingerprint(statuses);
    const lists =
      stored === this.#held
        ? undefined
        : unwrap(await link.call<TrustReply<TrustedList[]>>(link.api.readLists(), timeoutMs));
    if (this.#stopped || this.#link !== link) return;
    for (const status of statuses) this.#statuses.set(status.repository, status);
    if (lists !== undefined) {
      this.#held = stored;
      onLists(lists);
    }
    if (this.#updated.size === repositories.length) this.#firstUpdateDone();
    onStatus();
  }

  #onUpdate(link: WorkerLink<TrustWorkerApi>, repository: string): void {
    if (this.#link !== link) return;
    this.#updated.add(repository);
    this.#failure = undefined;
    this.#refresh(link).catch((error) => this.#lost(link, error));
  }

  /** A worker that hangs in a loop keeps its life lock: asks it now and then, and gives it up when it stays silent. */
  #watch(link: WorkerLink<TrustWorkerApi>, delayMs: number, silences = 0): void {
    clearTimeout(this.#watchdog);
    this.#watchdog = later(async () => {
      try {
        await link.call(link.api.ping(), this.#options.timeoutMs);
        if (this.#link === link) this.#watch(link, this.#options.watchdogIntervalMs);
      } catch (error) {
        if (this.#link !== link) return;
        if (silences + 1 < SILENCES_OF_A_HUNG_WORKER) this.#watch(link, 0, silences + 1);
        else this.#lost(link, error);
      }
    }, delayMs);
  }

  #lost(link: WorkerLink<TrustWorkerApi> | undefined, error: unknown): void {
    if (this.#stopped || this.#link !== link) return;
    this.#link = undefined;
    clearTimeout(this.#watchdog);
    link?.terminate();
    this.#state = 'restarting';
    this.#failure = failureOf(error);
    this.#restarts++;
    // Not by how an update went: one that dies of each new list would be back at once, and ask the server again.
    if (Date.now() - this.#startedAt > LAST_RESTART_MS) this.#lossesInARow = 0;
    const longest = Math.min(LAST_RESTART_MS, FIRST_RESTART_MS * 2 ** Math.min(this.#lossesInARow++, 30));
    this.#timer = later(() => this.#start(), longest * (0.5 + 0.5 * Math.random()));
    // What fails at its start mostly fails for good (a policy, a missing file): no scan waits for the next try.
    this.#storedDone();
    this.#firstUpdateDone();
    this.#options.onStatus();
  }
}

/** Where there is no page (a server), such a timer alone must not keep the process alive. */
function later(what: () => Promise<void>, ms: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(() => void what(), Math.min(ms, 2 ** 31 - 1));
  (timer as { unref?: () => void }).unref?.();
  return timer;
}

/** A failure as data; of a worker that is gone, with a code that says so. */
function failureOf(error: unknown): TrustFailure {
  if (error instanceof TrustError) return toFailure(error);
  if (error instanceof WorkerGone && error.reason === 'timeout')
    return { code: 'timeout', message: error.message };
  return { code: 'worker-lost', message: toFailure(error).message };
}

/** Tells apart any two sets of lists or of their expiries. */
function fingerprint(statuses: readonly RepositoryStatus[]): string {
  return JSON.stringify(
    statuses.flatMap(({ lists }) =>
      lists.map(({ repository, name, urgent, sha256, expires }) => [
        repository,
        name,
        urgent,
        sha256,
        expires,
      ]),
    ),
  );
}

function unwrap<T>(reply: TrustReply<T>): T {
  if (reply.ok) return reply.value;
  throw new TrustError(reply.failure.code, reply.failure.message);
}

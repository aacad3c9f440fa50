/**
 * The scanner on the page: a queue, deadlines, abort, the restart of a dead worker, and the change to newer lists.
 * Every promise settles, and files are scanned one at a time, in the order in which they came.
 * @module
 */
import { ScanError } from './errors.js';
import { after, callHost } from './host-calls.js';
import { ListSet } from './list-set.js';
import { loadLists } from './list-sources.js';
import {
  type ResolvedOptions,
  resolveOptions,
  type ScanInput,
  type ScannerOptions,
  type ScanOptions,
  toBlob,
} from './options.js';
import type { InconclusiveReason, Outcome } from './outcome.js';
import { PartSet } from './part-set.js';
import type { Appeal } from './records/appeals.js';
import { DeviceRecords } from './records/device-records.js';
import { listsInUse, notScanned } from './scan/decide.js';
import { type ScannerStatus, scannerStatus } from './scanner-status.js';
import type { StatisticsExport } from './statistics/export.js';
import type { TrustedList } from './trust/repository.js';
import { TrustClient } from './trust/trust-client.js';
import type { OpenedListInfo } from './worker/protocol.js';
import { WorkerClient } from './worker/worker-client.js';
import { WorkerGone } from './worker-link.js';

/** Scans files against one set of lists, under one policy. */
export interface Scanner {
  /**
   * Resolves when the worker runs and the lists are open; of signed lists those that are stored on this device, if any.
   * @throws ScanError (by rejection)
   */
  readonly ready: Promise<void>;
  /**
   * @param file - a File, a Blob or bytes
   * @param options - abort signal and progress
   * @returns the outcome
   * @throws ScanError (by rejection) for wrong use, failed set-up or a closed scanner
   */
  scan(file: ScanInput, options?: ScanOptions): Promise<Outcome>;
  /**
   * What is known of the lists: versions, ages, expiry, who approved them, how the last update ended. Waits for no worker.
   */
  status(): Promise<ScannerStatus>;
  /**
   * Updates the signed lists now instead of at the next interval. A failure is in the status, and no rejection.
   * @returns the status once the update has ended and its lists are in use, or after `limits.updateTimeoutMs`
   * @throws ScanError (by rejection) `closed`
   */
  update(): Promise<ScannerStatus>;
  /**
   * Counts of the days that are over (option `statistics`), small ones hidden. For all scanners of this app on this device.
   * @throws ScanError (by rejection) `invalid-argument` where statistics are off
   */
  statistics(): Promise<StatisticsExport>;
  /**
   * The appeals on this device (option `appeals`), the newest first.
   * @throws ScanError (by rejection) `invalid-argument` where appeals are off
   */
  appeals(): Promise<Appeal[]>;
  /**
   * Deletes the statistics and appeals of this app on this device.
   * @throws Error (by rejection) where storage refuses
   */
  forgetRecords(): Promise<void>;
  /** Ends the workers; scans under way and waiting end as `inconclusive: aborted`. */
  close(): void;
}

interface Job {
  id: number;
  file: Blob;
  onProgress: (fraction: number) => void;
  /** Settles the scan's promise; later calls do nothing. */
  settle: (outcome: Outcome) => void;
  fail: (error: unknown) => void;
  settled: boolean;
}

const MEBIBYTE = 1024 * 1024;

/**
 * @param options - lists, policy, limits, worker factory
 * @returns a scanner whose worker starts now
 * @throws ScanError `invalid-argument`
 * @example
 * ```ts
 * const scanner = createScanner({ lists: [new URL('/lists/hotline.snapshot', location.href)] });
 * const outcome = await scanner.scan(file);
 * if (outcome.action !== 'block') await upload(file);
 * ```
 */
export function createScanner(options: ScannerOptions = {}): Scanner {
  return new QueuedScanner(resolveOptions(options));
}

class QueuedScanner implements Scanner {
  readonly ready: Promise<void>;
  readonly #options: ResolvedOptions;
  readonly #set: ListSet;
  readonly #records: DeviceRecords;
  readonly #trust: TrustClient | undefined;
  readonly #parts: PartSet;
  /** Resolves when scans no longer wait for signed lists that are missing. */
  readonly #waitForLists: Promise<unknown>;
  #waitIsOver = false;
  #snapshots: Promise<Blob[]> | undefined;
  /** True if signed lists were offered that the worker has not been given. */
  #listsChanged = false;
  /** True from an offer until the worker has its lists, or can't have them. */
  #offerPending = false;
  /** Told when signed lists were offered. */
  #onOffer: () => void = () => {};
  /** Told when offered lists are in use, or can't be. */
  readonly #onSettled: (() => void)[] = [];
  #telling: Promise<void> = Promise.resolve();
  #starting: Promise<WorkerClient> | undefined;
  readonly #queue: Job[] = [];
  #running: Job | undefined;
  #pumping = false;
  #client: WorkerClient | undefined;
  #lists: readonly OpenedListInfo[] = [];
  /** True once a worker has answered: from then on a lost worker is an outcome, not an error. */
  #wasReady = false;
  #closed = false;
  #nextId = 0;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    this.#set = new ListSet(options.signedLists);
    this.#records = new DeviceRecords(options);
    this.#parts = new PartSet(options.parts, () => this.#tellStatus());
    if (!this.#hasNoLists) this.#parts.start();
    const { repositories, createTrustWorker, limits } = options;
    if (repositories.length > 0) {
      this.#trust = new TrustClient({
        repositories,
        createWorker: createTrustWorker,
        timeoutMs: limits.workerStartTimeoutMs,
        watchdogIntervalMs: limits.watchdogIntervalMs,
        onLists: (lists) => this.#offer(lists),
        onStatus: () => this.#tellStatus(),
      });
    }
    this.#waitForLists =
      this.#trust === undefined
        ? Promise.resolve()
        : Promise.race([this.#trust.firstUpdate, after(limits.firstListTimeoutMs)]);
    void this.#waitForLists.then(() => {
      this.#waitIsOver = true;
    });
    // With no list there is nothing to look up, and no worker to start.
    this.ready = this.#hasNoLists
      ? Promise.resolve()
      : this.#start().then(() => {
          this.#tellStatus();
          void this.#pump();
        });
    // A host that never looks at `ready` learns of a failed set-up from its first scan.
    this.ready.catch(() => {});
  }

  async scan(input: ScanInput, options: ScanOptions = {}): Promise<Outcome> {
    return this.#records.scanned(await this.#scan(input, options));
  }

  async #scan(input: ScanInput, { signal, onProgress }: ScanOptions): Promise<Outcome> {
    if (this.#closed) throw new ScanError('closed', 'the scanner is closed');
    const file = toBlob(input);
    if (signal?.aborted) return this.#inconclusive('aborted');
    if (this.#hasNoLists) return this.#inconclusive('no-list');
    if (this.#queue.length >= this.#options.limits.maxQueuedScans && this.#pumping) {
      return this.#inconclusive('busy');
    }
    return new Promise<Outcome>((resolve, reject) => {
      const onAbort = () => this.#abort(job);
      const finish = () => {
        job.settled = true;
        signal?.removeEventListener('abort', onAbort);
      };
      let reported = 0;
      const job: Job = {
        id: this.#nextId++,
        file,
        settled: false,
        onProgress: (fraction) => {
          if (job.settled || !(fraction > reported)) return;
          reported = fraction;
          callHost(onProgress, { fraction });
        },
        settle: (outcome) => {
          if (job.settled) return;
          finish();
          resolve(outcome);
        },
        fail: (error) => {
          if (job.settled) return;
          finish();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#queue.push(job);
      void this.#pump();
    });
  }

  status(): Promise<ScannerStatus> {
    return scannerStatus(this.#set, this.#options.signedLists, this.#trust, this.#parts.statuses, Date.now());
  }

  async update(): Promise<ScannerStatus> {
    if (this.#closed) throw new ScanError('closed', 'the scanner is closed');
    // A failed set-up is the scans' to tell.
    await this.ready.catch(() => {});
    await this.#trust?.update(this.#options.limits.updateTimeoutMs);
    if (this.#offerPending && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#onSettled.push(resolve);
        void this.#pump();
      });
    }
    return this.status();
  }

  statistics(): Promise<StatisticsExport> {
    return this.#records.statistics();
  }

  appeals(): Promise<Appeal[]> {
    return this.#records.appeals();
  }

  forgetRecords(): Promise<void> {
    return this.#records.forget();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#trust?.stop();
    this.#parts.close();
    const aborted = this.#inconclusive('aborted');
    this.#running?.settle(aborted);
    for (const job of this.#queue.splice(0)) job.settle(aborted);
    this.#client?.terminate();
    this.#records.close();
  }

  get #hasNoLists(): boolean {
    return this.#options.plainLists.length + this.#options.signedLists.length === 0;
  }

  /** Between two scans: newer lists first, then the next job. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    while (!this.#closed) {
      if (this.#listsChanged && this.#wasReady) await this.#takeOffer();
      if (this.#queue.length === 0) break;
      if (this.#set.missing && !this.#waitIsOver && !this.#listsChanged) {
        const offer = new Promise<void>((resolve) => {
          this.#onOffer = resolve;
        });
        await Promise.race([this.#waitForLists, offer]);
        continue;
      }
      const job = this.#queue.shift();
      if (job === undefined) continue;
      this.#running = job;
      await this.#run(job);
      this.#running = undefined;
    }
    this.#pumping = false;
    this.#settleOffer();
  }

  #offer(lists: readonly TrustedList[]): void {
    this.#set.offer(lists);
    this.#listsChanged = true;
    this.#offerPending = true;
    this.#onOffer();
    void this.#pump();
  }

  async #takeOffer(): Promise<void> {
    try {
      while (this.#listsChanged && !this.#closed) {
        // A worker that starts takes the newest lists itself.
        if (this.#client?.alive) await this.#swapLists(this.#client);
        else await this.#start();
      }
    } catch {
      // No worker can be had now: the next one opens the newest lists.
    }
    this.#settleOffer();
    this.#tellStatus();
  }

  #settleOffer(): void {
    this.#offerPending = false;
    for (const done of this.#onSettled.splice(0)) done();
  }

  /** @returns false if the worker was lost over it */
  async #swapLists(client: WorkerClient): Promise<boolean> {
    this.#listsChanged = false;
    try {
      await this.#set.swap((lists, missing) => client.openLists(lists, missing));
      this.#use(client.lists);
      return true;
    } catch {
      client.terminate();
      this.#listsChanged = this.#set.hasUntried;
      return false;
    }
  }

  /** Runs one job to the point where the worker is free again, or gone. Never throws. */
  async #run(job: Job): Promise<void> {
    try {
      const client = this.#client?.alive ? this.#client : await this.#start();
      if (this.#closed || job.settled) return;
      const { scanTimeoutMs, scanTimeoutMsPerMebibyte } = this.#options.limits;
      const timeoutMs = scanTimeoutMs + scanTimeoutMsPerMebibyte * (job.file.size / MEBIBYTE);
      const reply = await client.scan(job.id, job.file, timeoutMs, job.onProgress);
      // A failure inside the worker that no check foresaw: the scan did not look.
      if (!reply.ok) return job.settle(this.#inconclusive('worker-lost'));
      // The worker's last word on progress comes through another port, and in some engines after its answer.
      job.onProgress(1);
      job.settle(reply.value);
    } catch (error) {
      if (error instanceof WorkerGone) {
        this.#client?.terminate();
        job.settle(this.#inconclusive(error.reason));
      } else if (this.#wasReady) {
        job.settle(this.#inconclusive('worker-lost'));
      } else {
        job.fail(error);
      }
    }
  }

  #abort(job: Job): void {
    job.settle(this.#inconclusive('aborted'));
    const waiting = this.#queue.indexOf(job);
    if (waiting >= 0) {
      this.#queue.splice(waiting, 1);
    } else if (this.#running === job && this.#client?.alive) {
      const client = this.#client;
      client.cancel(job.id);
      // A decode can't be interrupted: after a moment the worker is replaced rather than waited for.
      setTimeout(() => {
        if (this.#running === job && this.#client === client) client.terminate();
      }, this.#options.limits.abortGraceMs);
    }
  }

  /** Starts a worker, unless one is starting; after a failure the next call tries again from the start. */
  #start(): Promise<WorkerClient> {
    this.#starting ??= this.#setUp().finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #setUp(): Promise<WorkerClient> {
    this.#snapshots ??= loadLists(this.#options.plainLists);
    const snapshots = await this.#snapshots.catch((error) => {
      this.#snapshots = undefined;
      throw error;
    });
    this.#set.setPlain(snapshots);
    // Not for longer than a scan waits: what comes later is taken over then.
    await Promise.race([this.#trust?.stored, this.#waitForLists]);
    for (;;) {
      const client = await WorkerClient.start(this.#options, this.#set.toOpen, this.#set.missing);
      this.#parts.giveTo(client);
      this.#set.opened(client.lists);
      this.#use(client.lists);
      let alive = true;
      while (alive && this.#listsChanged && !this.#closed) alive = await this.#swapLists(client);
      if (!alive) continue;
      if (this.#closed) client.terminate();
      this.#client = client;
      this.#wasReady = true;
      return client;
    }
  }

  #use(lists: readonly OpenedListInfo[]): void {
    this.#lists = lists;
    this.#records.opened(lists);
  }

  #tellStatus(): void {
    const { onStatus } = this.#options;
    if (onStatus === undefined) return;
    this.#telling = this.#telling.then(async () => {
      const status = await this.status();
      if (!this.#closed) callHost(onStatus, status);
    });
  }

  #inconclusive(reason: InconclusiveReason): Outcome {
    return notScanned(reason, listsInUse(this.#lists, Date.now() / 1000), this.#options.policy);
  }
}

/**
 * The scanner on the page: a queue, deadlines, abort, and the restart of a dead worker. Every promise
 * settles, and files are scanned one at a time, in the order in which they came.
 * @module
 */
import { ScanError } from './errors.js';
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
import { listsInUse, notScanned } from './scan/decide.js';
import type { OpenedListInfo } from './worker/protocol.js';
import { WorkerClient, WorkerGone } from './worker/worker-client.js';

/** Scans files against one set of lists, under one policy. */
export interface Scanner {
  /** Resolves when the worker runs and the lists are open. @throws ScanError (by rejection) */
  readonly ready: Promise<void>;
  /**
   * @param file - a File, a Blob or bytes
   * @param options - abort signal and progress
   * @returns the outcome
   * @throws ScanError (by rejection) for wrong use, failed set-up or a closed scanner
   */
  scan(file: ScanInput, options?: ScanOptions): Promise<Outcome>;
  /** Ends the worker; scans under way and waiting end as `inconclusive: aborted`. */
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
  #snapshots: Promise<Blob[]> | undefined;
  #starting: Promise<WorkerClient> | undefined;
  readonly #queue: Job[] = [];
  #running: Job | undefined;
  #client: WorkerClient | undefined;
  #lists: readonly OpenedListInfo[] = [];
  /** True once a worker has answered: from then on a lost worker is an outcome, not an error. */
  #wasReady = false;
  #closed = false;
  #nextId = 0;

  constructor(options: ResolvedOptions) {
    this.#options = options;
    // With no list there is nothing to look up, and no worker to start.
    this.ready = options.lists.length === 0 ? Promise.resolve() : this.#start().then(() => {});
    // A host that never looks at `ready` learns of a failed set-up from its first scan.
    this.ready.catch(() => {});
  }

  async scan(input: ScanInput, { signal, onProgress }: ScanOptions = {}): Promise<Outcome> {
    if (this.#closed) throw new ScanError('closed', 'the scanner is closed');
    const file = toBlob(input);
    if (signal?.aborted) return this.#inconclusive('aborted');
    if (this.#options.lists.length === 0) return this.#inconclusive('no-list');
    if (this.#queue.length >= this.#options.limits.maxQueuedScans && this.#running !== undefined) {
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

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const aborted = this.#inconclusive('aborted');
    this.#running?.settle(aborted);
    for (const job of this.#queue.splice(0)) job.settle(aborted);
    this.#client?.terminate();
  }

  async #pump(): Promise<void> {
    if (this.#running !== undefined) return;
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      this.#running = job;
      await this.#run(job);
      this.#running = undefined;
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
      if (reply.ok) job.settle(reply.value);
      else job.settle(this.#inconclusive('worker-lost'));
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
    this.#snapshots ??= loadLists(this.#options.lists);
    const snapshots = await this.#snapshots.catch((error) => {
      this.#snapshots = undefined;
      throw error;
    });
    const client = await WorkerClient.start(this.#options, snapshots);
    if (this.#closed) client.terminate();
    this.#client = client;
    this.#lists = client.lists;
    this.#wasReady = true;
    return client;
  }

  #inconclusive(reason: InconclusiveReason): Outcome {
    return notScanned(reason, listsInUse(this.#lists, Date.now() / 1000), this.#options.policy);
  }
}

/** A host's callback must not break a scan: what it throws is reported as an unhandled error of its own. */
function callHost<T>(callback: ((value: T) => void) | undefined, value: T): void {
  try {
    callback?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

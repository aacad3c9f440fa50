/**
 * The page's handle on one scan worker: start, calls with a deadline, and word of its death.
 *
 * comlink's calls never settle once a worker is gone, so every call here races its deadline and the
 * worker's death.
 * @module
 */
import * as Comlink from 'comlink';
import { ScanError } from '../errors.js';
import type { ResolvedOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import {
  type OpenedListInfo,
  PROTOCOL_VERSION,
  type Reply,
  type ScanWorkerApi,
  type WorkerGreeting,
} from './protocol.js';

/** Why a call to a worker ended without an answer. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';
  readonly reason: 'timeout' | 'worker-lost';

  constructor(reason: 'timeout' | 'worker-lost', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The default worker: the self-contained file beside this module. Bundlers look for this very expression. */
export function createDefaultWorker(): Worker {
  return new Worker(new URL('./scan.worker.js', import.meta.url), { type: 'module', name: 'presieve-scan' });
}

/** One running scan worker with its lists opened. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #api: Comlink.Remote<ScanWorkerApi>;
  readonly #death: Promise<never>;
  #declareDead!: (why: string) => void;
  #progress: { scanId: number; listener: (fraction: number) => void } | undefined;
  #alive = true;
  #lists: OpenedListInfo[] = [];

  private constructor(worker: Worker) {
    this.#worker = worker;
    this.#death = new Promise((_, reject) => {
      this.#declareDead = (why) => {
        this.#alive = false;
        reject(new WorkerGone('worker-lost', why));
      };
    });
    this.#death.catch(() => {});
    worker.addEventListener('error', (event) => {
      event.preventDefault?.();
      this.#declareDead(`the scan worker failed: ${event.message ?? 'it could not be loaded'}`);
    });
    worker.addEventListener('messageerror', () => this.#declareDead('a message could not be read'));
    this.#api = Comlink.wrap<ScanWorkerApi>(worker);
  }

  /**
   * Starts a worker, waits for its first answer and opens the lists in it.
   * @throws ScanError `worker-unavailable` or `list-invalid`
   */
  static async start(options: ResolvedOptions, snapshots: readonly Blob[]): Promise<WorkerClient> {
    const { limits, policy, labels, search, decoder, createWorker = createDefaultWorker } = options;
    let client: WorkerClient | undefined;
    try {
      const started = new WorkerClient(createWorker());
      client = started;
      const lifeLock = `presieve-${randomName()}`;
      const hello = started.#api.hello(
        { policy, limits, labels, search, hostDecoderTypes: decoder?.types ?? [], lifeLock },
        Comlink.proxy({
          onProgress: (scanId: number, fraction: number) => started.#onProgress(scanId, fraction),
          decode: async (file: Blob, type: string) => (await decoder?.decode(file, type)) ?? null,
        }),
      );
      const { protocol, holdsLifeLock } = await started.#settle<WorkerGreeting>(
        hello,
        limits.workerStartTimeoutMs,
      );
      if (protocol !== PROTOCOL_VERSION) {
        throw new Error(`the worker speaks protocol ${protocol}, not ${PROTOCOL_VERSION}`);
      }
      if (holdsLifeLock) started.#watchLifeLock(lifeLock);
      const opened = await started.#settle<Reply<OpenedListInfo[]>>(
        started.#api.openLists(snapshots),
        limits.workerStartTimeoutMs,
      );
      if (!opened.ok) {
        const code = opened.code === 'list-invalid' ? 'list-invalid' : 'worker-unavailable';
        throw new ScanError(code, opened.message);
      }
      started.#lists = opened.value;
      return started;
    } catch (cause) {
      client?.terminate();
      if (cause instanceof ScanError) throw cause;
      throw new ScanError('worker-unavailable', `the scan worker could not be started: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  /** False once the worker was terminated or is known to be dead. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The lists that are open in the worker. */
  get lists(): readonly OpenedListInfo[] {
    return this.#lists;
  }

  /**
   * @param scanId - rises with every scan
   * @param file - the file
   * @param timeoutMs - deadline
   * @param onProgress - told 0 to 1
   * @returns the worker's reply
   * @throws WorkerGone
   */
  async scan(
    scanId: number,
    file: Blob,
    timeoutMs: number,
    onProgress: (fraction: number) => void,
  ): Promise<Reply<Outcome>> {
    this.#progress = { scanId, listener: onProgress };
    try {
      return await this.#settle<Reply<Outcome>>(this.#api.scan(scanId, file), timeoutMs);
    } finally {
      if (this.#progress?.scanId === scanId) this.#progress = undefined;
    }
  }

  /** Asks a running scan to end soon. */
  cancel(scanId: number): void {
    this.#api.cancel(scanId).catch(() => {});
  }

  /** Ends the worker at once; calls under way reject with {@link WorkerGone}. */
  terminate(): void {
    this.#worker.terminate();
    this.#declareDead('the scan worker was terminated');
  }

  #onProgress(scanId: number, fraction: number): void {
    if (this.#progress?.scanId === scanId) this.#progress.listener(fraction);
  }

  /** A worker that is killed from outside fires no event, but loses its lock. */
  #watchLifeLock(name: string): void {
    globalThis.navigator?.locks
      ?.request(name, () => this.#declareDead('the scan worker was killed'))
      .catch(() => {});
  }

  /** `call` is typed loosely because comlink spreads a union over promises. */
  async #settle<T>(call: PromiseLike<unknown>, timeoutMs: number): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new WorkerGone('timeout', `no answer within ${timeoutMs} ms`)),
        // setTimeout takes a 32-bit number and fires at once for more.
        Math.min(timeoutMs, 2 ** 31 - 1),
      );
    });
    try {
      return (await Promise.race([call, deadline, this.#death])) as T;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** 128 random bits as hex. `crypto.randomUUID` exists in secure contexts only. */
function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The page's handle on one scan worker: start, lists, scans.
 * @module
 */
import * as Comlink from 'comlink';
import { ScanError } from '../errors.js';
import { type Limits, videoTimeoutMs } from '../limits.js';
import { nameOfSource } from '../list-sources.js';
import type { ResolvedOptions } from '../options.js';
import type { Outcome } from '../outcome.js';
import type { PartReceiver } from '../part-set.js';
import type { PartName } from '../parts.js';
import { bundlerHint, Deadline, lifeLockName, WorkerLink } from '../worker-link.js';
import {
  type ListToOpen,
  type OpenedListInfo,
  type OpenListsReply,
  type PartBytes,
  PROTOCOL_VERSION,
  type Reply,
  type ScanWorkerApi,
  type WorkerGreeting,
} from './protocol.js';

/** The default worker: the self-contained file beside this module. Bundlers look for this very expression. */
export function createDefaultWorker(): Worker {
  return new Worker(new URL('./scan.worker.js', import.meta.url), { type: 'module', name: 'presieve-scan' });
}

interface RunningScan {
  scanId: number;
  onProgress: (fraction: number) => void;
  deadline: Deadline;
  isVideo: boolean;
}

/** One running scan worker with its lists opened. */
export class WorkerClient implements PartReceiver {
  readonly #link: WorkerLink<ScanWorkerApi>;
  readonly #limits: Limits;
  #running: RunningScan | undefined;
  #lists: readonly OpenedListInfo[] = [];

  private constructor(worker: Worker, limits: Limits) {
    this.#link = new WorkerLink(worker, 'scan worker');
    this.#limits = limits;
  }

  /**
   * Starts a worker, waits for its first answer and opens the lists in it.
   * @param options - settings
   * @param lists - to open
   * @param missing - whether a list that the host asked for is not among them
   * @throws ScanError `worker-unavailable` or `list-invalid`
   */
  static async start(
    options: ResolvedOptions,
    lists: readonly ListToOpen[],
    missing: boolean,
  ): Promise<WorkerClient> {
    const { limits, policy, labels, search, decoder, createWorker = createDefaultWorker } = options;
    const parts = options.parts.map(({ name, code, library }) => ({
      name,
      code,
      ...(library !== undefined && { library: library.url }),
    }));
    let client: WorkerClient | undefined;
    try {
      const started = new WorkerClient(createWorker(), limits);
      client = started;
      const link = started.#link;
      const lifeLock = lifeLockName();
      const hello = link.api.hello(
        { policy, limits, labels, search, hostDecoderTypes: decoder?.types ?? [], parts, lifeLock },
        Comlink.proxy({
          onProgress: (scanId: number, fraction: number) => started.#onProgress(scanId, fraction),
          onVideoLength: (scanId: number, seconds: number) => started.#onVideoLength(scanId, seconds),
          decode: async (file: Blob, type: string) => (await decoder?.decode(file, type)) ?? null,
        }),
      );
      const { protocol, holdsLifeLock } = await link.call<WorkerGreeting>(hello, limits.workerStartTimeoutMs);
      if (protocol !== PROTOCOL_VERSION) {
        throw new Error(`the worker speaks protocol ${protocol}, not ${PROTOCOL_VERSION}`);
      }
      if (holdsLifeLock) link.watchLifeLock(lifeLock);
      const opened = await started.openLists(lists, missing);
      if (!opened.ok) {
        const code = opened.code === 'list-invalid' ? 'list-invalid' : 'worker-unavailable';
        const { index = -1 } = opened;
        const source = options.plainLists[index];
        const what = source === undefined ? '' : `${nameOfSource(source, index)}: `;
        throw new ScanError(code, what + opened.message);
      }
      return started;
    } catch (cause) {
      client?.terminate();
      if (cause instanceof ScanError) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      const hint = createWorker === createDefaultWorker ? bundlerHint(import.meta.url) : '';
      throw new ScanError('worker-unavailable', `the scan worker could not be started: ${why}${hint}`, {
        cause,
      });
    }
  }

  /** False once the worker was terminated or is known to be dead. */
  get alive(): boolean {
    return this.#link.alive;
  }

  /** The lists that are open in the worker. */
  get lists(): readonly OpenedListInfo[] {
    return this.#lists;
  }

  /**
   * Opens lists in place of those opened before, which stay open if this fails.
   * @param lists - all lists
   * @param missing - whether a list that the host asked for is not among them
   * @returns the worker's reply
   * @throws WorkerGone
   */
  async openLists(lists: readonly ListToOpen[], missing: boolean): Promise<OpenListsReply> {
    const opening = this.#link.api.openLists(lists, missing);
    const reply = await this.#link.call<OpenListsReply>(opening, this.#limits.workerStartTimeoutMs);
    if (reply.ok) this.#lists = reply.value;
    return reply;
  }

  /** As long as it takes: scans that need the part wait only within their own deadline. */
  createPart(name: PartName, files: readonly PartBytes[] | null): Promise<Reply<'part-ready'>> {
    return this.#link.call<Reply<'part-ready'>>(this.#link.api.createPart(name, files), Infinity);
  }

  /**
   * @param scanId - rises with every scan
   * @param file - the file
   * @param timeoutMs - deadline, which a video's length puts off
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
    const deadline = new Deadline(timeoutMs, 'scan worker');
    this.#running = { scanId, onProgress, deadline, isVideo: false };
    try {
      return await this.#link.call<Reply<Outcome>>(this.#link.api.scan(scanId, file, timeoutMs), deadline);
    } finally {
      if (this.#running?.scanId === scanId) this.#running = undefined;
    }
  }

  /** Asks a running scan to end soon. */
  cancel(scanId: number): void {
    this.#link.api.cancel(scanId).catch(() => {});
  }

  /** Ends the worker at once; calls under way reject with WorkerGone. */
  terminate(): void {
    this.#link.terminate();
  }

  #onProgress(scanId: number, fraction: number): void {
    if (this.#running?.scanId === scanId) this.#running.onProgress(fraction);
  }

  /** Once a scan: a worker gone wrong must not hold the queue up for ever. */
  #onVideoLength(scanId: number, seconds: number): void {
    const running = this.#running;
    if (running?.scanId !== scanId || running.isVideo || !(seconds > 0)) return;
    running.isVideo = true;
    running.deadline.extend(videoTimeoutMs(this.#limits, seconds));
  }
}

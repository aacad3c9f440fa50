/**
 * The scan worker: one scan at a time, never a request. Built as one self-contained file.
 * @module
 */
import * as Comlink from 'comlink';
import { createPdqKernel } from '../kernels/pdq.js';
import type { PdqKernel } from '../kernels/types.js';
import { createVariantKernel } from '../kernels/variants.js';
import type { VariantKernel } from '../kernels/variants-types.js';
import { videoTimeoutMs } from '../limits.js';
import type { Outcome } from '../outcome.js';
import { type OpenedList, openList } from '../scan/lists.js';
import { scanFile } from '../scan/pipeline.js';
import type { ImageDecoder } from '../scan/types.js';
import { SnapshotError } from '../snapshot/errors.js';
import { holdLifeLock } from '../worker-link.js';
import { createBrowserDecoder } from './browser-decoder.js';
import { PartLoader } from './part-loader.js';
import {
  type OpenListsReply,
  type PageCallbacks,
  PROTOCOL_VERSION,
  type Reply,
  type ScanWorkerApi,
  type WorkerSettings,
} from './protocol.js';
import { sealGlobals } from './seal.js';

let settings: WorkerSettings;
let page: PageCallbacks;
let decoder: ImageDecoder;
let parts: PartLoader;
let kernels: Promise<[PdqKernel, VariantKernel]> | undefined;
let lists: readonly OpenedList[] = [];
let listsMissing = false;
/** Lists in use by their keys. */
let opened = new Map<string, OpenedList>();
let cancelledUpTo = -1;

/** What servers answer with where a file is missing. */
const NO_LIST_BUT_A_PAGE = 'an HTML page, not a snapshot: is the list deployed there?';

function failure(error: unknown): { ok: false; code: 'list-invalid' | 'internal'; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code: error instanceof SnapshotError ? 'list-invalid' : 'internal', message };
}

const api: ScanWorkerApi = {
  async hello(newSettings, callbacks) {
    settings = newSettings;
    page = callbacks;
    parts = new PartLoader(settings.parts);
    const { hostDecoderTypes, limits } = settings;
    decoder = createBrowserDecoder(hostDecoderTypes, (file, type) => page.decode(file, type), limits);
    kernels = Promise.all([createPdqKernel(), createVariantKernel()]);
    return { protocol: PROTOCOL_VERSION, holdsLifeLock: await holdLifeLock(settings.lifeLock) };
  },

  async openLists(wanted, missing): Promise<OpenListsReply> {
    const next = new Map<string, OpenedList>();
    const inOrder: OpenedList[] = [];
    for (const [index, { key, snapshot, expires, urgent }] of wanted.entries()) {
      try {
        const list =
          opened.get(key) ?? next.get(key) ?? (await openList(new Uint8Array(await snapshot.arrayBuffer())));
        next.set(key, list);
        inOrder.push({
          ...list,
          ...(expires !== undefined && { expires }),
          ...(urgent !== undefined && { urgent }),
        });
      } catch (error) {
        const { message, ...reply } = failure(error);
        const isPage = (await snapshot.slice(0, 1).text()) === '<';
        return { ...reply, message: isPage ? NO_LIST_BUT_A_PAGE : message, index };
      }
    }
    opened = next;
    lists = inOrder;
    listsMissing = missing;
    return {
      ok: true,
      value: inOrder.map(({ name, version, createdSeconds, demo }) => ({
        name,
        version,
        createdSeconds,
        demo,
      })),
    };
  },

  async createPart(name, files): Promise<Reply<'part-ready'>> {
    try {
      await parts.create(name, files);
      return { ok: true, value: 'part-ready' };
    } catch (error) {
      return failure(error);
    }
  },

  async scan(scanId, file, timeoutMs): Promise<Reply<Outcome>> {
    let deadline = performance.now() + timeoutMs;
    try {
      if (kernels === undefined) throw new Error('scan before hello');
      const [kernel, variants] = await kernels;
      const context = {
        lists,
        listsMissing,
        kernel,
        variants,
        search: settings.search,
        decoder,
        parts,
        policy: settings.policy,
        limits: settings.limits,
        labels: settings.labels,
      };
      const outcome = await scanFile(file, context, {
        nowSeconds: Date.now() / 1000,
        remainingMs: () => deadline - performance.now(),
        isCancelled: () => scanId <= cancelledUpTo,
        onProgress: (fraction) => page.onProgress(scanId, fraction),
        onVideoLength: (seconds) => {
          deadline += videoTimeoutMs(settings.limits, seconds);
          page.onVideoLength(scanId, seconds);
        },
      });
      return { ok: true, value: outcome };
    } catch (error) {
      return failure(error);
    }
  },

  cancel(scanId) {
    cancelledUpTo = Math.max(cancelledUpTo, scanId);
  },
};

sealGlobals(globalThis);
// Synchronous, before anything is awaited: a call that comes before the worker listens would be lost.
Comlink.expose(api);

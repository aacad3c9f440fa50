/**
 * A stand-in for the scan worker: the real protocol over a MessageChannel, answered by the test.
 * @module
 */
import * as Comlink from 'comlink';
import type { Outcome } from '../../src/outcome.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import {
  type ListToOpen,
  type OpenedListInfo,
  type OpenListsReply,
  type PageCallbacks,
  PROTOCOL_VERSION,
  type Reply,
  type ScanWorkerApi,
} from '../../src/worker/protocol.js';

/** What the test makes of each call. */
export interface FakeBehaviour {
  hello?: () => number | Promise<number>;
  openLists?: (lists: readonly ListToOpen[], missing: boolean) => Promise<OpenListsReply>;
  createPart?: ScanWorkerApi['createPart'];
  scan?: (scanId: number, file: Blob, page: PageCallbacks) => Promise<Reply<Outcome>>;
}

/** Lists that every fake worker opens. */
export const FAKE_LISTS: OpenedListInfo[] = [{ name: 'fake', version: 3, createdSeconds: 1000, demo: false }];

/** An outcome that a fake worker gives; its list's name carries `mark`, so that a test can tell outcomes apart. */
export function fakeOutcome(mark: string): Outcome {
  return {
    verdict: 'no-known-match',
    action: DEFAULT_POLICY.onPartial,
    matches: [],
    coverage: { complete: 'all', notes: [] },
    lists: [{ name: mark, version: 1, ageSeconds: 0 }],
  };
}

/** A Worker whose other end is the test. */
export class FakeWorker extends EventTarget {
  static made: FakeWorker[] = [];
  readonly cancelled: number[] = [];
  terminated = false;
  readonly #near: MessagePort;
  readonly #far: MessagePort;

  constructor(behaviour: FakeBehaviour = {}) {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#near = port1;
    this.#far = port2;
    port1.addEventListener('message', (event) => {
      this.dispatchEvent(new MessageEvent('message', { data: (event as MessageEvent).data }));
    });
    port1.start();
    let page: PageCallbacks;
    const api: ScanWorkerApi = {
      hello: async (_settings, callbacks) => {
        page = callbacks;
        return { protocol: (await behaviour.hello?.()) ?? PROTOCOL_VERSION, holdsLifeLock: false };
      },
      openLists: behaviour.openLists ?? (async () => ({ ok: true, value: FAKE_LISTS })),
      scan: async (scanId, file) =>
        behaviour.scan?.(scanId, file, page) ?? { ok: true, value: fakeOutcome(await file.text()) },
      createPart: behaviour.createPart ?? (async () => ({ ok: true, value: 'part-ready' })),
      cancel: (scanId) => void this.cancelled.push(scanId),
    };
    Comlink.expose(api, port2 as unknown as Comlink.Endpoint);
    FakeWorker.made.push(this);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#near.postMessage(message, transfer as never);
  }

  terminate(): void {
    this.terminated = true;
    this.#near.close();
    this.#far.close();
  }

  /** What a worker does whose script throws outside any call. */
  crash(message = 'boom'): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }));
  }

  asWorker(): Worker {
    return this as unknown as Worker;
  }
}

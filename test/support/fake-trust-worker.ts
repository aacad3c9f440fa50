/**
 * A stand-in for the trust worker: the real protocol over a MessageChannel, its lists and failures set by the test.
 * @module
 */
import * as Comlink from 'comlink';
import type { TrustFailure } from '../../src/trust/errors.js';
import {
  TRUST_PROTOCOL_VERSION,
  type TrustPageCallbacks,
  type TrustWorkerApi,
  type TrustWorkerSettings,
} from '../../src/trust/protocol.js';
import type { TrustedList } from '../../src/trust/repository.js';
import type { RepositoryStatus } from '../../src/trust/status.js';
import { EMPTY_STATE } from '../../src/trust/store.js';

export const REPOSITORY = 'https://lists.invalid/';

/** What the "store" of all fake workers of a test holds. */
export class FakeTrust {
  lists: Omit<TrustedList, 'bytes'>[] = [];
  failure: TrustFailure | undefined;
  /** What `update()` does before it answers. */
  onUpdate: () => void = () => {};
  /** How a ping is answered. */
  onPing: () => Promise<null> = async () => null;
  readonly made: FakeTrustWorker[] = [];
  /** Behaviour of the workers made from now on: `mute` never answers. */
  how: 'well' | 'mute' | 'throws' | 'silent-update' = 'well';

  createWorker = (): Worker => {
    if (this.how === 'throws') throw new Error('no trust worker');
    const worker = new FakeTrustWorker(this, this.how);
    this.made.push(worker);
    return worker as unknown as Worker;
  };

  /** A stored list whose one byte is its version. */
  put(version: number, also: Partial<TrustedList> = {}): void {
    const { name = 'hotline', urgent = false } = also;
    this.lists = this.lists.filter((list) => list.name !== name || list.urgent !== urgent);
    this.lists.push({
      repository: REPOSITORY,
      name,
      urgent,
      version,
      sha256: `${urgent ? 'u' : ''}${name}${version}`,
      approvingKeys: ['key 1', 'key 2'],
      expires: Date.now() + 86_400_000,
      ...also,
    });
  }

  status(): RepositoryStatus {
    return {
      repository: REPOSITORY,
      store: 'indexeddb',
      statistics: EMPTY_STATE.statistics,
      lastUpdate: { at: new Date(0).toISOString(), failure: this.failure, listFailures: {}, warnings: {} },
      lists: this.lists.map(({ approvingKeys, expires, ...list }) => ({
        ...list,
        expires: new Date(expires).toISOString(),
        freshUntil: new Date(expires).toISOString(),
        entries: 5,
        approvingKeys: approvingKeys.map((keyId) => ({ keyId, organisation: `holder of ${keyId}` })),
      })),
    };
  }
}

/** A Worker whose other end is the test. */
export class FakeTrustWorker extends EventTarget {
  terminated = false;
  started = false;
  settings: TrustWorkerSettings | undefined;
  readonly #near: MessagePort;
  readonly #far: MessagePort;
  #page: TrustPageCallbacks | undefined;
  readonly #trust: FakeTrust;

  constructor(trust: FakeTrust, how: FakeTrust['how']) {
    super();
    this.#trust = trust;
    const { port1, port2 } = new MessageChannel();
    this.#near = port1;
    this.#far = port2;
    port1.addEventListener('message', (event) => {
      this.dispatchEvent(new MessageEvent('message', { data: (event as MessageEvent).data }));
    });
    port1.start();
    if (how === 'mute') return;
    const api: TrustWorkerApi = {
      hello: async (settings, callbacks) => {
        this.settings = settings;
        this.#page = callbacks;
        return { protocol: TRUST_PROTOCOL_VERSION, holdsLifeLock: false };
      },
      readLists: async () => ({
        ok: true,
        value: trust.lists.map((list) => ({ ...list, bytes: Uint8Array.of(list.version) })),
      }),
      start: async () => {
        this.started = true;
        if (how === 'well') this.report();
        return { ok: true, value: null };
      },
      update: async () => {
        trust.onUpdate();
        return { ok: true, value: true };
      },
      status: async () => ({ ok: true, value: [trust.status()] }),
      ping: () => trust.onPing(),
      stop: () => {},
    };
    Comlink.expose(api, port2 as unknown as Comlink.Endpoint);
  }

  /** An update of the schedule has ended. */
  report(): void {
    // Like the real one, it says `changed` only of its own doing.
    void this.#page?.onUpdate(REPOSITORY, false, this.#trust.status());
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (!this.terminated) this.#near.postMessage(message, transfer as never);
  }

  terminate(): void {
    this.terminated = true;
    this.#near.close();
    this.#far.close();
  }

  /** Like a thread in an endless loop: nothing is answered any more. */
  hang(): void {
    this.#far.close();
  }

  crash(): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message: 'boom' }));
  }
}

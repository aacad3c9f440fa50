/**
 * The trust worker: it alone fetches lists, and it never sees a file. Built as one self-contained file.
 * @module
 */
import * as Comlink from 'comlink';
import { applyDelta } from '../snapshot/delta-apply.js';
import { holdLifeLock } from '../worker-link.js';
import { TrustError, toFailure } from './errors.js';
import { FallbackStore } from './fallback-store.js';
import { openStore } from './idb-store.js';
import { DEFAULT_TRUST_LIMITS } from './limits.js';
import {
  TRUST_PROTOCOL_VERSION,
  type TrustPageCallbacks,
  type TrustReply,
  type TrustWorkerApi,
  type TrustWorkerSettings,
} from './protocol.js';
import { TrustedRepository } from './repository.js';
import { createFetchTransport } from './transport.js';

let page: TrustPageCallbacks;
let repositories: Promise<Map<string, TrustedRepository>> | undefined;

async function openRepositories(settings: TrustWorkerSettings): Promise<Map<string, TrustedRepository>> {
  const limits = { ...DEFAULT_TRUST_LIMITS, ...settings.limits };
  const { databaseName } = settings;
  const { storageTimeoutMs } = limits;
  const store = new FallbackStore(
    await openStore({ storageTimeoutMs, ...(databaseName !== undefined && { databaseName }) }),
  );
  const transport = createFetchTransport(limits);
  const environment = { store, transport, limits, applyDelta, now: () => Date.now() };
  return new Map(
    settings.repositories.map((config) => [config.repository, new TrustedRepository(config, environment)]),
  );
}

async function reply<T>(
  work: (opened: Map<string, TrustedRepository>) => Promise<T>,
): Promise<TrustReply<T>> {
  try {
    if (repositories === undefined) throw new TrustError('internal', 'a call came before hello');
    return { ok: true, value: await work(await repositories) };
  } catch (error) {
    return { ok: false, failure: toFailure(error) };
  }
}

const api: TrustWorkerApi = {
  async hello(settings, callbacks) {
    page = callbacks;
    repositories = openRepositories(settings);
    repositories.catch(() => {});
    const { lifeLock } = settings;
    return {
      protocol: TRUST_PROTOCOL_VERSION,
      holdsLifeLock: lifeLock !== undefined && (await holdLifeLock(lifeLock)),
    };
  },

  async readLists() {
    const answer = await reply(async (opened) =>
      (await Promise.all([...opened.values()].map((repository) => repository.readLists()))).flat(),
    );
    if (!answer.ok) return answer;
    return Comlink.transfer(
      answer,
      answer.value.map(({ bytes }) => bytes.buffer as ArrayBuffer),
    );
  },

  start: () =>
    reply(async (opened) => {
      for (const [name, repository] of opened) {
        repository.start(({ changed }) => {
          repository
            .status()
            .then((status) => page.onUpdate(name, changed, status))
            .catch(() => {});
        });
      }
      return null;
    }),

  update: () =>
    reply(async (opened) => {
      const reports = await Promise.all([...opened.values()].map((repository) => repository.update()));
      return reports.some(({ changed }) => changed);
    }),

  status: () => reply((opened) => Promise.all([...opened.values()].map((repository) => repository.status()))),

  ping: async () => null,

  stop() {
    repositories?.then((opened) => {
      for (const repository of opened.values()) repository.stop();
    });
  },
};

// Synchronous, before anything is awaited: a call that comes before the worker listens would be lost.
Comlink.expose(api);

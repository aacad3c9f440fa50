/**
 * A client and the repository that it follows, for the attack suite: in Node and in a browser alike.
 * @module
 */
import { DEFAULT_TRUST_LIMITS, type TrustLimits } from '../../src/trust/limits.js';
import {
  type RepositoryEnvironment,
  type TrustedList,
  TrustedRepository,
} from '../../src/trust/repository.js';
import type { TrustStore } from '../../src/trust/store.js';
import { createFetchTransport } from '../../src/trust/transport.js';
import type { UpdateReport } from '../../src/trust/update-list.js';
import { LIST, type MockCrypto, MockRepository } from './mock-repository.js';
import type { RepositoryHost } from './repository-host.js';

/** Where a case runs. */
export interface AttackEnvironment {
  readonly crypto: MockCrypto;
  createHost(files: Map<string, Uint8Array>): Promise<RepositoryHost>;
  createStore(): Promise<TrustStore>;
}

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** When the mock repositories begin. */
export const START = Date.UTC(2030, 0, 1);

/** Nothing honest fails by them, however busy the machine. */
export const TEST_LIMITS: TrustLimits = {
  ...DEFAULT_TRUST_LIMITS,
  minBytesPerSecond: 1000,
};

/** For the update in which a deadline is to pass, so that it ends soon. */
export const IMPATIENT_LIMITS: TrustLimits = { ...TEST_LIMITS, fileTimeoutMs: 400, slowGraceMs: 150 };

/** Longer than all deadlines of an update together. */
const HANGS_AFTER_MS = 100_000;

/** @throws Error with the message, if the condition is false */
export function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** @returns the code of whatever the report says failed, or `ok` */
export function codeOf(report: UpdateReport): string {
  return report.failure?.code ?? report.listFailures[LIST]?.code ?? 'ok';
}

/** One client. */
export class Client {
  readonly repository: TrustedRepository;
  readonly #clock: { now: number };

  constructor(
    host: RepositoryHost,
    anchor: Uint8Array,
    store: TrustStore,
    clock: { now: number },
    also: Partial<RepositoryEnvironment> & { minVersion?: number } = {},
  ) {
    this.#clock = clock;
    const { minVersion, limits = TEST_LIMITS, ...environment } = also;
    this.repository = new TrustedRepository(
      {
        repository: 'mock',
        metadataUrl: `${host.url}metadata/`,
        targetsUrl: `${host.url}targets/`,
        root: anchor,
        lists: [{ name: LIST, minVersion }],
      },
      {
        store,
        transport: createFetchTransport({ ...limits, fetch: host.fetch }),
        limits,
        now: () => this.#clock.now,
        locks: null,
        ...environment,
      },
    );
  }

  /** Updates; fails if that takes longer than anything may. */
  async update(): Promise<UpdateReport> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const hung = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the update hangs')), HANGS_AFTER_MS);
    });
    try {
      return await Promise.race([this.repository.update(), hung]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Updates and fails unless that works. */
  async mustUpdate(): Promise<UpdateReport> {
    const report = await this.update();
    const message = report.failure?.message ?? report.listFailures[LIST]?.message;
    check(codeOf(report) === 'ok', `the update was refused: ${codeOf(report)}: ${message}`);
    return report;
  }

  /** @returns versions in use, `u` before urgent ones, as `2` or `2 u1` */
  async inUse(): Promise<string> {
    const lists = await this.repository.readLists();
    return lists
      .map(({ urgent, version }) => `${urgent ? 'u' : ''}${version}`)
      .sort()
      .join(' ');
  }

  async list(urgent = false): Promise<TrustedList | undefined> {
    return (await this.repository.readLists()).find((list) => list.urgent === urgent);
  }
}

/** A client that has installed versions 1 and 2 of the list, one after the other. */
export class Victim {
  readonly clock = { now: START };
  /** `files` after the first publication. */
  before = new Map<string, Uint8Array>();
  client!: Client;
  readonly store: TrustStore;

  private constructor(
    readonly environment: AttackEnvironment,
    readonly repository: MockRepository,
    readonly host: RepositoryHost,
    store: TrustStore,
  ) {
    this.store = store;
  }

  static async create(environment: AttackEnvironment): Promise<Victim> {
    const repository = await MockRepository.create(environment.crypto, START);
    const host = await environment.createHost(repository.files);
    const victim = new Victim(environment, repository, host, await environment.createStore());
    victim.client = victim.newClient();
    await victim.client.mustUpdate();
    victim.before = repository.copyFiles();
    victim.wait(HOUR);
    repository.setList(2);
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '2', 'the victim does not begin with version 2');
    host.requests.length = 0;
    return victim;
  }

  /** A client on the same store: the same device after a restart. */
  newClient(also: Partial<RepositoryEnvironment> & { minVersion?: number } = {}): Client {
    return new Client(this.host, this.repository.anchor, this.store, this.clock, also);
  }

  /** Time passes for everybody. */
  wait(ms: number): void {
    this.clock.now += ms;
    this.repository.now += ms;
  }

  async close(): Promise<void> {
    this.store.close();
    await this.host.close();
  }
}

/** Updates that go well, or well enough: deltas, reuse, damage, delegations, status. */
import { describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/trust/bytes.js';
import { TrustError } from '../../src/trust/errors.js';
import { EMPTY_STATE, MemoryStore, type RepositoryState, type TrustStore } from '../../src/trust/store.js';
import { createFetchTransport } from '../../src/trust/transport.js';
import { Updater } from '../../src/trust/updater.js';
import { LIST, type Loose, MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import { createMemoryHost, type RepositoryHost } from '../support/repository-host.js';
import { Client, codeOf, DAY, HOUR, START, TEST_LIMITS } from '../support/victim.js';

async function createWorld() {
  const repository = await MockRepository.create(NODE_MOCK_CRYPTO, START);
  const host = createMemoryHost(repository.files);
  const clock = { now: START };
  const store: TrustStore = new MemoryStore();
  const client = (also: ConstructorParameters<typeof Client>[4] = {}) =>
    new Client(host, repository.anchor, store, clock, also);
  return { repository, host, clock, store, client };
}

const targetsOf = (host: RepositoryHost) => host.requests.filter((path) => path.startsWith('targets/'));

describe('deltas', () => {
  /** A "delta" of the test: the new snapshot, said twice as short as it is. */
  const XOR = 0x5a;
  const toDelta = (bytes: Uint8Array) => bytes.map((byte) => byte ^ XOR).subarray(0, bytes.length - 5);

  async function withDelta() {
    const world = await createWorld();
    await world.client().mustUpdate();
    const next = world.repository.setList(2);
    const delta = toDelta(next);
    const { created } = world.repository.targets.targets[`${LIST}/2.snapshot`].custom.presieve;
    const presieve = { list: LIST, version: 2, base: 1, created, entries: 22 };
    world.repository.addFile('targets', `${LIST}/1-2.delta`, delta, { presieve });
    world.repository.publish();
    world.host.requests.length = 0;
    return { ...world, next };
  }

  test('are taken where they are smaller', async () => {
    const { client, next, host } = await withDelta();
    const bases: number[] = [];
    const applyDelta = (base: Uint8Array, delta: Uint8Array) => {
      bases.push(base.length);
      return Uint8Array.from([...delta.map((byte) => byte ^ XOR), ...next.subarray(-5)]);
    };
    const updater = client({ applyDelta });
    const report = await updater.mustUpdate();
    expect(report.state.statistics).toMatchObject({ deltasApplied: 1, fullSnapshots: 1 });
    expect((await updater.list())?.bytes).toEqual(next);
    expect(bases).toHaveLength(1);
    expect(targetsOf(host)).toEqual([expect.stringMatching(/1-2\.delta$/)]);
  });

  test.each<[string, () => Uint8Array]>([
    ['gives other bytes', () => Uint8Array.of(1, 2, 3)],
    [
      'throws',
      () => {
        throw new RangeError('a delta for another base');
      },
    ],
  ])('a delta that %s is followed by the full snapshot', async (_what, applyDelta) => {
    const { client, next } = await withDelta();
    const updater = client({ applyDelta });
    const report = await updater.mustUpdate();
    expect(Object.keys(report.warnings)).toEqual([`${LIST} (delta)`]);
    expect(report.state.statistics.failedUpdates).toBe(0);
    expect((await updater.list())?.bytes).toEqual(next);
  });
});

describe('what is fetched', () => {
  test('nothing but root and timestamp if nothing is new', async () => {
    const { client, host } = await createWorld();
    await client().mustUpdate();
    host.requests.length = 0;
    const report = await client().mustUpdate();
    expect(report.changed).toBe(false);
    expect(host.requests).toEqual(['metadata/2.root.json', 'metadata/timestamp.json']);
  });

  test('no list if only its approval is new; the status has the new expiry', async () => {
    const { client, host, repository, clock } = await createWorld();
    await client().mustUpdate();
    const before = (await client().list())!;
    host.requests.length = 0;
    clock.now += 12 * HOUR;
    repository.now = clock.now;
    repository.publish();
    await client().mustUpdate();
    expect(targetsOf(host)).toEqual([]);
    const after = (await client().list())!;
    expect(after.sha256).toBe(before.sha256);
    expect(after.expires).toBe(before.expires + 12 * HOUR);
  });

  test('a damaged list is noticed and fetched again', async () => {
    const { repository, host, clock } = await createWorld();
    const inner = new MemoryStore();
    let damaged = false;
    const store: TrustStore = {
      kind: 'custom',
      readState: (name) => inner.readState(name),
      readSnapshot: async (name, sha256) => {
        const bytes = await inner.readSnapshot(name, sha256);
        if (damaged) bytes![40]! ^= 1;
        return bytes;
      },
      commit: (name, state, snapshots) => inner.commit(name, state, snapshots),
      close: () => {},
    };
    const client = new Client(host, repository.anchor, store, clock);
    await client.mustUpdate();
    damaged = true;
    expect(await client.inUse()).toBe('');
    damaged = false;
    expect(await client.inUse()).toBe('');
    expect((await client.mustUpdate()).changed).toBe(true);
    expect(await client.inUse()).toBe('1');
  });

  test('a list that this software cannot read once, until it was restarted', async () => {
    const { client, repository, host } = await createWorld();
    const running = client();
    await running.mustUpdate();
    const path = `${LIST}/2.snapshot`;
    repository.setList(2);
    const { custom } = repository.targets.targets[path];
    repository.addFile(
      'targets',
      path,
      Uint8Array.from([...'not a list'].map((c) => c.charCodeAt(0))),
      custom,
    );
    for (const fetched of [1, 0, 0]) {
      repository.publish();
      host.requests.length = 0;
      expect(codeOf(await running.update())).toBe('unreadable');
      expect(targetsOf(host)).toHaveLength(fetched);
      expect(await running.inUse()).toBe('1');
    }
    host.requests.length = 0;
    expect(codeOf(await client().update())).toBe('unreadable');
    expect(targetsOf(host)).toHaveLength(1);
  });

  test('damaged metadata is replaced, and the head of the chain still stands', async () => {
    const { client, repository, store, host } = await createWorld();
    const fork = repository.fork();
    await client().mustUpdate();
    const state = (await store.readState('mock'))!;
    const bent: RepositoryState = {
      ...state,
      revision: state.revision + 1,
      metadata: { root: Uint8Array.of(1), targets: {} },
    };
    await store.commit('mock', bent, []);
    fork.publish({ keepVersion: ['targets'], edit: { targets: (signed) => (signed.note = 'another') } });
    host.files = fork.files;
    expect(codeOf(await client().update())).toBe('fork');
    // Its timestamp was taken over before its targets were refused.
    for (let i = 0; i < 2; i++) repository.publish();
    host.files = repository.files;
    await client().mustUpdate();
    expect(await client().inUse()).toBe('1');
  });

  test('no more roots than 256, and an intermediate one may have expired', async () => {
    const { client, repository, clock } = await createWorld();
    repository.rotateRoot();
    repository.now = clock.now += 400 * DAY;
    repository.rotateRoot();
    repository.publish();
    await client().mustUpdate();
    for (let i = 0; i < 260; i++) repository.rotateRoot();
    const first = await client().mustUpdate();
    const version = (report: typeof first) =>
      JSON.parse(new TextDecoder().decode(report.state.metadata!.root)).signed.version;
    expect(version(first)).toBe(259);
    expect(version(await client().mustUpdate())).toBe(263);
  });
});

describe('status', () => {
  test('says what is in use, who approved it, until when, and what went wrong', async () => {
    const { client, repository, clock, host } = await createWorld();
    repository.publish({ signers: { targets: repository.keys.targets.slice(1) } });
    await client().mustUpdate();
    clock.now += 2 * HOUR;
    host.misbehave(/timestamp/, 'html');
    await client().update();
    const status = await client().repository.status();
    const { sha256 } = (await client().list())!;
    expect(status).toEqual({
      repository: 'mock',
      store: 'memory',
      storeFailure: undefined,
      lists: [
        {
          repository: 'mock',
          name: LIST,
          urgent: false,
          version: 1,
          ageSeconds: 7200,
          entries: 21,
          sha256,
          expires: '2030-01-31T00:00:00.000Z',
          expired: false,
          freshUntil: '2030-01-02T00:00:00.000Z',
          approvingKeys: expect.arrayContaining([
            { keyId: repository.keys.targets[1]!.id, organisation: 'organisation 2' },
            { keyId: repository.keys.targets[2]!.id, organisation: 'organisation 3' },
          ]),
        },
      ],
      lastUpdate: {
        at: '2030-01-01T02:00:00.000Z',
        failure: { code: 'format', message: expect.stringContaining('HTML') },
        listFailures: {},
        warnings: {},
      },
      statistics: expect.objectContaining({ updates: 2, failedUpdates: 1, failuresInARow: 1 }),
    });
    expect(sha256Hex((await client().list())!.bytes)).toBe(sha256);
    clock.now += 60 * DAY;
    expect((await client().repository.status()).lists[0]).toMatchObject({ expired: true, version: 1 });
  });

  test('has a row for a list that there is not', async () => {
    const { client, host } = await createWorld();
    host.misbehave(/./, 'unreachable');
    await client().update();
    expect((await client().repository.status()).lists).toEqual([
      { repository: 'mock', name: LIST, urgent: false },
    ]);
  });
});

describe('schedule of a repository', () => {
  test('updates at once, reports, and stops', async () => {
    const { client, store } = await createWorld();
    const { repository } = client();
    const report = await new Promise<RepositoryState>((resolve) => {
      repository.start(({ state }) => resolve(state));
    });
    expect(report.pollSeconds).toBe(300);
    repository.stop();
    expect((await store.readState('mock')) ?? EMPTY_STATE).toMatchObject({ statistics: { updates: 1 } });
  });

  test('stopping cancels an update that is under way', async () => {
    const { client, host } = await createWorld();
    host.misbehave(/timestamp/, 'hang');
    const { repository } = client();
    const update = repository.update();
    await new Promise((resolve) => setTimeout(resolve, 20));
    repository.stop();
    expect(codeOf(await update)).toBe('aborted');
  });
});

describe('delegations (TUF 5.6.7)', () => {
  interface Delegation {
    name: string;
    paths: string[];
    terminating?: boolean;
    to?: Delegation[];
    targets?: string[];
  }

  /** Publishes a tree of roles, all signed by one key. */
  async function publishTree(tree: Delegation[], top: string[] = []) {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, START);
    const key = await repository.createKey();
    const files: Record<string, Uint8Array> = {};
    const describeRoles = (delegations: Delegation[]): Loose => ({
      keys: { [key.id]: key.json },
      roles: delegations.map(({ name, paths, terminating = false }) => ({
        name,
        paths,
        terminating,
        keyids: [key.id],
        threshold: 1,
      })),
    });
    const target = (role: string) => ({
      length: role.length,
      hashes: { sha256: sha256Hex(new TextEncoder().encode(role)) },
    });
    const { canonicalize } = await import('@tufjs/canonical-json');
    const visit = ({ name, to = [], targets = [] }: Delegation): void => {
      if (files[name]) return;
      const signed = {
        _type: 'targets',
        spec_version: '1.0.31',
        version: 1,
        expires: '2031-01-01T00:00:00Z',
        targets: Object.fromEntries(targets.map((path) => [path, target(name)])),
        delegations: describeRoles(to),
      };
      const sig = key.sign(new TextEncoder().encode(canonicalize(signed)));
      files[name] = new TextEncoder().encode(
        JSON.stringify({ signatures: [{ keyid: key.id, sig }], signed }),
      );
      to.forEach(visit);
    };
    tree.forEach(visit);
    repository.targets.targets = Object.fromEntries(top.map((path) => [path, target('targets')]));
    repository.publish({
      edit: {
        targets: (signed) => (signed.delegations = describeRoles(tree)),
        snapshot: (signed) => {
          for (const name of Object.keys(files)) signed.meta[`${name}.json`] = { version: 1 };
        },
      },
    });
    // The snapshot's edit does not reach the targets' facts, which stay right.
    for (const [name, bytes] of Object.entries(files)) repository.files.set(`metadata/1.${name}.json`, bytes);
    const host = createMemoryHost(repository.files);
    const updater = new Updater({
      metadataUrl: `${host.url}metadata/`,
      targetsUrl: `${host.url}targets/`,
      anchor: repository.anchor,
      transport: createFetchTransport({ ...TEST_LIMITS, fetch: host.fetch }),
      now: START,
      limits: TEST_LIMITS,
    });
    await updater.refresh();
    return async (path: string) => {
      const order: string[] = [];
      for await (const { role } of updater.rolesFor(path)) order.push(role);
      return { order, found: (await updater.findTarget(path))?.role.role };
    };
  }

  test('are visited in pre-order, depth first, only those about the path, each once', async () => {
    const shared: Delegation = { name: 'c', paths: ['x/*'] };
    const search = await publishTree([
      { name: 'a', paths: ['x/*'], to: [{ name: 'b', paths: ['x/?'], targets: ['x/1'] }, shared] },
      shared,
      { name: 'd', paths: ['x/*'], targets: ['x/1', 'x/2', 'y/1'] },
    ]);
    expect(await search('x/1')).toEqual({ order: ['targets', 'a', 'b', 'c', 'd'], found: 'b' });
    expect(await search('x/22')).toEqual({ order: ['targets', 'a', 'c', 'd'], found: undefined });
    // Listed by d, which is not trusted with it.
    expect(await search('y/1')).toEqual({ order: ['targets'], found: undefined });
  });

  test('a terminating one ends the search after its branch', async () => {
    const search = await publishTree([
      { name: 'a', paths: ['x/*'], terminating: true, to: [{ name: 'b', paths: ['x/*'] }] },
      { name: 'c', paths: ['x/*', 'y/*'], targets: ['x/1', 'y/1'] },
    ]);
    expect(await search('x/1')).toEqual({ order: ['targets', 'a', 'b'], found: undefined });
    expect(await search('y/1')).toEqual({ order: ['targets', 'c'], found: 'c' });
  });

  test('the top-level role comes first', async () => {
    const search = await publishTree([{ name: 'a', paths: ['*'], targets: ['one'] }], ['one']);
    expect((await search('one')).found).toBe('targets');
  });

  test('a circle ends, and more than 32 roles are too many', async () => {
    const circle: Delegation = { name: 'a', paths: ['*'], to: [] };
    circle.to!.push({ name: 'b', paths: ['*'], to: [circle] });
    expect((await (await publishTree([circle]))('one')).order).toEqual(['targets', 'a', 'b']);
    let chain: Delegation = { name: 'r40', paths: ['*'], targets: ['one'] };
    for (let i = 39; i > 0; i--) chain = { name: `r${i}`, paths: ['*'], to: [chain] };
    const search = await publishTree([chain]);
    await expect(search('one')).rejects.toThrow(expect.objectContaining({ code: 'too-large' }));
    await expect(search('one')).rejects.toBeInstanceOf(TrustError);
  });
});

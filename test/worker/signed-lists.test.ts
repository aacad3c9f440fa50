import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScanner, type Outcome, type ScannerOptions, type ScannerStatus } from '../../src/index.js';
import type { ListToOpen, OpenListsReply } from '../../src/worker/protocol.js';
import { FakeTrust, REPOSITORY } from '../support/fake-trust-worker.js';
import { type FakeBehaviour, FakeWorker, fakeOutcome } from '../support/fake-worker.js';
import { PATIENCE } from '../support/patience.js';

const ROOT = { signed: {}, signatures: [] };
const SIGNED = { name: 'hotline', repository: REPOSITORY, root: ROOT };
const file = (mark: string) => new Blob([mark]);
const never = () => new Promise<never>(() => {});
const listsOf = (outcome: Outcome) => outcome.lists.map(({ name }) => name).join();

let trust: FakeTrust;
/** Versions that were opened, one entry for each call. */
let opened: string[];

/** Opens lists whose first byte is their version; the scans name the lists that are open. */
function worker(also: FakeBehaviour & { refuse?: (lists: readonly ListToOpen[]) => number } = {}) {
  let versions: number[] = [];
  let isMissing = false;
  const behaviour: FakeBehaviour = {
    openLists: async (lists, missing): Promise<OpenListsReply> => {
      const index = also.refuse?.(lists) ?? -1;
      if (index >= 0) return { ok: false, code: 'list-invalid', message: 'not readable', index };
      versions = await Promise.all(
        lists.map(async ({ snapshot }) => new Uint8Array(await snapshot.arrayBuffer())[0]),
      );
      isMissing = missing;
      opened.push(versions.join());
      const value = versions.map((version, i) => ({
        name: lists[i].key.startsWith('plain') ? 'plain' : 'hotline',
        version,
        createdSeconds: 1000,
        demo: false,
      }));
      return { ok: true, value };
    },
    scan: async (_id, blob) => ({
      ok: true,
      value: fakeOutcome(`${await blob.text()}:${versions.join()}${isMissing ? ' missing' : ''}`),
    }),
    ...also,
  };
  return () => new FakeWorker(behaviour).asWorker();
}

function scannerOver(options: ScannerOptions = {}) {
  const defaults = { lists: [SIGNED], createWorker: worker(), createTrustWorker: trust.createWorker };
  return createScanner({ ...defaults, ...options });
}

beforeEach(() => {
  trust = new FakeTrust();
  opened = [];
  FakeWorker.made = [];
});
afterEach(() => {
  for (const made of [...FakeWorker.made, ...trust.made]) made.terminate();
});

describe('stored lists', () => {
  it('are scanned with at once, before any update has ended', async () => {
    trust.how = 'silent-update';
    trust.put(3);
    const scanner = scannerOver();
    await scanner.ready;
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:3');
    expect(trust.made[0].settings?.repositories).toMatchObject([
      {
        repository: REPOSITORY,
        metadataUrl: `${REPOSITORY}metadata/`,
        targetsUrl: `${REPOSITORY}targets/`,
        lists: [{ name: 'hotline' }],
      },
    ]);
    scanner.close();
    expect(trust.made[0].terminated).toBe(true);
  });

  it('are opened beside plain ones, an urgent one beside the ordinary one of its name', async () => {
    trust.put(3);
    trust.put(9, { urgent: true });
    const scanner = scannerOver({ lists: [SIGNED, Uint8Array.of(1)] });
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:1,3,9');
    scanner.close();
  });
});

describe('no stored list', () => {
  it('lets scans wait for the first update, which brings one', async () => {
    trust.how = 'silent-update';
    const scanner = scannerOver();
    await scanner.ready;
    const waiting = [scanner.scan(file('a')), scanner.scan(file('b'))];
    const aborted = new AbortController();
    const third = scanner.scan(file('c'), { signal: aborted.signal });
    await vi.waitFor(() => expect(trust.made[0].started).toBe(true), PATIENCE);
    aborted.abort();
    expect(await third).toMatchObject({ reason: 'aborted' });
    trust.put(1);
    trust.made[0].report();
    expect((await Promise.all(waiting)).map(listsOf)).toEqual(['a:1', 'b:1']);
    expect(FakeWorker.made).toHaveLength(1);
    scanner.close();
  });

  it('ends the wait when the first update has failed', async () => {
    trust.failure = { code: 'network', message: 'offline' };
    const scanner = scannerOver();
    expect(listsOf(await scanner.scan(file('a')))).toBe('a: missing');
    expect((await scanner.status()).lists).toMatchObject([
      { name: 'hotline', inUse: false, lastUpdate: { failure: { code: 'network' } } },
    ]);
    scanner.close();
  });

  it.each(['mute', 'throws', 'silent-update'] as const)(
    'ends the wait at its limit, whatever the trust worker does: %s',
    async (how) => {
      trust.how = how;
      const scanner = scannerOver({ limits: { firstListTimeoutMs: 600 } });
      await scanner.ready;
      expect(listsOf(await scanner.scan(file('a')))).toBe('a: missing');
      const begun = performance.now();
      expect(listsOf(await scanner.scan(file('b')))).toBe('b: missing');
      expect(performance.now() - begun).toBeLessThan(500);
      expect((await scanner.status()).lists).toMatchObject([{ name: 'hotline', inUse: false }]);
      scanner.close();
    },
  );

  it('settles waiting scans at close', async () => {
    trust.how = 'silent-update';
    const scanner = scannerOver();
    await scanner.ready;
    const waiting = scanner.scan(file('a'));
    scanner.close();
    expect(await waiting).toMatchObject({ reason: 'aborted' });
  });
});

describe('a new list', () => {
  it('comes between two scans, and no queued scan is dropped', async () => {
    trust.put(1);
    const gates: (() => void)[] = [];
    let version = 0;
    const createWorker = worker({
      openLists: async (lists) => {
        if (lists.length > 0) version = new Uint8Array(await lists[0].snapshot.arrayBuffer())[0];
        return { ok: true, value: [] };
      },
      scan: async (_id, blob) => {
        const before = version;
        await new Promise<void>((resolve) => gates.push(resolve));
        return { ok: true, value: fakeOutcome(`${await blob.text()}:${before}-${version}`) };
      },
    });
    const told: ScannerStatus[] = [];
    const scanner = scannerOver({ createWorker, onStatus: (status) => told.push(status) });
    await scanner.ready;
    const scans = [...'abcd'].map((mark) => scanner.scan(file(mark)));
    await vi.waitFor(() => expect(gates).toHaveLength(1), PATIENCE);
    trust.put(2);
    // By this the status tells that the page has heard of it, and so of the list.
    trust.failure = { code: 'network', message: 'one of two' };
    trust.made[0].report();
    await vi.waitFor(
      () =>
        expect(told.at(-1)?.lists).toMatchObject([{ lastUpdate: { failure: { message: 'one of two' } } }]),
      PATIENCE,
    );
    for (let i = 1; i <= 4; i++) {
      await vi.waitFor(() => expect(gates).toHaveLength(i), PATIENCE);
      gates[i - 1]();
    }
    expect((await Promise.all(scans)).map(listsOf)).toEqual(['a:1-1', 'b:2-2', 'c:2-2', 'd:2-2']);
    expect(FakeWorker.made).toHaveLength(1);
    scanner.close();
  });

  it('reaches an idle worker, and a restarted one', async () => {
    trust.put(1);
    const scanner = scannerOver();
    await scanner.ready;
    trust.put(2);
    trust.made[0].report();
    await vi.waitFor(() => expect(opened.at(-1)).toBe('2'), PATIENCE);
    FakeWorker.made[0].crash();
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:2');
    expect(FakeWorker.made).toHaveLength(2);
    scanner.close();
  });

  it('that was only signed anew is opened with its new expiry', async () => {
    const seen: ListToOpen[][] = [];
    const createWorker = worker({
      openLists: async (lists) => {
        seen.push([...lists]);
        return { ok: true, value: [] };
      },
    });
    trust.put(1, { expires: 5_000 });
    const scanner = scannerOver({ createWorker });
    await scanner.ready;
    expect(seen.at(-1)).toMatchObject([{ key: 'hotline1', expires: 5_000, urgent: false }]);
    trust.put(1, { expires: 9_000 });
    trust.made[0].report();
    await vi.waitFor(
      () => expect(seen.at(-1)).toMatchObject([{ key: 'hotline1', expires: 9_000 }]),
      PATIENCE,
    );
    scanner.close();
  });

  it('comes by update(), which ends when it is in use', async () => {
    trust.put(1);
    const scanner = scannerOver();
    await scanner.ready;
    trust.onUpdate = () => trust.put(2);
    expect((await scanner.update()).lists).toMatchObject([{ version: 2, sha256: 'hotline2', inUse: true }]);
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:2');
    scanner.close();
    await expect(scanner.update()).rejects.toMatchObject({ code: 'closed' });
  });

  it('that the worker cannot open leaves the old one in use, and the status says so', async () => {
    trust.put(1);
    trust.put(7, { name: 'other' });
    const refuse = (lists: readonly ListToOpen[]) => lists.findIndex(({ key }) => key === 'hotline2');
    const lists = [SIGNED, { ...SIGNED, name: 'other' }];
    const scanner = scannerOver({ lists, createWorker: worker({ refuse }) });
    await scanner.ready;
    trust.put(2);
    trust.put(8, { name: 'other' });
    const status = await scanner.update();
    expect(status.lists).toMatchObject([
      {
        name: 'hotline',
        version: 1,
        rejected: { code: 'list-invalid', version: 2, message: 'not readable' },
      },
      { name: 'other', version: 8 },
    ]);
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:1,8');
    trust.put(3);
    const next = await scanner.update();
    expect(next.lists.map(({ version, rejected }) => [version, rejected])).toEqual([
      [3, undefined],
      [8, undefined],
    ]);
    scanner.close();
  });

  it('that kills the worker twice is left, and the scans go on with the old one', async () => {
    trust.put(1);
    const createWorker = worker({
      refuse: (lists) => {
        if (lists.some(({ key }) => key === 'hotline2')) FakeWorker.made.at(-1)?.crash();
        return -1;
      },
    });
    const scanner = scannerOver({ createWorker });
    await scanner.ready;
    trust.put(2);
    const status = await scanner.update();
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:1');
    expect(FakeWorker.made).toHaveLength(3);
    expect(status.lists).toMatchObject([{ version: 1, rejected: { code: 'worker-lost', version: 2 } }]);
    scanner.close();
  });

  it('that is older than the one in use is refused, and one that vanished stays', async () => {
    trust.put(5);
    trust.put(1, { urgent: true });
    const scanner = scannerOver();
    await scanner.ready;
    trust.lists = [];
    expect((await scanner.update()).lists).toMatchObject([{ version: 5, urgent: false }]);
    trust.put(4);
    const { lists } = await scanner.update();
    expect(lists).toMatchObject([{ version: 5, rejected: { code: 'rollback', version: 4 } }]);
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:5');
    scanner.close();
  });

  it('that is stored but unreadable at the start is no obstacle to the others', async () => {
    trust.put(1);
    const refuse = (lists: readonly ListToOpen[]) => lists.findIndex(({ key }) => key === 'hotline1');
    const scanner = scannerOver({ lists: [Uint8Array.of(6), SIGNED], createWorker: worker({ refuse }) });
    await scanner.ready;
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:6 missing');
    expect((await scanner.status()).lists).toMatchObject([
      { kind: 'plain', name: 'plain', version: 6, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { kind: 'signed', inUse: false, rejected: { code: 'list-invalid' } },
    ]);
    scanner.close();
  });
});

describe('a trust worker that dies', () => {
  it('is started anew, and the scans go on meanwhile', async () => {
    trust.put(1);
    const scanner = scannerOver();
    await scanner.ready;
    trust.put(2);
    trust.made[0].crash();
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:1');
    expect((await scanner.status()).updater).toMatchObject({
      state: 'restarting',
      failure: { message: expect.stringContaining('boom') },
    });
    await vi.waitFor(() => expect(opened.at(-1)).toBe('2'), PATIENCE);
    expect(trust.made).toHaveLength(2);
    expect(await scanner.status()).toMatchObject({ updater: { state: 'running' }, lists: [{ version: 2 }] });
    scanner.close();
  });

  it('comes back ever more slowly, and not at all after close', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      trust.how = 'throws';
      let tries = 0;
      const scanner = scannerOver({
        createTrustWorker: () => {
          tries++;
          return trust.createWorker();
        },
      });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(tries).toBeGreaterThan(4);
      expect(tries).toBeLessThan(9);
      scanner.close();
      const before = tries;
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(tries).toBe(before);
    } finally {
      vi.useRealTimers();
    }
  });

  it('and one that answers no more: replaced, said in the status, and followed again', async () => {
    trust.put(1);
    const told: ScannerStatus[] = [];
    const scanner = scannerOver({
      limits: { watchdogIntervalMs: 10, workerStartTimeoutMs: 400 },
      onStatus: (status) => told.push(status),
    });
    await scanner.ready;
    await vi.waitFor(() => expect(trust.made[0].started).toBe(true), PATIENCE);
    trust.put(2);
    trust.made[0].hang();
    await vi.waitFor(() => expect(told.at(-1)?.updater?.state).toBe('restarting'), PATIENCE);
    expect(told.at(-1)?.updater).toEqual({
      state: 'restarting',
      failure: { code: 'timeout', message: expect.stringContaining('trust worker') },
      restarts: 1,
    });
    expect(trust.made[0].terminated).toBe(true);
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:1');
    await vi.waitFor(() => expect(opened.at(-1)).toBe('2'), PATIENCE);
    expect(await scanner.status()).toMatchObject({ updater: { state: 'running', restarts: 1 } });
    scanner.close();
    // The watchdog ends with it.
    const pings = vi.fn(async () => null);
    trust.onPing = pings;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(pings).not.toHaveBeenCalled();
  });

  it('but not one that was late once, as on a page that was frozen', async () => {
    trust.put(1);
    let pings = 0;
    trust.onPing = async () => (++pings % 2 === 1 ? never() : null);
    const scanner = scannerOver({ limits: { watchdogIntervalMs: 5, workerStartTimeoutMs: 300 } });
    await scanner.ready;
    await vi.waitFor(() => expect(pings).toBeGreaterThan(5), PATIENCE);
    expect((await scanner.status()).updater).toEqual({ state: 'running' });
    expect(trust.made).toHaveLength(1);
    scanner.close();
  });

  it('that dies soon after each start comes back ever more slowly, even if its updates end well', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      trust.put(1);
      const codes = new Set<string | undefined>();
      const scanner = scannerOver({ onStatus: ({ updater }) => codes.add(updater?.failure?.code) });
      for (let second = 0; second < 60; second++) {
        await vi.advanceTimersByTimeAsync(1000);
        // Its messages are real ones.
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
        const worker = trust.made.at(-1);
        if (worker?.started && !worker.terminated) worker.crash();
      }
      expect(trust.made.length).toBeGreaterThan(4);
      expect(trust.made.length).toBeLessThan(9);
      expect(codes).toContain('worker-lost');
      scanner.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('that hangs makes neither scan nor status nor update wait', async () => {
    trust.how = 'mute';
    const scanner = scannerOver({
      lists: [Uint8Array.of(6), SIGNED],
      limits: { firstListTimeoutMs: 20, updateTimeoutMs: 20, workerStartTimeoutMs: 1000 },
    });
    await scanner.ready;
    expect(listsOf(await scanner.scan(file('a')))).toBe('a:6 missing');
    expect((await scanner.status()).updater).toEqual({ state: 'starting' });
    expect((await scanner.update()).updater).toMatchObject({ state: 'restarting' });
    expect(trust.made[0].terminated).toBe(true);
    scanner.close();
  });
});

describe('the status', () => {
  it('says of a list what anyone may compare', async () => {
    trust.put(3, { expires: Date.UTC(2001, 0, 1) });
    const told: ScannerStatus[] = [];
    const scanner = scannerOver({ onStatus: (status) => told.push(status) });
    await scanner.ready;
    await vi.waitFor(() => expect(told.at(-1)?.updater).toEqual({ state: 'running' }), PATIENCE);
    const status = await scanner.status();
    expect(status.lists).toEqual([
      {
        name: 'hotline',
        kind: 'signed',
        inUse: true,
        version: 3,
        ageSeconds: expect.any(Number),
        sha256: 'hotline3',
        repository: REPOSITORY,
        urgent: false,
        expires: '2001-01-01T00:00:00.000Z',
        expired: true,
        freshUntil: '2001-01-01T00:00:00.000Z',
        entries: 5,
        approvingKeys: [
          { keyId: 'key 1', organisation: 'holder of key 1' },
          { keyId: 'key 2', organisation: 'holder of key 2' },
        ],
        lastUpdate: { at: '1970-01-01T00:00:00.000Z' },
        store: 'indexeddb',
      },
    ]);
    expect(told.at(-1)?.lists).toEqual(status.lists);
    scanner.close();
  });
});

describe('wrong use', () => {
  it.each<[string, unknown, RegExp]>([
    ['no name', { ...SIGNED, name: undefined }, /^"lists\[0\]\.name"/],
    ['a bad name', { ...SIGNED, name: 'a/b' }, /^"lists\[0\]\.name"/],
    ['no address', { ...SIGNED, repository: 7 }, /^"lists\[0\]\.repository"/],
    ['a file', { ...SIGNED, repository: 'file:///lists/' }, /^"lists\[0\]\.repository"/],
    ['a query', { ...SIGNED, repository: 'https://a.invalid/?b' }, /^"lists\[0\]\.repository"/],
    ['no root', { ...SIGNED, root: undefined }, /^"lists\[0\]\.root"/],
    ['an empty root', { ...SIGNED, root: '' }, /^"lists\[0\]\.root"/],
    ['some object', { ...SIGNED, root: {} }, /^"lists\[0\]\.root"/],
    ['a floor of 0', { ...SIGNED, minVersion: 0 }, /^"lists\[0\]\.minVersion"/],
    ['a floor of 1.5', { ...SIGNED, minVersion: 1.5 }, /^"lists\[0\]\.minVersion"/],
    ['an unknown field', { ...SIGNED, floor: 1 }, /^"lists\[0\]\.floor"/],
  ])('%s', (_name, list, message) => {
    expect(() => scannerOver({ lists: [list as never] })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }),
    );
  });

  it('a list twice, two roots, factories and policies of the wrong kind', () => {
    const refuses = (options: object, message: RegExp) =>
      expect(() => scannerOver(options)).toThrow(
        expect.objectContaining({ message: expect.stringMatching(message) }),
      );
    refuses({ lists: [SIGNED, SIGNED] }, /twice/);
    refuses({ lists: [SIGNED, { ...SIGNED, name: 'b', root: '{}' }] }, /two different roots/);
    refuses({ createTrustWorker: 'a.js' }, /^"createTrustWorker"/);
    refuses({ onStatus: 1 }, /^"onStatus"/);
    refuses({ policy: { onExpiredList: 'block' } }, /^"policy.onExpiredList"/);
    refuses({ policy: { onPartial: 'scan' } }, /^"policy.onPartial"/);
  });

  it('takes a root as bytes, buffer, text or object, and an address with or without its slash', async () => {
    const text = JSON.stringify(ROOT);
    const bytes = new TextEncoder().encode(text);
    for (const root of [text, bytes, bytes.buffer, ROOT]) {
      const scanner = scannerOver({ lists: [{ ...SIGNED, root, repository: new URL(REPOSITORY) }] });
      await scanner.ready;
      expect(trust.made.at(-1)?.settings?.repositories[0].root).toEqual(bytes);
      scanner.close();
    }
    const scanner = scannerOver({
      lists: [{ ...SIGNED, repository: `${REPOSITORY}deep` }],
      limits: { firstListTimeoutMs: 1 },
    });
    await scanner.ready;
    expect(trust.made.at(-1)?.settings?.repositories[0].targetsUrl).toBe(`${REPOSITORY}deep/targets/`);
    scanner.close();
  });
});

it('a worker that hangs over lists is replaced', async () => {
  trust.put(1);
  let hang = false;
  const behaviour: FakeBehaviour = {
    openLists: async (lists) => {
      if (hang && lists[0]?.key === 'hotline2') return never();
      return { ok: true, value: [] };
    },
  };
  const scanner = scannerOver({
    createWorker: () => new FakeWorker(behaviour).asWorker(),
    limits: { workerStartTimeoutMs: 400 },
  });
  await scanner.ready;
  hang = true;
  trust.put(2);
  expect((await scanner.update()).lists).toMatchObject([{ rejected: { code: 'worker-lost' } }]);
  expect((await scanner.scan(file('a'))).verdict).toBe('no-known-match');
  scanner.close();
});

import 'fake-indexeddb/auto';
import { forceCloseDatabase } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScanner, type Outcome, type ScannerOptions } from '../../src/index.js';
import { newAppealId } from '../../src/records/appeals.js';
import { DeviceRecords, type RecordsOptions } from '../../src/records/device-records.js';
import { FakeWorker } from '../support/fake-worker.js';
import { PATIENCE } from '../support/patience.js';

const DAY = 86_400_000;
const NOON = Date.UTC(2030, 0, 1, 12);

let databases = 0;
let databaseName: string;
let now: number;
beforeEach(() => {
  databaseName = `records-${databases++}`;
  now = NOON;
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const records = (options: Partial<RecordsOptions> = {}) =>
  new DeviceRecords({
    statistics: true,
    appeals: true,
    databaseName,
    storageTimeoutMs: 15_000,
    now: () => now,
    ...options,
  });

const plain: Outcome = {
  verdict: 'no-known-match',
  action: 'allow',
  matches: [],
  coverage: { complete: 'all', notes: [] },
  lists: [
    { name: 'hotline', version: 3, ageSeconds: 1 },
    { name: 'other', version: 9, ageSeconds: 1 },
  ],
};
const hit: Outcome = {
  ...plain,
  verdict: 'match',
  action: 'block',
  matches: [{ list: 'hotline', signal: 'perceptual', label: 'A1' }],
};

async function scansCounted(from: DeviceRecords): Promise<unknown> {
  const { rows } = await from.statistics();
  return rows.find((row) => row.list === null && row.measure === 'scans')?.count;
}
function scan(times: number, on: DeviceRecords): void {
  for (let i = 0; i < times; i++) on.scanned(plain);
}

describe('storage', () => {
  it('outlives the page, and adds up what several pages write at once', async () => {
    const tabs = [records(), records(), records()];
    for (let i = 0; i < 10; i++) for (const tab of tabs) tab.scanned(plain);
    await Promise.all(tabs.map((tab) => tab.appeals()));
    for (const tab of tabs) tab.close();
    now += DAY;
    expect(await scansCounted(records())).toBe(30);
  });

  it('writes what is left at its close', async () => {
    const closing = records();
    scan(12, closing);
    closing.close();
    now += DAY;
    await vi.waitFor(async () => expect(await scansCounted(records())).toBe(12), PATIENCE);
  });

  it('goes on in memory where there is no IndexedDB', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const kept = records();
    scan(11, kept);
    const { appeal } = kept.scanned(hit);
    now += DAY;
    expect(await scansCounted(kept)).toBe(12);
    expect(await kept.appeals()).toMatchObject([{ id: appeal }]);
    await kept.forget();
    expect(await kept.appeals()).toEqual([]);
  });

  it('ends every call where a database does not open, and counts nothing twice when it opens at last', async () => {
    // A connection that nobody closes holds up its database's deletion, which holds up whoever opens it next.
    const holder = await new Promise<IDBDatabase>((resolve) => {
      const request = indexedDB.open(databaseName, 1);
      request.onsuccess = () => resolve(request.result);
    });
    indexedDB.deleteDatabase(databaseName);
    const kept = records({ storageTimeoutMs: 400 });
    scan(10, kept);
    now += DAY;
    const started = Date.now();
    expect(await scansCounted(kept)).toBe(10);
    expect(Date.now() - started).toBeGreaterThan(600);
    holder.close();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(await scansCounted(records())).toBeUndefined();
    kept.scanned(plain);
    expect(await scansCounted(kept)).toBe(10);
    expect(await scansCounted(records())).toBe(10);
  });

  it('keeps in memory what a full disk refuses, and writes it with the next change', async () => {
    const kept = records();
    const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('no space', 'QuotaExceededError');
    });
    scan(10, kept);
    now += DAY;
    expect(await scansCounted(kept)).toBe(10);
    put.mockRestore();
    kept.scanned(plain);
    await kept.statistics();
    expect(await scansCounted(records())).toBe(10);
  });

  it('takes a connection that was lost anew', async () => {
    const opened: IDBDatabase[] = [];
    const transaction = IDBDatabase.prototype.transaction;
    vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (this: IDBDatabase, ...args) {
      opened.push(this);
      return transaction.apply(this, args);
    });
    const kept = records();
    scan(10, kept);
    await kept.statistics();
    forceCloseDatabase(opened[0] as never);
    kept.scanned(plain);
    now += DAY;
    await kept.statistics();
    expect(await scansCounted(records())).toBe(11);
  });

  it('forgets days and appeals after 400 days, and everything when told to', async () => {
    const kept = records();
    scan(10, kept);
    kept.scanned(hit);
    now += 401 * DAY;
    scan(20, kept);
    now += DAY;
    expect((await kept.statistics()).from).toBe('2031-02-06');
    expect(await kept.appeals()).toEqual([]);
    await kept.forget();
    expect((await records().statistics()).rows).toEqual([]);
  });
});

describe('appeals', () => {
  it('are given to matches alone, and say only when and which lists', async () => {
    const kept = records();
    expect(kept.scanned(plain)).toBe(plain);
    const { appeal, ...rest } = kept.scanned(hit);
    expect(rest).toEqual(hit);
    expect(appeal).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    expect(await records().appeals()).toEqual([
      { id: appeal, at: '2030-01-01T12:00Z', lists: [{ name: 'hotline', version: 3 }] },
    ]);
  });

  it('are the newest first, and never the same', async () => {
    const kept = records();
    const first = kept.scanned(hit).appeal;
    now += 60_000;
    const second = kept.scanned(hit).appeal;
    expect((await kept.appeals()).map(({ id }) => id)).toEqual([second, first]);
    expect(new Set(Array.from({ length: 1000 }, newAppealId)).size).toBe(1000);
  });
});

describe('the scanner', () => {
  const LIST = new Uint8Array([1]);
  const scanner = (options: ScannerOptions = {}) =>
    createScanner({
      lists: [LIST],
      createWorker: () => new FakeWorker({ scan: async () => ({ ok: true, value: hit }) }).asWorker(),
      ...options,
    });

  it('keeps nothing unless it is asked to', async () => {
    const open = vi.spyOn(IDBFactory.prototype, 'open');
    const off = scanner();
    expect(await off.scan(new Blob(['x']))).toEqual(hit);
    await expect(off.statistics()).rejects.toMatchObject({
      code: 'invalid-argument',
      message: /^"statistics" is off/,
    });
    await expect(off.appeals()).rejects.toMatchObject({
      code: 'invalid-argument',
      message: /^"appeals" is off/,
    });
    off.close();
    expect(open).not.toHaveBeenCalled();
  });

  it('counts every scan, also those that no worker saw, and the lists that it opened', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: NOON });
    try {
      const counting = scanner({ statistics: true, appeals: true });
      for (let i = 0; i < 10; i++) expect((await counting.scan(new Blob(['x']))).appeal).toBeDefined();
      for (let i = 0; i < 10; i++) await counting.scan(new Blob(['x']), { signal: AbortSignal.abort() });
      expect((await counting.statistics()).rows).toEqual([]);
      vi.setSystemTime(NOON + DAY);
      const { rows } = await counting.statistics();
      const count = (list: string | null, measure: string) =>
        rows.find((row) => row.list === list && row.measure === measure)?.count;
      expect(count(null, 'scans')).toBe(20);
      expect(count(null, 'inconclusive-aborted')).toBe(10);
      expect(count('hotline', 'matches-perceptual')).toBe(10);
      expect(count('fake', 'updates')).toBe(1);
      expect(await counting.appeals()).toHaveLength(10);
      await counting.forgetRecords();
      expect(await counting.appeals()).toEqual([]);
      counting.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['statistics', 'appeals'])('refuses %s that is neither true nor false', (option) => {
    expect(() => createScanner({ [option]: 1 as never })).toThrow(`"${option}" must be true or false`);
  });
});

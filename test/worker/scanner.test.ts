import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  configure,
  createScanner,
  type Outcome,
  ScanError,
  type ScannerOptions,
  scanBeforeUpload,
} from '../../src/index.js';
import { type FakeBehaviour, FakeWorker, fakeOutcome } from '../support/fake-worker.js';
import { PATIENCE } from '../support/patience.js';

const LIST = new Uint8Array([1]);
const file = (mark: string) => new Blob([mark]);
const never = () => new Promise<never>(() => {});
const markOf = (outcome: Outcome) => outcome.lists[0]?.name;

/** A scanner over fake workers; the n-th worker behaves as the n-th entry says, later ones as the last. */
function scannerOver(behaviours: FakeBehaviour[], options: ScannerOptions = {}) {
  return createScanner({
    lists: [LIST],
    createWorker: () =>
      new FakeWorker(behaviours[Math.min(FakeWorker.made.length, behaviours.length - 1)]).asWorker(),
    ...options,
  });
}

beforeEach(() => {
  FakeWorker.made = [];
});
afterEach(() => {
  for (const worker of FakeWorker.made) worker.terminate();
});

describe('the queue', () => {
  it('scans one file at a time, in the order in which they came', async () => {
    const running: string[] = [];
    let most = 0;
    const scanner = scannerOver([
      {
        async scan(_id, blob) {
          running.push(await blob.text());
          most = Math.max(most, running.length);
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
          return { ok: true, value: fakeOutcome(running.pop() as string) };
        },
      },
    ]);
    const finished: string[] = [];
    await Promise.all(
      [...'abcdefgh'].map(async (mark) => {
        finished.push(markOf(await scanner.scan(file(mark))));
      }),
    );
    expect(finished.join('')).toBe('abcdefgh');
    expect(most).toBe(1);
    scanner.close();
  });

  it('is bounded: one more is busy, and the others go on', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const scanner = scannerOver(
      [
        {
          scan: async (_id, blob) => {
            await gate;
            return { ok: true, value: fakeOutcome(await blob.text()) };
          },
        },
      ],
      { limits: { maxQueuedScans: 2 } },
    );
    await scanner.ready;
    const accepted = ['a', 'b', 'c'].map((mark) => scanner.scan(file(mark)));
    const refused = await scanner.scan(file('d'));
    expect(refused).toMatchObject({ verdict: 'inconclusive', reason: 'busy', action: 'ask' });
    expect(refused.lists).toEqual([{ name: 'fake', version: 3, ageSeconds: expect.any(Number) }]);
    release();
    expect((await Promise.all(accepted)).map(markOf)).toEqual(['a', 'b', 'c']);
    scanner.close();
  });
});

describe('a worker that hangs or dies', () => {
  it('gives timeout at the deadline, and the queued scans go on in a new worker', async () => {
    const scanner = scannerOver([{ scan: never }, {}], { limits: { scanTimeoutMs: 500 } });
    const [hung, next] = await Promise.all([scanner.scan(file('a')), scanner.scan(file('b'))]);
    expect(hung).toMatchObject({ verdict: 'inconclusive', reason: 'timeout' });
    expect(markOf(next)).toBe('b');
    expect(FakeWorker.made.map((worker) => worker.terminated)).toEqual([true, false]);
    scanner.close();
  });

  it('gives a larger file more time', async () => {
    const slow = async (_id: number, blob: Blob) => {
      await new Promise((resolve) => setTimeout(resolve, 60));
      return { ok: true as const, value: fakeOutcome(String(blob.size)) };
    };
    const scanner = scannerOver([{ scan: slow }], {
      limits: { scanTimeoutMs: 5, scanTimeoutMsPerMebibyte: 4000 },
    });
    expect(await scanner.scan(new Uint8Array(10))).toMatchObject({ reason: 'timeout' });
    expect(await scanner.scan(new Uint8Array(2 ** 20))).toMatchObject({ verdict: 'no-known-match' });
    scanner.close();
  });

  it('gives worker-lost at an error event, and the queued scans go on', async () => {
    const crashing = () => {
      setTimeout(() => FakeWorker.made[0].crash());
      return never();
    };
    const scanner = scannerOver([{ scan: crashing }, {}]);
    const scans = [scanner.scan(file('a')), scanner.scan(file('b'))];
    const [lost, next] = await Promise.all(scans);
    expect(lost).toMatchObject({ verdict: 'inconclusive', reason: 'worker-lost' });
    expect(markOf(next)).toBe('b');
    scanner.close();
  });

  it('gives worker-lost, not a clean bill, for a failure that nobody foresaw', async () => {
    const scanner = scannerOver([{ scan: async () => ({ ok: false, code: 'internal', message: 'bug' }) }]);
    expect(await scanner.scan(file('a'))).toMatchObject({ verdict: 'inconclusive', reason: 'worker-lost' });
    scanner.close();
  });

  it('gives worker-lost when no new worker can be had, and recovers when one can', async () => {
    let broken = false;
    const scanner = createScanner({
      lists: [LIST],
      createWorker: () => {
        if (broken) throw new Error('no more workers');
        return new FakeWorker().asWorker();
      },
    });
    await scanner.ready;
    broken = true;
    FakeWorker.made[0].crash();
    expect(await scanner.scan(file('a'))).toMatchObject({ reason: 'worker-lost' });
    broken = false;
    expect(markOf(await scanner.scan(file('b')))).toBe('b');
    scanner.close();
  });
});

describe('abort', () => {
  it('is an outcome: before, while waiting and while running', async () => {
    let isRunning = false;
    const hanging = () => {
      isRunning = true;
      return never();
    };
    const scanner = scannerOver([{ scan: hanging }, {}], { limits: { abortGraceMs: 10 } });
    await scanner.ready;
    expect(await scanner.scan(file('x'), { signal: AbortSignal.abort() })).toMatchObject({
      reason: 'aborted',
    });

    const running = new AbortController();
    const waiting = new AbortController();
    const scans = [
      scanner.scan(file('a'), { signal: running.signal }),
      scanner.scan(file('b'), { signal: waiting.signal }),
      scanner.scan(file('c')),
    ];
    await vi.waitFor(() => expect(isRunning).toBe(true), PATIENCE);
    waiting.abort();
    expect(await scans[1]).toMatchObject({ verdict: 'inconclusive', reason: 'aborted' });
    running.abort();
    expect(await scans[0]).toMatchObject({ verdict: 'inconclusive', reason: 'aborted' });
    // The hung worker is replaced after its grace, and the third scan runs.
    expect(markOf(await scans[2])).toBe('c');
    expect(FakeWorker.made[0].cancelled).toHaveLength(1);
    scanner.close();
  });

  it('keeps a worker that ends its scan within the grace', async () => {
    let end: (() => void) | undefined;
    const scanner = scannerOver(
      [
        {
          scan: async (_id, blob) => {
            const mark = await blob.text();
            if (mark === 'a') await new Promise<void>((resolve) => (end = resolve));
            return { ok: true, value: fakeOutcome(mark) };
          },
        },
      ],
      { limits: { abortGraceMs: 5000 } },
    );
    await scanner.ready;
    const controller = new AbortController();
    const first = scanner.scan(file('a'), { signal: controller.signal });
    await vi.waitFor(() => expect(end).toBeDefined(), PATIENCE);
    controller.abort();
    expect(await first).toMatchObject({ reason: 'aborted' });
    const second = scanner.scan(file('b'));
    end?.();
    expect(markOf(await second)).toBe('b');
    expect(FakeWorker.made).toHaveLength(1);
    scanner.close();
  });
});

describe('set-up', () => {
  it('rejects with list-invalid, and every scan with it', async () => {
    const scanner = scannerOver([
      { openLists: async () => ({ ok: false, code: 'list-invalid', message: 'not a snapshot' }) },
    ]);
    await expect(scanner.ready).rejects.toMatchObject({ name: 'ScanError', code: 'list-invalid' });
    await expect(scanner.scan(file('a'))).rejects.toMatchObject({
      code: 'list-invalid',
      message: 'not a snapshot',
    });
  });

  it('tries again after a failed set-up', async () => {
    const invalid = { openLists: async () => ({ ok: false, code: 'list-invalid', message: 'no' }) as const };
    const scanner = scannerOver([invalid, {}]);
    await expect(scanner.ready).rejects.toBeInstanceOf(ScanError);
    expect(markOf(await scanner.scan(file('a')))).toBe('a');
    scanner.close();
  });

  it('rejects with worker-unavailable for a worker that never answers, or of another version', async () => {
    const mute = scannerOver([{ hello: never }], { limits: { workerStartTimeoutMs: 20 } });
    await expect(mute.ready).rejects.toMatchObject({ code: 'worker-unavailable' });
    const other = createScanner({
      lists: [LIST],
      createWorker: () => new FakeWorker({ hello: () => 99 }).asWorker(),
    });
    await expect(other.ready).rejects.toMatchObject({ code: 'worker-unavailable', message: /protocol 99/ });
  });

  it('rejects with worker-unavailable where there are no workers, as on a server', async () => {
    await expect(createScanner({ lists: [LIST] }).scan(file('a'))).rejects.toMatchObject({
      code: 'worker-unavailable',
    });
  });

  it('rejects with list-unavailable for a list that cannot be fetched', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response('gone', { status: 404 }));
    await expect(scannerOver([{}], { lists: ['https://lists.invalid/a'] }).ready).rejects.toMatchObject({
      code: 'list-unavailable',
      message: expect.stringContaining('404'),
    });
    fetching.mockRestore();
  });

  it('opens the lists again in a restarted worker', async () => {
    const opened: number[] = [];
    const behaviour: FakeBehaviour = {
      openLists: async (snapshots) => {
        opened.push(snapshots.length);
        return { ok: true, value: [] };
      },
    };
    const scanner = scannerOver([behaviour], { lists: [LIST, new Blob([LIST])] });
    await scanner.ready;
    FakeWorker.made[0].crash();
    await scanner.scan(file('a'));
    expect(opened).toEqual([2, 2]);
    scanner.close();
  });
});

describe('no list', () => {
  it('is inconclusive, without a worker, also through scanBeforeUpload', async () => {
    const scanner = createScanner({ createWorker: () => new FakeWorker().asWorker() });
    await scanner.ready;
    for (const outcome of [await scanner.scan(file('a')), await scanBeforeUpload(file('a'))]) {
      expect(outcome).toEqual({
        verdict: 'inconclusive',
        action: 'ask',
        matches: [],
        reason: 'no-list',
        coverage: { complete: 'partial', notes: ['not-checked'] },
        lists: [],
      });
    }
    expect(FakeWorker.made).toHaveLength(0);
  });
});

describe('configure', () => {
  it('sets up the scanner of scanBeforeUpload, and replaces it', async () => {
    const createWorker = () => new FakeWorker().asWorker();
    const scanner = configure({ lists: [LIST], createWorker });
    expect(markOf(await scanBeforeUpload(file('one')))).toBe('one');
    expect((await scanner.status()).lists).toMatchObject([{ inUse: true }]);
    configure({ lists: [LIST], createWorker });
    expect(FakeWorker.made[0].terminated).toBe(true);
    expect(markOf(await scanBeforeUpload(file('two')))).toBe('two');
    configure({});
  });
});

describe('close', () => {
  it('settles what runs and what waits, and refuses more', async () => {
    const scanner = scannerOver([{ scan: never }]);
    await scanner.ready;
    const scans = [scanner.scan(file('a')), scanner.scan(file('b'))];
    await new Promise((resolve) => setTimeout(resolve, 5));
    scanner.close();
    for (const outcome of await Promise.all(scans)) expect(outcome).toMatchObject({ reason: 'aborted' });
    await expect(scanner.scan(file('c'))).rejects.toMatchObject({ code: 'closed' });
  });

  it('settles a scan that waits for the set-up', async () => {
    const scanner = scannerOver([{ hello: never }]);
    const scan = scanner.scan(file('a'));
    scanner.close();
    expect(await scan).toMatchObject({ reason: 'aborted' });
  });
});

describe('progress', () => {
  it('never falls, never comes after the end, and a throwing callback does not break the scan', async () => {
    const scanner = scannerOver([
      {
        async scan(id, _blob, page) {
          for (const fraction of [0.2, 0.1, 0.5, 0.5, 1]) page.onProgress(id, fraction);
          page.onProgress(id + 1, 0.9);
          await new Promise((resolve) => setTimeout(resolve, 10));
          return { ok: true, value: fakeOutcome('a') };
        },
      },
    ]);
    const seen: number[] = [];
    await scanner.scan(file('a'), { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen).toEqual([0.2, 0.5, 1]);
    scanner.close();
  });
});

describe('progress that is lost on its way', () => {
  it('ends at 1 all the same, since it comes through a port of its own', async () => {
    const scanner = scannerOver([
      {
        async scan(id, _blob, page) {
          page.onProgress(id, 0.5);
          return { ok: true, value: fakeOutcome('a') };
        },
      },
    ]);
    const seen: number[] = [];
    await scanner.scan(file('a'), { onProgress: ({ fraction }) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    scanner.close();
  });
});

describe('wrong use', () => {
  const refuses = (options: unknown, message: RegExp) =>
    expect(() => createScanner(options as ScannerOptions)).toThrow(
      expect.objectContaining({
        name: 'ScanError',
        code: 'invalid-argument',
        message: expect.stringMatching(message),
      }),
    );

  it('is refused with the name of the option', async () => {
    refuses(null, /^"options"/);
    refuses({ lists: 'a' }, /^"lists"/);
    refuses({ lists: [7] }, /^"lists\[0\]"/);
    refuses({ lists: [''] }, /^"lists\[0\]"/);
    refuses({ policy: { onExactMatch: 'explode' } }, /^"policy.onExactMatch"/);
    refuses({ policy: { onMatch: 'block' } }, /^"policy.onMatch"/);
    refuses({ limits: { scanTimeoutMs: -1 } }, /^"limits.scanTimeoutMs"/);
    refuses({ limits: { scanTimeoutMs: Number.NaN } }, /^"limits.scanTimeoutMs"/);
    refuses({ limits: { timeout: 1 } }, /^"limits.timeout"/);
    refuses({ labels: 'yes' }, /^"labels"/);
    refuses({ createWorker: 'worker.js' }, /^"createWorker"/);
    refuses({ decoder: {} }, /^"decoder"/);
    const scanner = scannerOver([{}]);
    for (const wrong of ['/a/path.jpg', 5, null, undefined, {}]) {
      await expect(scanner.scan(wrong as never)).rejects.toMatchObject({ code: 'invalid-argument' });
    }
    scanner.close();
  });
});

import { describe, expect, it } from 'vitest';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY, type Policy } from '../../src/policy.js';
import { type OpenedList, openList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { sha256Hex } from '../../src/trust/bytes.js';
import { makeList } from '../support/lists.js';

const NOW = 1_800_000_000;
const OVER = (NOW - 1) * 1000;
const VALID = (NOW + 1) * 1000;
const FILE = new TextEncoder().encode('a note that is listed');
const HIT = [sha256Hex(FILE)];
const MISS = ['ab'.repeat(32)];

async function list(name: string, hashes: string[], facts: Partial<OpenedList> = {}): Promise<OpenedList> {
  return { ...(await openList(makeList({ name, hashes: { sha256: hashes } }))), ...facts };
}

async function scan(lists: OpenedList[], part: Partial<Policy> = {}, listsMissing = false) {
  const outcome = await scanFile(
    new Blob([FILE]),
    {
      lists,
      listsMissing,
      kernel: await createPdqKernel(),
      variants: await createVariantKernel(),
      search: 'fast',
      decoder: { decode: () => Promise.reject(new Error('no picture here')) },
      policy: { ...DEFAULT_POLICY, ...part },
      limits: { ...DEFAULT_LIMITS },
      labels: false,
    },
    { nowSeconds: NOW, isCancelled: () => false, onProgress: () => {} },
  );
  const { verdict, reason, coverage, lists: used } = outcome;
  return [verdict, reason, coverage.complete, coverage.notes.join(), used.map(({ name }) => name).join()];
}

describe('an expired list', () => {
  it('is not used by default, and its absence is not a clean bill', async () => {
    expect(await scan([await list('a', HIT, { expires: OVER })])).toEqual([
      'inconclusive',
      'list-expired',
      'partial',
      'not-checked',
      '',
    ]);
    expect(await scan([await list('a', HIT, { expires: VALID })])).toEqual([
      'match',
      undefined,
      'digests-only',
      '',
      'a',
    ]);
  });

  it('lets the other lists find a file, but not clear it', async () => {
    const expired = await list('a', MISS, { expires: OVER });
    expect(await scan([expired, await list('b', HIT)])).toEqual([
      'match',
      undefined,
      'partial',
      'list-expired',
      'b',
    ]);
    expect(await scan([expired, await list('b', MISS)])).toEqual([
      'inconclusive',
      'list-expired',
      'partial',
      'list-expired',
      'b',
    ]);
  });

  it('is used where the policy says so, and the coverage says it', async () => {
    const part = { onExpiredList: 'scan' } as const;
    expect(await scan([await list('a', HIT, { expires: OVER })], part)).toEqual([
      'match',
      undefined,
      'digests-only',
      'list-expired',
      'a',
    ]);
    expect(await scan([await list('a', MISS, { expires: OVER })], part)).toEqual([
      'no-known-match',
      undefined,
      'digests-only',
      'list-expired',
      'a',
    ]);
  });

  it('is dropped without a word if it is an urgent one, under either policy', async () => {
    const lists = [
      await list('a', MISS, { expires: VALID }),
      await list('a', HIT, { urgent: true, expires: OVER }),
    ];
    for (const onExpiredList of ['scan', 'inconclusive'] as const) {
      const outcome = await scan(lists, { onExpiredList });
      expect(outcome).toEqual(['no-known-match', undefined, 'digests-only', '', 'a']);
    }
    const current = [lists[0], { ...lists[1], expires: VALID }];
    expect((await scan(current))[0]).toBe('match');
  });
});

describe('a missing list', () => {
  it('makes a scan that finds nothing inconclusive: no-list', async () => {
    expect(await scan([], {}, true)).toEqual(['inconclusive', 'no-list', 'partial', 'not-checked', '']);
    expect(await scan([await list('b', MISS)], {}, true)).toEqual([
      'inconclusive',
      'no-list',
      'partial',
      'list-missing',
      'b',
    ]);
    expect(await scan([await list('b', HIT)], {}, true)).toEqual([
      'match',
      undefined,
      'partial',
      'list-missing',
      'b',
    ]);
  });
});

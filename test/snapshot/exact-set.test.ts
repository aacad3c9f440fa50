import { describe, expect, it } from 'vitest';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { expectedFalsePositiveRate } from '../../src/snapshot/rates.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import type { ExactSignal } from '../../src/snapshot/types.js';
import { buildSnapshot, headerOf, parametersOf, randomList } from './support.js';

const SIGNALS: readonly ExactSignal[] = ['md5', 'sha1', 'sha256'];

describe('an exact set', () => {
  it.each(SIGNALS)(
    'finds each of 20,000 listed digests with its labels, and none of 20,000 others: %s',
    (signal) => {
      const list = randomList(signal, 20_000, 21).map((entry, i) => ({
        ...entry,
        label: ['a', 'b', 'c'][i % 3],
      }));
      const twice = list.slice(0, 100).map(({ hash }) => ({ hash, label: 'd' }));
      const file = buildSnapshot(headerOf(parametersOf({ capacity: 30_000 })), {
        [signal]: [...list, ...twice],
      });
      const set = openExactSet(readSnapshot(file), signal);
      let wrong = 0;
      list.forEach(({ hash }, i) => {
        const expected = i < 100 ? [i % 3, 3] : [i % 3];
        if (set.lookup(hash).join() !== expected.join()) wrong++;
      });
      for (const { hash } of randomList(signal, 20_000, 22)) if (set.lookup(hash).length > 0) wrong++;
      expect(wrong).toBe(0);
    },
  );

  it.each([0, 1, 2, 15, 16, 17, 31, 32, 33, 64, 100])('works with %i entries', (count) => {
    const list = randomList('md5', count, 31);
    const file = buildSnapshot(headerOf(parametersOf({ capacity: 2 ** 30 })), { md5: list });
    const set = openExactSet(readSnapshot(file), 'md5');
    for (const { hash } of list) expect(set.lookup(hash)).toEqual([0]);
    for (const { hash } of randomList('md5', 200, 32)) expect(set.lookup(hash)).toEqual([]);
  });

  it('tells the signals of one digest apart', () => {
    const hash = new Uint8Array(32).fill(9);
    const header = headerOf(parametersOf());
    const stored = SIGNALS.map((signal) => {
      const list = [{ hash: hash.slice(0, { md5: 16, sha1: 20, sha256: 32 }[signal]), label: '' }];
      return Buffer.from(readSnapshot(buildSnapshot(header, { [signal]: list })).sections.get(signal)!.codes);
    });
    expect(new Set(stored.map((codes) => codes.toString('hex'))).size).toBe(3);
  });

  it('refuses what is no digest, and a section that is not there', () => {
    const snapshot = readSnapshot(buildSnapshot(headerOf(parametersOf()), { md5: randomList('md5', 1, 1) }));
    const set = openExactSet(snapshot, 'md5');
    expect(() => set.lookup(new Uint8Array(20))).toThrow(RangeError);
    expect(() => set.lookup('00' as unknown as Uint8Array)).toThrow(TypeError);
    expect(() => openExactSet(snapshot, 'sha1')).toThrow(RangeError);
  });

  it('has the false-positive rate of its widths', () => {
    const file = buildSnapshot(headerOf(parametersOf({ capacity: 2 ** 20 })), {
      md5: randomList('md5', 1024, 1),
    });
    expect(expectedFalsePositiveRate(readSnapshot(file), 'md5')).toBe(2 ** -50);
  });
});

import { createHash } from 'node:crypto';
import { canonicalize } from '@tufjs/canonical-json';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { digestHex, sha256Hex } from '../../src/trust/bytes.js';
import { canonicalBytes, type Json, parseJson } from '../../src/trust/canonical-json.js';
import { linkedVersions } from '../../src/trust/chain.js';
import { asTrustError, TrustError, toFailure } from '../../src/trust/errors.js';
import { type ListTarget, planDeltas, urgentRule } from '../../src/trust/list-targets.js';
import { type DelegatedRole, parseListCustom } from '../../src/trust/models.js';
import { isDelegated, matchesPattern, targetAddress } from '../../src/trust/path-pattern.js';
import { MAX_POLL_SECONDS, MIN_POLL_SECONDS, nextUpdateDelayMs } from '../../src/trust/schedule.js';
import { readSnapshotFacts } from '../../src/trust/snapshot-facts.js';
import { makeList } from '../support/lists.js';

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (value: string) => new TextEncoder().encode(value);
const coded = (code: string) => expect.objectContaining({ code });

describe('canonical JSON', () => {
  const leaf = fc.oneof(
    fc.maxSafeInteger(),
    fc.string({ unit: 'grapheme' }),
    fc.boolean(),
    fc.constant(null),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('value')), fc.dictionary(fc.string(), tie('value'))),
  })).value;

  test('is what the peers’ library writes, and stays so when read again', () => {
    fc.assert(
      fc.property(json, (value) => {
        const canonical = canonicalBytes(value as Json);
        expect(text(canonical)).toBe(canonicalize(value));
      }),
    );
  });

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.nat()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalBytes(reversed)).toEqual(canonicalBytes(value));
      }),
    );
  });

  test('escapes quotes and backslashes and nothing else', () => {
    expect(text(canonicalBytes({ b: '"\\\n\u0001é', a: [1, true, null] }))).toBe(
      '{"a":[1,true,null],"b":"\\"\\\\\n\u0001é"}',
    );
  });

  test.each([1.5, Number.NaN, Infinity, 2 ** 53, '\ud800', '\udc00x', { '\ud800': 1 }, [[1e300]]])(
    'has no form for %j',
    (value) => {
      expect(() => canonicalBytes(value as Json)).toThrow(coded('format'));
    },
  );
});

describe('parseJson', () => {
  test('counts depth, not brackets in strings', () => {
    expect(parseJson(bytes('{"a":"[[[[\\"[[","b":[[1]]}'), 3, 'x')).toEqual({ a: '[[[["[[', b: [[1]] });
    expect(() => parseJson(bytes('[[[[1]]]]'), 3, 'x')).toThrow(coded('too-large'));
    expect(() => parseJson(bytes('['.repeat(1e6)), 32, 'x')).toThrow(coded('too-large'));
  });

  test.each(['', ' ', '{', '{"a":1}x', '\ufeff{}', "{'a':1}", '[1,]'])('refuses %j', (value) => {
    expect(() => parseJson(bytes(value), 32, 'x')).toThrow(coded('format'));
  });

  test('says that HTML is HTML', () => {
    expect(() => parseJson(bytes('\n <!doctype html>'), 32, 'timestamp.json')).toThrow(/a page of HTML/);
  });

  test('never throws anything else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (value) => {
        try {
          parseJson(value, 8, 'x');
        } catch (error) {
          expect(error).toBeInstanceOf(TrustError);
        }
      }),
    );
  });
});

describe('path patterns', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/*', true],
    ['a/b/c', 'a/*', false],
    ['a/b', '*', false],
    ['ab', '*', true],
    ['', '*', true],
    ['a/1.snapshot', 'a/*.snapshot', true],
    ['a/1.snapshotx', 'a/*.snapshot', false],
    ['a/bc', 'a/??', true],
    ['a/b/', 'a/b?', false],
    ['abab/x', '*ab/x', true],
    ['a[1]', 'a[1]', true],
    ['a/b', 'a/b*', true],
    ['axbxc', 'a*b*c', true],
    ['a/xb', 'a*b', false],
  ])('%j and %j: %s', (path, pattern, expected) => {
    expect(matchesPattern(path, pattern)).toBe(expected);
  });

  test('agree with a regular expression of the same meaning', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 8 });
    const path = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 10 });
    fc.assert(
      fc.property(path, part, (value, pattern) => {
        const regex = new RegExp(`^${pattern.replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
        expect(matchesPattern(value, pattern)).toBe(regex.test(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('take no long time for a hostile pattern', () => {
    const started = performance.now();
    expect(matchesPattern('a'.repeat(1000), `${'*a'.repeat(500)}b`)).toBe(false);
    // Tried in every way it would take longer than the universe has been there.
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('hash prefixes are of the path', () => {
    const digest = createHash('sha256').update('a/1.snapshot').digest('hex');
    const role = (prefix: string) => ({ path_hash_prefixes: ['ffff', prefix] }) as unknown as DelegatedRole;
    expect(isDelegated(role(digest.slice(0, 3)), 'a/1.snapshot')).toBe(true);
    expect(isDelegated(role(digest.slice(1, 4)), 'a/1.snapshot')).toBe(false);
  });

  test.each(['../a', 'a/../b', '/a', 'a//b', './a', 'a\\b', '', 'a/'])('%j is no address', (path) => {
    expect(() => targetAddress(path)).toThrow(coded('format'));
  });

  test('addresses stay below their base', () => {
    expect(targetAddress('a b/c?#%.x', 'ff')).toBe('a%20b/ff.c%3F%23%25.x');
    fc.assert(
      fc.property(fc.webPath(), fc.string(), (one, two) => {
        const base = 'https://lists.invalid/targets/';
        let address: string;
        try {
          address = targetAddress(one + two);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        expect(new URL(address, base).href.startsWith(base)).toBe(true);
      }),
    );
  });
});

describe('chains', () => {
  test('link in powers of two, down to the start', () => {
    expect(linkedVersions(1, 1)).toEqual([]);
    expect(linkedVersions(7, 1)).toEqual([6, 5, 3]);
    expect(linkedVersions(100, 90)).toEqual([99, 98, 96, 92]);
  });

  test('any ancestor is reached in few steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e9 }), fc.nat(), (version, seed) => {
        const head = 1 + (seed % (version - 1));
        let at = version;
        let steps = 0;
        while (at > head) {
          at = linkedVersions(at, 1)
            .filter((link) => link >= head)
            .at(-1)!;
          steps++;
        }
        expect(at).toBe(head);
        expect(steps).toBeLessThanOrEqual(31);
      }),
    );
  });
});

describe('deltas', () => {
  const delta = (base: number, version: number, length: number) =>
    ({ length, facts: { base, version } }) as unknown as ListTarget;
  const way = (plan: readonly ListTarget[] | undefined) =>
    plan?.map(({ facts }) => `${facts.base}-${facts.version}`);

  test('the cheapest way is taken, and none that costs as much as the snapshot', () => {
    const deltas = [
      delta(3, 4, 10),
      delta(1, 2, 10),
      delta(2, 3, 10),
      delta(1, 3, 15),
      delta(1, 4, 40),
      delta(2, 9, 1),
    ];
    expect(way(planDeltas(deltas, 1, 4, 100))).toEqual(['1-3', '3-4']);
    expect(way(planDeltas(deltas, 1, 4, 25))).toBeUndefined();
    expect(way(planDeltas(deltas, 1, 5, 100))).toBeUndefined();
    expect(way(planDeltas(deltas, 4, 4, 100))).toBeUndefined();
    expect(way(planDeltas(deltas, 4, 3, 100))).toBeUndefined();
  });

  test('no other way is cheaper', () => {
    const edge = fc.tuple(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 50 }),
    );
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 12 }), (edges) => {
        const deltas = edges.map(([from, up, length]) => delta(from, from + up, length));
        const cheapest = (from: number): number =>
          from === 6
            ? 0
            : Math.min(
                Infinity,
                ...deltas
                  .filter(({ facts }) => facts.base === from && facts.version <= 6)
                  .map(({ facts, length }) => length + cheapest(facts.version)),
              );
        const plan = planDeltas(deltas, 1, 6, 1000);
        expect(plan?.reduce((sum, { length }) => sum + length, 0) ?? Infinity).toBe(cheapest(1));
      }),
    );
  });
});

describe('schedule', () => {
  test('keeps to the interval, a fifth more or less', () => {
    expect(nextUpdateDelayMs({ pollSeconds: 300, failures: 0, random: 0 })).toBe(240_000);
    expect(nextUpdateDelayMs({ pollSeconds: 300, failures: 0, random: 0.5 })).toBe(300_000);
    expect(nextUpdateDelayMs({ failures: 0, random: 0.5 })).toBe(900_000);
  });

  test('backs off, and never beyond the longer of an hour and the interval', () => {
    const delays = [1, 2, 3, 7, 50].map((failures) =>
      nextUpdateDelayMs({ pollSeconds: 300, failures, random: 1 }),
    );
    expect(delays).toEqual([60_000, 120_000, 240_000, 3_600_000, 3_600_000]);
  });

  test('stays within bounds whatever a repository asks for', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(1000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (pollSeconds, failures, random) => {
          const seconds = nextUpdateDelayMs({ pollSeconds, failures, random }) / 1000;
          expect(seconds).toBeGreaterThanOrEqual(MIN_POLL_SECONDS * 0.5);
          expect(seconds).toBeLessThanOrEqual(MAX_POLL_SECONDS * 1.2);
        },
      ),
    );
  });
});

describe('facts of a snapshot', () => {
  test('are those of its header', () => {
    const list = makeList({ name: 'a list', version: 12, createdSeconds: 5e9, pdqDecoys: 33 });
    expect(readSnapshotFacts(list)).toEqual({ name: 'a list', version: 12, created: 5e9, entries: 33 });
  });

  test('of anything else are refused', () => {
    const list = makeList({ pdqDecoys: 3 });
    for (let length = 0; length < list.length; length++)
      expect(() => readSnapshotFacts(list.subarray(0, length))).toThrow(coded('format'));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
        expect(() => readSnapshotFacts(value)).toThrow(coded('format'));
      }),
    );
  });
});

describe('custom fields', () => {
  test('of targets that are none of a list are left alone', () => {
    for (const custom of [undefined, null, 1, 'presieve', {}, { other: 1 }])
      expect(parseListCustom(custom, 'x')).toBeUndefined();
  });

  test.each([
    null,
    {},
    { list: '../x', version: 1, created: 1, entries: 1 },
    { list: 'x', version: 0, created: 1, entries: 1 },
  ])('of a wrong shape are refused: %j', (presieve) => {
    expect(() => parseListCustom({ presieve }, 'x')).toThrow(coded('format'));
  });

  test('the least of urgent limits counts, and never more than 48 hours', () => {
    const role = (maxEntries: number, maxHours: number) =>
      ({ 'x-presieve': { urgent: { maxEntries, maxHours } } }) as unknown as DelegatedRole;
    expect(urgentRule([])).toBeUndefined();
    expect(urgentRule([{} as DelegatedRole])).toBeUndefined();
    expect(urgentRule([role(10, 500), {} as DelegatedRole, role(20, 60)])).toEqual({
      maxEntries: 10,
      maxHours: 48,
    });
  });
});

test('errors cross a worker as data', () => {
  const failure = toFailure(asTrustError(new RangeError('odd')));
  expect(failure).toEqual({ code: 'internal', message: 'odd' });
  expect(structuredClone(failure)).toEqual(failure);
});

describe('digests are those of Node', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });
  const some = fc.uint8Array({ maxLength: 300 });
  const ofNode = (algorithm: string, value: Uint8Array) => createHash(algorithm).update(value).digest('hex');

  test('of metadata', () => {
    fc.assert(
      fc.property(some, (value) => {
        expect(sha256Hex(value)).toBe(ofNode('sha256', value));
      }),
    );
  });

  test.each(['with Web Crypto', 'outside of secure contexts'])('of lists, %s', async (where) => {
    if (where !== 'with Web Crypto') vi.stubGlobal('crypto', { getRandomValues: () => {} });
    await fc.assert(
      fc.asyncProperty(
        some,
        fc.constantFrom('sha256' as const, 'sha512' as const),
        async (value, algorithm) => {
          // A view into a larger buffer, as transports give.
          const padded = new Uint8Array(value.length + 2);
          padded.set(value, 1);
          expect(await digestHex(algorithm, padded.subarray(1, value.length + 1))).toBe(
            ofNode(algorithm, value),
          );
        },
      ),
    );
  });
});

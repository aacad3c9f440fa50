/**
 * What the test run itself does: the order of the files, and the lines at its end.
 */
import { describe, expect, it } from 'vitest';
import type { TestModule } from 'vitest/node';
import { closingLines } from '../support/closing-line-reporter.js';
import { mix } from '../support/side-by-side.js';

/** A test file as the reporter sees it: `[state, flaky]` of its tests. */
const moduleOf = (...tests: [state: string, flaky?: boolean][]) =>
  ({
    relativeModuleId: 'test/a.test.ts',
    errors: () => [],
    children: {
      allTests: () =>
        tests.map(([state, flaky = false], i) => ({
          project: { name: 'browser-webkit' },
          fullName: `test ${i}`,
          result: () => ({ state, errors: flaky ? [{ message: 'too late\nby far' }] : undefined }),
          diagnostic: () => ({ flaky }),
        })),
    },
  }) as unknown as TestModule;

describe('the closing lines', () => {
  it('count tests, what did not end, and errors outside of tests', () => {
    const module = moduleOf(['passed'], ['passed'], ['failed'], ['skipped'], ['pending']);
    expect(closingLines([module], [new Error('lost')])).toEqual(['2 passed, 3 failed, 1 skipped']);
  });

  it('name what passed at the second try only, and why it did not before', () => {
    expect(closingLines([moduleOf(['passed'], ['passed', true])], [])).toEqual([
      'Passed at the second try only: browser-webkit, test/a.test.ts, "test 1": too late',
      '2 passed, 0 failed, 0 skipped',
    ]);
  });
});

describe('the order of the files', () => {
  it('spreads those of each project over the whole run, and keeps their own order', () => {
    const mixed = mix([
      ['a1', 'a2', 'a3', 'a4'],
      ['b1', 'b2'],
    ]);
    expect(mixed).toEqual(['a1', 'b1', 'a2', 'a3', 'b2', 'a4']);
  });

  it('loses none', () => {
    expect(mix([[], ['a'], ['b', 'c', 'd']]).sort()).toEqual(['a', 'b', 'c', 'd']);
  });
});

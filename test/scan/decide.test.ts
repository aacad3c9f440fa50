import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, InconclusiveReason, Match } from '../../src/outcome.js';
import { actionFor, DEFAULT_POLICY, type Policy } from '../../src/policy.js';
import { type CheckResult, decide, type Findings, listsInUse, notScanned } from '../../src/scan/decide.js';

const RAN: CheckResult = { state: 'ran' };
const NOT_OWED: CheckResult = { state: 'not-owed' };
const failed = (reason: InconclusiveReason): CheckResult => ({ state: 'failed', reason });
const findings = (part: Partial<Findings>): Findings => ({
  digests: NOT_OWED,
  perceptual: NOT_OWED,
  matches: [],
  notes: [],
  ...part,
});
const match = (signal: Match['signal']): Match => ({ list: 'l', signal });
const verdictOf = (part: Partial<Findings>) => {
  const { verdict, reason, coverage } = decide(findings(part), [], DEFAULT_POLICY);
  return [verdict, reason, coverage.complete, ...coverage.notes];
};

describe('the verdict rule', () => {
  it.each<[string, Partial<Findings>, unknown[]]>([
    ['all ran, nothing found', { digests: RAN, perceptual: RAN }, ['no-known-match', undefined, 'all']],
    ['digests only', { digests: RAN }, ['no-known-match', undefined, 'digests-only']],
    ['pictures only', { perceptual: RAN }, ['no-known-match', undefined, 'all']],
    [
      'low detail',
      { perceptual: RAN, notes: ['low-detail'] },
      ['no-known-match', undefined, 'all', 'low-detail'],
    ],
    [
      'cut off',
      { perceptual: RAN, notes: ['picture-cut'] },
      ['no-known-match', undefined, 'partial', 'picture-cut'],
    ],
    [
      'first frame',
      { perceptual: RAN, notes: ['animation-cut'] },
      ['no-known-match', undefined, 'partial', 'animation-cut'],
    ],
    ['nothing owed', {}, ['inconclusive', 'unsupported', 'partial', 'not-checked']],
    [
      'picture not looked at',
      { digests: RAN, perceptual: failed('undecodable') },
      ['inconclusive', 'undecodable', 'partial', 'perceptual-unchecked'],
    ],
    [
      'nothing could run',
      { digests: failed('unreadable'), perceptual: failed('undecodable') },
      ['inconclusive', 'unreadable', 'partial', 'not-checked'],
    ],
    [
      'a match in spite of a failed check',
      { digests: RAN, perceptual: failed('unsupported'), matches: [match('exact')] },
      ['match', undefined, 'partial', 'perceptual-unchecked'],
    ],
  ])('%s', (_name, part, expected) => {
    expect(verdictOf(part)).toEqual(expected);
  });

  it('says what became of the finder, but not on a match', () => {
    for (const finder of ['ran', 'off', 'failed'] as const) {
      const coverageOf = (part: Partial<Findings>) =>
        decide(findings({ perceptual: RAN, finder, ...part }), [], DEFAULT_POLICY).coverage;
      expect(coverageOf({})).toEqual({ complete: 'all', notes: [], finder });
      expect(coverageOf({ matches: [match('perceptual')] })).toEqual({ complete: 'all', notes: [] });
      expect(coverageOf({ matches: [match('exact')] })).not.toHaveProperty('finder');
    }
  });

  it('never says no-known-match where a check that was owed did not run', () => {
    const check = fc.constantFrom(
      RAN,
      NOT_OWED,
      failed('undecodable'),
      failed('unreadable'),
      failed('too-large'),
    );
    fc.assert(
      fc.property(check, check, (digests, perceptual) => {
        const { verdict, reason } = decide(findings({ digests, perceptual }), [], DEFAULT_POLICY);
        const looked = [digests, perceptual].some((c) => c.state === 'ran');
        const missed = [digests, perceptual].some((c) => c.state === 'failed');
        expect(verdict).toBe(looked && !missed ? 'no-known-match' : 'inconclusive');
        expect(reason !== undefined).toBe(verdict === 'inconclusive');
      }),
    );
  });
});

describe('the policy', () => {
  const policy = (part: Partial<Policy>): Policy => ({ ...DEFAULT_POLICY, ...part });
  const act = (matches: Match[], part: Partial<Policy> = {}): Action =>
    actionFor(
      { verdict: 'match', matches, coverage: { complete: 'all', notes: [] }, lists: [] },
      policy(part),
    );

  it('blocks exact matches, asks about perceptual ones, by default', () => {
    expect(act([match('exact')])).toBe('block');
    expect(act([match('exact-weak')])).toBe('block');
    expect(act([match('perceptual')])).toBe('ask');
  });

  it('takes the most severe action of several matches', () => {
    expect(act([match('perceptual'), match('exact')])).toBe('block');
    expect(act([match('perceptual'), match('exact')], { onExactMatch: 'allow' })).toBe('ask');
  });

  it('asks where part was not looked at, allows where all was', () => {
    const none = (complete: 'all' | 'partial' | 'digests-only') =>
      actionFor(
        { verdict: 'no-known-match', matches: [], coverage: { complete, notes: [] }, lists: [] },
        DEFAULT_POLICY,
      );
    expect([none('all'), none('digests-only'), none('partial')]).toEqual(['allow', 'allow', 'ask']);
  });
});

describe('lists in an outcome', () => {
  it('have name, version, age and demo, and nothing else', () => {
    const facts = [
      { name: 'a', version: 2, createdSeconds: 100, demo: false, salt: 'x' },
      { name: 'b', version: 1, createdSeconds: 500, demo: true },
    ];
    expect(listsInUse(facts, 350.9)).toEqual([
      { name: 'a', version: 2, ageSeconds: 250 },
      { name: 'b', version: 1, ageSeconds: 0, demo: true },
    ]);
  });

  it('are named by a scan that looked at nothing, too', () => {
    expect(notScanned('busy', listsInUse([], 0), DEFAULT_POLICY)).toMatchObject({
      action: 'ask',
      reason: 'busy',
    });
  });
});

/** What the demo page says of an outcome. */
import { describe, expect, it } from 'vitest';
import { outcomeWords, requestWords, sizeWords, summaryWords } from '../../examples/demo/words.js';
import type { Action, CoverageNote, InconclusiveReason, MatchSignal, Outcome } from '../../src/outcome.js';
import { ageWords } from '../../src/words/index.js';

const LIST = { name: 'Demo list', version: 2, ageSeconds: 3 * 86_400, demo: true as const };

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    verdict: 'no-known-match',
    action: 'allow',
    matches: [],
    coverage: { complete: 'all', notes: [] },
    lists: [LIST],
    ...changes,
  };
}

const matched = (...signals: MatchSignal[]) =>
  outcome({
    verdict: 'match',
    action: 'ask',
    matches: signals.map((signal) => ({ list: 'Demo list', signal, label: 'demo-photo' })),
  });

const REASONS: InconclusiveReason[] = [
  'no-list',
  'list-expired',
  'unsupported',
  'undecodable',
  'unreadable',
  'too-large',
  'readback-blocked',
  'timeout',
  'busy',
  'worker-lost',
  'aborted',
];

describe('verdicts', () => {
  it('never calls a file safe', () => {
    const words = outcomeWords(outcome());
    expect(words.tone).toBe('none');
    expect(words.badge).toBe('No known match');
    expect(words.headline).toBe('Not on the list');
    expect(words.meaning).toContain('does not mean that it is safe');
  });

  it('calls a perceptual match a hint and not a proof', () => {
    const words = outcomeWords(matched('perceptual'));
    expect(words.tone).toBe('match');
    expect(words.headline).toBe('This looks like a listed picture');
    expect(words.meaning).toContain('not a proof');
    expect(words.badge).toBe('Looks alike');
  });

  it('says the same of MD5 and SHA-1', () => {
    expect(outcomeWords(matched('exact-weak')).meaning).toContain('not a proof');
  });

  it('leads with the strongest signal, whatever comes first', () => {
    expect(outcomeWords(matched('perceptual', 'exact')).headline).toBe('This exact file is on a list');
    expect(outcomeWords(matched('perceptual', 'exact-weak')).headline).toBe(
      outcomeWords(matched('exact-weak')).headline,
    );
  });

  it('names each match, with its label apart', () => {
    expect(outcomeWords(matched('exact', 'perceptual')).matches).toEqual([
      { text: 'Demo list: same file', label: 'demo-photo' },
      { text: 'Demo list: looks alike', label: 'demo-photo' },
    ]);
    const unlabelled = outcome({ verdict: 'match', matches: [{ list: 'L', signal: 'exact' }] });
    expect(outcomeWords(unlabelled).matches).toEqual([{ text: 'L: same file' }]);
  });

  it('has its own words for each reason', () => {
    const meanings = REASONS.map(
      (reason) => outcomeWords(outcome({ verdict: 'inconclusive', reason })).meaning,
    );
    expect(new Set(meanings).size).toBe(REASONS.length);
    for (const reason of REASONS) {
      const words = outcomeWords(outcome({ verdict: 'inconclusive', reason }));
      expect(words.tone).toBe('unsure');
      expect(words.badge).toBe('No answer');
    }
  });
});

describe('action, coverage, lists', () => {
  it.each<[Action, string]>([
    ['block', 'Block: '],
    ['ask', 'Ask: '],
    ['allow', 'Allow: '],
  ])('says what an app would do: %s', (action, start) => {
    expect(outcomeWords(outcome({ action })).action.startsWith(start)).toBe(true);
  });

  it.each<[Outcome['coverage']['complete'], CoverageNote[], string]>([
    ['all', [], 'Every check that this kind of file calls for was made.'],
    [
      'all',
      ['low-detail'],
      'Every check that this kind of file calls for was made. The picture has too little detail to compare its look.',
    ],
    ['digests-only', [], 'Compared byte for byte only: a changed copy would not be noticed.'],
    ['partial', ['picture-cut'], 'The picture is cut off: the file ends too early.'],
    ['partial', ['animation-cut'], 'Some of its frames or further pictures were not compared.'],
    ['partial', ['not-checked'], 'Nothing in it was looked at.'],
    ['partial', [], 'Part of it was not looked at.'],
  ])('puts coverage %s %j into words', (complete, notes, expected) => {
    expect(outcomeWords(outcome({ coverage: { complete, notes } })).coverage).toBe(expected);
  });

  it('names the list, its version, its age, and whether it is a demo', () => {
    expect(outcomeWords(outcome()).lists).toEqual([
      { text: 'Demo list, version 2, built 3 days ago', demo: true },
    ]);
    const real = outcome({ lists: [{ name: 'L', version: 1, ageSeconds: 5 }] });
    expect(outcomeWords(real).lists).toEqual([{ text: 'L, version 1, built just now', demo: false }]);
  });
});

describe('numbers', () => {
  it.each([
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 minute ago'],
    [7_199, '1 hour ago'],
    [7_200, '2 hours ago'],
    [86_400 * 29, '29 days ago'],
    [86_400 * 61, '2 months ago'],
    [86_400 * 365, '1 year ago'],
  ])('age of %i seconds', (seconds, words) => {
    expect(ageWords(seconds)).toBe(words);
  });

  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 KB'],
    [9_940, '9.9 KB'],
    [9_960, '10 KB'],
    [999_400, '999 KB'],
    [999_600, '1.0 MB'],
    [2_100_000_000, '2.1 GB'],
    [4_000_000_000_000, '4000 GB'],
  ])('size of %i bytes', (bytes, words) => {
    expect(sizeWords(bytes)).toBe(words);
  });

  it('adds the requests of page and worker, and admits a worker that does not count yet', () => {
    expect(requestWords({ page: 1, worker: 2, workerReloads: 0 })).toBe(
      'Network requests made by these scans: 3 (page 1, worker 2)',
    );
    expect(requestWords({ page: 0, worker: null, workerReloads: 0 })).toContain('not counting yet');
    expect(requestWords({ page: 0, worker: 0, workerReloads: 2 })).toContain('loaded again 2 times');
  });

  it('sums up', () => {
    expect(summaryWords([], 0)).toBe('');
    expect(summaryWords([], 2)).toBe('2 to go');
    expect(summaryWords(['match'], 0)).toBe('1 scanned: 1 match');
    expect(summaryWords(['match', 'none', 'match', 'unsure'], 1)).toBe(
      '4 scanned: 2 matches, 1 without a known match, 1 without an answer · 1 to go',
    );
  });
});

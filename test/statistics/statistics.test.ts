import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InconclusiveReason, Match, MatchSignal, Outcome } from '../../src/outcome.js';
import { addCounts, type Counts, countsOfLists, countsOfScan } from '../../src/statistics/cells.js';
import {
  exportStatistics,
  SMALL_COUNT,
  type StatisticsExport,
  statisticsToCsv,
} from '../../src/statistics/export.js';

const LISTS = [{ name: 'hotline', version: 3, ageSeconds: 1 }];

function outcome(changes: Partial<Outcome> = {}): Outcome {
  return {
    verdict: 'no-known-match',
    action: 'allow',
    matches: [],
    coverage: { complete: 'all', notes: [] },
    lists: LISTS,
    ...changes,
  };
}
const match = (signal: MatchSignal, label?: string, list = 'hotline'): Match => ({
  list,
  signal,
  ...(label !== undefined && { label }),
});
const matched = (...matches: Match[]) => outcome({ verdict: 'match', action: 'block', matches });
const inconclusive = (reason: InconclusiveReason) => outcome({ verdict: 'inconclusive', reason });

/** Counts of a day on which each of these scans happened so often. */
function dayWith(...scans: [Outcome, number][]): Counts {
  const counts: Counts = {};
  for (const [each, times] of scans) for (let i = 0; i < times; i++) addCounts(counts, countsOfScan(each));
  return counts;
}
const exportOf = (days: Record<string, Counts>, today = '2030-01-31') =>
  exportStatistics(new Map(Object.entries(days)), today);
const find = (
  exported: StatisticsExport,
  list: string | null,
  measure: string,
  label: string | null = null,
) => exported.rows.find((row) => row.list === list && row.measure === measure && row.label === label)?.count;

describe('counting', () => {
  it('counts scans, reasons and partial looks for all, matches for their list', () => {
    const exported = exportOf({
      '2030-01-01': dayWith(
        [outcome(), 20],
        [outcome({ coverage: { complete: 'partial', notes: ['animation-cut'] } }), 11],
        [matched(match('perceptual')), 12],
        [inconclusive('undecodable'), 13],
      ),
    });
    expect(find(exported, null, 'scans')).toBe(56);
    expect(find(exported, null, 'partial')).toBe(11);
    expect(find(exported, null, 'inconclusive-undecodable')).toBe(13);
    expect(find(exported, 'hotline', 'scans')).toBe(56);
    expect(find(exported, 'hotline', 'matches-perceptual')).toBe(12);
    expect(find(exported, 'hotline', 'matches-exact')).toBe('<10');
  });

  it('counts a file once for each list, under its strongest signal there', () => {
    const both = outcome({
      verdict: 'match',
      matches: [
        match('perceptual', 'A'),
        match('exact', 'A'),
        match('exact', 'B'),
        match('perceptual', 'A', 'other'),
      ],
      lists: [...LISTS, { name: 'other', version: 1, ageSeconds: 1 }],
    });
    const exported = exportOf({ '2030-01-01': dayWith([both, 10]) });
    expect(find(exported, 'hotline', 'matches-exact')).toBe(10);
    expect(find(exported, 'hotline', 'matches-perceptual')).toBe('<10');
    expect(find(exported, 'other', 'matches-perceptual')).toBe(10);
    expect(find(exported, 'hotline', 'matches', 'A')).toBe(10);
    expect(find(exported, 'hotline', 'matches', 'B')).toBe(10);
  });

  it('marks what only demo lists saw', () => {
    const demo = outcome({ lists: [{ name: 'Demo list', version: 1, ageSeconds: 0, demo: true }] });
    const { rows } = exportOf({ '2030-01-01': dayWith([demo, 10], [outcome(), 20]) });
    expect(
      rows.filter((row) => row.measure === 'scans').map(({ list, demo, count }) => [list, demo, count]),
    ).toEqual([
      [null, undefined, 20],
      [null, true, 10],
      ['Demo list', true, 10],
      ['hotline', undefined, 20],
    ]);
  });

  it('counts an update on the first day of each version, whoever opened it how often', () => {
    const open = (...versions: number[]) =>
      versions.reduce<Counts>(
        (all, version) => addCounts(all, countsOfLists([{ name: 'hotline', version }])),
        {},
      );
    const exported = exportOf({
      '2030-01-01': open(3, 3, 4),
      '2030-01-02': open(4, 3),
      '2030-01-03': open(4, 5, 6, 6),
    });
    expect(exported.rows.filter((row) => row.measure === 'updates').map((row) => row.count)).toEqual([
      2, 0, 2,
    ]);
  });
});

describe('what an export says', () => {
  it('leaves out the day that is not over', () => {
    const days = {
      '2030-01-30': dayWith([outcome(), 10]),
      '2030-01-31': dayWith([matched(match('exact')), 50]),
    };
    const exported = exportOf(days);
    expect(exported).toMatchObject({ from: '2030-01-30', to: '2030-01-30' });
    expect(JSON.stringify(exported)).not.toContain('2030-01-31');
    expect(exportOf({})).toEqual({
      format: 'presieve-statistics',
      formatVersion: 1,
      from: null,
      to: null,
      rows: [],
    });
  });

  it('shows no difference between no match and nine', () => {
    const few = dayWith([outcome(), 40], [matched(match('exact', 'A')), 9], [inconclusive('timeout'), 9]);
    const none = dayWith([outcome(), 58]);
    expect(exportOf({ '2030-01-01': few }).rows.filter((row) => row.label === null)).toEqual(
      exportOf({ '2030-01-01': none }).rows,
    );
  });

  it('shows labels only where none of the list’s would be hidden', () => {
    const day = (b: number) => dayWith([matched(match('exact', 'A')), 30], [matched(match('exact', 'B')), b]);
    expect(find(exportOf({ '2030-01-01': day(10) }), 'hotline', 'matches', 'B')).toBe(10);
    const hidden = exportOf({ '2030-01-01': day(9) });
    expect(hidden.rows.filter((row) => row.label !== null)).toEqual([]);
    expect(find(hidden, 'hotline', 'matches-exact')).toBe(39);
  });

  const scans = fc.array(
    fc.tuple(
      fc.constantFrom(
        outcome(),
        outcome({ coverage: { complete: 'partial', notes: [] } }),
        matched(match('exact')),
        matched(match('exact-weak')),
        matched(match('perceptual')),
        inconclusive('timeout'),
        inconclusive('unsupported'),
      ),
      fc.integer({ min: 1, max: 25 }),
    ),
    { minLength: 1, maxLength: 8 },
  );

  it('hides every small count, and fits a day on which every hidden match was none (property)', () => {
    fc.assert(
      fc.property(scans, (list) => {
        const counts = dayWith(...list);
        const exported = exportOf({ '2030-01-01': counts });
        for (const { measure, count } of exported.rows)
          if (measure !== 'updates' && count !== '<10') expect(count).toBeGreaterThanOrEqual(SMALL_COUNT);
        // The same day with clean scans in the place of the hidden matches: nobody can tell the two apart.
        const hiddenSignals = ['exact', 'exact-weak', 'perceptual'].filter(
          (signal) => find(exported, 'hotline', `matches-${signal}`) === '<10',
        );
        const clean = list.map(([each, times]): [Outcome, number] =>
          each.matches.some(({ signal }) => hiddenSignals.includes(signal))
            ? [outcome(), times]
            : [each, times],
        );
        expect(exportOf({ '2030-01-01': dayWith(...clean) })).toEqual(exported);
      }),
    );
  });
});

describe('CSV', () => {
  it('has a header, quotes what needs it, and leaves null empty', () => {
    const name = 'a "list", named\nbadly';
    const counts = dayWith([outcome({ lists: [{ name, version: 1, ageSeconds: 0 }] }), 10]);
    const lines = statisticsToCsv(exportOf({ '2030-01-01': counts })).split('\r\n');
    expect(lines[0]).toBe('day,list,label,demo,measure,count');
    expect(lines[1]).toBe('2030-01-01,,,,scans,10');
    expect(lines).toContain('2030-01-01,"a ""list"", named\nbadly",,,scans,10');
    expect(lines.at(-1)).toBe('');
  });
});

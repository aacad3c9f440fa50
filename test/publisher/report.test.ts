import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/publisher/report/merge.js';
import { type StatisticsExport, type StatisticsRow, statisticsToCsv } from '../../src/statistics/export.js';
import { cli, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();

const row = (
  day: string,
  measure: string,
  count: StatisticsRow['count'],
  list: string | null = null,
  label: string | null = null,
  demo?: true,
) => ({ day, list, label, measure, count, ...(demo && { demo }) }) as StatisticsRow;

function exportOf(...rows: StatisticsRow[]): StatisticsExport {
  return { format: 'presieve-statistics', formatVersion: 1, from: null, to: null, rows };
}
let files = 0;
const file = (content: unknown, extension = 'json') =>
  folder.write(`${files++}.${extension}`, typeof content === 'string' ? content : JSON.stringify(content));

const ONE = exportOf(
  row('2030-01-05', 'scans', 120),
  row('2030-01-05', 'inconclusive-timeout', '<10'),
  row('2030-01-05', 'inconclusive-undecodable', 11),
  row('2030-01-05', 'scans', 120, 'hot, line'),
  row('2030-01-05', 'matches-exact', 14, 'hot, line'),
  row('2030-01-05', 'matches-perceptual', '<10', 'hot, line'),
  row('2030-01-05', 'matches', 14, 'hot, line', 'A|1'),
  row('2030-01-05', 'updates', 2, 'hot, line'),
);
const TWO = exportOf(
  row('2030-06-30', 'scans', 1000),
  row('2030-07-01', 'scans', 30),
  row('2030-07-01', 'matches-exact', '<10', 'hot, line'),
  row('2030-07-01', 'scans', 99, 'Demo list', null, true),
);

describe('presieve report', () => {
  it('adds up JSON and CSV alike, by half-years, with bounds where something is hidden', async () => {
    const result = await cli(['report', file(ONE), file(statisticsToCsv(TWO), 'csv'), '--format', 'json']);
    expect(result.code).toBe(0);
    expect(result.stderr).toBe('1 rows left out: of demo lists\n');
    const [report] = jsonLines<Report>(result);
    expect(report).toMatchObject({ exports: 2, periods: ['2030 H1', '2030 H2'] });
    const line = (list: string | null, measure: string, label: string | null = null) =>
      report.lines
        .find((each) => each.list === list && each.measure === measure && each.label === label)
        ?.counts.map(({ atLeast, atMost }) => [atLeast, atMost]);
    expect(line(null, 'scans')).toEqual([
      [1120, 1120],
      [30, 30],
    ]);
    expect(line(null, 'inconclusive')).toEqual([
      [11, 20],
      [0, 0],
    ]);
    expect(line('hot, line', 'all-matches')).toEqual([
      [14, 23],
      [0, 9],
    ]);
    expect(line('hot, line', 'matches', 'A|1')).toEqual([
      [14, 14],
      [0, 0],
    ]);
    expect(line('hot, line', 'updates')).toEqual([
      [2, 2],
      [0, 0],
    ]);
  });

  it('prints a table for people', async () => {
    const { stdout } = await cli(['report', file(ONE), file(TWO)]);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'List       What                                              2030 H1  2030 H2',
      'All scans  Files scanned                                       1,120       30',
      'All scans  Scans without an answer                             11–20        0',
      'All scans  … undecodable                                          11        0',
    ]);
    expect(stdout).toContain('Files matched, A|1');
  });

  it('prints Markdown that a name can’t break out of', async () => {
    const { stdout } = await cli(['report', file(ONE), '--format', 'markdown', '--period', 'month']);
    expect(stdout.split('\n')[0]).toBe('| List | What | 2030-01 |');
    expect(stdout).toContain('| hot, line | Files matched, A\\|1 | 14 |');
  });

  it('prints CSV with a column for each bound', async () => {
    const { stdout } = await cli(['report', file(ONE), '--format', 'csv', '--period', 'quarter']);
    expect(stdout).toContain('period,list,label,measure,at_least,at_most\n');
    expect(stdout).toContain('2030 Q1,"hot, line",,all-matches,14,23\n');
  });

  it('gives every period a column, also one without a scan', async () => {
    const days = exportOf(row('2029-11-01', 'scans', 10), row('2030-02-01', 'scans', 10));
    const periods = async (period: string) =>
      jsonLines<Report>(await cli(['report', file(days), '--format', 'json', '--period', period]))[0].periods;
    expect(await periods('month')).toEqual(['2029-11', '2029-12', '2030-01', '2030-02']);
    expect(await periods('quarter')).toEqual(['2029 Q4', '2030 Q1']);
    expect(await periods('year')).toEqual(['2029', '2030']);
  });

  it('reports demo lists apart', async () => {
    const [report] = jsonLines<Report>(await cli(['report', file(TWO), '--demo', '--format', 'json']));
    expect(report.lines).toEqual([
      { list: 'Demo list', label: null, measure: 'scans', counts: [{ atLeast: 99, atMost: 99 }] },
    ]);
  });

  it.each<[string, unknown]>([
    ['no export at all', { rows: [] }],
    ['an unknown measure', exportOf(row('2030-01-01', 'guesses', 10))],
    ['a small count in clear', exportOf(row('2030-01-01', 'scans', 3))],
    ['a day that is none', exportOf(row('2030-1-1', 'scans', 10))],
    ['a negative count', exportOf(row('2030-01-01', 'updates', -1))],
    ['another CSV', 'a,b\n1,2\n'],
    ['CSV whose quote never ends', 'day,list,label,demo,measure,count\n2030-01-01,"x,,,scans,10\n'],
    ['CSV with a count in words', 'day,list,label,demo,measure,count\n2030-01-01,,,,scans,ten\n'],
    ['broken JSON', '{'],
  ])('refuses %s', async (_what, content) => {
    const bad = file(content);
    const { code, stdout, stderr } = await cli(['report', file(ONE), bad]);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`presieve: ${bad}: `);
  });

  it('says why there is nothing to report', async () => {
    const { code, stderr } = await cli(['report', file(exportOf())]);
    expect(code).toBe(2);
    expect(stderr).toContain('no export has a row');
  });
});

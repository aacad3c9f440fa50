/**
 * A report as a table for people, for a web page (Markdown) or for a spreadsheet (CSV).
 * @module
 */
import { table } from '../output.js';
import type { Report, ReportCount, ReportLine } from './merge.js';

const WORDS: Record<string, string> = {
  scans: 'Files scanned',
  partial: 'Files looked at in part, nothing found',
  inconclusive: 'Scans without an answer',
  'all-matches': 'Files matched',
  'matches-exact': '… the same file (SHA-256)',
  'matches-exact-weak': '… the same MD5 or SHA-1',
  'matches-perceptual': '… alike (PDQ)',
  matches: 'Files matched',
  updates: 'Versions of the list taken into use, all devices',
};

/** @returns what a line counts, in words */
export function lineWords({ measure, label }: Pick<ReportLine, 'measure' | 'label'>): string {
  if (measure.startsWith('inconclusive-')) return `… ${measure.slice('inconclusive-'.length)}`;
  return label === null ? WORDS[measure] : `${WORDS[measure]}, ${label}`;
}

/** @returns the sum, or the bounds that it lies within */
export function countWords({ atLeast, atMost }: ReportCount): string {
  const number = (value: number) => value.toLocaleString('en-US');
  return atLeast === atMost ? number(atLeast) : `${number(atLeast)}–${number(atMost)}`;
}

const ALL_SCANS = 'All scans';
const HEADER = ['List', 'What'];

function cells({ periods, lines }: Report): string[][] {
  return [
    [...HEADER, ...periods],
    ...lines.map((line) => [line.list ?? ALL_SCANS, lineWords(line), ...line.counts.map(countWords)]),
  ];
}

/** @returns lines of an aligned table */
export function reportText(report: Report): string[] {
  const rows = cells(report);
  return table(
    rows,
    report.periods.map((_, i) => HEADER.length + i),
  );
}

/** @returns lines of a Markdown table */
export function reportMarkdown(report: Report): string[] {
  const [header, ...rows] = cells(report);
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replace(/([\\|<>&*_`[\]])/g, '\\$1').replace(/\s+/g, ' ')).join(' | ')} |`;
  const rule = `|${header.map((_, i) => (i < HEADER.length ? '---' : '---:')).join('|')}|`;
  return [line(header), rule, ...rows.map(line)];
}

/** @returns lines of CSV (RFC 4180), one number a line and bounds in columns of their own */
export function reportCsv({ periods, lines }: Report): string[] {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = lines.flatMap(({ list, label, measure, counts }) =>
    counts.map(({ atLeast, atMost }, i) => [
      periods[i],
      list ?? '',
      label ?? '',
      measure,
      String(atLeast),
      String(atMost),
    ]),
  );
  return [['period', 'list', 'label', 'measure', 'at_least', 'at_most'], ...rows].map((row) =>
    row.map(field).join(','),
  );
}

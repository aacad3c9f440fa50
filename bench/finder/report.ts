/**
 * The finder's report as data and as text.
 * @module
 */
import type { Family, FamilySet } from '../../models/picture-finder/compose/index.js';
import type { Provenance } from '../provenance.js';
import type { Part } from '../recall/split.js';
import { type CompositionJob, type CompositionResult, METHODS, type Method } from './scan-compositions.js';

/** A row: compositions of a listed photo in one family, and how many were found. */
export interface FamilyRow {
  readonly family: string;
  readonly set: FamilySet;
  readonly compositions: number;
  /** By exhaustive PDQ of the whole, of eight forms, within 31 bits. */
  readonly pdq31: number;
  readonly found: Record<Method, number>;
}

/** The table. */
export interface FinderTable {
  readonly families: FamilyRow[];
  /** Compositions without a listed photo, and matches in them. */
  readonly unlisted: number;
  readonly unlistedMatches: Record<Method, number>;
  /** Other labels that matched in compositions of a listed photo. */
  readonly wrongMatches: Record<Method, number>;
  /** Median time of the finder alone, milliseconds, in Node. */
  readonly finderMs: number;
}

/** Everything. */
export interface FinderReport extends Provenance, FinderTable {
  readonly loadAverage: number;
  readonly part: Part;
  readonly decoys: number;
}

const none = (): Record<Method, number> => ({ whole: 0, classical: 0, finder: 0 });

/**
 * @param families - in the order of the rows
 * @param jobs - what was scanned
 * @param results - in the order of the jobs
 * @returns the table
 */
export function tableOf(
  families: readonly Family[],
  jobs: readonly CompositionJob[],
  results: readonly CompositionResult[],
): FinderTable {
  const rows = new Map<string, FamilyRow & { compositions: number; pdq31: number }>();
  for (const { name, set, pictures } of families) {
    if (pictures) rows.set(name, { family: name, set, compositions: 0, pdq31: 0, found: none() });
  }
  const unlistedMatches = none();
  const wrongMatches = none();
  let unlisted = 0;
  results.forEach(({ family, pdq31, found, wrong }, i) => {
    const isListed = jobs[i].subject !== null;
    if (!isListed) unlisted++;
    for (const method of METHODS) (isListed ? wrongMatches : unlistedMatches)[method] += wrong[method];
    const row = rows.get(family);
    if (!isListed || row === undefined) return;
    row.compositions++;
    if (pdq31) row.pdq31++;
    for (const method of METHODS) if (found[method]) row.found[method]++;
  });
  const times = results.map(({ finderMs }) => finderMs).sort((a, b) => a - b);
  return {
    families: [...rows.values()].filter(({ compositions }) => compositions > 0),
    unlisted,
    unlistedMatches,
    wrongMatches,
    finderMs: Math.round(times[times.length >> 1] * 10) / 10,
  };
}

/**
 * @param report - to be printed
 * @returns it as text
 */
export function reportText(report: FinderReport): string {
  const percent = (part: number, of: number) => ((100 * part) / Math.max(1, of)).toFixed(1).padStart(6);
  const line = (name: string, rows: readonly FamilyRow[]) => {
    const sum = (of: (row: FamilyRow) => number) => rows.reduce((all, row) => all + of(row), 0);
    const count = sum((row) => row.compositions);
    const cells = [sum((row) => row.pdq31), ...METHODS.map((method) => sum((row) => row.found[method]))];
    return `${name.padEnd(20)}${String(count).padStart(6)}  ${cells.map((cell) => percent(cell, count)).join('   ')}`;
  };
  const lines = [
    `commit ${report.commit}, ${report.date}, ${report.machine}, Node ${report.node}`,
    `load ${report.loadAverage} at the beginning; photos: ${report.part}; ${report.decoys.toLocaleString('en')} decoys`,
    `FOUND, in percent of the compositions of a listed photo`,
    `${''.padEnd(26)}  PDQ-31    whole  classic   finder`,
  ];
  for (const set of ['seen', 'validation', 'final'] as const) {
    const rows = report.families.filter((row) => row.set === set);
    if (rows.length === 0) continue;
    lines.push('', ...rows.map((row) => line(row.family, [row])), line(`all ${set}`, rows));
  }
  const counts = (of: Record<Method, number>) =>
    METHODS.map((method) => `${method} ${of[method]}`).join(', ');
  lines.push(
    '',
    `${report.unlisted} compositions without a listed photo: matches ${counts(report.unlistedMatches)}`,
    `other labels in compositions of a listed photo: ${counts(report.wrongMatches)}`,
    `the finder alone: ${report.finderMs} ms in the median, in Node`,
  );
  return lines.join('\n');
}

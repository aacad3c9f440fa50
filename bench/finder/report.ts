/**
 * The finder's report as data and as text.
 * @module
 */
import type { Family, FamilySet } from '../../models/picture-finder/compose/index.js';
import type { Provenance } from '../provenance.js';
import type { Part } from '../recall/split.js';
import { type CompositionJob, type CompositionResult, METHODS, type Method } from './scan-compositions.js';

/** Levels of intersection over union. */
export const LEVELS = [0.5, 0.75, 0.9] as const;

/** A row: compositions of a listed photo in one family, and how many were found. */
export interface FamilyRow {
  readonly family: string;
  readonly set: FamilySet;
  readonly compositions: number;
  /** By exhaustive PDQ of the whole, of eight forms, within 31 bits. */
  readonly pdq31: number;
  readonly found: Record<Method, number>;
  /** The photo's box at each of {@link LEVELS}: one of the network's, and one of those that are looked up. */
  readonly boxes: { readonly network: number[]; readonly snapped: number[] };
}

/** The table. */
export interface FinderTable {
  readonly families: FamilyRow[];
  /** Compositions without a listed photo, and matches in them: of the whole or of a picture that the finder found. */
  readonly unlisted: number;
  readonly unlistedMatches: number;
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
    if (!pictures) continue;
    const boxes = { network: LEVELS.map(() => 0), snapped: LEVELS.map(() => 0) };
    rows.set(name, { family: name, set, compositions: 0, pdq31: 0, found: none(), boxes });
  }
  let unlistedMatches = 0;
  const wrongMatches = none();
  let unlisted = 0;
  results.forEach(({ family, overlap, pdq31, found, wrong }, i) => {
    if (jobs[i].subject === null) {
      unlisted++;
      unlistedMatches += wrong.finder;
      return;
    }
    for (const method of METHODS) wrongMatches[method] += wrong[method];
    const row = rows.get(family);
    if (row === undefined || overlap === null) return;
    row.compositions++;
    for (const kind of ['network', 'snapped'] as const) {
      LEVELS.forEach((level, l) => {
        if (overlap[kind] >= level) row.boxes[kind][l]++;
      });
    }
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
    const shares = (cells: number[]) => cells.map((cell) => percent(cell, count)).join('  ');
    const found = [sum((row) => row.pdq31), ...METHODS.map((method) => sum((row) => row.found[method]))];
    const boxes = (kind: 'network' | 'snapped') =>
      shares(LEVELS.map((_, level) => sum((row) => row.boxes[kind][level])));
    const start = `${name.padEnd(18)}${String(count).padStart(6)}`;
    return `${start}  ${shares(found)}   | ${boxes('network')}   | ${boxes('snapped')}`;
  };
  const lines = [
    `commit ${report.commit}, ${report.date}, ${report.machine}, Node ${report.node}`,
    `load ${report.loadAverage} at the beginning; photos: ${report.part}; ${report.decoys.toLocaleString('en')} decoys`,
    'In percent of the compositions of a listed photo: found; its box by the network, and after the snap',
    `${''.padEnd(24)}  PDQ-31   whole classic  finder   | ${LEVELS.map((level) => `IoU ${level}`.padStart(8)).join('')}`,
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
    `${report.unlisted} compositions without a listed photo: ${report.unlistedMatches} matches`,
    `other labels in compositions of a listed photo: ${counts(report.wrongMatches)}`,
    `the finder alone: ${report.finderMs} ms in the median, in Node`,
  );
  return lines.join('\n');
}

/**
 * The recall report: how many edited copies of listed photos a scan finds, and how many photos it takes for another.
 * docs/near-match.md says how to read it.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { SEARCH_PLANS, type SearchPreset } from '../../src/scan/search-plan.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { provenanceOf } from '../provenance.js';
import { EDITS } from './edits.js';
import { buildList, listParameters } from './lists.js';
import {
  type FalsePositivesPart,
  measureFalsePositives,
  measureRecall,
  type RecallPart,
  type Settings,
  type WrongMatch,
} from './measure.js';
import { plotRecall } from './plot.js';
import { decoyHashes, SEED } from './random.js';
import { round } from './recall-table.js';
import { type Beyond31, type Report, reportText } from './report.js';
import { readReviewedPairs } from './reviewed.js';
import { type EditResult, PDQ_THRESHOLD } from './scan-edits.js';
import { lowerBound95 } from './statistics.js';

/** Photos of each folder that are edited. */
const EDITED = 100;
const DECOYS = 1_000_000;
/** `--quick`: a look at whether everything works. */
const QUICK = { edited: 12, others: 60, decoys: 100_000, everyEdit: 3 };

const USAGE = `npm run recall [-- OPTIONS]
  --photos DIR   photos of another folder, all of them (may be repeated)
  --tuning       the part of the photos that may be tuned on, instead of the part that is held out
  --quick        few photos, edits and decoys
  --only PART    recall or false-positives
  --edits WORD   only edits with this word in their name
  --search NAME  fast, normal (default) or thorough
  --threads N    default: the machine's cores
  --json         print JSON
Without options but --json and --threads it writes docs/recall.json and docs/recall.svg, else build/recall/.`;

/**
 * @param args - of the command line
 * @param root - the checkout
 * @param worker - address of the bundled worker.ts
 */
export async function main(args: readonly string[], root: string, worker: URL): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      photos: { type: 'string', multiple: true },
      tuning: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      edits: { type: 'string' },
      search: { type: 'string', default: 'normal' },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const { quick } = values;
  const threads = Number(values.threads);
  if (!Number.isInteger(threads) || threads < 1)
    throw new RangeError("'threads' must be a whole number, 1 or more");
  if (values.only && values.only !== 'recall' && values.only !== 'false-positives') {
    throw new RangeError(`'only' must be recall or false-positives, not ${values.only}`);
  }
  const shared = process.env.PRESIEVE_SHARED ?? join(root, '..', 'shared');
  const settings: Settings = {
    folders: values.photos ?? [join(shared, 'photos', 'natural'), join(shared, 'photos', 'cc0')],
    part: values.tuning ? 'tuning' : values.photos ? 'all' : 'held-out',
    decoys: quick ? QUICK.decoys : DECOYS,
    edited: quick ? QUICK.edited : EDITED,
    others: quick ? QUICK.others : Number.POSITIVE_INFINITY,
    edits: EDITS.filter((_, i) => !quick || i % QUICK.everyEdit === 0)
      .map(({ name }) => name)
      .filter((name) => name.includes(values.edits ?? '')),
    search: presetOf(values.search),
    reviewed: readReviewedPairs(join(root, 'bench/recall/reviewed-pairs.json')),
    threads,
    worker,
  };
  if (settings.edits.length === 0) throw new RangeError(`'edits' ${values.edits} is in no edit's name`);
  // Before the run: the checkout may change meanwhile.
  const provenance = provenanceOf(root, ['src', 'wasm', 'bench/recall']);
  const load = round(loadavg()[0], 2);
  sharp.concurrency(1);
  const recall = values.only === 'false-positives' ? undefined : await measureRecall(settings);
  const others = values.only === 'recall' ? undefined : await measureFalsePositives(settings);
  const report: Report = {
    ...provenance,
    loadAverage: load,
    seed: SEED,
    quick,
    search: settings.search,
    list: describeList(settings.decoys),
    ...(recall && { recall: recall.report }),
    ...(others && { falsePositives: others }),
    ...(recall && others && { beyond31: beyond31(recall.results, recall.report.wrongMatches, others) }),
  };
  const isDefault =
    !(values.photos || values.tuning || quick || values.only || values.edits) && settings.search === 'normal';
  const folder = join(root, isDefault ? 'docs' : 'build/recall');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'recall.json'), `${JSON.stringify(report, null, 1)}\n`);
  if (report.recall) writeFileSync(join(folder, 'recall.svg'), plot(report, report.recall));
  console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report));
}

function presetOf(name: string): SearchPreset {
  if (!Object.hasOwn(SEARCH_PLANS, name))
    throw new RangeError(`'search' must be fast, normal or thorough, not ${name}`);
  return name as SearchPreset;
}

/** The widths, and what a list of decoys alone takes an entry. */
function describeList(decoys: number): Report['list'] {
  const { keyBits, sketchBits, layout, nearFingerprintBits } = listParameters(decoys);
  const bytes = buildList('decoys', [], decoyHashes(decoys));
  const section = readSnapshot(bytes).sections.get('pdq')!;
  return {
    entries: decoys,
    keyBits,
    sketchBits,
    layout,
    fingerprintBits: nearFingerprintBits,
    bitsAnEntry: (section.byteLength * 8) / section.count,
  };
}

function beyond31(
  results: readonly EditResult[],
  wrongMatches: readonly WrongMatch[],
  others: FalsePositivesPart,
): Beyond31 {
  const right = results.filter(({ distance }) => distance !== null && distance > PDQ_THRESHOLD).length;
  const wrong =
    wrongMatches.length + others.acceptedBeyond31.filter(({ verdict }) => verdict !== 'same picture').length;
  const all = right + wrong;
  return {
    right,
    wrong,
    precision: all === 0 ? null : right / all,
    precisionLower95: all === 0 ? 0 : lowerBound95(right, all),
  };
}

function plot({ list, commit, date }: Report, recall: RecallPart): string {
  const photos = recall.photos.reduce((sum, folder) => sum + folder.photos, 0);
  const held = recall.part === 'held-out' ? ' that no tuning saw' : '';
  return plotRecall(recall.table, {
    subtitle: `${photos} photos${held}, ${recall.table.edits.length} edits, a list with ${list.entries.toLocaleString('en')} other entries`,
    foot: `Made by “npm run recall” on ${date.slice(0, 10)}, commit ${commit.slice(0, 12)}. All figures: docs/recall.json`,
  });
}

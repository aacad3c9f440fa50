/**
 * The two measurements: photos onto lists, jobs onto threads, results into tables.
 * @module
 */
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { MIN_PDQ_QUALITY } from '../../src/scan/detail.js';
import type { SearchPreset } from '../../src/scan/search-plan.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { type FalsePositives, falsePositives } from './false-positives.js';
import { buildList, type ListedPhoto } from './lists.js';
import { folderNames, folderOf, type PhotoName, PhotoShelf } from './photos.js';
import { decode } from './picture.js';
import { decoyHashes } from './random.js';
import { type RecallTable, recallTable } from './recall-table.js';
import { filesOfPicture, type ReviewedPair } from './reviewed.js';
import type { EditResult, EditsJob } from './scan-edits.js';
import type { OthersJob, OthersResult } from './scan-others.js';
import type { Part } from './split.js';
import { runJobs } from './threads.js';
import { isPrepared, listedHash, WAYS, type Way } from './ways.js';
import type { ThreadSetup } from './worker.js';

/** What a run is made of. */
export interface Settings {
  /** Folders of photos. */
  readonly folders: readonly string[];
  /** Part whose edits are scanned. */
  readonly part: Part;
  readonly decoys: number;
  /** Photos of each folder that are edited, and that are scanned against all others. */
  readonly edited: number;
  readonly others: number;
  /** Names of the edits. */
  readonly edits: readonly string[];
  readonly search: SearchPreset;
  readonly reviewed: readonly ReviewedPair[];
  readonly threads: number;
  /** Address of the bundled worker.ts. */
  readonly worker: URL;
}

/** Photos of a folder: edited or scanned, and on the list. */
export interface FolderCount {
  readonly folder: string;
  readonly photos: number;
  readonly listed: number;
}

/** A match to an entry of another picture. */
export interface WrongMatch {
  readonly photo: PhotoName;
  readonly edit: string;
  readonly way: Way;
  /** The empty string for a decoy. */
  readonly label: string;
}

/** The first part of the report. */
export interface RecallPart {
  readonly part: Part;
  readonly photos: readonly FolderCount[];
  /** Photos too plain to be compared, which are not listed. */
  readonly lowDetail: readonly PhotoName[];
  readonly table: RecallTable;
  readonly wrongMatches: readonly WrongMatch[];
}

/** The second part of the report. */
export interface FalsePositivesPart extends FalsePositives {
  readonly part: Part;
  readonly photos: readonly FolderCount[];
}

/**
 * Lists photos in each way, and scans their edits.
 * @param settings - see {@link Settings}
 * @returns the part of the report, and the single results
 */
export async function measureRecall(
  settings: Settings,
): Promise<{ report: RecallPart; results: EditResult[] }> {
  const shelf = new PhotoShelf(settings.folders, settings.part);
  const kernel = await createPdqKernel();
  const listed = new Map<PhotoName, { way: Way; bits: Uint8Array }[]>();
  const isLarge = new Set<PhotoName>();
  const lowDetail: PhotoName[] = [];
  for (const name of shelf.names) {
    const picture = await decode(await shelf.read(name));
    const hashes: { way: Way; bits: Uint8Array }[] = [];
    let plain = false;
    for (const way of WAYS) {
      const { bits, quality } = await listedHash(picture, way, kernel);
      hashes.push({ way, bits });
      plain ||= quality < MIN_PDQ_QUALITY;
    }
    if (plain) lowDetail.push(name);
    else listed.set(name, hashes);
    if (isPrepared(picture)) isLarge.add(name);
  }
  const decoys = decoyHashes(settings.decoys);
  const lists = WAYS.map((way, i) =>
    buildList(
      way,
      [...listed].map(([name, hashes]) => ({ name, bits: hashes[i].bits })),
      decoys,
    ),
  );
  const names = shelf.sample(settings.edited).filter((name) => listed.has(name));
  const makeJob = async (number: number): Promise<EditsJob> => {
    const name = names[number];
    return {
      kind: 'edits',
      name,
      file: await shelf.read(name),
      edits: settings.edits,
      // A small photo has the same hash in all ways: one list tells.
      listed: isLarge.has(name) ? listed.get(name)! : listed.get(name)!.slice(0, 1),
      right: filesOfPicture(name, settings.reviewed),
    };
  };
  const results = await run<EditResult[]>(
    { kind: 'edits', search: settings.search, lists },
    names.length,
    makeJob,
    settings,
    'edited photos',
  );
  const wrongMatches = results.flatMap((scans, i) =>
    scans.flatMap(({ edit, way, wrong }) =>
      wrong.map((label): WrongMatch => ({ photo: names[i], edit, way, label })),
    ),
  );
  return {
    results: results.flat(),
    report: {
      part: settings.part,
      photos: folderCounts(names, [...listed.keys()]),
      lowDetail,
      table: recallTable(results.flat()),
      wrongMatches,
    },
  };
}

/**
 * Lists all photos, and scans each one as if it alone were not listed. Nothing is tuned by it, so the part that is
 * held out and the other both count, unless the tuning part is asked for.
 * @param settings - see {@link Settings}
 * @returns the part of the report
 */
export async function measureFalsePositives(settings: Settings): Promise<FalsePositivesPart> {
  const part = settings.part === 'tuning' ? 'tuning' : 'all';
  const shelf = new PhotoShelf(settings.folders, part);
  const kernel = await createPdqKernel();
  const names = shelf.sample(settings.others).sort();
  const listed: ListedPhoto[] = [];
  for (const name of names) {
    const { bits, quality } = await listedHash(await decode(await shelf.read(name)), 'full', kernel);
    if (quality >= MIN_PDQ_QUALITY) listed.push({ name, bits });
  }
  const list = buildList('all photos', listed, decoyHashes(settings.decoys));
  const makeJob = async (number: number): Promise<OthersJob> => ({
    kind: 'others',
    name: names[number],
    file: await shelf.read(names[number]),
  });
  const results = await run<OthersResult>(
    { kind: 'others', search: settings.search, list, listed },
    names.length,
    makeJob,
    settings,
    'photos against all others',
  );
  const found = falsePositives(results, settings.reviewed, readSnapshot(list).header.sketchBits);
  return {
    part,
    photos: folderCounts(
      names,
      listed.map(({ name }) => name),
    ),
    ...found,
  };
}

function run<Result>(
  setup: ThreadSetup,
  count: number,
  makeJob: (number: number) => Promise<EditsJob | OthersJob>,
  { threads, worker }: Settings,
  what: string,
): Promise<Result[]> {
  const started = performance.now();
  const onDone = (done: number) => {
    if (done % Math.ceil(count / 10) !== 0 && done !== count) return;
    console.error(`${what}: ${done} of ${count}, ${Math.round((performance.now() - started) / 1000)} s`);
  };
  return runJobs<Result>(setup, count, makeJob, { threads, worker, onDone });
}

function folderCounts(names: readonly PhotoName[], listed: readonly PhotoName[]): FolderCount[] {
  const count = (of: readonly PhotoName[], folder: string) =>
    of.filter((name) => folderOf(name) === folder).length;
  return folderNames(names).map((folder) => ({
    folder,
    photos: count(names, folder),
    listed: count(listed, folder),
  }));
}

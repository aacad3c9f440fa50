/**
 * The finder's report (`npm run recall -- --finder`): for each family of layouts, how many compositions of a listed photo
 * are found by exhaustive PDQ of the whole, by the scan without a finder, with the classical one, and with the network.
 * docs/picture-finder.md says how to read it.
 * @module
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMILIES, type Family } from '../../models/picture-finder/compose/index.js';
import { folderPhotos } from '../../models/picture-finder/photos.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { MIN_PDQ_QUALITY } from '../../src/scan/detail.js';
import { provenanceOf } from '../provenance.js';
import { buildList, type ListedPhoto } from '../recall/lists.js';
import { decoyHashes } from '../recall/random.js';
import type { Part } from '../recall/split.js';
import { runJobs } from '../recall/threads.js';
import { listedHash } from '../recall/ways.js';
import { KeptResults } from './kept.js';
import { type FinderReport, reportText, tableOf } from './report.js';
import { type CompositionJob, type CompositionResult, compositionJob } from './scan-compositions.js';
import type { FinderSetup } from './worker.js';

const USAGE = `npm run recall -- --finder [OPTIONS]
  --tuning        photos that may be tuned on, instead of those that are held out, and no family of the final test
  --each N        compositions of a listed photo in each family (default 12)
  --unlisted N    compositions without a listed photo, over all families (default 5,000)
  --families WORD only families with this word in their name
  --decoys N      random hashes on the list (default 1,000,000)
  --threads N     default: the machine's cores
  --keep FILE     keeps each result there, and goes on from what is there
  --json          print JSON
Without --tuning, --families and --decoys it writes docs/picture-finder.json, else build/recall/.`;

/**
 * @param args - of the command line
 * @param root - the checkout
 * @param worker - address of the bundled worker.ts
 */
export async function main(args: readonly string[], root: string, worker: URL): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      finder: { type: 'boolean' },
      tuning: { type: 'boolean', default: false },
      each: { type: 'string', default: '12' },
      unlisted: { type: 'string', default: '5000' },
      families: { type: 'string' },
      decoys: { type: 'string', default: '1000000' },
      keep: { type: 'string' },
      threads: { type: 'string', default: String(availableParallelism()) },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const number = (name: 'each' | 'unlisted' | 'decoys' | 'threads', least: number) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < least)
      throw new RangeError(`'${name}' must be a whole number from ${least} on`);
    return value;
  };
  const each = number('each', 0);
  const unlisted = number('unlisted', 0);
  const part: Part = values.tuning ? 'tuning' : 'held-out';
  const families = FAMILIES.filter(
    ({ name, set }) => name.includes(values.families ?? '') && !(values.tuning && set === 'final'),
  );
  if (families.length === 0) throw new RangeError(`'families' ${values.families} is in no family's name`);
  const shared = process.env.PRESIEVE_SHARED ?? join(root, '..', 'shared');
  const folders = ['natural', 'cc0'].map((folder) => join(shared, 'photos', folder));
  const provenance = provenanceOf(root, ['src', 'wasm', 'models', 'bench']);
  const loadAverage = Math.round(loadavg()[0] * 100) / 100;
  const decoys = number('decoys', 0);
  const { setup, subjects, others } = await prepare(folders, part, decoys, root);
  const jobs = [...listedJobs(families, each, subjects, others), ...unlistedJobs(families, unlisted, others)];
  const kept = new KeptResults(values.keep, { commit: provenance.commit, part, decoys });
  const open = jobs.filter((job) => kept.get(job) === undefined);
  const began = performance.now();
  await runJobs<CompositionResult>(setup, open.length, (i) => open[i], {
    threads: number('threads', 1),
    worker,
    onResult: (i, result) => kept.add(open[i], result),
    onDone: (done) => {
      if (done % Math.ceil(open.length / 20) !== 0) return;
      console.error(`${done} of ${open.length}, ${Math.round((performance.now() - began) / 1000)} s`);
    },
  });
  const results = jobs.map((job) => kept.get(job) as CompositionResult);
  const report: FinderReport = {
    ...provenance,
    loadAverage,
    part,
    decoys,
    ...tableOf(families, jobs, results),
  };
  const isDefault = !values.tuning && !values.families && decoys === 1_000_000;
  const file = join(root, isDefault ? 'docs/picture-finder.json' : 'build/recall/picture-finder.json');
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report));
}

/** Lists every second photo, so that the others can surround them without being listed. */
async function prepare(folders: readonly string[], part: Part, decoys: number, root: string) {
  const photos = await folderPhotos(folders, part);
  const kernel = await createPdqKernel();
  const listed: ListedPhoto[] = [];
  const subjects: number[] = [];
  const others: number[] = [];
  for (const [i, photo] of photos.entries()) {
    const { bits, quality } = await listedHash(await photo.pixels(), 'full', kernel);
    if (i % 2 === 1) others.push(i);
    else if (quality >= MIN_PDQ_QUALITY) {
      subjects.push(i);
      listed.push({ name: photo.name, bits });
    }
  }
  const setup: FinderSetup = {
    folders,
    part,
    list: buildList('compositions', listed, decoyHashes(decoys)),
    listed: listed.map(({ name, bits }) => [name, bits] as const),
    model: join(root, 'models/picture-finder/picture-finder.onnx'),
    runtime: join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
  };
  return { setup, subjects, others };
}

function listedJobs(
  families: readonly Family[],
  each: number,
  subjects: number[],
  others: number[],
): CompositionJob[] {
  return families
    .filter(({ pictures }) => pictures)
    .flatMap(({ name, photos }) =>
      Array.from({ length: each }, (_, i) => compositionJob(name, `listed/${i}`, subjects, others, photos)),
    );
}

function unlistedJobs(families: readonly Family[], count: number, others: number[]): CompositionJob[] {
  return Array.from({ length: count }, (_, i) => {
    const { name, photos } = families[i % families.length];
    return compositionJob(name, `unlisted/${i}`, null, others, photos);
  });
}

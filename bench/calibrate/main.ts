/**
 * The calibration: measures, prints, and writes docs/calibration.json and src/publisher/calibration.ts.
 * @module
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { KEY_BITS, SKETCH_BITS } from '../../src/publisher/presets.js';
import { DEFAULT_LAYOUT } from '../../src/snapshot/parameters.js';
import { type Provenance, provenanceOf } from '../provenance.js';
import { folderNames, folderOf, PhotoShelf } from '../recall/photos.js';
import { SEED } from '../recall/random.js';
import { calibrationConditions } from './conditions.js';
import { type Measured, measure, type WidthResult } from './measure.js';
import { calibrationTables } from './table.js';

/** What docs/calibration.json holds. */
export interface CalibrationFile extends Provenance, Omit<Measured, 'photos'> {
  readonly seed: number;
  readonly search: 'normal';
  readonly layout: number;
  /** Of the plan, the acceptance rule and the layout that it holds for. */
  readonly conditions: string;
  /** Entries that no photo has. */
  readonly decoys: number;
  readonly photos: {
    readonly part: 'tuning';
    readonly folders: readonly { readonly folder: string; readonly photos: number }[];
  };
}

/** Photos of each folder. */
const SAMPLE = 80;
const DECOYS = 100_000;

/**
 * @param args - `--sample N` photos of each folder; then nothing is written
 * @param root - of the checkout
 */
export async function main(args: readonly string[], root: string): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { sample: { type: 'string' } } });
  const shared = process.env.PRESIEVE_SHARED ?? join(root, '..', 'shared');
  sharp.concurrency(1);
  const provenance = provenanceOf(root, ['src', 'wasm', 'bench/calibrate', 'bench/recall']);
  const { photos, ...measured } = await measure({
    shelf: new PhotoShelf([join(shared, 'photos', 'natural'), join(shared, 'photos', 'cc0')], 'tuning'),
    sample: Number(values.sample ?? SAMPLE),
    decoys: DECOYS,
    onProgress: (done, of) => {
      if (done % 10 === 0 || done === of) console.error(`${done} of ${of} photos`);
    },
  });
  const file: CalibrationFile = {
    ...provenance,
    seed: SEED,
    search: 'normal',
    layout: DEFAULT_LAYOUT,
    conditions: calibrationConditions(),
    decoys: DECOYS,
    photos: {
      part: 'tuning',
      folders: folderNames(photos).map((folder) => ({
        folder,
        photos: photos.filter((name) => folderOf(name) === folder).length,
      })),
    },
    ...measured,
  };
  console.log(text(file));
  if (values.sample !== undefined) return;
  writeFileSync(join(root, 'docs/calibration.json'), `${JSON.stringify(file, null, 1)}\n`);
  writeFileSync(join(root, 'src/publisher/calibration.ts'), moduleText(file.lists));
}

function text(file: CalibrationFile): string {
  const { lists, independentBits, seconds } = file;
  const errors = lists.map(({ standardError }) => standardError * 100);
  return [
    calibrationTables(file),
    '',
    `standard errors: ${Math.min(...errors).toFixed(1)} to ${Math.max(...errors).toFixed(1)} points`,
    ...lists
      .filter(({ wrong }) => wrong > 0)
      .map(
        ({ keyBits, sketchBits, wrong }) =>
          `${keyBits}/${sketchBits}: another entry was named ${wrong} times`,
      ),
    ...independentBits.map(
      ({ keyBits, bits }) => `keys of ${keyBits} bits vary as ${bits.toFixed(1)} independent ones`,
    ),
    `${seconds.toFixed(0)} s of processor time`,
  ].join('\n');
}

/** src/publisher/calibration.ts. */
function moduleText(lists: readonly WidthResult[]): string {
  const share = (keyBits: number, sketchBits: number) => {
    const result = lists.find((list) => list.keyBits === keyBits && list.sketchBits === sketchBits);
    return `${sketchBits}: ${Number(result!.recall.toFixed(3))}`;
  };
  const rows = KEY_BITS.map((k) => `    ${k}: { ${SKETCH_BITS.map((s) => share(k, s)).join(', ')} },\n`);
  return `/**
 * Recall by widths. Written by \`npm run calibrate\`; docs/calibration.json says how it was measured.
 * @module
 */
import type { Calibration } from './expected-recall.js';

/** Shares of edited copies found. */
export const CALIBRATION: Calibration = {
  layout: ${DEFAULT_LAYOUT},
  recall: {
${rows.join('')}  },
};
`;
}

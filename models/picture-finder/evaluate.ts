/**
 * How well the network finds pictures, family by family: on compositions at the size of real screens, of photos that
 * the training never saw.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as ort from 'onnxruntime-web/wasm';
import { seededRandom } from '../../bench/recall/random.js';
import type { Part } from '../../bench/recall/split.js';
import { decodeBoxes, type FoundBox } from '../../src/finder/boxes.js';
import { CELLS, INPUT_SIDE, MAPS } from '../../src/finder/layout.js';
import { networkInput } from '../../src/kernels/network-input.js';
import { Dice } from './compose/dice.js';
import { compose, FAMILIES, type PictureBox, type Rect } from './compose/index.js';
import { folderPhotos } from './photos.js';

const LEVELS = [0.5, 0.75, 0.9] as const;
/** A picture whose shorter side is smaller in the network's input isn't wanted (some slivers of scrolled pictures). */
const LEAST_SIDE = 16;
const EMPTY = {
  compositions: 0,
  wanted: 0,
  hits: [0, 0, 0],
  subjects: 0,
  subjectHits: [0, 0, 0],
  found: 0,
  off: 0,
};

const USAGE = `node models/picture-finder/evaluate.mjs --photos DIR [--photos DIR] [OPTIONS]
  --model FILE   default: models/picture-finder/picture-finder.onnx
  --part NAME    held-out (default), tuning or all photos of the folders
  --set NAME     only families that are seen, validation or final
  --each N       compositions of each family (default 20)
  --json         print JSON`;

/** Intersection over union of two rectangles. */
export function rectIou(a: Rect, b: Rect): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

/**
 * @param args - of the command line
 * @param root - the checkout
 */
export async function main(args: readonly string[], root: string): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      photos: { type: 'string', multiple: true },
      model: { type: 'string', default: join(root, 'models/picture-finder/picture-finder.onnx') },
      part: { type: 'string', default: 'held-out' },
      set: { type: 'string' },
      each: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || !values.photos) return console.log(USAGE);
  const folders = await Promise.all(values.photos.map((path) => folderPhotos([path], values.part as Part)));
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(new Uint8Array(await readFile(values.model)));
  const rows = [];
  for (const family of FAMILIES) {
    if (values.set && family.set !== values.set) continue;
    const sums = structuredClone(EMPTY);
    const dice = new Dice(seededRandom(`evaluate/${family.name}`));
    for (let i = 0; i < Number(values.each); i++) {
      const [subject, ...others] = dice.shuffle(dice.one(folders)).slice(0, Math.max(3, family.photos + 1));
      const seed = `evaluate/${i}`;
      const options = { family: family.name, seed, others };
      const { picture, boxes } = await compose(family.pictures ? { ...options, subject } : options);
      const input = networkInput(picture.data, picture.width, picture.height, 3);
      const shape = [1, 3, INPUT_SIDE, INPUT_SIDE];
      const { maps } = await session.run({ picture: new ort.Tensor('float32', input, shape) });
      if (maps.dims.join() !== [1, MAPS, CELLS, CELLS].join()) throw new RangeError("'model' has other maps");
      count(sums, boxes, decodeBoxes(maps.data as Float32Array, picture.width, picture.height), picture);
    }
    rows.push({ family: family.name, set: family.set, ...sums });
    if (!values.json) console.log(line(rows[rows.length - 1]));
  }
  if (values.json) console.log(JSON.stringify(rows));
  else
    for (const set of ['seen', 'validation', 'final']) {
      const some = rows.filter((row) => row.set === set && row.subjects > 0);
      if (some.length > 0)
        console.log(line({ family: `all ${set}`, set, ...some.reduce(added, structuredClone(EMPTY)) }));
    }
}

type Sums = typeof EMPTY;

function count(
  sums: Sums,
  boxes: readonly PictureBox[],
  found: readonly FoundBox[],
  size: { width: number; height: number },
) {
  sums.compositions++;
  sums.found += found.length;
  for (const { photo, box } of boxes) {
    if (Math.min((box.width / size.width) * INPUT_SIDE, (box.height / size.height) * INPUT_SIDE) < LEAST_SIDE)
      continue;
    const best = Math.max(0, ...found.map((other) => rectIou(box, other)));
    sums.wanted++;
    if (photo === -1) {
      sums.subjects++;
      sums.off += 1 - best;
    }
    LEVELS.forEach((level, l) => {
      if (best < level) return;
      sums.hits[l]++;
      if (photo === -1) sums.subjectHits[l]++;
    });
  }
}

function added(a: Sums, b: Sums): Sums {
  const plus = (x: number[], y: number[]) => x.map((value, i) => value + y[i]);
  return {
    compositions: a.compositions + b.compositions,
    wanted: a.wanted + b.wanted,
    hits: plus(a.hits, b.hits),
    subjects: a.subjects + b.subjects,
    subjectHits: plus(a.subjectHits, b.subjectHits),
    found: a.found + b.found,
    off: a.off + b.off,
  };
}

function line(row: Sums & { readonly family: string; readonly set: string }): string {
  const percent = (part: number, all: number) =>
    (all > 0 ? `${((100 * part) / all).toFixed(1)} %` : '-').padStart(8);
  return [
    row.family.padEnd(18),
    row.set.padEnd(11),
    ...row.hits.map((hits) => percent(hits, row.wanted)),
    ' subject',
    ...row.subjectHits.map((hits) => percent(hits, row.subjects)),
    ` boxes ${(row.found / row.compositions).toFixed(1)} of ${(row.wanted / row.compositions).toFixed(1)}`,
  ].join('');
}

/**
 * Writes a set of compositions for the training, in numbered parts that are made once: `train-003.bin` has N x 256 x
 * 256 x 3 bytes (RGB, as the network sees them), `train-003.json` the boxes of each, in pixels of 256 x 256.
 * @module
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { seededRandom } from '../../../bench/recall/random.js';
import { INPUT_SIDE } from '../../../src/finder/layout.js';
import { networkInput } from '../../../src/kernels/network-input.js';
import { Dice } from '../compose/dice.js';
import { compose, type FamilySet, familiesOf, familyOf } from '../compose/index.js';
import { TrainingPhotos } from './sources.js';

/** Compositions in a part. */
const PART = 250;
/** Share of compositions without any picture. */
const EMPTY_SHARE = 0.08;
/** Every third part for training has layouts of nothing but chance, too; the others have those of apps alone. */
const FREEFORM_EVERY = 3;
/** Families of such layouts: upright, and photographed from a screen. */
const FREEFORM = ['freeform', 'photo-of-page'];
/** Share of such layouts, and of the photographed ones among them, besides those that come by their turn. */
const FREEFORM_SHARE = 0.2;
const FREEFORM_TILTED = 0.25;
/** Longest side of a page in pixels: as large as the network needs, and no larger. */
const LONGEST = 640;
/** A new selection of photos is drawn for each composition from a pool that changes by so many. */
const FRESH = 2;
const POOL = 40;

interface Labels {
  readonly family: string;
  /** Left, top, right, bottom. */
  readonly boxes: readonly (readonly number[])[];
}

/** @param args - of the command line */
export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clothes: { type: 'string' },
      out: { type: 'string' },
      set: { type: 'string', default: 'train' },
      parts: { type: 'string', default: '1' },
      worker: { type: 'string', default: '0/1' },
    },
  });
  if (!values.clothes || !values.out) throw new RangeError("'clothes' and 'out' must be given");
  sharp.concurrency(1);
  sharp.cache(false);
  const validation = values.set === 'validation';
  const photos = await TrainingPhotos.open(values.clothes, validation);
  console.log(values.set, photos.counts);
  mkdirSync(values.out, { recursive: true });
  const [mine, workers] = values.worker.split('/').map(Number);
  for (let part = mine; part < Number(values.parts); part += workers) {
    const path = join(values.out, `${values.set}-${String(part).padStart(3, '0')}`);
    if (existsSync(`${path}.json`)) continue;
    const started = performance.now();
    const freeform = !validation && part % FREEFORM_EVERY === FREEFORM_EVERY - 1;
    const before = Math.floor(part / FREEFORM_EVERY);
    const seed = `${values.set}/${freeform ? before : part - before}`;
    await writePart(path, photos, validation ? 'validation' : 'seen', freeform, seed);
    console.log(`${path}.bin: ${Math.round(performance.now() - started)} ms`);
  }
}

async function writePart(
  path: string,
  photos: TrainingPhotos,
  set: FamilySet,
  freeform: boolean,
  seed: string,
): Promise<void> {
  const dice = new Dice(seededRandom(seed));
  const full = familiesOf(set).filter(({ name }) => freeform || !FREEFORM.includes(name));
  const empty = familiesOf(set, false);
  const pool = await Promise.all(Array.from({ length: POOL }, () => photos.draw(dice)));
  const pixels = new Uint8Array(PART * INPUT_SIDE * INPUT_SIDE * 3);
  const labels: Labels[] = [];
  for (let i = 0; i < PART; i++) {
    const fresh = await Promise.all(Array.from({ length: FRESH }, () => photos.draw(dice)));
    pool.splice(0, FRESH);
    pool.push(...fresh);
    const family = dice.chance(EMPTY_SHARE)
      ? dice.one(empty)
      : freeform && dice.chance(FREEFORM_SHARE)
        ? familyOf(FREEFORM[dice.chance(FREEFORM_TILTED) ? 1 : 0])
        : dice.one(full);
    const others = dice.shuffle(pool).slice(0, Math.max(3, family.photos + 1));
    // Half of them show a photo whole, as a listed one would be; the rest may cut all of them.
    const subject = family.pictures && dice.chance(0.5) ? others.pop() : undefined;
    const options = { family: family.name, seed: `${seed}/${i}`, others, longest: LONGEST };
    const { picture, boxes } = await compose(subject ? { ...options, subject } : options);
    const { data, width, height } = picture;
    const planes = networkInput(data, width, height, 3);
    const area = INPUT_SIDE * INPUT_SIDE;
    for (let p = 0, at = i * area * 3; p < area; p++) {
      for (let c = 0; c < 3; c++) pixels[at++] = Math.round(planes[c * area + p] * 255);
    }
    const [fx, fy] = [INPUT_SIDE / width, INPUT_SIDE / height];
    labels.push({
      family: family.name,
      boxes: boxes.map(({ box }) =>
        [box.left * fx, box.top * fy, (box.left + box.width) * fx, (box.top + box.height) * fy].map(
          (side) => Math.round(side * 100) / 100,
        ),
      ),
    });
  }
  writeFileSync(`${path}.bin`, pixels);
  writeFileSync(`${path}.json.new`, JSON.stringify(labels));
  renameSync(`${path}.json.new`, `${path}.json`);
}

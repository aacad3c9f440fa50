/**
 * Recall by widths: edited copies of photos, each scanned once against a list of every width there is.
 * @module
 */
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { KEY_BITS, SKETCH_BITS } from '../../src/publisher/presets.js';
import { MIN_PDQ_QUALITY } from '../../src/scan/detail.js';
import { type OpenedList, openList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import type { ScanContext } from '../../src/scan/types.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { bitPositions } from '../../src/snapshot/layouts.js';
import { DEFAULT_LAYOUT, defaultParameters } from '../../src/snapshot/parameters.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { labelTable } from '../../src/snapshot/text.js';
import { applyEdit, EDITS } from '../recall/edits.js';
import type { ListedPhoto } from '../recall/lists.js';
import { hashDistance } from '../recall/pairs.js';
import type { PhotoName, PhotoShelf } from '../recall/photos.js';
import { decode } from '../recall/picture.js';
import { decoyHashes, seededRandom } from '../recall/random.js';
import { PDQ_THRESHOLD } from '../recall/scan-edits.js';
import { momentsOf } from '../recall/statistics.js';
import { listedHash } from '../recall/ways.js';

/** The edits of the calibration, each counting the same; names of bench/recall/edits.ts. */
export const CALIBRATION_EDITS: readonly string[] = [
  'JPEG 50',
  'scaled to 50 %',
  'brightness x1.3, clipped',
  'caption',
  '1 % a side cut',
  '2.5 % a side cut',
  '3.5 % a side cut',
  '5.5 % a side cut',
  '5 % off the top',
  '7 % off one side',
  '5.5 % coloured',
  '1.7°, black corners',
  'mirrored',
];

/** Widths, and what was measured of a list with them. */
export interface WidthResult {
  readonly keyBits: number;
  readonly sketchBits: number;
  /** Of the list's PDQ section, labels aside. */
  readonly bitsAnEntry: number;
  /** Share of copies that were found, all edits counting the same. */
  readonly recall: number;
  /** Of that share, from how it varies from photo to photo. */
  readonly standardError: number;
  /** Share of the copies of each edit, in the order of `edits`. */
  readonly byEdit: readonly number[];
  /** Copies for which another entry was named. */
  readonly wrong: number;
}

/** All that was measured. */
export interface Measured {
  readonly photos: readonly PhotoName[];
  readonly edits: readonly string[];
  /** Share of the copies of each edit that exhaustive search finds within 31 bits, of the hash alone. */
  readonly exhaustive31: readonly number[];
  readonly lists: readonly WidthResult[];
  /**
   * How many independent even bits would differ between two pictures as unevenly as keys of so many bits do:
   * p(1 - p) / variance of the share that differs, over all pairs of the photos (Daugman's degrees of freedom).
   */
  readonly independentBits: readonly { readonly keyBits: number; readonly bits: number }[];
  /** Of the processor. */
  readonly seconds: number;
}

/** What is measured. */
export interface Settings {
  readonly shelf: PhotoShelf;
  /** Photos of each folder. */
  readonly sample: number;
  readonly decoys: number;
  readonly onProgress: (done: number, of: number) => void;
}

interface Contestant {
  readonly keyBits: number;
  readonly sketchBits: number;
  readonly bitsAnEntry: number;
  readonly list: OpenedList;
}

/**
 * @param settings - see {@link Settings}
 * @returns recall of every pair of widths
 */
export async function measure({ shelf, sample, decoys, onProgress }: Settings): Promise<Measured> {
  const before = process.cpuUsage();
  const kernel = await createPdqKernel();
  const photos: ListedPhoto[] = [];
  for (const name of shelf.sample(sample)) {
    const { bits, quality } = await listedHash(await decode(await shelf.read(name)), 'full', kernel);
    if (quality >= MIN_PDQ_QUALITY) photos.push({ name, bits });
  }
  const contestants = await openLists(photos, decoyHashes(decoys));
  const context: ScanContext = {
    lists: contestants.map(({ list }) => list),
    kernel,
    variants: await createVariantKernel(),
    search: 'normal',
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    policy: DEFAULT_POLICY,
    limits: DEFAULT_LIMITS,
    labels: true,
  };
  const edits = CALIBRATION_EDITS.map((name) => {
    const edit = EDITS.find((other) => other.name === name);
    if (edit === undefined) throw new RangeError(`'edits' has no ${name}`);
    return edit;
  });
  // found[list][edit][photo]
  const found = contestants.map(() => edits.map((): boolean[] => []));
  const wrong = contestants.map(() => 0);
  const within31 = edits.map(() => 0);
  const run = { nowSeconds: 1_700_000_000, isCancelled: () => false, onProgress: () => {} };
  for (const [number, { name, bits }] of photos.entries()) {
    const photo = await decode(await shelf.read(name));
    for (const [e, edit] of edits.entries()) {
      const copy = await applyEdit(photo, name, edit);
      const hash = await listedHash(await decode(copy), 'full', kernel);
      if (hashDistance(hash.bits, bits) <= PDQ_THRESHOLD) within31[e]++;
      const { verdict, reason, matches } = await scanFile(new Blob([copy]), context, run);
      if (verdict === 'inconclusive') throw new Error(`a copy of ${name} was not scanned: ${reason}`);
      for (const [c, { list }] of contestants.entries()) {
        const labels = matches.filter((match) => match.list === list.name).map(({ label }) => label);
        found[c][e].push(labels.includes(name));
        if (labels.some((label) => label !== name)) wrong[c]++;
      }
    }
    onProgress(number + 1, photos.length);
  }
  const share = (values: readonly boolean[]) => values.filter((value) => value).length / values.length;
  const { user, system } = process.cpuUsage(before);
  return {
    photos: photos.map(({ name }) => name),
    edits: CALIBRATION_EDITS,
    exhaustive31: within31.map((count) => count / photos.length),
    lists: contestants.map(({ keyBits, sketchBits, bitsAnEntry }, c) => {
      const byPhoto = photos.map((_, i) => share(found[c].map((ofEdit) => ofEdit[i])));
      const { mean, deviation } = momentsOf(byPhoto);
      return {
        keyBits,
        sketchBits,
        bitsAnEntry,
        recall: mean,
        standardError: deviation / Math.sqrt(photos.length),
        byEdit: found[c].map(share),
        wrong: wrong[c],
      };
    }),
    independentBits: KEY_BITS.map((keyBits) => ({ keyBits, bits: independentBits(photos, keyBits) })),
    seconds: (user + system) / 1e6,
  };
}

/** A list of every width, of the same entries. */
function openLists(photos: readonly ListedPhoto[], decoys: Uint8Array): Promise<Contestant[]> {
  const { labels, ids } = labelTable(['', ...photos.map(({ name }) => name)]);
  const hashes = new Uint8Array(photos.length * 32 + decoys.length);
  const labelIds = new Uint16Array(hashes.length / 32).fill(ids[0]);
  for (const [i, { bits }] of photos.entries()) {
    hashes.set(bits, i * 32);
    labelIds[i] = ids[i + 1];
  }
  hashes.set(decoys, photos.length * 32);
  const random = seededRandom('salt');
  const salt = Uint8Array.from({ length: 16 }, () => random() * 256);
  const widths = KEY_BITS.flatMap((keyBits) => SKETCH_BITS.map((sketchBits) => ({ keyBits, sketchBits })));
  return Promise.all(
    widths.map(async ({ keyBits, sketchBits }) => {
      const parameters = defaultParameters({ capacity: labelIds.length, salt, keyBits, sketchBits });
      const name = `${keyBits}/${sketchBits}`;
      const header = { ...parameters, name, version: 1, createdSeconds: 1_700_000_000, demo: false };
      const section = sectionFromHashes(parameters, 'pdq', hashes, labelIds);
      const bytes = encodeSnapshot(header, labels, [section]);
      const { codes, sketches, count } = readSnapshot(bytes).sections.get('pdq')!;
      const bitsAnEntry = ((codes.length + sketches.length) * 8) / count;
      return { keyBits, sketchBits, bitsAnEntry, list: await openList(bytes) };
    }),
  );
}

function independentBits(photos: readonly ListedPhoto[], keyBits: number): number {
  const { key } = bitPositions(DEFAULT_LAYOUT, keyBits, 96);
  const keys = photos.map(({ bits }) => Array.from(key, (j) => (bits[j >>> 3] >>> (j & 7)) & 1));
  const shares = keys.flatMap((a, i) =>
    keys.slice(i + 1).map((b) => a.reduce((sum, bit, k) => sum + (bit ^ b[k]), 0) / keyBits),
  );
  const { mean, deviation } = momentsOf(shares);
  return (mean * (1 - mean)) / deviation ** 2;
}

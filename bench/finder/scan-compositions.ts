/**
 * Compositions of one listed photo, scanned in each way; and compositions without any listed photo.
 * @module
 */

import {
  type Composition,
  compose,
  type PictureBox,
  type SourcePhoto,
} from '../../models/picture-finder/compose/index.js';
import type { EdgeKernel } from '../../src/finder/edge-types.js';
import { locatePictures } from '../../src/finder/find.js';
import type { Network } from '../../src/finder/network.js';
import { overlap } from '../../src/finder/overlap.js';
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { Surveyor } from '../../src/kernels/survey.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import type { Rectangle } from '../../src/scan/borders.js';
import type { PictureFinder } from '../../src/scan/finder.js';
import type { OpenedList } from '../../src/scan/lists.js';
import type { ScanParts } from '../../src/scan/parts.js';
import { scanFile } from '../../src/scan/pipeline.js';
import { hashDistance } from '../recall/pairs.js';
import { seededRandom } from '../recall/random.js';
import { PDQ_THRESHOLD, type ScanTools } from '../recall/scan-edits.js';
import { cachingDecoder } from '../recall/watch.js';
import { listedHash } from '../recall/ways.js';

/** The ways to find a listed photo in a composition. */
export const METHODS = ['whole', 'classical', 'finder'] as const;
/** `whole`: the scan without any finder. */
export type Method = (typeof METHODS)[number];

/** What came of one composition. */
export interface CompositionResult {
  readonly family: string;
  /**
   * Best intersection over union of the subject's box with one of the network's, and with one of those that are looked
   * up; null without a subject.
   */
  readonly overlap: { readonly network: number; readonly snapped: number } | null;
  /** Exhaustive PDQ of the whole, least of eight forms, within the threshold. */
  readonly pdq31: boolean;
  /** Whether the right label matched, and how many others did. Without a subject only the finder's scan is made. */
  readonly found: Readonly<Record<Method, boolean>>;
  readonly wrong: Readonly<Record<Method, number>>;
  /** Milliseconds of the finder alone. */
  readonly finderMs: number;
}

/**
 * Longest side in pixels of compositions without a listed photo. Hashes don't depend on the size, and smaller ones take half
 * the time.
 */
const UNLISTED_LONGEST = 1280;

/** A composition to be made and scanned. */
export interface CompositionJob {
  readonly family: string;
  readonly seed: string;
  /** Which photo is the subject, or null for none; which others. */
  readonly subject: number | null;
  readonly others: readonly number[];
}

/** What compositions are scanned with. */
export interface CompositionTools {
  readonly list: OpenedList;
  readonly tools: ScanTools;
  readonly finders: Readonly<Record<Exclude<Method, 'whole'>, PictureFinder>>;
  readonly network: Network;
  readonly edges: EdgeKernel;
  readonly photos: readonly (SourcePhoto & { readonly name: string })[];
  /** Of each listed photo, by name. */
  readonly listed: ReadonlyMap<string, Uint8Array>;
}

/**
 * @param job - what to compose
 * @param tools - what to scan with
 * @returns what came of it
 */
export async function scanComposition(
  { family, seed, subject, others }: CompositionJob,
  { list, tools, finders, network, edges, photos, listed }: CompositionTools,
): Promise<CompositionResult> {
  const composition = await compose({
    family,
    seed,
    ...(subject === null ? { longest: UNLISTED_LONGEST } : { subject: photos[subject] }),
    others: others.map((i) => photos[i]),
  });
  const name = subject === null ? null : photos[subject].name;
  const file = new Blob([composition.file]);
  const decoder = cachingDecoder(DEFAULT_LIMITS);
  const found = { whole: false, classical: false, finder: false };
  const wrong = { whole: 0, classical: 0, finder: 0 };
  let finderMs = 0;
  // The finder's scan begins with that of the whole.
  for (const method of subject === null ? (['finder'] as const) : METHODS) {
    const finder =
      method === 'whole'
        ? null
        : timed(finders[method], (ms) => {
            if (method === 'finder') finderMs += ms;
          });
    const context = {
      ...tools,
      lists: [list],
      decoder,
      ...(finder && { parts: partsOf(finder) }),
      policy: DEFAULT_POLICY,
      limits: DEFAULT_LIMITS,
      labels: true,
    };
    const run = { nowSeconds: list.createdSeconds, isCancelled: () => false, onProgress: () => {} };
    const outcome = await scanFile(file, context, run);
    if (outcome.coverage.notes.includes('part-missing')) throw new Error('the finder failed');
    for (const { label = '' } of outcome.matches) {
      if (label === name) found[method] = true;
      else wrong[method]++;
    }
  }
  if (name === null) return { family, overlap: null, pdq31: false, found, wrong, finderMs };
  const bits = listed.get(name);
  const whole = dihedralHashes(await listedHash(composition.picture, 'full', tools.kernel));
  const pdq31 = bits !== undefined && whole.some((form) => hashDistance(form.bits, bits) <= PDQ_THRESHOLD);
  return { family, overlap: await overlapOf(composition, network, edges), pdq31, found, wrong, finderMs };
}

/** How well the network's boxes, and the rectangles made of them, fit the subject. */
async function overlapOf({ picture, boxes }: Composition, network: Network, edges: EdgeKernel) {
  const { data, width, height } = picture;
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba.set(data.subarray(from, from + 3), to);
  }
  const surveyor = new Surveyor(width, height);
  surveyor.strip(new Uint32Array(rgba.buffer), height);
  const survey = surveyor.end();
  const scale = survey.luma.width / width;
  const { left, top, ...size } = (boxes.find(({ photo }) => photo === -1) as PictureBox).box;
  const truth = {
    left: left * scale,
    top: top * scale,
    right: (left + size.width) * scale,
    bottom: (top + size.height) * scale,
  };
  const located = await locatePictures(network, edges, survey);
  const best = (rectangles: readonly Rectangle[]) =>
    Math.max(0, ...rectangles.map((rectangle) => overlap(rectangle, truth)));
  return { network: best(located.boxes), snapped: best(located.rectangles) };
}

/**
 * @param family - of layouts
 * @param name - of the composition within it
 * @param subjects - photos one of which is the subject; null for a composition of others alone
 * @param others - photos that may surround it
 * @param wanted - how many others
 * @returns a job that is the same in every run
 */
export function compositionJob(
  family: string,
  name: string,
  subjects: readonly number[] | null,
  others: readonly number[],
  wanted: number,
): CompositionJob {
  const seed = `${family}/${name}`;
  const random = seededRandom(`finder/${seed}`);
  const one = (of: readonly number[]) => of[Math.floor(random() * of.length)];
  const subject = subjects && one(subjects);
  const chosen = new Set<number>();
  while (chosen.size < Math.min(Math.max(2, wanted), others.length)) chosen.add(one(others));
  return { family, seed, subject, others: [...chosen] };
}

function timed(finder: PictureFinder, tell: (ms: number) => void): PictureFinder {
  return {
    async find(survey) {
      const started = performance.now();
      const found = await finder.find(survey);
      tell(performance.now() - started);
      return found;
    },
  };
}

function partsOf(finder: PictureFinder): ScanParts {
  return {
    has: (name) => name === 'finder',
    get: async (name) => (name === 'finder' ? (finder as never) : null),
  };
}

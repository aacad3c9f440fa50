/**
 * One listed photo: each of its edits, by exhaustive search and by the scan of the client.
 * @module
 */
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { DEFAULT_POLICY } from '../../src/policy.js';
import type { OpenedList } from '../../src/scan/lists.js';
import { scanFile } from '../../src/scan/pipeline.js';
import type { ImageDecoder, ScanContext } from '../../src/scan/types.js';
import { applyEdit, EDITS } from './edits.js';
import { hashDistance } from './pairs.js';
import { folderOf, type PhotoName } from './photos.js';
import { decode } from './picture.js';
import { CountingNearSet, cachingDecoder, ExhaustingNearSet, TimedKernel } from './watch.js';
import { listedHash, type Way } from './ways.js';

/** Where PDQ's authors, and every program in use, draw the line. */
export const PDQ_THRESHOLD = 31;

/** What scans are made with. */
export type ScanTools = Pick<ScanContext, 'kernel' | 'variants' | 'search'>;

/** A photo to be edited. */
export interface EditsJob {
  readonly kind: 'edits';
  readonly name: PhotoName;
  readonly file: Uint8Array<ArrayBuffer>;
  /** Names of the edits. */
  readonly edits: readonly string[];
  /** The lists to scan against, and the hash that the photo has in each. */
  readonly listed: readonly { readonly way: Way; readonly bits: Uint8Array }[];
  /** Labels that are right: the photo's own, and those of other files of the same picture. */
  readonly right: readonly PhotoName[];
}

/** What came of one edit against one list. */
export interface EditResult {
  /** Of the photo. */
  readonly folder: string;
  readonly edit: string;
  readonly way: Way;
  /** Bits from the listed hash: of the upload's hash, and the least of its eight dihedral forms. */
  readonly asIs: number;
  readonly turned: number;
  readonly found: boolean;
  /** Other labels that matched; a decoy is the empty string. */
  readonly wrong: readonly string[];
  /** The scan found too little detail to compare. */
  readonly lowDetail: boolean;
  readonly probes: number;
  /** From the hash to the outcome, milliseconds. */
  readonly lookupMs: number;
  /** Where found: the least distance of a form, of all those tried up to 31 bits, of all that there are beyond. */
  readonly distance: number | null;
}

/** Scans edits of photos. */
export class EditScanner {
  readonly #lists: ReadonlyMap<Way, { list: OpenedList; near: CountingNearSet }>;
  readonly #tools: ScanTools;
  readonly #timed: TimedKernel;

  /**
   * @param lists - one for each way, named like it
   * @param tools - see {@link ScanTools}
   */
  constructor(lists: readonly OpenedList[], tools: ScanTools) {
    this.#tools = tools;
    this.#timed = new TimedKernel(tools.kernel);
    this.#lists = new Map(
      lists.map((list) => {
        if (list.near === null) throw new RangeError(`'lists' has ${list.name} without PDQ hashes`);
        const near = new CountingNearSet(list.near);
        return [list.name as Way, { list: { ...list, near }, near }];
      }),
    );
  }

  /**
   * @param job - what to do
   * @returns a result for each edit and list
   */
  async run(job: EditsJob): Promise<EditResult[]> {
    const photo = await decode(job.file);
    const results: EditResult[] = [];
    for (const edit of EDITS.filter(({ name }) => job.edits.includes(name))) {
      const upload = await applyEdit(photo, job.name, edit);
      const file = new Blob([upload]);
      // A decoder for each file: it decodes once, and the pixels go when it goes.
      const decoder = cachingDecoder(DEFAULT_LIMITS);
      const forms = dihedralHashes(await listedHash(await decode(upload), 'full', this.#tools.kernel));
      for (const { way, bits } of job.listed) {
        const distances = forms.map((form) => hashDistance(form.bits, bits));
        results.push({
          folder: folderOf(job.name),
          edit: edit.name,
          way,
          asIs: distances[0],
          turned: Math.min(...distances),
          ...(await this.#scan(file, decoder, way, bits, job.right)),
        });
      }
    }
    return results;
  }

  async #scan(file: Blob, decoder: ImageDecoder, way: Way, bits: Uint8Array, right: readonly PhotoName[]) {
    const { list, near } = this.#lists.get(way)!;
    near.reset();
    this.#timed.restart();
    const outcome = await scanWith(file, list, { ...this.#tools, kernel: this.#timed.kernel }, decoder);
    const lookupMs = this.#timed.elapsed();
    const labels = outcome.matches.map(({ label }) => label ?? '');
    const found = labels.some((label) => right.includes(label));
    let distance = found && near.matched !== null ? hashDistance(near.matched, bits) : null;
    if (distance !== null && distance > PDQ_THRESHOLD) {
      const all = new ExhaustingNearSet(null);
      await scanWith(file, { ...list, near: all }, this.#tools, decoder);
      distance = Math.min(...all.forms.map((form) => hashDistance(form.bits, bits)));
    }
    return {
      found,
      wrong: labels.filter((label) => !right.includes(label)),
      lowDetail: outcome.coverage.notes.includes('low-detail'),
      probes: near.probes,
      lookupMs,
      distance,
    };
  }
}

/**
 * The scan of `presieve scan`, with labels.
 * @param file - to be scanned
 * @param list - the only one
 * @param tools - see {@link ScanTools}
 * @param decoder - of pictures
 * @returns the outcome
 * @throws Error where the picture could not be looked at
 */
export async function scanWith(file: Blob, list: OpenedList, tools: ScanTools, decoder: ImageDecoder) {
  const context = {
    ...tools,
    lists: [list],
    decoder,
    policy: DEFAULT_POLICY,
    limits: DEFAULT_LIMITS,
    labels: true,
  };
  const run = { nowSeconds: list.createdSeconds, isCancelled: () => false, onProgress: () => {} };
  const outcome = await scanFile(file, context, run);
  if (outcome.verdict === 'inconclusive') throw new Error(`a picture was not scanned: ${outcome.reason}`);
  return outcome;
}

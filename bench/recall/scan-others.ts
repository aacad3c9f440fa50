/**
 * One photo against a list of all the others: what the scan accepts, and how near the rest came.
 * @module
 */
import { dihedralHashes } from '../../src/kernels/dihedral.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import type { OpenedList } from '../../src/scan/lists.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import type { ListedPhoto } from './lists.js';
import { hashDistance, type Pair, PairFinder } from './pairs.js';
import type { PhotoName } from './photos.js';
import { decode } from './picture.js';
import { PDQ_THRESHOLD, type ScanTools, scanWith } from './scan-edits.js';
import { UnrelatedRate } from './unrelated.js';
import { cachingDecoder, ExhaustingNearSet } from './watch.js';
import { listedHash } from './ways.js';

/** A photo to be scanned against the others. */
export interface OthersJob {
  readonly kind: 'others';
  readonly name: PhotoName;
  readonly file: Uint8Array<ArrayBuffer>;
}

/** A pair of photos. */
export interface PhotoPair extends Omit<Pair, 'entry'> {
  readonly upload: PhotoName;
  readonly listed: PhotoName;
  /** The least distance of the upload's eight dihedral hashes. */
  readonly turned: number;
  /** The scan accepted it. */
  readonly accepted: boolean;
}

/** What came of one photo. */
export interface OthersResult {
  readonly name: PhotoName;
  readonly lowDetail: boolean;
  /** Patterns tried in all, and forms that they were tried on. */
  readonly probes: number;
  readonly forms: number;
  /** False matches expected of so many probes, if the photo had nothing to do with the list. */
  readonly unrelatedRate: number;
  /** Times that a decoy was accepted. */
  readonly decoys: number;
  /** Pairs whose keys meet within 2^32 probes, or that are near otherwise. */
  readonly pairs: readonly PhotoPair[];
}

/** Scans photos against all the others. */
export class OthersScanner {
  readonly #list: OpenedList;
  readonly #near: ExhaustingNearSet;
  readonly #tools: ScanTools;
  readonly #finder: PairFinder;
  readonly #rate: UnrelatedRate;
  readonly #listed: readonly ListedPhoto[];

  /**
   * @param bytes - a snapshot of all photos among decoys
   * @param list - that snapshot, opened
   * @param listed - the photos in it
   * @param tools - see {@link ScanTools}
   */
  constructor(bytes: Uint8Array, list: OpenedList, listed: readonly ListedPhoto[], tools: ScanTools) {
    if (list.near === null) throw new RangeError("'list' has no PDQ hashes");
    const { header, sections } = readSnapshot(bytes);
    this.#near = new ExhaustingNearSet(list.near);
    this.#list = { ...list, near: this.#near };
    this.#tools = tools;
    this.#listed = listed;
    this.#rate = new UnrelatedRate(header, sections.get('pdq')!.count);
    this.#finder = new PairFinder(
      header,
      listed.map(({ bits }) => bits),
    );
  }

  /**
   * @param job - what to do
   * @returns what the scan would accept if the photo itself were not listed, and the pairs
   */
  async run({ name, file }: OthersJob): Promise<OthersResult> {
    const decoder = cachingDecoder(DEFAULT_LIMITS);
    const blob = new Blob([file]);
    const near = this.#near;
    near.reset(this.#list.labels.indexOf(name));
    const { coverage } = await scanWith(blob, this.#list, this.#tools, decoder);
    const accepted = near.accepted.map(({ label }) => this.#list.labels[label]);

    const turned = dihedralHashes(await listedHash(await decode(file), 'full', this.#tools.kernel));
    const isNear = (entry: number, least: number) =>
      least <= PDQ_THRESHOLD || accepted.includes(this.#listed[entry].name);
    return {
      name,
      lowDetail: coverage.notes.includes('low-detail'),
      probes: near.probes,
      forms: near.forms.length,
      unrelatedRate: this.#rate.of(near.forms.map(({ budget }) => budget)),
      decoys: accepted.filter((label) => label === '').length,
      pairs: this.#finder
        .find(near.forms, isNear)
        .filter(({ entry }) => this.#listed[entry].name !== name)
        .map(({ entry, ...pair }) => ({
          ...pair,
          upload: name,
          listed: this.#listed[entry].name,
          turned: Math.min(...turned.map(({ bits }) => hashDistance(bits, this.#listed[entry].bits))),
          accepted: accepted.includes(this.#listed[entry].name),
        })),
    };
  }
}

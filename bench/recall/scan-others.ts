/**
 * One photo against a list of all the others: what the scan accepts, and how near the rest came.
 * @module
 */
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
export interface PhotoPair extends Omit<Pair, 'photo'> {
  readonly upload: PhotoName;
  readonly listed: PhotoName;
  /** Bits from the upload's hash to that of the listed photo, and to the nearest of its eight dihedral forms. */
  readonly asIs: number;
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
  /** Names of the listed photos, each once, and the hashes of their entries. */
  readonly #names: readonly PhotoName[];
  readonly #hashes: readonly (readonly Uint8Array[])[];

  /**
   * @param bytes - a snapshot of all photos among decoys
   * @param list - that snapshot, opened
   * @param listed - the entries of photos in it; the first entry of a photo is the photo as it is
   * @param tools - see {@link ScanTools}
   */
  constructor(bytes: Uint8Array, list: OpenedList, listed: readonly ListedPhoto[], tools: ScanTools) {
    if (list.near === null) throw new RangeError("'list' has no PDQ hashes");
    const { header, sections } = readSnapshot(bytes);
    this.#near = new ExhaustingNearSet(list.near);
    this.#list = { ...list, near: this.#near };
    this.#tools = tools;
    this.#names = [...new Set(listed.map(({ name }) => name))];
    const hashes = new Map(this.#names.map((name): [PhotoName, Uint8Array[]] => [name, []]));
    for (const { name, bits } of listed) hashes.get(name)!.push(bits);
    this.#hashes = [...hashes.values()];
    this.#rate = new UnrelatedRate(header, sections.get('pdq')!.count);
    this.#finder = new PairFinder(header, this.#hashes);
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

    const hash = await listedHash(await decode(file), 'full', this.#tools.kernel);
    const distances = this.#hashes.map((hashes) => hashes.map((bits) => hashDistance(hash.bits, bits)));
    const nearest = distances.map((all) => Math.min(...all));
    const isNear = (photo: number) =>
      nearest[photo] <= PDQ_THRESHOLD || accepted.includes(this.#names[photo]);
    return {
      name,
      lowDetail: coverage.notes.includes('low-detail'),
      probes: near.probes,
      forms: near.forms.length,
      unrelatedRate: this.#rate.of(near.forms.map(({ budget }) => budget)),
      decoys: accepted.filter((label) => label === '').length,
      pairs: this.#finder.find(near.forms, this.#names.indexOf(name), isNear).map(({ photo, ...pair }) => ({
        ...pair,
        upload: name,
        listed: this.#names[photo],
        asIs: distances[photo][0],
        turned: nearest[photo],
        accepted: accepted.includes(this.#names[photo]),
      })),
    };
  }
}

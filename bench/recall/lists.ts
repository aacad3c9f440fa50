/**
 * Snapshots of photos among decoys, with the parameters that a publisher gets by default.
 * @module
 */
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { labelTable } from '../../src/snapshot/text.js';
import type { ListParameters } from '../../src/snapshot/types.js';
import type { PhotoName } from './photos.js';
import { seededRandom } from './random.js';

/** Bytes of a PDQ hash. */
const HASH_BYTES = 32;

/** A photo and the hash that it is listed with. */
export interface ListedPhoto {
  readonly name: PhotoName;
  /** 32 bytes, as `PdqHash.bits`. */
  readonly bits: Uint8Array;
}

/**
 * @param entries - that the list shall have room for
 * @returns the default parameters, with a salt that is the same in every run
 */
export function listParameters(entries: number): ListParameters {
  const random = seededRandom('salt');
  const salt = Uint8Array.from({ length: 16 }, () => random() * 256);
  return defaultParameters({ capacity: Math.max(1024, entries), salt });
}

/**
 * @param name - of the list
 * @param photos - to be listed, each labelled with its name
 * @param decoys - n x 32 bytes, listed without a label
 * @returns the snapshot
 */
export function buildList(name: string, photos: readonly ListedPhoto[], decoys: Uint8Array): Uint8Array {
  const parameters = listParameters(photos.length + decoys.length / HASH_BYTES);
  const { labels, ids } = labelTable(['', ...photos.map((photo) => photo.name)]);
  const hashes = new Uint8Array(photos.length * HASH_BYTES + decoys.length);
  const labelIds = new Uint16Array(hashes.length / HASH_BYTES).fill(ids[0]);
  photos.forEach((photo, i) => {
    hashes.set(photo.bits, i * HASH_BYTES);
    labelIds[i] = ids[i + 1];
  });
  hashes.set(decoys, photos.length * HASH_BYTES);
  const header = { ...parameters, name, version: 1, createdSeconds: 1_700_000_000, demo: false };
  return encodeSnapshot(header, labels, [sectionFromHashes(parameters, 'pdq', hashes, labelIds)]);
}

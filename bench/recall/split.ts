/**
 * Which photos are kept out of all tuning. The only place that decides it.
 * @module
 */
import { fnv1a32 } from './random.js';

/** A third is held out for the report, the rest may be tuned on; `all` is for folders that nothing was tuned on. */
export type Part = 'held-out' | 'tuning' | 'all';

/**
 * @param path - of a photo; only its base name counts
 * @returns whether the photo is kept out of tuning
 */
export function isHeldOut(path: string): boolean {
  return fnv1a32(baseName(path)) % 3 === 0;
}

/**
 * @param part - of the photos
 * @param path - of a photo
 * @returns whether the photo is in that part
 */
export function isInPart(part: Part, path: string): boolean {
  return part === 'all' || (part === 'held-out') === isHeldOut(path);
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/**
 * Pairs of photos that somebody looked at: reviewed-pairs.json says what they are.
 * @module
 */
import { readFileSync } from 'node:fs';
import type { PhotoName } from './photos.js';

/** Two files of one picture; one thing or scene photographed twice; or neither. */
export type Verdict = 'same picture' | 'same scene' | 'different';

const VERDICTS: readonly string[] = ['same picture', 'same scene', 'different'] satisfies Verdict[];

/** A pair, in no order. */
export interface ReviewedPair {
  readonly pair: readonly [PhotoName, PhotoName];
  readonly verdict: Verdict;
}

/**
 * @param path - of the JSON file
 * @returns its pairs
 * @throws RangeError for a file of another form
 */
export function readReviewedPairs(path: string): ReviewedPair[] {
  const pairs = JSON.parse(readFileSync(path, 'utf8')) as ReviewedPair[];
  for (const { pair, verdict } of pairs) {
    if (pair.length !== 2 || !VERDICTS.includes(verdict))
      throw new RangeError(`'path' has ${pair}: ${verdict}`);
  }
  return pairs;
}

/**
 * @param a - a photo
 * @param b - another
 * @returns the same text for both orders
 */
export function pairKey(a: PhotoName, b: PhotoName): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/**
 * @param name - of a photo
 * @param pairs - that were looked at
 * @returns the photo and all others that are the same picture
 */
export function filesOfPicture(name: PhotoName, pairs: readonly ReviewedPair[]): PhotoName[] {
  const files = new Set([name]);
  for (let size = 0; size !== files.size; ) {
    size = files.size;
    for (const { pair, verdict } of pairs) {
      if (verdict !== 'same picture' || !pair.some((file) => files.has(file))) continue;
      for (const file of pair) files.add(file);
    }
  }
  return [...files];
}

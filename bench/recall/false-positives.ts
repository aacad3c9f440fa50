/**
 * The second part of the report: photos that are not listed, against decoys and against all the other photos.
 * @module
 */
import { FOUND_WITHIN, type Meeting } from './pairs.js';
import { folderNames, folderOf, type PhotoName } from './photos.js';
import { round } from './recall-table.js';
import { pairKey, type ReviewedPair, type Verdict } from './reviewed.js';
import { PDQ_THRESHOLD } from './scan-edits.js';
import type { OthersResult, PhotoPair } from './scan-others.js';
import { isHeldOut } from './split.js';
import {
  betaBinomialTail,
  exponentialTail,
  fitBetaBinomial,
  medianOf,
  momentsOf,
  normalTail,
  upperBound95,
} from './statistics.js';

/** Photos of one kind, each against all the others and the decoys. */
export interface FilesRow {
  readonly kind: string;
  readonly files: number;
  readonly lowDetail: number;
  /** Files that matched a decoy, and the 95 % bound of their share. */
  readonly decoyFiles: number;
  readonly decoyUpper95: number;
  /** Ordered pairs of different pictures within 31 bits, by the upload's own hash and by its eight dihedral ones. */
  readonly exhaustivePairs: number;
  readonly dihedralPairs: number;
  /** Ordered pairs that were accepted: of the same picture (reviewed), and of different ones. */
  readonly samePicturePairs: number;
  readonly falsePairs: number;
  /** Files with a pair of different pictures accepted, and the 95 % bound of their share. */
  readonly falseFiles: number;
  readonly falseUpper95: number;
}

/** A pair in print. */
export interface PrintedPair {
  readonly upload: PhotoName;
  readonly listed: PhotoName;
  readonly verdict: Verdict | 'not reviewed';
  /** Whole hash: of the upload as it is, of its dihedral forms, of all forms. */
  readonly distances: readonly [asIs: number, turned: number, least: number];
  /** Of the best meeting within the budget, or, without one, within 2^32. */
  readonly log2Rank: number | null;
  readonly flips: number | null;
  readonly sketchDistance: number | null;
  readonly excess: number | null;
}

/** Of a sample; z is how many deviations its mean is above what is accepted. */
export interface Shape {
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly z: number;
}

/** The sketch statistic of different pictures whose key is found. */
export interface PairsRow {
  /** Probes within which the key is found; "budget" is what the scan spends. */
  readonly within: string;
  /** Ordered pairs, and how many there are without regard to order. */
  readonly pairs: number;
  readonly unordered: number;
  /** Share of all ordered pairs. */
  readonly share: number;
  /** Bits in which the sketch differs beyond what would be accepted. */
  readonly excess: Shape;
  /** Expected share accepted, by fits: normal, beta-binomial (null where it doesn't fit), exponential from the lowest tenth down. */
  readonly normalTail: number;
  readonly betaBinomialTail: number | null;
  readonly exponentialTail: number | null;
  /** Pairs accepted, and those that would be with a threshold so many bits higher. */
  readonly accepted: number;
  readonly acceptedUpper95: number;
  readonly acceptedAt: readonly (readonly [bits: number, pairs: number])[];
  /** The whole hash of the same form: how PDQ at 31 bits would do on the same pairs. */
  readonly full: Shape & { readonly normalTail: number; readonly within31: number };
}

/** The second part. */
export interface FalsePositives {
  readonly files: readonly FilesRow[];
  /** Over all files but the plain ones. */
  readonly probes: { readonly median: number; readonly most: number };
  readonly forms: { readonly median: number; readonly most: number };
  /** False matches expected of a file that has nothing to do with the list, computed, all its probes counted. */
  readonly unrelatedRate: { readonly median: number; readonly most: number };
  readonly orderedPairs: number;
  /** Rows with too few pairs are left out. */
  readonly pairs: readonly PairsRow[];
  /** Pairs accepted, the nearest first: with a form within 31 bits, and beyond. */
  readonly accepted: readonly PrintedPair[];
  readonly acceptedBeyond31: readonly PrintedPair[];
  /** Pairs with a form within 31 bits that were not accepted. */
  readonly missedWithin31: readonly PrintedPair[];
  readonly nearestMisses: readonly PrintedPair[];
}

/** Fewer pairs make no row: there is no spread to speak of. */
const LEAST_PAIRS = 5;
/** Nearest misses that are printed. */
const PRINTED_MISSES = 16;
/** Bits by which the empirical tail is followed upwards. */
const LOOSER = [2, 4, 6, 8, 12];

/**
 * @param results - of all photos
 * @param reviewed - pairs that were looked at
 * @param sketchBits - of the list
 * @returns the second part
 */
export function falsePositives(
  results: readonly OthersResult[],
  reviewed: readonly ReviewedPair[],
  sketchBits: number,
): FalsePositives {
  const verdicts = new Map(reviewed.map(({ pair: [a, b], verdict }) => [pairKey(a, b), verdict]));
  const verdictOf = ({ upload, listed }: PhotoPair) =>
    verdicts.get(pairKey(upload, listed)) ?? 'not reviewed';
  const isDifferent = (pair: PhotoPair) => verdictOf(pair) !== 'same picture';
  const all = results.flatMap(({ pairs }) => pairs);
  const different = all.filter(isDifferent);
  const scanned = results.filter(({ lowDetail }) => !lowDetail);
  const orderedPairs = scanned.length * (scanned.length - 1);

  const print = (pair: PhotoPair): PrintedPair => {
    const meeting = pair.inBudget ?? pair.within[pair.within.length - 1];
    return {
      upload: pair.upload,
      listed: pair.listed,
      verdict: verdictOf(pair),
      distances: [pair.asIs, pair.turned, pair.least],
      log2Rank: meeting === null ? null : round(Math.log2(meeting.rank + 1), 1),
      flips: meeting?.flips ?? null,
      sketchDistance: meeting?.sketchDistance ?? null,
      excess: meeting?.excess ?? null,
    };
  };
  const nearest = (has: (pair: PhotoPair) => boolean) =>
    all
      .filter(has)
      .sort((a, b) => a.least - b.least)
      .map(print);
  const kinds: [string, (name: PhotoName) => boolean][] = folderNames(
    results.map(({ name }) => name),
  ).flatMap((folder) => [
    [folder, (name) => folderOf(name) === folder],
    [`${folder}, held out`, (name) => folderOf(name) === folder && isHeldOut(name)],
  ]);
  return {
    files: [...kinds, ['all', () => true] as const].map(([kind, has]) =>
      filesRow(
        kind,
        results.filter(({ name }) => has(name)),
        isDifferent,
      ),
    ),
    probes: spread(scanned.map(({ probes }) => probes)),
    forms: spread(scanned.map(({ forms }) => forms)),
    unrelatedRate: spread(scanned.map(({ unrelatedRate }) => unrelatedRate)),
    orderedPairs,
    pairs: [
      pairsRow('budget', different, ({ inBudget }) => inBudget, { orderedPairs, sketchBits }),
      ...FOUND_WITHIN.map((bits, i) =>
        pairsRow(`2^${bits}`, different, ({ within }) => within[i], { orderedPairs, sketchBits }),
      ),
    ].filter(({ pairs }) => pairs >= LEAST_PAIRS),
    accepted: nearest(({ accepted, least }) => accepted && least <= PDQ_THRESHOLD),
    acceptedBeyond31: nearest(({ accepted, least }) => accepted && least > PDQ_THRESHOLD),
    missedWithin31: nearest(({ accepted, least }) => !accepted && least <= PDQ_THRESHOLD),
    nearestMisses: different
      .filter(({ accepted, inBudget }) => !accepted && inBudget !== null)
      .sort((a, b) => a.inBudget!.excess - b.inBudget!.excess || a.least - b.least)
      .slice(0, PRINTED_MISSES)
      .map(print),
  };
}

function filesRow(
  kind: string,
  results: readonly OthersResult[],
  isDifferent: (pair: PhotoPair) => boolean,
): FilesRow {
  const pairs = results.flatMap((result) => result.pairs);
  const different = pairs.filter(isDifferent);
  const accepted = different.filter((pair) => pair.accepted);
  const scanned = results.filter(({ lowDetail }) => !lowDetail).length;
  const decoyFiles = results.filter(({ decoys }) => decoys > 0).length;
  const falseFiles = new Set(accepted.map(({ upload }) => upload)).size;
  return {
    kind,
    files: results.length,
    lowDetail: results.length - scanned,
    decoyFiles,
    decoyUpper95: upperBound95(decoyFiles, scanned),
    exhaustivePairs: different.filter(({ asIs }) => asIs <= PDQ_THRESHOLD).length,
    dihedralPairs: different.filter(({ turned }) => turned <= PDQ_THRESHOLD).length,
    samePicturePairs: pairs.filter((pair) => pair.accepted && !isDifferent(pair)).length,
    falsePairs: accepted.length,
    falseFiles,
    falseUpper95: upperBound95(falseFiles, scanned),
  };
}

function pairsRow(
  within: string,
  pairs: readonly PhotoPair[],
  meetingOf: (pair: PhotoPair) => Meeting | null,
  { orderedPairs, sketchBits }: { orderedPairs: number; sketchBits: number },
): PairsRow {
  const met = pairs.filter((pair) => meetingOf(pair) !== null);
  const meetings = met.map((pair) => meetingOf(pair)!);
  const excesses = meetings.map(({ excess }) => excess);
  const excess = momentsOf(excesses);
  const full = momentsOf(meetings.map(({ distance }) => distance));
  const count = (most: number) => excesses.filter((value) => value <= most).length;
  return {
    within,
    pairs: met.length,
    unordered: new Set(met.map(({ upload, listed }) => pairKey(upload, listed))).size,
    share: met.length / orderedPairs,
    excess: { ...shape(excess), z: round(excess.mean / excess.deviation, 2) },
    normalTail: normalTail((0.5 - excess.mean) / excess.deviation),
    betaBinomialTail: betaBinomialShare(meetings, sketchBits),
    exponentialTail: exponentialTail(excesses, 0.5),
    accepted: count(0),
    acceptedUpper95: upperBound95(count(0), met.length),
    acceptedAt: LOOSER.map((bits) => [bits, count(bits)] as const),
    full: {
      ...shape(full),
      z: round((full.mean - PDQ_THRESHOLD) / full.deviation, 2),
      normalTail: normalTail((PDQ_THRESHOLD + 0.5 - full.mean) / full.deviation),
      within31: meetings.filter(({ distance }) => distance <= PDQ_THRESHOLD).length,
    },
  };
}

/** P(sketch distance <= its threshold) under one beta-binomial, averaged over the thresholds of the meetings. */
function betaBinomialShare(meetings: readonly Meeting[], sketchBits: number): number | null {
  const fit = fitBetaBinomial(sketchBits, momentsOf(meetings.map(({ sketchDistance }) => sketchDistance)));
  if (fit === null) return null;
  const thresholds = new Map<number, number>();
  for (const { sketchDistance, excess } of meetings) {
    const threshold = sketchDistance - excess;
    thresholds.set(threshold, (thresholds.get(threshold) ?? 0) + 1);
  }
  let sum = 0;
  for (const [threshold, count] of thresholds) sum += count * betaBinomialTail(fit, threshold);
  return sum / meetings.length;
}

function shape({ mean, deviation, least }: { mean: number; deviation: number; least: number }) {
  return { mean: round(mean, 2), deviation: round(deviation, 2), least };
}

function spread(values: readonly number[]) {
  return { median: medianOf(values), most: values.reduce((most, value) => Math.max(most, value), 0) };
}

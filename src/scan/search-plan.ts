/**
 * Which forms of an upload are looked up, in which order, and how many guesses each may cost: data, and nothing but
 * data. The order is that of likelihood; a search stops at its first match.
 *
 * Chosen by a greedy search over some 3,500 candidate forms on photos that the reports never use: each next row is
 * the one that found the most further edited copies for its guesses (docs/near-match.md).
 * @module
 */
import type { Cover } from '../kernels/covers.js';

/** How much a search may try. `normal` is the default. */
export type SearchPreset = 'fast' | 'normal' | 'thorough';

/** The canvas of a turned picture: grown to hold it, the largest upright rectangle within it, or as before. */
export type RotationCanvas = 'grown' | 'inner' | 'same';

/** A tone curve over luma, 0 to 255. */
export type ToneCurve = 'hi225x2' | 'hi235x3' | 'hi200x1' | 'ends';

/** Pads of an axis, before and behind, as shares of the upload's side; below zero they are cuts. */
export type Pads = readonly [number, number];

/** One row of a plan. Budgets are binary logarithms of guesses, for each form that the row stands for. */
export type PlanStep =
  /** The upload as it is, hashed from all its pixels. */
  | { kind: 'as-is'; log2Probes: number }
  /** As another PDQ tool prepares it: squashed to 512 x 512 by nearest neighbour where a side is longer. */
  | { kind: 'prepared'; log2Probes: number }
  /** The pictures inside plain borders, where there are any: from all their pixels, and from the plane. */
  | { kind: 'borders'; log2Probes: number; planeLog2Probes: number }
  /** The seven mirrored and turned forms: of the hash of all pixels, and from the plane. */
  | { kind: 'turned'; log2Probes: number; planeLog2Probes: number }
  /** Padded (the upload was cropped) or cut (something was added), with all mirror images of the pads. */
  | { kind: 'pads'; x: Pads; y: Pads; log2Probes: number }
  /** Turned back by so many degrees, both ways. */
  | { kind: 'rotations'; degrees: number; canvas: RotationCanvas; log2Probes: number }
  /** Under a tone curve, with the same pad on each side. */
  | { kind: 'tone'; curve: ToneCurve; pad: number; log2Probes: number }
  /** Without what was written or drawn over it (src/kernels/plane-marks.ts). */
  | { kind: 'unmarked'; near: number; grow: number; contrast: number; log2Probes: number }
  /** Without what apps lay over it, for each of the covers (src/kernels/covers.ts). */
  | { kind: 'uncovered'; covers: readonly Cover[]; log2Probes: number }
  /** Without a picture that is seen inside it: without each of the first ones, one at a time. */
  | { kind: 'outer'; first: number; log2Probes: number };

const asIs = (log2Probes: number): PlanStep => ({ kind: 'as-is', log2Probes });
const prepared = (log2Probes: number): PlanStep => ({ kind: 'prepared', log2Probes });
const borders = (log2Probes: number, planeLog2Probes: number): PlanStep => ({
  kind: 'borders',
  log2Probes,
  planeLog2Probes,
});
const turned = (log2Probes: number, planeLog2Probes: number): PlanStep => ({
  kind: 'turned',
  log2Probes,
  planeLog2Probes,
});
const pads = (x: Pads, y: Pads, log2Probes: number): PlanStep => ({ kind: 'pads', x, y, log2Probes });
const rotations = (degrees: number, canvas: RotationCanvas, log2Probes: number): PlanStep => ({
  kind: 'rotations',
  degrees,
  canvas,
  log2Probes,
});
const unmarked = (near: number, grow: number, contrast: number, log2Probes: number): PlanStep => ({
  kind: 'unmarked',
  near,
  grow,
  contrast,
  log2Probes,
});
const uncovered = (log2Probes: number, ...covers: Cover[]): PlanStep => ({
  kind: 'uncovered',
  covers,
  log2Probes,
});
const outer = (first: number, log2Probes: number): PlanStep => ({ kind: 'outer', first, log2Probes });
const tone = (curve: ToneCurve, pad: number, log2Probes: number): PlanStep => ({
  kind: 'tone',
  curve,
  pad,
  log2Probes,
});

const FAST: readonly PlanStep[] = [
  asIs(16),
  pads([0, 0], [0, 0], 13),
  prepared(13),
  borders(12, 10),
  turned(9, 11),
  pads([0.032, 0.032], [0.032, 0.032], 13),
  pads([0.064, 0], [0, 0], 13),
  pads([0.062, 0.062], [0.062, 0.062], 14),
  pads([0.02, 0.02], [0.02, 0.02], 13),
  rotations(2.75, 'grown', 11),
  pads([0.042, 0], [0, 0], 11),
  pads([0.044, 0.044], [0.044, 0.044], 15),
  pads([0.044, 0.044], [0, 0], 12),
  pads([0.042, 0], [0.042, 0], 11),
  pads([-0.02, -0.02], [-0.02, -0.02], 9),
  rotations(1.75, 'grown', 10),
  pads([0.087, 0], [0, 0], 11),
  tone('hi225x2', 0, 13),
  rotations(2.5, 'inner', 12),
  rotations(2.75, 'same', 11),
  pads([0.095, 0.095], [0.095, 0.095], 12),
  pads([0.01, 0.03], [0.01, 0.03], 12),
  pads([-0.04, -0.04], [-0.04, -0.04], 8),
  pads([-0.01, -0.01], [-0.01, -0.01], 11),
  pads([0.0753, 0], [0, 0], 11),
  pads([0.02, 0.045], [0.026, 0.026], 8),
  pads([0.0526, 0], [-0.005, -0.005], 9),
  pads([-0.06, 0], [0, 0], 10),
  pads([0.01, 0.03], [-0.005, -0.005], 9),
  pads([0.032, 0.032], [0.02, 0.02], 8),
  rotations(1.5, 'inner', 11),
  pads([0.015, 0.015], [0.005, 0.005], 10),
  pads([0.0526, 0], [0.005, 0.005], 11),
  tone('hi225x2', 0.02, 10),
  pads([-0.02, -0.02], [0, 0], 9),
];

/** Pictures found inside a picture that {@link FINDER_PLAN} is for, the likeliest; the others have {@link FINDER_REST_PLAN}. */
const LIKELIEST_FOUND = 4;

/**
 * For a picture found inside a picture: its corners may be round, an app or a person may have written or laid something over it, and
 * its sides may be a little off, one of them more. Many forms with few guesses each: what is found is found within 2^8 to
 * 2^12. Chosen as the plans above are, on compositions of tuning photos (docs/picture-finder.md). Twelve pictures together
 * cost less than the guesses of one upload under {@link NORMAL}.
 */
export const FINDER_PLAN: readonly PlanStep[] = [
  uncovered(14, { round: 0.08 }),
  uncovered(14, { round: 0.2 }),
  pads([-0.012, -0.012], [-0.012, -0.012], 13),
  outer(8, 11),
  uncovered(12, { corner: { at: 'lower-right', width: 0.3, height: 0.1 }, round: 0.1 }),
  unmarked(1, 1, 160, 11),
  uncovered(12, { disc: 0.16, round: 0.1 }),
  pads([0.012, 0.012], [0.012, 0.012], 12),
  pads([-0.02, 0], [0, 0], 10),
  uncovered(11, { top: 0.12, round: 0.1 }),
  uncovered(11, { corner: { at: 'upper-right', width: 0.2, height: 0.2 } }),
  pads([-0.06, 0], [0, 0], 10),
  uncovered(12, { bottom: 0.1, round: 0.1 }),
  uncovered(12, { corner: { at: 'upper-left', width: 0.3, height: 0.1 } }),
  unmarked(1, 0, 120, 14),
  pads([0.02, 0], [0, 0], 12),
  pads([-0.03, -0.03], [0, 0], 11),
  uncovered(13, { disc: 0.13 }),
  uncovered(12, { corner: { at: 'lower-right', width: 0.4, height: 0.15 }, round: 0.1 }),
  uncovered(12, { corner: { at: 'each', width: 0.15, height: 0.15 } }),
  uncovered(12, { corner: { at: 'upper-right', width: 0.2, height: 0.1 }, round: 0.1 }),
  pads([-0.006, -0.006], [-0.006, -0.006], 12),
  pads([-0.08, 0], [0, 0], 10),
  uncovered(10, { corner: { at: 'each', width: 0.25, height: 0.25 } }),
  unmarked(1, 1, 120, 8),
  uncovered(11, { disc: 0.2, round: 0.1 }),
  pads([-0.03, 0], [-0.03, 0], 9),
  pads([0.13, 0], [0, 0], 10),
  uncovered(10, { corner: { at: 'lower-right', width: 0.2, height: 0.1 }, round: 0.1 }),
  pads([0.06, 0], [0, 0], 10),
  unmarked(1, 2, 80, 11),
  uncovered(8, { corner: { at: 'lower-left', width: 0.2, height: 0.2 } }),
  uncovered(10, { corner: { at: 'lower-right', width: 0.2, height: 0.2 } }),
  uncovered(10, { corner: { at: 'lower-right', width: 0.25, height: 0.25 } }),
  pads([-0.03, 0], [0, 0], 12),
  uncovered(12, { corner: { at: 'upper-right', width: 0.3, height: 0.15 }, round: 0.1 }),
  pads([-0.13, 0], [0, 0], 9),
  uncovered(8, { top: 0.12, bottom: 0.12 }),
  asIs(14),
  pads([-0.08, -0.08], [0, 0], 8),
  pads([0.04, 0], [0, 0], 10),
  uncovered(10, { corner: { at: 'lower-left', width: 0.25, height: 0.25 }, round: 0.1 }),
  uncovered(10, { corner: { at: 'upper-left', width: 0.3, height: 0.15 }, round: 0.1 }),
  pads([-0.02, -0.02], [-0.02, -0.02], 11),
  uncovered(8, { corner: { at: 'lower-right', width: 0.45, height: 0.1 } }),
  uncovered(10, { corner: { at: 'upper-left', width: 0.2, height: 0.2 }, round: 0.1 }),
  uncovered(11, { corner: { at: 'lower-right', width: 0.3, height: 0.15 } }),
];

/** For pictures found inside a picture that are less likely ones: a few in a hundred of what is found. */
const FINDER_REST_PLAN: readonly PlanStep[] = [
  uncovered(12, { round: 0.05 }),
  uncovered(11, { corner: { at: 'upper-right', width: 0.25, height: 0.25 }, round: 0.1 }),
  pads([-0.02, 0], [0, 0], 11),
  uncovered(11, { round: 0.2 }),
  outer(2, 11),
  pads([-0.04, 0], [0, 0], 9),
  pads([-0.02, -0.02], [-0.02, -0.02], 11),
  uncovered(8, { top: 0.15 }),
  pads([0.02, 0.02], [0, 0], 10),
  pads([-0.08, 0], [0, 0], 10),
  pads([-0.13, 0], [0, 0], 8),
  unmarked(2, 3, 140, 8),
  uncovered(8, { corner: { at: 'lower-right', width: 0.5, height: 0.12 }, round: 0.1 }),
  pads([0.04, 0], [0, 0], 10),
  pads([-0.03, 0], [-0.03, 0], 10),
  uncovered(8, { disc: 0.13 }),
  pads([-0.06, -0.06], [0, 0], 9),
  pads([-0.06, 0], [0, 0], 9),
  pads([-0.006, -0.006], [-0.006, -0.006], 9),
  uncovered(10, { disc: 0.2, round: 0.06 }),
  pads([0.012, 0.012], [0.012, 0.012], 10),
  uncovered(11, { corner: { at: 'lower-left', width: 0.25, height: 0.25 }, round: 0.1 }),
  unmarked(1, 2, 100, 10),
];

/** For the whole picture, which was looked up before: what is left are the forms without something. */
export const FINDER_WHOLE_PLAN: readonly PlanStep[] = FINDER_PLAN.filter(
  ({ kind }) => kind !== 'pads' && kind !== 'as-is',
);

/**
 * @param found - a picture found inside a picture: how many are likelier, and whether it is the whole
 * @returns its plan
 */
export function finderPlan({ rank, isWhole }: { rank: number; isWhole: boolean }): readonly PlanStep[] {
  if (isWhole) return FINDER_WHOLE_PLAN;
  return rank < LIKELIEST_FOUND ? FINDER_PLAN : FINDER_REST_PLAN;
}

/** For frames of a video: many, each of which may find it, so each gets little (docs/video.md). */
const VIDEO: readonly PlanStep[] = FAST;

const NORMAL: readonly PlanStep[] = [
  asIs(19),
  pads([0, 0], [0, 0], 17),
  prepared(15),
  borders(14, 13),
  turned(12, 13),
  pads([0.032, 0.032], [0.032, 0.032], 15),
  pads([0.064, 0], [0, 0], 13),
  pads([0.062, 0.062], [0.062, 0.062], 17),
  pads([0.02, 0.02], [0.02, 0.02], 11),
  rotations(2.75, 'grown', 12),
  pads([0.042, 0], [0, 0], 11),
  pads([0.044, 0.044], [0.044, 0.044], 15),
  pads([0.044, 0.044], [0, 0], 13),
  pads([0.042, 0], [0.042, 0], 13),
  rotations(1.75, 'grown', 13),
  rotations(0.6, 'grown', 13),
  pads([0.087, 0], [0, 0], 11),
  pads([-0.02, -0.02], [-0.02, -0.02], 8),
  rotations(2.5, 'inner', 13),
  pads([0.095, 0.095], [0.095, 0.095], 15),
  rotations(2.75, 'same', 11),
  pads([0.01, 0.03], [0.01, 0.03], 13),
  pads([-0.04, -0.04], [-0.04, -0.04], 8),
  tone('hi225x2', 0.026, 11),
  tone('ends', 0, 13),
  pads([0.0753, 0], [0, 0], 15),
  pads([0.032, 0.032], [0, 0], 9),
  pads([0.0526, 0], [-0.005, -0.005], 9),
  pads([0.02, 0.045], [0.026, 0.026], 8),
  pads([-0.06, 0], [0, 0], 12),
  rotations(1.5, 'inner', 13),
  pads([0.01, 0.03], [-0.005, -0.005], 10),
  pads([-0.01, -0.01], [-0.01, -0.01], 11),
  pads([0.0526, 0], [0.005, 0.005], 15),
  pads([0.032, 0.032], [0.02, 0.02], 8),
  pads([0.0526, 0], [0.02, 0], 11),
  tone('hi235x3', 0, 16),
  tone('hi200x1', 0.038, 15),
  pads([0.05, 0.05], [0.038, 0.038], 11),
  pads([0.1, 0], [0.005, 0.005], 8),
  pads([0.02, 0.02], [0.005, 0.005], 10),
  pads([0.044, 0.044], [0.01, 0.01], 11),
  rotations(1.25, 'grown', 9),
  pads([0.03, 0], [0.005, 0.005], 8),
  pads([0.0526, 0], [0.0526, 0], 12),
  pads([0.095, 0.095], [0.068, 0.068], 11),
  pads([0.068, 0.068], [0.044, 0.044], 13),
  tone('hi225x2', 0.02, 13),
  rotations(1.75, 'same', 9),
  pads([0.042, 0], [0.032, 0.032], 9),
  rotations(3, 'grown', 13),
  pads([0.038, 0.038], [0.015, 0.015], 13),
  rotations(3, 'inner', 14),
  pads([0.02, 0.045], [0.05, 0.05], 11),
  pads([0.03, 0], [0.03, 0], 9),
  pads([0.038, 0.038], [0.02, 0.02], 12),
  rotations(1, 'inner', 11),
  pads([0.02, 0], [-0.01, -0.01], 10),
  pads([0.042, 0], [0.01, 0], 10),
  pads([0.02, 0.045], [0.02, 0.02], 12),
  pads([0.064, 0], [0.02, 0], 9),
  pads([0.0753, 0], [0.026, 0.026], 11),
  pads([0.05, 0.05], [0.05, 0.05], 15),
  pads([-0.005, -0.005], [-0.01, -0.01], 12),
  pads([0.03, 0], [-0.005, -0.005], 11),
  pads([0.042, 0], [0.005, 0.005], 11),
  pads([0.05, 0.05], [0.032, 0.032], 15),
  pads([0.075, 0.075], [0.075, 0.075], 15),
];

const THOROUGH: readonly PlanStep[] = [
  asIs(20),
  pads([0, 0], [0, 0], 19),
  prepared(17),
  borders(16, 15),
  turned(15, 16),
  pads([0.032, 0.032], [0.032, 0.032], 15),
  pads([0.064, 0], [0, 0], 13),
  pads([0.056, 0.056], [0.056, 0.056], 20),
  pads([0.02, 0.02], [0.02, 0.02], 13),
  rotations(2.75, 'grown', 12),
  pads([0.038, 0.038], [0, 0], 17),
  pads([0.042, 0], [0, 0], 11),
  pads([0.044, 0.044], [0.044, 0.044], 19),
  pads([0.042, 0], [0.042, 0], 17),
  rotations(1.75, 'grown', 12),
  pads([0.087, 0], [0, 0], 11),
  rotations(2.5, 'inner', 13),
  pads([-0.03, -0.03], [-0.03, -0.03], 13),
  rotations(2.75, 'same', 11),
  pads([0.095, 0.095], [0.095, 0.095], 17),
  pads([0.02, 0.045], [0.026, 0.026], 13),
  pads([0.01, 0.03], [0.01, 0.03], 13),
  pads([-0.02, -0.02], [-0.02, -0.02], 9),
  pads([0.0753, 0], [0, 0], 17),
  pads([0.0526, 0], [-0.005, -0.005], 16),
  pads([0.068, 0.068], [0.068, 0.068], 19),
  tone('hi235x3', 0, 17),
  pads([-0.06, 0], [0, 0], 14),
  tone('hi225x2', 0.026, 11),
  rotations(1.5, 'inner', 13),
  pads([0.01, 0.03], [-0.005, -0.005], 10),
  pads([0.0526, 0], [0.005, 0.005], 15),
  pads([0.038, 0.038], [0.015, 0.015], 13),
  pads([0.0526, 0], [0.02, 0], 11),
  pads([-0.01, -0.01], [-0.01, -0.01], 10),
  tone('hi200x1', 0.038, 15),
  pads([0.05, 0.05], [0.038, 0.038], 11),
  pads([0.1, 0], [0.005, 0.005], 13),
  pads([0.05, 0.05], [-0.005, -0.005], 11),
  rotations(1.25, 'grown', 9),
  pads([0.03, 0], [0.01, 0.01], 9),
  pads([0.0526, 0], [0.0526, 0], 14),
  pads([0.068, 0.068], [0.044, 0.044], 15),
  pads([0.042, 0], [0.032, 0.032], 9),
  rotations(1.5, 'same', 9),
  rotations(3, 'grown', 13),
  rotations(3, 'inner', 18),
  pads([0.03, 0], [0.03, 0], 14),
  tone('hi225x2', 0.01, 12),
  pads([0.032, 0.032], [0.005, 0.005], 13),
  pads([0.038, 0.038], [0.02, 0.02], 14),
  pads([0.02, 0], [-0.01, -0.01], 10),
  pads([0.042, 0], [0.01, 0], 10),
  tone('hi225x2', 0.02, 16),
  pads([0.095, 0.095], [0.075, 0.075], 12),
  pads([0.064, 0], [0.02, 0], 9),
  pads([0.0753, 0], [0.026, 0.026], 13),
  pads([-0.005, -0.005], [-0.01, -0.01], 12),
  pads([0.075, 0.075], [0.075, 0.075], 17),
  rotations(2, 'grown', 12),
  pads([0.03, 0], [-0.005, -0.005], 11),
  pads([0.042, 0], [0.005, 0.005], 11),
  pads([0.05, 0.05], [0.032, 0.032], 15),
  pads([0.11, 0.11], [0.085, 0.085], 13),
  pads([0.05, 0.05], [0.01, 0.01], 13),
  tone('hi200x1', 0.01, 14),
  pads([0.02, 0.045], [0.03, 0], 11),
  pads([0.05, 0.05], [0.05, 0.05], 15),
  pads([0.02, 0.045], [0, 0], 12),
  pads([0.0526, 0], [-0.03, -0.03], 12),
  pads([0.042, 0], [0.03, 0], 13),
  pads([0.01, 0.03], [0.03, 0], 11),
  pads([0.004, -0.004], [0.03, 0], 11),
  rotations(2, 'inner', 15),
  pads([0.0753, 0], [-0.005, -0.005], 13),
  pads([0.01, 0.03], [0.026, 0.026], 13),
  pads([0.015, 0.015], [0.015, 0.015], 16),
  rotations(0.75, 'grown', 14),
  pads([0.087, 0], [0.005, 0.005], 14),
  pads([0.0753, 0], [-0.04, -0.04], 13),
  pads([0.087, 0], [0.015, 0.015], 13),
  pads([0.004, -0.004], [0.026, 0.026], 13),
  pads([0.038, 0.038], [0.038, 0.038], 18),
  rotations(3, 'same', 14),
  pads([0.01, 0], [0.05, 0.05], 14),
  pads([0.068, 0.068], [0.056, 0.056], 15),
  pads([0.02, 0.045], [0.02, 0.045], 14),
  pads([0.008, -0.008], [0.01, 0.03], 13),
  pads([0.064, 0], [0.042, 0], 13),
  pads([0.008, -0.008], [0.064, 0], 14),
  pads([0.02, 0.02], [0.005, 0.005], 16),
  pads([0.02, 0], [0.015, 0.015], 15),
  pads([0.0753, 0], [0.02, 0.02], 15),
  pads([0.01, 0.03], [0.042, 0], 14),
  pads([0.004, -0.004], [0.0526, 0], 16),
  pads([0.075, 0.075], [0.056, 0.056], 17),
  pads([0.064, 0], [0.005, 0.005], 18),
  pads([0.01, 0.03], [0.015, 0.015], 17),
  pads([0.087, 0], [-0.01, -0.01], 16),
  pads([-0.06, 0], [0.005, 0.005], 16),
  pads([0.0526, 0], [0.03, 0], 15),
  rotations(1.75, 'inner', 17),
];

/** The plans, by preset. */
export const SEARCH_PLANS: Readonly<Record<SearchPreset, readonly PlanStep[]>> = {
  fast: FAST,
  normal: NORMAL,
  thorough: THOROUGH,
};

/** The plan for a frame of a video. */
export const VIDEO_PLAN = VIDEO;

/**
 * The mirror images of a row's pads, itself first, none twice.
 * @param x - pads left and right
 * @param y - pads above and below
 */
export function padOrbit(x: Pads, y: Pads): readonly { x: Pads; y: Pads }[] {
  const seen = new Map<string, { x: Pads; y: Pads }>();
  const flip = ([a, b]: Pads): Pads => [b, a];
  for (const [p, q] of [
    [x, y],
    [y, x],
  ]) {
    for (const form of [
      { x: p, y: q },
      { x: flip(p), y: q },
      { x: p, y: flip(q) },
      { x: flip(p), y: flip(q) },
    ]) {
      const key = JSON.stringify(form);
      if (!seen.has(key)) seen.set(key, form);
    }
  }
  return [...seen.values()];
}

/** Pictures inside borders, and the seven turned forms, that a row stands for at most. */
const MOST_INNER = 3;
const TURNED = 7;

/**
 * @param plan - rows of forms
 * @returns guesses that each form may cost, where nothing is found, for a picture that has all of them
 */
export function formBudgets(plan: readonly PlanStep[]): number[] {
  return plan.flatMap((step) => {
    const each = 2 ** step.log2Probes;
    const times = (count: number, ...budgets: number[]) =>
      Array.from({ length: count }, () => budgets).flat();
    if (step.kind === 'pads') return times(padOrbit(step.x, step.y).length, each);
    if (step.kind === 'rotations') return times(2, each);
    if (step.kind === 'uncovered') return times(step.covers.length, each);
    if (step.kind === 'outer') return times(step.first, each);
    if (step.kind === 'borders') return times(MOST_INNER, each, 2 ** step.planeLog2Probes);
    if (step.kind === 'turned') return times(TURNED, each, 2 ** step.planeLog2Probes);
    return [each];
  });
}

/**
 * @param plan - rows of forms
 * @returns guesses that a search may cost at most, where nothing is found
 */
export function mostProbes(plan: readonly PlanStep[]): number {
  return formBudgets(plan).reduce((sum, probes) => sum + probes, 0);
}

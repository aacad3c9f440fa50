/**
 * The forms of an upload that a search plan asks for, made one at a time: a search that ends early has not made
 * the rest.
 * @module
 */

import { coveredSamples, markRectangle } from '../kernels/covers.js';
import { DIHEDRAL_TRANSFORMS, dihedralForm } from '../kernels/dihedral.js';
import { highlightTone, type ToneCurve as ToneTable } from '../kernels/plane-tone.js';
import type { PdqVariant } from '../kernels/types.js';
import { type AffineMap, type AxisMap, padMap } from '../kernels/variants-maps.js';
import type { MarkRule, VariantKernel } from '../kernels/variants-types.js';
import { isComparable } from './detail.js';
import type { HashedPicture } from './hash-image.js';
import { type PlanStep, padOrbit, type RotationCanvas, type ToneCurve } from './search-plan.js';

/** A form to look up. */
export interface Form {
  /** Valid until the next form is made. */
  query: PdqVariant;
  /** Guesses to spend on it. */
  probes: number;
}

/** The variant kernel moves all samples by this much, as seen from the listed picture (src/kernels/variants-maps.ts). */
const SHIFT = 0.001;

/** What a picture inside has around it, as a share of the outer one's side: a line, a shadow, edges that are soft. */
const RIM = 0.012;

const curves = new Map<ToneCurve, ToneTable>();

/** @returns the table of a curve, made once */
function curveOf(name: ToneCurve): ToneTable {
  let curve = curves.get(name);
  if (curve === undefined) {
    curve = TONES[name]();
    curves.set(name, curve);
  }
  return curve;
}

const TONES: Record<ToneCurve, () => ToneTable> = {
  hi225x2: () => highlightTone(225, 2),
  hi235x3: () => highlightTone(235, 3),
  hi200x1: () => highlightTone(200, 1),
  ends: () => highlightTone(225, 2).map((value, y) => value - 2 * Math.max(0, 30 - y)),
};

/**
 * @param picture - that was hashed
 * @param plan - rows of forms
 * @param kernel - makes variants
 * @returns the forms in the plan's order
 */
export function* formsOf(
  picture: HashedPicture,
  plan: readonly PlanStep[],
  kernel: VariantKernel,
): Generator<Form, void, void> {
  const wholeIsComparable = isComparable(picture.hash);
  kernel.begin(picture.plane);
  for (const step of plan) {
    if (!wholeIsComparable && step.kind !== 'borders') continue;
    const probes = 2 ** step.log2Probes;
    switch (step.kind) {
      case 'as-is':
        yield { query: picture.hash, probes };
        break;
      case 'prepared':
        if (picture.squashed !== null) yield { query: picture.squashed, probes };
        break;
      case 'borders':
        for (const { rectangle, hash } of picture.inner) {
          if (!isComparable(hash)) continue;
          yield { query: hash, probes };
          const { left, top, right, bottom } = rectangle;
          const part = (from: number, to: number, side: number) => padMap(-from / side, to / side - 1);
          yield {
            query: kernel.axis(part(top, bottom, picture.height), part(left, right, picture.width)),
            probes: 2 ** step.planeLog2Probes,
          };
        }
        break;
      case 'turned':
        for (let form = 1; form < DIHEDRAL_TRANSFORMS.length; form++) {
          yield { query: turnedFromPlane(kernel, form), probes: 2 ** step.planeLog2Probes };
        }
        for (let form = 1; form < DIHEDRAL_TRANSFORMS.length; form++) {
          yield { query: dihedralForm(picture.hash, form), probes };
        }
        break;
      case 'pads':
        for (const { x, y } of padOrbit(step.x, step.y)) {
          yield { query: kernel.axis(padMap(...y), padMap(...x)), probes };
        }
        break;
      case 'rotations':
        for (const degrees of [step.degrees, -step.degrees]) {
          yield {
            query: kernel.affine(rotationMap(degrees, step.canvas, picture.width, picture.height)),
            probes,
          };
        }
        break;
      case 'tone': {
        const map = padMap(step.pad, step.pad);
        kernel.begin(picture.plane, curveOf(step.curve));
        yield { query: kernel.axis(map, map), probes };
        kernel.begin(picture.plane);
        break;
      }
      case 'unmarked':
      case 'uncovered':
      case 'outer':
        for (const { rule, covered } of marksFor(step, picture)) {
          const query = kernel.unmarked(rule, covered);
          if (query !== null) yield { query, probes };
        }
    }
  }
}

/** The steps that take something off a picture. */
type Uncovering = Extract<PlanStep, { kind: 'unmarked' | 'uncovered' | 'outer' }>;

/** What is taken off, for each form that a step stands for. */
function marksFor(
  step: Uncovering,
  { width, height, inside = [] }: HashedPicture,
): { rule: MarkRule | null; covered?: Uint8Array }[] {
  if (step.kind === 'uncovered') {
    return step.covers.map((cover) => ({ rule: null, covered: coveredSamples(cover, width, height) }));
  }
  if (step.kind === 'unmarked') {
    const { near, contrast, grow } = step;
    return [{ rule: { near, least: contrast, grow } }];
  }
  return inside.slice(0, step.first).map(({ left, top, right, bottom }) => {
    const covered = coveredSamples({}, width, height);
    markRectangle(
      covered,
      left / width - RIM,
      top / height - RIM,
      right / width + RIM,
      bottom / height + RIM,
    );
    return { rule: null, covered };
  });
}

/** The plane's hash in a mirrored or turned form. Along a reversed axis the samples are moved the other way. */
function turnedFromPlane(kernel: VariantKernel, form: number): PdqVariant {
  const { reverseRows, reverseColumns } = DIHEDRAL_TRANSFORMS[form];
  const axis = (reversed: boolean): AxisMap => ({ offset: reversed ? -2 * SHIFT : 0, scale: 1 });
  return dihedralForm(kernel.axis(axis(reverseRows), axis(reverseColumns)), form);
}

/**
 * The map from a picture to an upload that shows it turned.
 * @param degrees - clockwise, as it appears in the upload
 * @param canvas - what became of the canvas when it was turned
 * @param width - of the upload, in pixels
 * @param height - of the upload, in pixels
 */
export function rotationMap(
  degrees: number,
  canvas: RotationCanvas,
  width: number,
  height: number,
): AffineMap {
  const angle = (degrees * Math.PI) / 180;
  const c = Math.cos(angle);
  const s = Math.sin(angle);
  const { w, h } = originalSize(c, Math.abs(s), canvas, width, height);
  const xu = (c * w) / width;
  const xv = (-s * h) / width;
  const yu = (s * w) / height;
  const yv = (c * h) / height;
  return { x0: (1 - xu - xv) / 2, xu, xv, y0: (1 - yu - yv) / 2, yu, yv };
}

/** Size that the picture had before it was turned, in pixels of the upload. */
function originalSize(
  c: number,
  s: number,
  canvas: RotationCanvas,
  width: number,
  height: number,
): { w: number; h: number } {
  if (canvas === 'grown') {
    const determinant = c * c - s * s;
    return { w: (width * c - height * s) / determinant, h: (height * c - width * s) / determinant };
  }
  if (canvas === 'inner') {
    const share = Math.min(width / (width * c + height * s), height / (width * s + height * c));
    return { w: width / share, h: height / share };
  }
  return { w: width, h: height };
}

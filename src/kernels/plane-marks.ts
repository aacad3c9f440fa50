/**
 * Where somebody wrote or drew on a picture: cells near strong contrast (outlined letters, icons, buttons, the rim of a sticker).
 * Strong edges of the picture itself are among them, too; filling these from what surrounds them (samples-fill.ts) moves low
 * frequencies far less than a caption does.
 * @module
 */
import { SAMPLES } from './pdq-geometry.js';
import { PLANE_CELLS } from './plane-extension.js';

/** Marks may cover this share of the plane; more is the picture's own contrast. */
const MOST_COVERED = 0.5;

/**
 * @param plane - 128 x 128 cells of luma, row-major
 * @param near - how many cells away is near, up, down, left and right
 * @returns for each cell the difference between the lightest and the darkest cell near to it
 */
export function contrastOf(plane: Float32Array, near: number): Float32Array<ArrayBuffer> {
  let high = plane;
  let low = plane;
  for (let i = 0; i < near; i++) {
    high = highest(high, 1);
    low = highest(low, -1);
  }
  const contrast = new Float32Array(plane.length);
  for (let i = 0; i < contrast.length; i++) contrast[i] = high[i] - low[i];
  return contrast;
}

/**
 * @param contrast - of a plane's cells, see {@link contrastOf}
 * @param least - contrast from which a cell is a mark
 * @param grow - by how many cells marks are grown
 * @returns 1 for each cell that is a mark, or null where nothing is, or too much
 */
export function marksOf(contrast: Float32Array, least: number, grow: number): Uint8Array<ArrayBuffer> | null {
  let marks = new Uint8Array(contrast.length);
  for (let i = 0; i < marks.length; i++) if (contrast[i] >= least) marks[i] = 1;
  for (let i = 0; i < grow; i++) marks = grown(marks);
  let covered = 0;
  for (let i = 0; i < marks.length; i++) covered += marks[i];
  return covered === 0 || covered > MOST_COVERED * marks.length ? null : marks;
}

/**
 * @param marks - of cells, see {@link marksOf}
 * @returns 64 x 64: 1 for each sample that stands for a marked cell, 2 x 2 of which make one
 */
export function sampleMarksOf(marks: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(SAMPLES * SAMPLES);
  for (let i = 0; i < marks.length; i++) {
    if (marks[i] !== 0) out[(Math.floor(i / PLANE_CELLS) >> 1) * SAMPLES + ((i % PLANE_CELLS) >> 1)] = 1;
  }
  return out;
}

/** The greatest value in the 3 x 3 cells around each, or the least where `sign` is -1. */
function highest(plane: Float32Array, sign: 1 | -1): Float32Array {
  const rows = new Float32Array(plane.length);
  for (let start = 0; start < plane.length; start += PLANE_CELLS) {
    const end = start + PLANE_CELLS - 1;
    let before = sign * plane[start];
    let here = before;
    for (let i = start; i <= end; i++) {
      const behind = i < end ? sign * plane[i + 1] : here;
      const most = here > before ? here : before;
      rows[i] = behind > most ? behind : most;
      before = here;
      here = behind;
    }
  }
  const out = new Float32Array(plane.length);
  for (let i = 0; i < out.length; i++) {
    const above = rows[i < PLANE_CELLS ? i : i - PLANE_CELLS];
    const below = rows[i + PLANE_CELLS < out.length ? i + PLANE_CELLS : i];
    let most = rows[i];
    if (above > most) most = above;
    if (below > most) most = below;
    out[i] = sign * most;
  }
  return out;
}

/** Marks and the cells next to them. */
function grown(marks: Uint8Array): Uint8Array<ArrayBuffer> {
  const rows = new Uint8Array(marks.length);
  for (let start = 0; start < marks.length; start += PLANE_CELLS) {
    const end = start + PLANE_CELLS - 1;
    rows[start] = marks[start] | marks[start + 1];
    for (let i = start + 1; i < end; i++) rows[i] = marks[i - 1] | marks[i] | marks[i + 1];
    rows[end] = marks[end - 1] | marks[end];
  }
  const out = new Uint8Array(marks.length);
  for (let i = 0; i < out.length; i++) {
    const above = rows[i < PLANE_CELLS ? i : i - PLANE_CELLS];
    const below = rows[i + PLANE_CELLS < out.length ? i + PLANE_CELLS : i];
    out[i] = rows[i] | above | below;
  }
  return out;
}

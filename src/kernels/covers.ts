/**
 * Where apps and people lay something over a picture: round corners, a button in its middle, a badge or a sticker in a corner, a
 * line of text along its upper or lower side.
 * @module
 */
import { SAMPLES } from './pdq-geometry.js';

/** Corners of a picture. */
export const CORNERS = ['upper-left', 'upper-right', 'lower-left', 'lower-right'] as const;
/** See {@link CORNERS}. */
export type Corner = (typeof CORNERS)[number];

/** What is covered; all parts that are named together. Lengths are shares of the picture's shorter side, or of its own side. */
export interface Cover {
  /** Radius of round corners, as a share of the shorter side. */
  readonly round?: number;
  /** Radius of a disc in the middle, as a share of the shorter side. */
  readonly disc?: number;
  /** A rectangle in a corner, or one in each: shares of width and height. */
  readonly corner?: { readonly at: Corner | 'each'; readonly width: number; readonly height: number };
  /** A strip along the upper side, as a share of the height. */
  readonly top?: number;
  /** A strip along the lower side, as a share of the height. */
  readonly bottom?: number;
}

/**
 * Samples of a round corner that are nearly within it count as covered, too: edges of pictures are soft.
 */
const WITHIN = 0.9;

/**
 * @param cover - what is covered
 * @param width - of the picture, in any unit
 * @param height - of the picture, in the same unit
 * @returns 64 x 64 samples, row-major: 1 where the picture is covered
 */
export function coveredSamples(cover: Cover, width: number, height: number): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(SAMPLES * SAMPLES);
  const shorter = Math.min(width, height);
  if (cover.round !== undefined) markRound(samples, cover.round * shorter, width, height);
  if (cover.disc !== undefined) markDisc(samples, cover.disc * shorter, width, height);
  if (cover.corner !== undefined) {
    const { at, width: across, height: down } = cover.corner;
    for (const corner of at === 'each' ? CORNERS : [at]) {
      const left = corner.endsWith('left') ? 0 : 1 - across;
      const top = corner.startsWith('upper') ? 0 : 1 - down;
      markRectangle(samples, left, top, left + across, top + down);
    }
  }
  if (cover.top !== undefined) markRectangle(samples, 0, 0, 1, cover.top);
  if (cover.bottom !== undefined) markRectangle(samples, 0, 1 - cover.bottom, 1, 1);
  return samples;
}

/**
 * Marks a rectangle.
 * @param samples - 64 x 64
 * @param left - this and the others as shares of the picture's side; what lies outside is left out
 */
export function markRectangle(
  samples: Uint8Array,
  left: number,
  top: number,
  right: number,
  bottom: number,
): void {
  const edge = (share: number) => Math.min(SAMPLES, Math.max(0, Math.round(share * SAMPLES)));
  for (let y = edge(top); y < edge(bottom); y++) {
    samples.fill(1, y * SAMPLES + edge(left), y * SAMPLES + Math.max(edge(left), edge(right)));
  }
}

function markRound(samples: Uint8Array, radius: number, width: number, height: number): void {
  for (let row = 0; row < SAMPLES; row++) {
    const y = middleOf(row, height);
    const dy = Math.max(radius - y, y - (height - radius));
    if (dy <= 0) continue;
    for (let column = 0; column < SAMPLES; column++) {
      const x = middleOf(column, width);
      const dx = Math.max(radius - x, x - (width - radius));
      if (dx > 0 && dx * dx + dy * dy > WITHIN * radius * radius) samples[row * SAMPLES + column] = 1;
    }
  }
}

function markDisc(samples: Uint8Array, radius: number, width: number, height: number): void {
  for (let row = 0; row < SAMPLES; row++) {
    const dy = middleOf(row, height) - height / 2;
    if (Math.abs(dy) >= radius) continue;
    for (let column = 0; column < SAMPLES; column++) {
      const dx = middleOf(column, width) - width / 2;
      if (dx ** 2 + dy ** 2 < radius * radius) samples[row * SAMPLES + column] = 1;
    }
  }
}

/** Where the middle of a sample lies along a side. */
function middleOf(sample: number, side: number): number {
  return ((sample + 0.5) / SAMPLES) * side;
}

/**
 * Arrangements of several photos.
 * @module
 */
import type { Rect } from './drawing.js';
import type { Page, PickedPhoto } from './page.js';

/** A photo and where it goes. */
export interface Cell {
  readonly photo: PickedPhoto;
  readonly slot: Rect;
}

/**
 * Rows of equal height in which each photo keeps its shape, as albums in messengers and photo services do.
 * @param page - makes the choices
 * @param photos - in order
 * @param frame - upper left corner and width; the height is what comes out, at most this
 * @param gap - between photos, in points
 */
export function justifiedRows(page: Page, photos: readonly PickedPhoto[], frame: Rect, gap: number): Cell[] {
  const rows = splitRows(page, photos);
  const heights = rows.map((row) => {
    const shapes = row.reduce((sum, photo) => sum + photo.width / photo.height, 0);
    return (frame.width - gap * (row.length - 1)) / shapes;
  });
  const total = heights.reduce((sum, height) => sum + height, 0) + gap * (rows.length - 1);
  const scale = Math.min(1, frame.height / total);
  const cells: Cell[] = [];
  let top = frame.top;
  rows.forEach((row, r) => {
    let left = frame.left + (frame.width * (1 - scale)) / 2;
    for (const photo of row) {
      const height = heights[r] * scale;
      const width = (height * photo.width) / photo.height;
      cells.push({ photo, slot: { left, top, width, height } });
      left += width + gap * scale;
    }
    top += heights[r] * scale + gap * scale;
  });
  return cells;
}

function splitRows(page: Page, photos: readonly PickedPhoto[]): PickedPhoto[][] {
  const rows: PickedPhoto[][] = [];
  for (let from = 0; from < photos.length; ) {
    const count = Math.min(photos.length - from, page.dice.whole(1, photos.length > 4 ? 3 : 2));
    rows.push(photos.slice(from, from + count));
    from += count;
  }
  return rows;
}

/**
 * Equal cells in columns; the photos are cut to the cells, whose shape suits the subject.
 * @param photos - in order
 * @param frame - upper left corner and width; the height is what comes out
 * @param columns - how many
 * @param gap - between cells, in points
 * @param shape - width over height of a cell
 */
export function equalCells(
  photos: readonly PickedPhoto[],
  frame: Rect,
  columns: number,
  gap: number,
  shape: number,
): Cell[] {
  const width = (frame.width - gap * (columns - 1)) / columns;
  const height = width / shape;
  return photos.map((photo, i) => ({
    photo,
    slot: {
      left: frame.left + (i % columns) * (width + gap),
      top: frame.top + Math.floor(i / columns) * (height + gap),
      width,
      height,
    },
  }));
}

/** @returns the lower edge of the lowest cell */
export function lowest(cells: readonly Cell[]): number {
  return Math.max(...cells.map(({ slot }) => slot.top + slot.height));
}

/** @returns the shape of the subject, or of cells that suit anything */
export function cellShape(page: Page): number {
  const { subject } = page;
  return subject.isSubject ? subject.width / subject.height : page.dice.one([1, 1, 1, 0.75, 0.66, 1.33, 1.5]);
}

/**
 * Galleries and collages.
 * @module
 */
import type { Dice } from '../dice.js';
import { cellShape, equalCells, justifiedRows, lowest } from '../mosaic.js';
import { type Format, type Page, PHONES } from '../page.js';
import { badge, icon, randomTheme, statusBar, tabBar, titleBar } from '../widgets.js';
import type { Family } from './family.js';

/** A gallery app: equal cells in 2 to 4 columns below a bar. */
function drawGallery(page: Page): void {
  const { dice, over, under } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const status = statusBar(page, over, theme.page, theme.ink);
  const head = status + titleBar(page, over, status, { ...theme, surface: theme.page });
  const columns = dice.whole(2, 4);
  const gap = dice.one([1, 1.5, 2, 3, 4, 8]);
  const margin = dice.one([0, 0, gap, 12]);
  const top = head + dice.whole(0, 30);
  const shape = cellShape(page);
  const width = page.width - 2 * margin;
  const rowHeight = (width - gap * (columns - 1)) / columns / shape + gap;
  const tabs = dice.chance(0.6);
  const rows = Math.max(1, Math.min(5, Math.floor((page.height - top - (tabs ? 88 : 0)) / rowHeight)));
  const full = columns * rows;
  const count = dice.chance(0.5) ? Math.min(full, 9) : dice.whole(2, Math.min(full, 12));
  const radius = gap >= 3 ? dice.one([0, 4, 10]) : 0;
  const frame = { left: margin, top, width, height: page.height - top };
  for (const { photo, slot } of equalCells(page.pick(count), frame, columns, gap, shape)) {
    page.place(photo, slot, { radius });
    if (dice.chance(0.06)) badge(page, slot);
  }
  if (tabs) tabBar(page, over, theme);
}

/** Columns and rows of a collage. */
const TABLES: readonly (readonly [number, number])[] = [
  [2, 1],
  [1, 2],
  [2, 2],
  [2, 2],
  [3, 1],
  [1, 3],
  [2, 3],
  [3, 2],
  [3, 3],
];

/** A page that cells of this shape just fill. */
function collageFormat(dice: Dice, shape: number): Format {
  const [columns, rows] = dice.one(TABLES);
  const height = Math.sqrt((600 * 600 * rows) / (columns * shape));
  const width = (height * columns * shape) / rows;
  return { width: Math.round(width), height: Math.round(height), density: dice.between(1.2, 2.2) };
}

/** A collage made to be shared: nothing but cells, 2 to 9, with or without gaps. */
function drawCollage(page: Page): void {
  const { dice, under } = page;
  under.rect(page.bounds, {
    fill: dice.one(['#fff', '#fff', '#000', '#eee', `hsl(${dice.whole(0, 359)} 60% 80%)`]),
  });
  const gap = dice.one([0, 0, 2, 4, 8, 14]);
  const ratio = page.width / page.height / (page.subject.width / page.subject.height);
  const off = ([columns, rows]: readonly [number, number]) => Math.abs(Math.log(columns / rows / ratio));
  const [columns, rows] = dice.one(TABLES.filter((table) => off(table) < 0.1));
  const frame = { left: gap, top: gap, width: page.width - 2 * gap, height: page.height - 2 * gap };
  const shape = page.subject.width / page.subject.height;
  const fits = Math.min(
    frame.width,
    ((frame.height - gap * (rows - 1)) / rows) * shape * columns + gap * (columns - 1),
  );
  const middle = { ...frame, width: fits, left: gap + (frame.width - fits) / 2 };
  for (const { photo, slot } of equalCells(page.pick(columns * rows), middle, columns, gap, shape)) {
    page.place(photo, slot, { radius: gap > 4 ? dice.one([0, 0, 8]) : 0 });
  }
}

/** An album: rows in which every photo keeps its shape. */
function drawAlbum(page: Page): void {
  const { dice, over, under } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const top = dice.whole(90, 130);
  const gap = dice.one([1, 2, 4, 6]);
  const margin = dice.one([0, 0, 8]);
  const frame = { left: margin, top, width: page.width - 2 * margin, height: page.height - top - 70 };
  const cells = justifiedRows(page, page.pick(dice.whole(2, 9)), frame, gap);
  for (const { photo, slot } of cells) page.place(photo, slot);
  if (lowest(cells) < page.height - 140) {
    under.text(16, lowest(cells) + 40, page.writer.words(3), { size: 18, fill: theme.ink, weight: 'bold' });
  }
  over.rect({ left: 0, top: 0, width: page.width, height: top }, { fill: theme.page });
  titleBar(page, over, statusBar(page, over, theme.page, theme.ink), {
    ...theme,
    surface: theme.page,
    line: theme.page,
  });
  if (dice.chance(0.5)) tabBar(page, over, theme);
}

/** A file picker: cells with a name below each and a tick on some. */
function drawPicker(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const head = titleBar(page, over, 0, theme);
  const columns = dice.whole(2, 3);
  const shape = cellShape(page);
  const gap = dice.whole(10, 20);
  const width = (page.width - gap * (columns + 1)) / columns;
  const height = width / shape + 40;
  const rows = Math.max(1, Math.min(4, Math.floor((page.height - head - gap) / (height + gap))));
  page.pick(Math.min(9, columns * rows)).forEach((photo, i) => {
    const left = gap + (i % columns) * (width + gap);
    const top = head + gap + Math.floor(i / columns) * (height + gap);
    page.place(photo, { left, top, width, height: width / shape }, { radius: dice.one([0, 3]) });
    under.text(left + width / 2, top + height - 18, writer.words(1), {
      size: 13,
      anchor: 'middle',
      fill: theme.ink,
    });
    if (dice.chance(0.3)) {
      over.circle(left + width - 14, top + 14, 10, { fill: theme.accent, stroke: '#fff' });
      icon(page, over, left + width - 20, top + 8, 12, '#fff');
    }
  });
}

/** Two pictures side by side or one above the other with a label on each: before and after. */
function drawPair(page: Page): void {
  const { dice, over, under, writer } = page;
  const ground = dice.one(['#ffffff', '#000000', '#f3f1ec']);
  const ink = ground === '#000000' ? '#fff' : '#111';
  under.rect(page.bounds, { fill: ground });
  const title = dice.chance(0.6) ? 60 : 12;
  if (title > 12) {
    under.text(page.width / 2, 40, writer.words(3), {
      size: 26,
      anchor: 'middle',
      weight: 'bold',
      fill: ink,
    });
  }
  const shape = cellShape(page);
  const beside = shape < 1.1;
  const gap = dice.whole(0, 12);
  const room = { width: page.width - 24, height: page.height - title - 52 };
  const width = beside
    ? Math.min((room.width - gap) / 2, room.height * shape)
    : Math.min(room.width, ((room.height - gap) / 2) * shape);
  const height = width / shape;
  const across = beside ? 2 * width + gap : width;
  page.pick(2).forEach((photo, i) => {
    const left = (page.width - across) / 2 + (beside ? i * (width + gap) : 0);
    const top = title + (beside ? 0 : i * (height + gap));
    page.place(photo, { left, top, width, height });
    if (dice.chance(0.6)) {
      over.rect(
        { left: left + 8, top: top + height - 36, width: 96, height: 28 },
        { fill: '#000', opacity: 0.6 },
        4,
      );
      over.text(left + 56, top + height - 16, writer.words(1), { size: 15, anchor: 'middle', fill: '#fff' });
    } else if (beside) {
      under.text(left + width / 2, Math.min(top + height + 28, page.height - 8), writer.words(1), {
        size: 18,
        anchor: 'middle',
        fill: ink,
      });
    }
  });
}

const squarish = [
  { width: 540, height: 540, density: 2 },
  { width: 540, height: 675, density: 2 },
  { width: 640, height: 480, density: 2 },
];

/** All of them. */
export const GRIDS: readonly Family[] = [
  {
    name: 'gallery',
    set: 'seen',
    pictures: true,
    photos: 20,
    format: (dice) => dice.one(PHONES),
    draw: drawGallery,
  },
  { name: 'collage', set: 'seen', pictures: true, photos: 10, format: collageFormat, draw: drawCollage },
  {
    name: 'album',
    set: 'seen',
    pictures: true,
    photos: 10,
    format: (dice) => dice.one(PHONES),
    draw: drawAlbum,
  },
  {
    name: 'file-picker',
    set: 'validation',
    pictures: true,
    photos: 12,
    format: (dice) => dice.one(PHONES),
    draw: drawPicker,
  },
  {
    name: 'pair',
    set: 'final',
    pictures: true,
    photos: 3,
    format: (dice) => dice.one(squarish),
    draw: drawPair,
  },
];

/**
 * Pages of no app: photos, text and panels in rectangles that chance cut a page into. They keep a network from
 * learning where apps put pictures instead of what a picture's sides look like.
 * @module
 */
import type { Dice } from '../dice.js';
import type { Rect } from '../drawing.js';
import { DESKTOPS, type Format, type Page, PHONES, type PickedPhoto, type Theme } from '../page.js';
import { backdrop, badge, icon, iconRow, randomTheme, sticker, textBlock } from '../widgets.js';
import type { Family } from './family.js';

/** Pages that are no screen's. */
export const OTHER_SHAPES: readonly Format[] = [
  { width: 600, height: 600, density: 2 },
  { width: 640, height: 480, density: 2 },
  { width: 480, height: 640, density: 2 },
  { width: 900, height: 400, density: 1.5 },
  { width: 400, height: 900, density: 2 },
];

/** Side below which a rectangle is not cut, as a share of the page's shorter side. */
const LEAST_CUT = 0.3;
/** Shares of the rectangles that show a photo, some words, and a panel. */
const PHOTO_SHARE = 0.45;
const TEXT_SHARE = 0.75;
const PANEL_SHARE = 0.9;

/** Cuts a rectangle in two again and again. Gaps are the page's own, or none. */
function cut(dice: Dice, rect: Rect, depth: number, least: number, gap: number): Rect[] {
  const { left, top, width, height } = rect;
  const across = width > height * dice.between(0.6, 1.7);
  const side = across ? width : height;
  if (depth === 0 || side < 2 * least || dice.chance(0.1)) return [rect];
  const at = Math.max(least * 0.7, side * dice.one([0.5, dice.between(0.2, 0.8)]));
  const space = dice.chance(0.8) ? gap : 0;
  const rest = side - at - space;
  if (rest < least * 0.5) return [rect];
  const [one, two] = across
    ? [
        { left, top, width: at, height },
        { left: left + at + space, top, width: rest, height },
      ]
    : [
        { left, top, width, height: at },
        { left, top: top + at + space, width, height: rest },
      ];
  return [...cut(dice, one, depth - 1, least, gap), ...cut(dice, two, depth - 1, least, gap)];
}

function shrunk({ left, top, width, height }: Rect, x: number, y: number): Rect {
  return { left: left + x, top: top + y, width: width - 2 * x, height: height - 2 * y };
}

/** A photo whole in its rectangle, or filling it; with a rim, a shadow or something over it now and then. */
function drawPhoto(page: Page, photo: PickedPhoto, frame: Rect): void {
  const { dice, under, over } = page;
  const margin = dice.one([0, 0, 0.04, 0.08, 0.15]) * Math.min(frame.width, frame.height);
  const inner = shrunk(frame, margin, margin * dice.one([1, 1, 0.3]));
  const fitted = page.fit(photo, inner);
  const free = { x: inner.width - fitted.width, y: inner.height - fitted.height };
  const moved = {
    ...fitted,
    left: inner.left + free.x * dice.one([0, 0.5, 0.5, 1, dice.between(0, 1)]),
    top: inner.top + free.y * dice.one([0, 0.5, 0.5, 1, dice.between(0, 1)]),
  };
  const slot = photo.isSubject || dice.chance(0.4) ? moved : inner;
  if (slot.width < 12 || slot.height < 12) return;
  const radius = dice.one([0, 0, 0, 6, 16]);
  if (dice.chance(0.12)) {
    const shadow = { ...slot, left: slot.left + dice.between(-2, 5), top: slot.top + dice.between(0, 7) };
    under.rect(shadow, { fill: '#000', opacity: dice.between(0.15, 0.4) }, radius);
  }
  page.place(photo, slot, { radius });
  if (dice.chance(0.12)) {
    const strokeWidth = dice.between(0.7, 5);
    over.rect(slot, { stroke: dice.one(['#fff', '#000', '#888', '#c33']), strokeWidth }, radius);
  }
  if (dice.chance(0.1)) badge(page, slot);
  if (dice.chance(0.05)) sticker(page, slot);
  if (dice.chance(0.07)) caption(page, slot);
}

/** A darkened strip with words at a photo's foot or head. */
function caption(page: Page, slot: Rect): void {
  const { dice, over, writer } = page;
  const height = Math.min(40, slot.height * dice.between(0.06, 0.15));
  const top = dice.chance(0.8) ? slot.top + slot.height - height : slot.top;
  const width = slot.width * dice.one([1, 1, 0.5]);
  over.rect({ left: slot.left, top, width, height }, { fill: '#000', opacity: dice.between(0.2, 0.7) });
  const size = height * 0.5;
  const words = writer.line(width * 0.7, size);
  over.text(slot.left + height * 0.3, top + height * 0.68, words, { size, fill: '#fff' });
}

/** Words, in one block or under a heading. */
function drawText(page: Page, frame: Rect, theme: Theme): void {
  const { dice, under, writer } = page;
  const size = dice.one([9, 12, 15, 20, 34]);
  const { left, top, width, height } = shrunk(frame, 8, 6);
  const most = Math.floor(height / (size * 1.35));
  if (most < 1 || width < size * 3) return;
  const lines = dice.whole(1, Math.min(most, 12));
  if (dice.chance(0.3)) {
    under.text(left, top + size, writer.line(width, size), { size, weight: 'bold', fill: theme.ink });
    if (lines > 1) {
      textBlock(page, under, { left, top: top + size * 1.5, width }, lines - 1, size * 0.8, theme.faint);
    }
  } else textBlock(page, under, { left, top, width }, lines, size, dice.one([theme.ink, theme.faint]));
}

/** A plain or framed panel with words, icons or nothing in it. */
function drawPanel(page: Page, frame: Rect, theme: Theme): void {
  const { dice, under } = page;
  const panel = shrunk(frame, dice.between(0, 6), dice.between(0, 6));
  const fill = dice.one([
    theme.surface,
    theme.accent,
    theme.line,
    `hsl(${dice.whole(0, 359)} 50% ${dice.whole(15, 90)}%)`,
  ]);
  under.rect(panel, dice.chance(0.7) ? { fill } : { stroke: theme.line }, dice.one([0, 0, 6, 20]));
  const content = dice.between(0, 1);
  if (content < 0.4) drawText(page, panel, theme);
  else if (content < 0.6 && panel.height > 30) {
    iconRow(page, under, panel, dice.whole(1, 5), Math.min(24, panel.height * 0.6), theme.ink);
  } else if (content < 0.7) {
    const size = 0.5 * Math.min(panel.width, panel.height);
    icon(page, under, panel.left + size / 2, panel.top + size / 2, size, theme.ink);
  }
}

function draw(page: Page): void {
  const { dice, under } = page;
  const theme = randomTheme(page);
  backdrop(page, theme.page, dice.one(['plain', 'plain', 'plain', 'gradient', 'doodles']), theme.faint);
  if (dice.chance(0.1)) {
    page.place(page.others(1)[0], page.bounds, { counts: false, blur: dice.between(12, 30) });
  }
  const margin = dice.one([0, 0, 4, 12, 30]);
  const gap = dice.one([0, 1, 2, 4, 8, 16, 30]);
  const least = LEAST_CUT * Math.min(page.width, page.height);
  const parts = cut(dice, shrunk(page.bounds, margin, margin), dice.whole(1, 4), least, gap);
  // The subject gets the rectangle in which it is largest.
  const areas = parts.map((part) => {
    const { width, height } = page.fit(page.subject, part);
    return width * height;
  });
  const largest = areas.indexOf(Math.max(...areas));
  parts.forEach((part, i) => {
    const kind = i === largest ? 0 : dice.between(0, 1);
    if (i === largest) drawPhoto(page, page.subject, part);
    else if (kind < PHOTO_SHARE) drawPhoto(page, page.others(1)[0], part);
    else if (kind < TEXT_SHARE) drawText(page, part, theme);
    else if (kind < PANEL_SHARE) drawPanel(page, part, theme);
    else under.rect(shrunk(part, 2, 2), { fill: theme.surface });
  });
}

/** One family. */
export const FREEFORM: readonly Family[] = [
  {
    name: 'freeform',
    set: 'seen',
    pictures: true,
    photos: 17,
    format: (dice) => dice.one(dice.one([PHONES, DESKTOPS, OTHER_SHAPES])),
    draw,
  },
];

/**
 * Browser windows, documents, slides, mail: screens of computers.
 * @module
 */
import type { Rect } from '../drawing.js';
import { DESKTOPS, type Page, type PickedPhoto, type Theme } from '../page.js';
import { avatar, icon, iconRow, randomTheme, textBlock } from '../widgets.js';
import { SERIF_FONTS } from '../words.js';
import type { Family } from './family.js';

/** Draws a browser's tabs and address. @returns their height */
function browserBars(page: Page, at: Rect, theme: Theme): number {
  const { dice, under, writer } = page;
  under.rect({ ...at, height: 38 }, { fill: theme.line });
  const tabs = dice.whole(1, 5);
  for (let i = 0; i < tabs; i++) {
    const left = at.left + 70 + i * 180;
    if (left + 170 > at.left + at.width) break;
    under.rect(
      { left, top: at.top + 6, width: 172, height: 32 },
      { fill: i === 0 ? theme.surface : theme.line },
      8,
    );
    under.text(left + 30, at.top + 26, writer.words(2).slice(0, 18), { size: 12, fill: theme.ink });
    icon(page, under, left + 8, at.top + 14, 14, theme.accent);
  }
  for (let i = 0; i < 3; i++) {
    under.circle(at.left + 16 + i * 18, at.top + 19, 6, { fill: ['#ff5f57', '#febc2e', '#28c840'][i] });
  }
  under.rect({ left: at.left, top: at.top + 38, width: at.width, height: 42 }, { fill: theme.surface });
  iconRow(page, under, { left: at.left + 6, top: at.top + 38, width: 96, height: 42 }, 3, 18, theme.ink);
  const field = { left: at.left + 110, top: at.top + 44, width: at.width - 220, height: 30 };
  under.rect(field, { fill: theme.page, stroke: theme.line }, 15);
  under.text(field.left + 16, field.top + 20, `https://www.example.org/${writer.words(1)}`, {
    size: 13,
    fill: theme.faint,
  });
  return 80;
}

function caption(page: Page, slot: Rect, theme: Theme): void {
  if (!page.dice.chance(0.6)) return;
  const at = { left: slot.left, top: slot.top + slot.height + 4, width: slot.width };
  textBlock(page, page.under, at, 1, 12, theme.faint);
}

/** An article with a picture in its column, and something at the side. */
function article(page: Page, area: Rect, theme: Theme): void {
  const { dice, over, under, writer } = page;
  const side = dice.chance(0.6) ? area.width * dice.between(0.2, 0.3) : 0;
  const width = Math.min(area.width - side - 60, dice.between(480, 800));
  const left = area.left + (area.width - side - width) / 2;
  let y = area.top + dice.between(10, 40);
  under.text(left, y + 30, writer.line(width, 30), { size: 30, weight: 'bold', fill: theme.ink });
  y += 48;
  y += textBlock(page, under, { left, top: y, width }, dice.whole(1, 4), 15, theme.ink) + 14;
  const room = {
    left,
    top: y,
    width: width * dice.between(0.5, 1),
    height: Math.max(160, area.top + area.height - y - 60),
  };
  const fitted = page.fit(page.subject, room);
  const slot = { ...fitted, left: dice.chance(0.5) ? left : left + (width - fitted.width) / 2, top: y };
  page.place(page.subject, slot, { radius: dice.one([0, 0, 0, 8]) });
  caption(page, slot, theme);
  y = slot.top + slot.height + 30;
  const lines = Math.max(0, Math.floor((area.top + area.height - y) / 21));
  textBlock(page, under, { left, top: y, width }, lines, 15, theme.ink);
  if (side > 0) sidebar(page, { ...area, left: area.left + area.width - side, width: side - 20 }, theme);
  over.rect(
    { left: area.left + area.width - 9, top: area.top + 20, width: 6, height: 90 },
    { fill: theme.faint },
    3,
  );
}

/** Links with or without thumbs. */
function sidebar(page: Page, area: Rect, theme: Theme): void {
  const { dice, under } = page;
  const thumbs = dice.chance(0.5);
  for (let y = area.top + 24, i = 0; y < area.top + area.height - 150 && i < 4; i++) {
    if (thumbs) {
      const height = area.width * 0.56;
      page.place(page.others(1)[0], { left: area.left, top: y, width: area.width, height });
      y += height + 4;
    }
    y += textBlock(page, under, { left: area.left, top: y, width: area.width }, 2, 13, theme.accent) + 16;
  }
}

/** Two or three columns of cards with a picture each. */
function cards(page: Page, area: Rect, theme: Theme): void {
  const { dice, under } = page;
  const columns = dice.whole(2, 3);
  const gap = dice.whole(12, 28);
  const width = (area.width - gap * (columns + 1)) / columns;
  const shape = page.subject.isSubject
    ? page.subject.width / page.subject.height
    : dice.one([1.5, 1.78, 1.33]);
  const height = Math.min(width / shape, area.height - 110);
  const picture = height * shape;
  page.pick(columns).forEach((photo, i) => {
    const left = area.left + gap + i * (width + gap);
    under.rect(
      { left, top: area.top + gap, width, height: area.height - 2 * gap },
      { fill: theme.surface },
      6,
    );
    page.place(photo, { left: left + (width - picture) / 2, top: area.top + gap, width: picture, height });
    const top = area.top + gap + height + 10;
    const lines = Math.max(1, Math.min(6, Math.floor((area.top + area.height - gap - top) / 22)));
    textBlock(page, under, { left: left + 12, top, width: width - 24 }, lines, 15, theme.ink);
  });
}

function drawBrowser(page: Page): void {
  const { dice, under } = page;
  const theme = randomTheme(page, dice.chance(0.25));
  under.rect(page.bounds, { fill: theme.page });
  const top = browserBars(page, page.bounds, theme);
  const area = { ...page.bounds, top, height: page.height - top };
  if (dice.chance(0.7)) article(page, area, theme);
  else cards(page, area, theme);
}

/** A slide: a title, points, one or two pictures. */
function drawSlide(page: Page): void {
  const { dice, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.3));
  under.rect(page.bounds, { fill: theme.page });
  const font = dice.chance(0.3) ? dice.one(SERIF_FONTS) : page.font;
  const { width, height } = page;
  if (dice.chance(0.4)) under.rect({ left: 0, top: 0, width, height: height * 0.16 }, { fill: theme.accent });
  under.text(width * 0.06, height * 0.11, writer.words(4), {
    size: height * 0.06,
    weight: 'bold',
    fill: theme.ink,
    font,
  });
  const two = dice.chance(0.3);
  const photoShare = dice.between(0.35, 0.6);
  const right = dice.chance(0.6);
  const frame = {
    left: right ? width * (0.96 - photoShare) : width * 0.04,
    top: height * 0.2,
    width: width * photoShare,
    height: height * (two ? 0.36 : 0.68),
  };
  const photos: PickedPhoto[] = two ? page.pick(2) : [page.subject];
  photos.forEach((photo, i) => {
    const slot = page.fit(photo, { ...frame, top: frame.top + i * height * 0.38 });
    page.place(photo, slot);
    if (!two) caption(page, slot, theme);
  });
  const left = right ? width * 0.06 : width * (0.08 + photoShare);
  const room = width * (0.86 - photoShare);
  for (let y = height * 0.24; y < height * 0.82; ) {
    const lines = dice.whole(1, 3);
    const size = height * 0.033;
    under.circle(left, y + size * 0.7, size * 0.2, { fill: theme.accent });
    y +=
      textBlock(
        page,
        under,
        { left: left + size, top: y, width: room - size },
        lines,
        size,
        theme.ink,
        font,
      ) + size;
  }
  if (dice.chance(0.6))
    under.text(width * 0.95, height * 0.96, String(dice.whole(2, 40)), {
      size: height * 0.025,
      fill: theme.faint,
    });
}

/** A page of paper with a figure. */
function drawDocument(page: Page): void {
  const { dice, under, writer } = page;
  const font = dice.one(SERIF_FONTS);
  under.rect(page.bounds, { fill: dice.one(['#ffffff', '#fdfcf7', '#f5f5f5']) });
  const margin = page.width * dice.between(0.08, 0.14);
  const width = page.width - 2 * margin;
  let y = margin;
  if (dice.chance(0.6)) {
    under.text(page.width / 2, y + 24, writer.words(4), {
      size: 24,
      anchor: 'middle',
      weight: 'bold',
      fill: '#111',
      font,
    });
    y += 44;
  }
  y += textBlock(page, under, { left: margin, top: y, width }, dice.whole(2, 14), 12.5, '#222', font) + 16;
  const room = { left: margin, top: y, width: width * dice.between(0.45, 1), height: page.height * 0.42 };
  const fitted = page.fit(page.subject, room);
  const slot = { ...fitted, left: margin + (width - fitted.width) * dice.one([0, 0.5, 0.5, 1]), top: y };
  page.place(page.subject, slot);
  y = slot.top + slot.height + 8;
  under.text(page.width / 2, y + 12, writer.words(7), { size: 11, anchor: 'middle', fill: '#333', font });
  y += 30;
  textBlock(
    page,
    under,
    { left: margin, top: y, width },
    Math.max(0, Math.floor((page.height - margin - y) / 16.9)),
    12.5,
    '#222',
    font,
  );
}

/** Mail: folders, a message, and pictures in it. */
function drawMail(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.25));
  under.rect(page.bounds, { fill: theme.page });
  const list = page.width * dice.between(0.24, 0.34);
  under.rect({ left: 0, top: 0, width: list, height: page.height }, { fill: theme.surface });
  for (let y = 60; y < page.height; y += 74) {
    avatar(page, under, 30, y + 30, 17);
    under.text(58, y + 24, writer.name(), { size: 14, weight: 'bold', fill: theme.ink });
    under.text(58, y + 44, writer.line(list - 80, 12), { size: 12, fill: theme.faint });
    under.rect({ left: 10, top: y + 72, width: list - 20, height: 1 }, { fill: theme.line });
  }
  const left = list + 26;
  const width = page.width - left - 26;
  under.text(left, 90, writer.line(width * 0.6, 22), { size: 22, weight: 'bold', fill: theme.ink });
  avatar(page, under, left + 18, 124, 18);
  under.text(left + 46, 129, writer.name(), { size: 14, fill: theme.ink });
  let y = 154;
  y += textBlock(page, under, { left, top: y, width }, dice.whole(1, 4), 14, theme.ink) + 14;
  const slot = page.fit(page.subject, {
    left,
    top: y,
    width: width * dice.between(0.45, 0.95),
    height: page.height - y - 90,
  });
  page.place(page.subject, { ...slot, left, top: y });
  y += slot.height + 10;
  if (page.height - y > 70) textBlock(page, under, { left, top: y, width }, 2, 14, theme.ink);
  over.rect({ left: 0, top: 0, width: page.width, height: 52 }, { fill: theme.accent });
  iconRow(page, over, { left: 0, top: 0, width: 260, height: 52 }, 5, 20, '#fff');
}

/** A picture in a window over the desktop. */
function drawDesktop(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page);
  const hue = dice.whole(0, 359);
  under.raw(
    `<linearGradient id="d" x2="1" y2="1"><stop offset="0" stop-color="hsl(${hue} 50% 30%)"/><stop offset="1" stop-color="hsl(${hue + 80} 50% 60%)"/></linearGradient>`,
  );
  under.rect(page.bounds, { fill: 'url(#d)' });
  for (let i = 0; i < dice.whole(2, 12); i++) {
    const [x, y] = [24 + Math.floor(i / 6) * 90, 24 + (i % 6) * 96];
    icon(page, under, x, y, 40, '#fff');
    under.text(x + 20, y + 58, writer.words(1), { size: 12, anchor: 'middle', fill: '#fff' });
  }
  const room = {
    left: 0,
    top: 0,
    width: page.width * dice.between(0.4, 0.7),
    height: page.height * dice.between(0.5, 0.78),
  };
  const fitted = page.fit(page.subject, room);
  const left = dice.between(page.width * 0.1, page.width - fitted.width - 20);
  const top = dice.between(50, Math.max(51, page.height - fitted.height - 70));
  const margin = dice.one([0, 0, 12]);
  const frame = {
    left: left - margin,
    top: top - 36,
    width: fitted.width + 2 * margin,
    height: fitted.height + 36 + margin,
  };
  under.rect({ ...frame, left: frame.left + 4, top: frame.top + 8 }, { fill: '#000', opacity: 0.3 }, 8);
  under.rect(frame, { fill: theme.surface }, 0);
  under.text(frame.left + 14, frame.top + 23, writer.words(2), { size: 13, fill: theme.ink });
  iconRow(
    page,
    under,
    { left: frame.left + frame.width - 90, top: frame.top, width: 84, height: 36 },
    3,
    14,
    theme.ink,
  );
  page.place(page.subject, { left, top, width: fitted.width, height: fitted.height });
  over.rect({ left: 0, top: page.height - 44, width: page.width, height: 44 }, { fill: theme.surface });
  iconRow(
    page,
    over,
    { left: 0, top: page.height - 44, width: page.width * 0.4, height: 44 },
    7,
    24,
    theme.accent,
  );
}

const slides = [
  { width: 960, height: 540, density: 2 },
  { width: 960, height: 720, density: 1.5 },
];
const papers = [
  { width: 595, height: 842, density: 2 },
  { width: 612, height: 792, density: 1.5 },
];

/** All of them. */
export const WINDOWS: readonly Family[] = [
  {
    name: 'browser',
    set: 'seen',
    pictures: true,
    photos: 8,
    format: (dice) => dice.one(DESKTOPS),
    draw: drawBrowser,
  },
  {
    name: 'slide',
    set: 'seen',
    pictures: true,
    photos: 3,
    format: (dice) => dice.one(slides),
    draw: drawSlide,
  },
  {
    name: 'document',
    set: 'validation',
    pictures: true,
    photos: 1,
    format: (dice) => dice.one(papers),
    draw: drawDocument,
  },
  {
    name: 'mail',
    set: 'final',
    pictures: true,
    photos: 6,
    format: (dice) => dice.one(DESKTOPS),
    draw: drawMail,
  },
  {
    name: 'desktop',
    set: 'final',
    pictures: true,
    photos: 2,
    format: (dice) => dice.one(DESKTOPS),
    draw: drawDesktop,
  },
];

/**
 * One photo on the whole screen, with bars where the screen has another shape.
 * @module
 */
import type { Rect } from '../drawing.js';
import { DESKTOPS, type Page, PHONES } from '../page.js';
import { badge, homeLine, icon, iconRow, randomTheme, statusBar } from '../widgets.js';
import type { Family } from './family.js';

/** Shows the photo as large as it gets, or a little smaller. */
function showWhole(page: Page): Rect {
  const { dice } = page;
  const margin = dice.chance(0.75) ? 0 : dice.between(4, 30);
  const frame = {
    left: margin,
    top: margin,
    width: page.width - 2 * margin,
    height: page.height - 2 * margin,
  };
  const slot = page.fit(page.subject, frame);
  const shift = dice.chance(0.3) ? (page.height - slot.height) * dice.between(-0.15, 0.15) : 0;
  return { ...slot, top: slot.top + shift };
}

function controls(page: Page, slot: Rect, ink: string): void {
  const { dice, over, writer } = page;
  if (dice.chance(0.25)) return;
  const top = dice.chance(0.6) ? 50 : 14;
  if (top > 14) {
    if (slot.top > 60) statusBar(page, over, '#0000', ink);
    icon(page, over, 14, top, 24, ink);
    over.text(page.width / 2, top + 17, writer.name(), {
      size: 16,
      anchor: 'middle',
      fill: ink,
      weight: 'bold',
    });
    icon(page, over, page.width - 38, top, 24, ink);
  } else icon(page, over, page.width - 40, top, 26, ink);
  if (dice.chance(0.7)) {
    const row = { left: 0, top: page.height - 80, width: page.width, height: 50 };
    iconRow(page, over, row, dice.whole(2, 5), 24, ink);
  }
  if (dice.chance(0.3)) {
    const text = { size: 15, fill: ink };
    over.text(
      20,
      Math.min(page.height - 92, slot.top + slot.height + 26),
      writer.line(page.width - 60, 15),
      text,
    );
  }
}

function drawBlack(page: Page): void {
  const { dice, under } = page;
  const ground = dice.one(['#000', '#000', '#000', '#111', '#1c1c1e', '#fff', '#f7f7f7']);
  under.rect(page.bounds, { fill: ground });
  const slot = showWhole(page);
  page.place(page.subject, slot);
  controls(page, slot, ground.startsWith('#f') ? '#111' : '#fff');
  if (dice.chance(0.3)) homeLine(page, page.over, randomTheme(page, !ground.startsWith('#f')));
}

function drawBlurred(page: Page): void {
  const { dice, under } = page;
  under.rect(page.bounds, { fill: '#222' });
  const photo = page.subject;
  page.place(photo, page.bounds, { blur: dice.between(10, 30), counts: false });
  const slot = showWhole(page);
  page.place(photo, slot, { radius: dice.one([0, 0, 0, 12]) });
  controls(page, slot, '#fff');
}

/** A strip of thumbs below the photo. */
function drawStrip(page: Page): void {
  const { dice, over, under } = page;
  const dark = dice.chance(0.6);
  const theme = randomTheme(page, dark);
  under.rect(page.bounds, { fill: dark ? '#101010' : '#fafafa' });
  const side = page.height * dice.between(0.09, 0.13);
  const stripTop = page.height - side - dice.between(8, 30);
  const frame = { left: 0, top: 56, width: page.width, height: stripTop - 72 };
  const slot = page.fit(page.subject, frame);
  page.place(page.subject, slot);
  const count = Math.min(7, Math.floor(page.width / (side * 0.8 + 4)));
  const width = page.width / count - 4;
  page.others(count).forEach((photo, i) => {
    page.place(
      photo,
      { left: 2 + i * (width + 4), top: stripTop, width, height: side },
      { radius: dice.one([0, 3]) },
    );
  });
  over.rect({ left: 0, top: 0, width: page.width, height: 52 }, { fill: theme.surface });
  iconRow(page, over, { left: 0, top: 4, width: page.width, height: 44 }, dice.whole(3, 6), 22, theme.ink);
}

/** A paused video with its bar over the lower edge. */
function drawPlayer(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const top = dice.whole(0, 60);
  const fitted = page.fit(page.subject, { left: 0, top, width: page.width, height: page.height * 0.6 });
  const slot = { ...fitted, top };
  under.rect({ left: 0, top: 0, width: page.width, height: top + slot.height }, { fill: '#000' });
  page.place(page.subject, slot);
  over.rect(
    { left: 12, top: top + slot.height - 12, width: page.width - 24, height: 3 },
    { fill: '#fff', opacity: 0.5 },
  );
  over.rect(
    { left: 12, top: top + slot.height - 12, width: page.width * dice.between(0.1, 0.8), height: 3 },
    { fill: '#f00' },
  );
  if (dice.chance(0.6)) badge(page, slot);
  let y = top + slot.height + 16;
  for (let i = 0; y < page.height - 30; i++) {
    const width = page.width * 0.42;
    const height = width * 0.5625;
    if (i > 0 && y + height < page.height)
      page.place(page.others(1)[0], { left: 12, top: y, width, height }, { radius: 8 });
    const left = i > 0 ? width + 24 : 14;
    for (let line = 0; line < 3; line++) {
      const text = writer.line((page.width - left - 14) * (line === 0 ? 1 : 0.7), line === 0 ? 15 : 12);
      const fill = line === 0 ? theme.ink : theme.faint;
      under.text(left, y + 18 + line * 19, text, { size: line === 0 ? 15 : 12, fill });
    }
    y += (i > 0 ? height : 70) + 12;
  }
}

const screens = [...PHONES, ...PHONES.slice(0, 3), ...DESKTOPS.slice(0, 3)];

/** All of them. */
export const VIEWERS: readonly Family[] = [
  {
    name: 'viewer-plain',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice) => dice.one(screens),
    draw: drawBlack,
  },
  {
    name: 'viewer-blurred',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice) => dice.one(screens),
    draw: drawBlurred,
  },
  {
    name: 'viewer-strip',
    set: 'validation',
    pictures: true,
    photos: 9,
    format: (dice) => dice.one(screens),
    draw: drawStrip,
  },
  {
    name: 'player',
    set: 'final',
    pictures: true,
    photos: 9,
    format: (dice) => dice.one(PHONES),
    draw: drawPlayer,
  },
];

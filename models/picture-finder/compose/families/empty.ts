/**
 * Screens without any picture: lists, keys, charts, maps, tables, code.
 * @module
 */
import { scrolled } from '../flow.js';
import { DESKTOPS, type Page, PHONES } from '../page.js';
import {
  avatar,
  backdrop,
  bubble,
  icon,
  iconRow,
  inputBar,
  randomTheme,
  statusBar,
  tabBar,
  textBlock,
  titleBar,
} from '../widgets.js';
import type { Family } from './family.js';

function drawTalk(page: Page): void {
  const { dice, over } = page;
  const theme = randomTheme(page);
  backdrop(page, theme.page, dice.one(['plain', 'gradient', 'doodles']), theme.faint);
  const radius = dice.between(6, 20);
  const item = () => {
    const mine = dice.chance(0.5);
    const look = {
      fill: mine ? theme.accent : theme.surface,
      ink: mine ? '#fff' : theme.ink,
      radius,
      size: 16,
    };
    return bubble(page, mine ? page.width - 12 : 12, mine, page.width * 0.74, look);
  };
  scrolled(page, { ...page.bounds, top: 100, height: page.height - 190 }, item(), item, dice.between(4, 16));
  titleBar(page, over, statusBar(page, over, theme.surface, theme.ink), theme);
  inputBar(page, over, theme);
}

function drawRows(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const step = dice.whole(48, 84);
  const people = dice.chance(0.5);
  for (let y = 110; y < page.height; y += step) {
    if (people) avatar(page, under, 36, y + step / 2, step * 0.34);
    else icon(page, under, 22, y + step / 2 - 12, 24, theme.accent);
    under.text(74, y + step * 0.45, writer.name(), { size: 16, fill: theme.ink });
    under.text(74, y + step * 0.45 + 18, writer.line(page.width - 160, 13), { size: 13, fill: theme.faint });
    if (dice.chance(0.4))
      under.rect(
        { left: page.width - 64, top: y + step / 2 - 14, width: 48, height: 28 },
        { fill: theme.accent },
        14,
      );
    under.rect({ left: 70, top: y + step - 1, width: page.width - 70, height: 1 }, { fill: theme.line });
  }
  titleBar(page, over, statusBar(page, over, theme.surface, theme.ink), theme);
  if (dice.chance(0.5)) tabBar(page, over, theme);
}

function drawKeys(page: Page): void {
  const { dice, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  statusBar(page, under, theme.page, theme.ink);
  const [columns, rows] = dice.one([
    [3, 4],
    [4, 5],
    [10, 4],
    [7, 6],
  ] as const);
  const gap = dice.whole(3, 14);
  const cell = (page.width - gap * (columns + 1)) / columns;
  const height = Math.min(cell * dice.between(0.7, 1.3), 90);
  const top = page.height - rows * (height + gap) - 30;
  const round = dice.one([0, 6, 40]);
  for (let i = 0; i < columns * rows; i++) {
    const left = gap + (i % columns) * (cell + gap);
    const y = top + Math.floor(i / columns) * (height + gap);
    const fill = dice.chance(0.2) ? theme.accent : theme.surface;
    under.rect({ left, top: y, width: cell, height }, { fill }, round);
    under.text(left + cell / 2, y + height / 2 + 7, writer.words(1).charAt(0), {
      size: 20,
      anchor: 'middle',
      fill: theme.ink,
    });
  }
  under.text(page.width - 24, top - 30, String(dice.whole(1, 999_999)), {
    size: 48,
    anchor: 'end',
    fill: theme.ink,
  });
}

function drawHome(page: Page): void {
  const { dice, under, writer } = page;
  backdrop(page, '#246', dice.one(['gradient', 'gradient', 'plain']), '#fff');
  statusBar(page, under, '#0000', '#fff');
  const step = page.width / 4;
  for (let y = 70; y < page.height - 60; y += step * 1.15) {
    for (let i = 0; i < 4; i++) {
      if (dice.chance(0.1)) continue;
      const side = step * 0.66;
      const at = { left: i * step + step * 0.17, top: y, width: side, height: side };
      under.rect(
        at,
        { fill: `hsl(${dice.whole(0, 359)} ${dice.whole(0, 90)}% ${dice.whole(30, 95)}%)` },
        side * 0.22,
      );
      icon(page, under, at.left + side * 0.2, y + side * 0.2, side * 0.6, dice.one(['#fff', '#fff', '#333']));
      under.text(at.left + side / 2, y + side + 15, writer.words(1), {
        size: 11,
        anchor: 'middle',
        fill: '#fff',
      });
    }
  }
}

function drawText(page: Page): void {
  const { dice, under } = page;
  const theme = randomTheme(page, dice.chance(0.2));
  under.rect(page.bounds, { fill: theme.page });
  const margin = page.width * dice.between(0.05, 0.15);
  const size = dice.between(11, 17);
  const columns = page.width > 900 ? dice.whole(1, 3) : 1;
  const width = (page.width - margin * (columns + 1)) / columns;
  for (let c = 0; c < columns; c++) {
    for (let y = margin; y < page.height - 40; ) {
      const lines = dice.whole(2, 9);
      y +=
        textBlock(
          page,
          under,
          { left: margin + c * (width + margin), top: y, width },
          lines,
          size,
          theme.ink,
        ) + size;
    }
  }
  if (dice.chance(0.4))
    under.rect(
      { left: margin, top: page.height * 0.4, width, height: page.height * dice.between(0.1, 0.3) },
      { fill: dice.one([theme.surface, theme.accent]) },
    );
}

function drawChart(page: Page): void {
  const { dice, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  under.text(40, 60, writer.words(3), { size: 24, weight: 'bold', fill: theme.ink });
  const area = { left: 60, top: 90, width: page.width - 100, height: page.height * 0.5 };
  const bars = dice.whole(4, 24);
  const kind = dice.one(['bars', 'line', 'pie', 'heat'] as const);
  const hue = dice.whole(0, 359);
  if (kind === 'pie') {
    const radius = Math.min(area.width, area.height) / 2.4;
    let from = 0;
    while (from < 6.2) {
      const to = Math.min(6.283, from + dice.between(0.3, 1.8));
      const [x1, y1, x2, y2] = [Math.cos(from), Math.sin(from), Math.cos(to), Math.sin(to)].map(
        (v) => v * radius,
      );
      const d = `M0 0L${x1} ${y1}A${radius} ${radius} 0 ${to - from > Math.PI ? 1 : 0} 1 ${x2} ${y2}z`;
      under.path(
        d,
        { fill: `hsl(${dice.whole(0, 359)} 60% 55%)` },
        area.left + area.width / 2,
        area.top + area.height / 2,
      );
      from = to;
    }
  }
  let line = '';
  for (let i = 0; i < bars; i++) {
    const height = area.height * dice.between(0.05, 1);
    const width = area.width / bars;
    const left = area.left + i * width;
    const top = area.top + area.height - height;
    if (kind === 'bars')
      under.rect({ left, top, width: width * 0.7, height }, { fill: `hsl(${hue + i * 8} 60% 50%)` });
    if (kind === 'line') line += `${i === 0 ? 'M' : 'L'}${left} ${top}`;
    for (let r = 0; kind === 'heat' && r < 8; r++) {
      const cell = { left, top: area.top + (r * area.height) / 8, width, height: area.height / 8 };
      under.rect(cell, { fill: `hsl(${hue} 70% ${dice.whole(20, 90)}%)` });
    }
  }
  if (line) under.path(line, { stroke: theme.accent, strokeWidth: 3 });
  for (let i = 0; i <= 5; i++) {
    under.rect(
      { left: area.left, top: area.top + (i * area.height) / 5, width: area.width, height: 1 },
      { fill: theme.line },
    );
  }
  textBlock(
    page,
    under,
    { left: 40, top: area.top + area.height + 40, width: page.width - 80 },
    4,
    14,
    theme.faint,
  );
}

function drawMap(page: Page): void {
  const { dice, over, under, writer } = page;
  under.rect(page.bounds, { fill: dice.one(['#e8e4d8', '#f2efe9', '#242f3e']) });
  for (let i = 0; i < 14; i++) {
    const at = { left: dice.between(-80, page.width), top: dice.between(-80, page.height) };
    const size = { width: dice.between(30, 220), height: dice.between(30, 220) };
    under.rect(
      { ...at, ...size },
      { fill: dice.one(['#c8e6b8', '#aad3df', '#d9d0c9', '#dddddd']) },
      dice.one([0, 10, 40]),
    );
  }
  for (let i = 0; i < 22; i++) {
    const d = `M${dice.between(-50, page.width)} ${dice.between(-50, page.height)}q${dice.between(-200, 200)} ${dice.between(-200, 200)} ${dice.between(-600, 600)} ${dice.between(-600, 600)}`;
    under.path(d, {
      stroke: dice.one(['#fff', '#fff', '#f9d27a', '#fcb']),
      strokeWidth: dice.between(2, 12),
    });
  }
  for (let i = 0; i < 16; i++) {
    under.text(dice.between(0, page.width), dice.between(0, page.height), writer.words(1), {
      size: dice.between(9, 18),
      fill: '#555',
    });
  }
  over.rect({ left: 16, top: 56, width: page.width - 32, height: 46 }, { fill: '#fff' }, 23);
  over.text(56, 85, writer.words(2), { size: 16, fill: '#777' });
}

function drawSheet(page: Page): void {
  const { dice, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.2));
  under.rect(page.bounds, { fill: theme.page });
  under.rect({ left: 0, top: 0, width: page.width, height: 70 }, { fill: theme.surface });
  iconRow(page, under, { left: 0, top: 30, width: page.width * 0.7, height: 36 }, 16, 18, theme.ink);
  const step = { x: dice.whole(60, 120), y: dice.whole(18, 26) };
  for (let y = 70; y < page.height; y += step.y) {
    under.rect({ left: 0, top: y, width: page.width, height: 1 }, { fill: theme.line });
    for (let x = 40; x < page.width; x += step.x) {
      if (y === 70) under.rect({ left: x, top: 70, width: 1, height: page.height }, { fill: theme.line });
      if (dice.chance(0.04))
        under.rect({ left: x, top: y, width: step.x, height: step.y }, { fill: theme.accent, opacity: 0.5 });
      const text = dice.chance(0.5) ? String(dice.whole(0, 99_999)) : writer.words(1);
      if (dice.chance(0.7)) under.text(x + 5, y + step.y - 6, text, { size: 12, fill: theme.ink });
    }
  }
}

function drawCalendar(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  titleBar(page, over, statusBar(page, over, theme.surface, theme.ink), theme);
  const width = page.width / 7;
  const height = (page.height - 180) / 6;
  for (let i = 0; i < 42; i++) {
    const at = { left: (i % 7) * width, top: 110 + Math.floor(i / 7) * height, width, height };
    under.rect(at, { fill: dice.chance(0.05) ? theme.surface : 'none', stroke: theme.line });
    under.text(at.left + 6, at.top + 18, String((i % 31) + 1), { size: 13, fill: theme.ink });
    for (let e = 0; e < dice.whole(0, 3); e++) {
      const slot = { left: at.left + 2, top: at.top + 24 + e * 17, width: width - 4, height: 15 };
      under.rect(slot, { fill: `hsl(${dice.whole(0, 359)} 60% 60%)` }, 3);
      under.text(slot.left + 3, slot.top + 11, writer.words(1).slice(0, 6), { size: 9, fill: '#fff' });
    }
  }
}

function drawCode(page: Page): void {
  const { dice, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.75));
  under.rect(page.bounds, { fill: theme.page });
  const left = page.width * dice.between(0, 0.22);
  under.rect({ left: 0, top: 0, width: left, height: page.height }, { fill: theme.surface });
  for (let y = 40, n = 1; y < page.height; y += 20, n++) {
    under.text(left + 34, y, String(n), {
      size: 13,
      anchor: 'end',
      fill: theme.faint,
      font: 'DejaVu Sans Mono',
    });
    if (left > 90 && dice.chance(0.6))
      under.text(16 + dice.whole(0, 2) * 14, y, writer.words(1), { size: 12, fill: theme.ink });
    if (dice.chance(0.15)) continue;
    let x = left + 50 + dice.whole(0, 4) * 22;
    for (let w = dice.whole(1, 8); w > 0; w--) {
      const word = writer.words(1).toLowerCase();
      const fill = dice.one([theme.ink, theme.ink, theme.accent, '#c678dd', '#98c379', '#d19a66']);
      under.text(x, y, word, { size: 13, fill, font: 'DejaVu Sans Mono' });
      x += (word.length + 1) * 8;
    }
  }
}

function empty(
  name: string,
  set: Family['set'],
  where: 'phone' | 'desktop' | 'both',
  draw: (page: Page) => void,
): Family {
  const formats = where === 'phone' ? PHONES : where === 'desktop' ? DESKTOPS : [...PHONES, ...DESKTOPS];
  return { name, set, pictures: false, photos: 4, format: (dice) => dice.one(formats), draw };
}

/** All of them. */
export const EMPTY: readonly Family[] = [
  empty('empty-chat', 'seen', 'phone', drawTalk),
  empty('empty-rows', 'seen', 'both', drawRows),
  empty('empty-keys', 'seen', 'phone', drawKeys),
  empty('empty-home', 'seen', 'phone', drawHome),
  empty('empty-text', 'seen', 'both', drawText),
  empty('empty-chart', 'seen', 'both', drawChart),
  empty('empty-map', 'validation', 'both', drawMap),
  empty('empty-sheet', 'final', 'desktop', drawSheet),
  empty('empty-calendar', 'final', 'both', drawCalendar),
  empty('empty-code', 'final', 'desktop', drawCode),
];

/**
 * Pieces that many screens share: bars, icons, avatars, bubbles, blocks of text.
 * @module
 */
import { type Drawing, type Rect, textWidth } from './drawing.js';
import type { Item } from './flow.js';
import type { Page, Theme } from './page.js';

/** Outlines in a box of 24 x 24. */
const ICONS = [
  'M12 21C4 14 2 11 2 8a5 5 0 0 1 10-2a5 5 0 0 1 10 2c0 3-2 6-10 13z',
  'M3 12a9 8 0 1 1 4 7l-4 2z',
  'M3 11L22 3l-6 18l-4-8z',
  'M10 4a6 6 0 1 1 0 12a6 6 0 1 1 0-12M15 15l6 6',
  'M3 11l9-8l9 8v10h-6v-6h-6v6H3z',
  'M12 4v16M4 12h16',
  'M4 7h16M4 12h16M4 17h16',
  'M15 4l-8 8l8 8',
  'M9 4l8 8l-8 8',
  'M6 18v-7a6 6 0 0 1 12 0v7zM10 21h4',
  'M3 8h4l2-3h6l2 3h4v12H3zM12 10a4 4 0 1 1 0 8a4 4 0 1 1 0-8',
  'M6 4h12v16l-6-4l-6 4z',
  'M4 4h7v7H4zM13 4h7v7h-7zM4 13h7v7H4zM13 13h7v7h-7z',
  'M8 5l11 7l-11 7z',
  'M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18M8 10v.1M16 10v.1M8 15q4 3 8 0',
] as const;

/** @returns colours of a light or dark app with a hue of its own */
export function randomTheme(page: Page, dark = page.dice.chance(0.4)): Theme {
  const { dice } = page;
  const hue = dice.whole(0, 359);
  const tint = dice.one([0, 0, 8, 20]);
  const accent = `hsl(${dice.whole(0, 359)} 75% ${dice.whole(40, 55)}%)`;
  return dark
    ? {
        dark,
        page: `hsl(${hue} ${tint}% ${dice.one([0, 5, 8, 11])}%)`,
        surface: `hsl(${hue} ${tint}% ${dice.whole(12, 20)}%)`,
        ink: '#f2f2f2',
        faint: '#8d8d93',
        line: `hsl(${hue} ${tint}% 24%)`,
        accent,
      }
    : {
        dark,
        page: `hsl(${hue} ${tint}% ${dice.one([100, 100, 98, 96])}%)`,
        surface: `hsl(${hue} ${tint}% ${dice.whole(91, 97)}%)`,
        ink: '#141414',
        faint: '#808085',
        line: `hsl(${hue} ${tint}% 86%)`,
        accent,
      };
}

/** Draws an icon of `size` points with its upper left corner at (x, y). */
export function icon(page: Page, layer: Drawing, x: number, y: number, size: number, colour: string): void {
  const filled = page.dice.chance(0.25);
  layer.path(
    page.dice.one(ICONS),
    { fill: filled ? colour : 'none', stroke: colour, strokeWidth: page.dice.between(1.5, 2.2) },
    x,
    y,
    size / 24,
  );
}

/** Draws icons spread over a row. */
export function iconRow(
  page: Page,
  layer: Drawing,
  row: Rect,
  count: number,
  size: number,
  colour: string,
): void {
  for (let i = 0; i < count; i++) {
    const x = row.left + (row.width * (i + 0.5)) / count - size / 2;
    icon(page, layer, x, row.top + (row.height - size) / 2, size, colour);
  }
}

/** Draws the phone's own bar: clock, signal, battery. @returns its height */
export function statusBar(page: Page, layer: Drawing, background: string, ink: string): number {
  const { dice, writer, width } = page;
  const height = dice.whole(22, 47);
  layer.rect({ left: 0, top: 0, width, height }, { fill: background });
  const base = height - 8;
  layer.text(dice.between(12, 34), base, writer.clock(), { size: 14, weight: 'bold', fill: ink });
  const right = width - dice.between(12, 30);
  layer.rect({ left: right - 24, top: base - 10, width: 22, height: 10 }, { stroke: ink, fill: 'none' }, 2);
  layer.rect({ left: right - 22, top: base - 8, width: dice.between(4, 18), height: 6 }, { fill: ink }, 1);
  for (let i = 0; i < 4; i++) {
    layer.rect(
      { left: right - 50 + i * 5, top: base - 3 - i * 2, width: 3, height: 3 + i * 2 },
      { fill: ink },
    );
  }
  return height;
}

/** Draws a head bar below `top` with an arrow, perhaps an avatar, a title, icons. @returns its height */
export function titleBar(
  page: Page,
  layer: Drawing,
  top: number,
  theme: Theme,
  fill = theme.surface,
): number {
  const { dice, writer, width } = page;
  const height = dice.whole(44, 60);
  const ink = fill === theme.accent ? '#ffffff' : theme.ink;
  const middle = top + height / 2;
  layer.rect({ left: 0, top, width, height }, { fill });
  icon(page, layer, 12, middle - 11, 22, ink);
  let x = 46;
  if (dice.chance(0.6)) {
    avatar(page, layer, x + 17, middle, 17);
    x += 44;
  }
  const second = dice.chance(0.5);
  layer.text(x, middle + (second ? -2 : 6), writer.name(), { size: 17, weight: 'bold', fill: ink });
  if (second) layer.text(x, middle + 15, writer.words(3), { size: 12, fill: theme.faint });
  const icons = dice.whole(1, 3);
  iconRow(page, layer, { left: width - 42 * icons, top, width: 40 * icons, height }, icons, 22, ink);
  if (dice.chance(0.5))
    layer.rect({ left: 0, top: top + height - 1, width, height: 1 }, { fill: theme.line });
  return height;
}

/** Draws the bar that one types into. @returns its height */
export function inputBar(page: Page, layer: Drawing, theme: Theme): number {
  const { dice, writer, width } = page;
  const foot = dice.chance(0.5) ? 30 : 0;
  const height = dice.whole(48, 60) + foot;
  const top = page.height - height;
  const row = height - foot;
  layer.rect({ left: 0, top, width, height }, { fill: dice.chance(0.5) ? theme.surface : theme.page });
  layer.rect(
    { left: 50, top: top + 8, width: width - 100, height: row - 16 },
    { fill: theme.dark ? theme.line : '#ffffff', stroke: theme.line },
    dice.one([6, 18, 22]),
  );
  layer.text(66, top + row / 2 + 5, writer.words(2), { size: 15, fill: theme.faint });
  icon(page, layer, 14, top + row / 2 - 12, 24, theme.faint);
  layer.circle(width - 25, top + row / 2, 17, { fill: theme.accent });
  icon(page, layer, width - 34, top + row / 2 - 9, 18, '#ffffff');
  if (foot > 0) homeLine(page, layer, theme);
  return height;
}

/** Draws a row of tabs at the foot. @returns its height */
export function tabBar(page: Page, layer: Drawing, theme: Theme): number {
  const { dice, width } = page;
  const foot = dice.chance(0.5) ? 26 : 0;
  const height = dice.whole(46, 60) + foot;
  const top = page.height - height;
  layer.rect({ left: 0, top, width, height }, { fill: dice.chance(0.5) ? theme.surface : theme.page });
  layer.rect({ left: 0, top, width, height: 1 }, { fill: theme.line });
  iconRow(page, layer, { left: 0, top, width, height: height - foot }, dice.whole(3, 5), 25, theme.ink);
  if (foot > 0) homeLine(page, layer, theme);
  return height;
}

/** Draws the line at a phone's lower edge. */
export function homeLine(page: Page, layer: Drawing, theme: Theme): void {
  const left = page.width * 0.32;
  layer.rect(
    { left, top: page.height - 13, width: page.width - 2 * left, height: 5 },
    { fill: theme.ink },
    2.5,
  );
}

/** Draws a person's round picture: a letter, a figure or a gradient, now and then a photo. */
export function avatar(page: Page, layer: Drawing, x: number, y: number, radius: number): void {
  const { dice, writer } = page;
  if (layer === page.under && dice.chance(0.35)) {
    const slot = { left: x - radius, top: y - radius, width: 2 * radius, height: 2 * radius };
    page.place(page.others(1)[0], slot, { radius, counts: false });
    return;
  }
  const hue = dice.whole(0, 359);
  layer.circle(x, y, radius, { fill: `hsl(${hue} ${dice.whole(20, 70)}% ${dice.whole(35, 75)}%)` });
  if (dice.chance(0.5)) {
    const size = radius * 1.1;
    layer.text(x, y + size * 0.36, writer.words(1).charAt(0), { size, anchor: 'middle', fill: '#ffffff' });
  } else {
    const fill = `hsl(${hue} 30% 88%)`;
    layer.circle(x, y - radius * 0.25, radius * 0.36, { fill });
    layer.path('M-7 7a7 7 0 0 1 14 0z', { fill }, x, y + radius * 0.15, radius / 11);
  }
}

/** Sets lines of text from `top` on, the last one shorter. @returns their height */
export function textBlock(
  page: Page,
  layer: Drawing,
  at: { readonly left: number; readonly top: number; readonly width: number },
  lines: number,
  size: number,
  colour: string,
  font = page.font,
): number {
  const step = size * 1.35;
  for (let i = 0; i < lines; i++) {
    const width = i === lines - 1 ? at.width * page.dice.between(0.3, 0.95) : at.width;
    layer.text(at.left, at.top + step * i + size, page.writer.line(width, size), {
      size,
      fill: colour,
      font,
    });
  }
  return lines * step;
}

/** How a messenger paints what somebody wrote. */
export interface BubbleStyle {
  readonly fill: string;
  readonly ink: string;
  readonly radius: number;
  readonly size: number;
}

/**
 * A bubble with text.
 * @param page - drawn on
 * @param edge - the side that it hangs on: the right one if it is one's own
 * @param mine - one's own
 * @param most - width
 * @param style - look
 */
export function bubble(page: Page, edge: number, mine: boolean, most: number, style: BubbleStyle): Item {
  const { dice, under, writer } = page;
  const { size } = style;
  const lines = dice.one([1, 1, 1, 2, 2, 3, 5]);
  const texts = Array.from({ length: lines }, (_, i) => {
    const share = lines === 1 || i === lines - 1 ? dice.between(0.15, 0.95) : 1;
    return writer.line((most - 24) * share, size);
  });
  const width = Math.min(most, Math.max(...texts.map((text) => textWidth(text, size))) + 28);
  const height = lines * size * 1.3 + 16;
  const left = mine ? edge - width : edge;
  return {
    height,
    draw(top) {
      under.rect({ left, top, width, height }, { fill: style.fill }, Math.min(style.radius, height / 2));
      texts.forEach((text, i) => {
        under.text(left + 12, top + 8 + size * (1 + 1.3 * i), text, { size, fill: style.ink });
      });
    },
  };
}

/** Fills the page with a wallpaper of the app: plain, a gradient, or small doodles. */
export function backdrop(
  page: Page,
  fill: string,
  kind: 'plain' | 'gradient' | 'doodles',
  ink: string,
): void {
  const { dice, under } = page;
  under.rect(page.bounds, { fill });
  if (kind === 'gradient') {
    const hue = dice.whole(0, 359);
    const light = dice.whole(30, 85);
    under.raw(
      `<linearGradient id="b" x1="0" y1="0" x2="${dice.between(0, 1)}" y2="1"><stop offset="0" stop-color="hsl(${hue} 60% ${light}%)"/>` +
        `<stop offset="1" stop-color="hsl(${hue + dice.whole(-60, 60)} 60% ${light - dice.whole(-10, 20)}%)"/></linearGradient>`,
    );
    under.rect(page.bounds, { fill: 'url(#b)' });
  }
  if (kind === 'doodles') {
    const step = dice.between(36, 60);
    for (let y = 0; y < page.height; y += step) {
      for (let x = 0; x < page.width; x += step) {
        under.path(
          dice.one(ICONS),
          { stroke: ink, strokeWidth: 1.2, opacity: 0.35 },
          x + dice.between(0, 10),
          y + dice.between(0, 10),
          dice.between(0.6, 1.2),
          dice.whole(-40, 40),
        );
      }
    }
  }
}

/** What lies over a photo in an app: a time, a play button, a counter, a heart. */
export function badge(page: Page, slot: Rect): void {
  const { dice, over, writer } = page;
  const right = slot.left + slot.width;
  const bottom = slot.top + slot.height;
  switch (dice.one(['time', 'time', 'play', 'share', 'heart'] as const)) {
    case 'time': {
      const inset = dice.between(4, 10);
      over.rect(
        { left: right - 46 - inset, top: bottom - 18 - inset, width: 46, height: 18 },
        { fill: '#000', opacity: 0.45 },
        9,
      );
      over.text(right - 23 - inset, bottom - 5 - inset, writer.clock(), {
        size: 11,
        anchor: 'middle',
        fill: '#fff',
      });
      break;
    }
    case 'play': {
      const radius = Math.min(28, slot.width / 6, slot.height / 6);
      const [x, y] = [slot.left + slot.width / 2, slot.top + slot.height / 2];
      over.circle(x, y, radius, { fill: '#000', opacity: 0.5 });
      over.path('M-5 -8L9 0L-5 8z', { fill: '#fff' }, x, y, radius / 18);
      break;
    }
    case 'share':
      over.circle(right + 24, slot.top + slot.height / 2, 15, { fill: '#8886', opacity: 0.6 });
      icon(page, over, right + 16, slot.top + slot.height / 2 - 8, 16, '#fff');
      break;
    case 'heart':
      icon(page, over, right - 30, slot.top + 8, 20, '#fff');
  }
}

/** Something stuck over a corner or side of a photo: a star, a face, an arrow, a scribbled ring, a label. */
export function sticker(page: Page, slot: Rect): void {
  const { dice, over } = page;
  const size = dice.between(0.14, 0.3) * Math.min(slot.width, slot.height);
  const x = dice.one([slot.left, slot.left + slot.width]) + dice.between(-0.3, 0.3) * size;
  const y = dice.one([slot.top, slot.top + slot.height]) + dice.between(-0.3, 0.3) * size;
  const fill = `hsl(${dice.whole(0, 359)} 80% 55%)`;
  switch (dice.one(['star', 'face', 'arrow', 'ring', 'label'] as const)) {
    case 'star': {
      const points = Array.from({ length: 10 }, (_, i) => {
        const radius = i % 2 === 0 ? size / 2 : size / 4;
        return `${radius * Math.sin((i * Math.PI) / 5)},${-radius * Math.cos((i * Math.PI) / 5)}`;
      });
      over.path(
        `M${points.join('L')}z`,
        { fill, stroke: '#fff', strokeWidth: size / 20 },
        x,
        y,
        1,
        dice.whole(0, 359),
      );
      break;
    }
    case 'face':
      over.circle(x, y, size / 2, { fill: '#ffcc33', stroke: '#b8860b', strokeWidth: size / 40 });
      over.path('M-6 -3v.1M6 -3v.1M-6 3q6 7 12 0', { stroke: '#4e342e', strokeWidth: 2.5 }, x, y, size / 26);
      break;
    case 'arrow':
      over.path(
        'M-14 -3H2V-9L14 0L2 9V3H-14z',
        { fill, stroke: '#fff', strokeWidth: 1 },
        x,
        y,
        size / 22,
        dice.whole(0, 359),
      );
      break;
    case 'ring':
      over.raw(
        `<ellipse cx="${x}" cy="${y}" rx="${size * 0.7}" ry="${size * 0.45}" fill="none" stroke="${fill}" stroke-width="${size / 12}"/>`,
      );
      break;
    case 'label': {
      const height = size * 0.45;
      over.rect(
        { left: x - size * 0.7, top: y - height / 2, width: size * 1.4, height },
        { fill },
        dice.one([0, height / 3]),
      );
      over.text(x, y + height * 0.25, page.writer.words(1), {
        size: height * 0.65,
        anchor: 'middle',
        fill: '#fff',
        weight: 'bold',
      });
    }
  }
}

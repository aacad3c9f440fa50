/**
 * Posts, pins, stories and adverts in social apps.
 * @module
 */
import type { Rect } from '../drawing.js';
import { type Item, scrolled } from '../flow.js';
import { justifiedRows, lowest } from '../mosaic.js';
import { type Page, PHONES, type PickedPhoto, type Theme } from '../page.js';
import {
  avatar,
  backdrop,
  badge,
  icon,
  iconRow,
  randomTheme,
  statusBar,
  tabBar,
  textBlock,
  titleBar,
} from '../widgets.js';
import type { Family } from './family.js';

const HEAD = 104;
const FOOT = 84;

function view(page: Page): Rect {
  return { left: 0, top: HEAD, width: page.width, height: page.height - HEAD - FOOT };
}

function bars(page: Page, theme: Theme): void {
  const { over } = page;
  over.rect({ left: 0, top: 0, width: page.width, height: HEAD }, { fill: theme.surface });
  titleBar(page, over, statusBar(page, over, theme.surface, theme.ink), theme);
  over.rect({ left: 0, top: page.height - FOOT, width: page.width, height: FOOT }, { fill: theme.surface });
  tabBar(page, over, { ...theme, page: theme.surface });
}

/** A photo from edge to edge between a name and a row of icons. */
function fullWidthPost(page: Page, theme: Theme, photo: PickedPhoto): Item {
  const { dice, under, writer } = page;
  const area = view(page);
  const size = page.fit(photo, { left: 0, top: 0, width: page.width, height: area.height - 130 });
  const lines = dice.whole(1, 3);
  return {
    height: 56 + size.height + 48 + lines * 20 + 8,
    draw(top) {
      avatar(page, under, 30, top + 28, 17);
      under.text(58, top + 33, writer.name(), { size: 14, weight: 'bold', fill: theme.ink });
      icon(page, under, page.width - 34, top + 18, 20, theme.ink);
      const slot = { ...size, top: top + 56 };
      page.place(photo, slot, { clip: area });
      const row = { left: 0, top: slot.top + size.height, width: page.width * 0.4, height: 48 };
      iconRow(page, under, row, 3, 24, theme.ink);
      icon(page, under, page.width - 40, row.top + 12, 24, theme.ink);
      textBlock(page, under, { left: 14, top: row.top + 46, width: page.width - 28 }, lines, 14, theme.ink);
      if (dice.chance(0.15)) badge(page, slot);
    },
  };
}

/** A card: text above, one to four photos, a row of reactions. */
function cardPost(page: Page, theme: Theme, photos: readonly PickedPhoto[], inset: number): Item {
  const { dice, under, writer } = page;
  const area = view(page);
  const lines = dice.whole(0, 3);
  const above = 62 + lines * 21 + 8;
  const frame = { left: inset, top: 0, width: page.width - 2 * inset, height: area.height - above - 62 };
  const cells = justifiedRows(page, photos, frame, dice.whole(2, 5));
  const height = above + lowest(cells) + 54;
  const radius = dice.one([0, 8, 14]);
  return {
    height,
    draw(top) {
      under.rect({ left: inset / 2, top, width: page.width - inset, height }, { fill: theme.page }, inset);
      avatar(page, under, inset + 32, top + 32, 19);
      under.text(inset + 62, top + 30, writer.name(), { size: 15, weight: 'bold', fill: theme.ink });
      under.text(inset + 62, top + 47, writer.words(2), { size: 12, fill: theme.faint });
      textBlock(
        page,
        under,
        { left: inset + 14, top: top + 60, width: frame.width - 28 },
        lines,
        15,
        theme.ink,
      );
      for (const { photo, slot } of cells) {
        page.place(
          photo,
          { ...slot, top: slot.top + top + above },
          { clip: area, radius: inset > 0 ? radius : 0 },
        );
      }
      iconRow(
        page,
        under,
        { left: 0, top: top + height - 50, width: page.width, height: 44 },
        3,
        20,
        theme.faint,
      );
    },
  };
}

/** A short message with the picture in a frame with round corners, beside a column of avatars. */
function threadPost(page: Page, theme: Theme, photo: PickedPhoto): Item {
  const { dice, under, writer } = page;
  const area = view(page);
  const left = dice.whole(56, 70);
  const lines = dice.whole(1, 4);
  const size = page.fit(photo, { left: 0, top: 0, width: page.width - left - 16, height: area.height - 180 });
  const height = 30 + lines * 20 + size.height + 52;
  return {
    height,
    draw(top) {
      avatar(page, under, 32, top + 28, 20);
      under.text(left, top + 22, writer.name(), { size: 15, weight: 'bold', fill: theme.ink });
      textBlock(page, under, { left, top: top + 26, width: page.width - left - 20 }, lines, 14.5, theme.ink);
      const slot = { left, top: top + 36 + lines * 20, width: size.width, height: size.height };
      page.place(photo, slot, { radius: dice.whole(10, 18), clip: area });
      const row = { left: left - 10, top: slot.top + size.height, width: page.width - left, height: 40 };
      iconRow(page, under, row, 4, 18, theme.faint);
      under.rect({ left: 0, top: top + height - 1, width: page.width, height: 1 }, { fill: theme.line });
    },
  };
}

function feed(make: (page: Page, theme: Theme, photos: PickedPhoto[]) => Item, most: number, gap: number) {
  return (page: Page) => {
    const theme = randomTheme(page);
    page.under.rect(page.bounds, { fill: gap > 4 ? theme.line : theme.page });
    const main = make(page, theme, page.pick(page.dice.chance(0.6) ? 1 : page.dice.whole(1, most)));
    scrolled(page, view(page), main, () => make(page, theme, page.others(1)), gap);
    bars(page, theme);
  };
}

/** Two columns of pictures of different heights with a title below each. */
function drawPins(page: Page): void {
  const { dice, under } = page;
  const theme = randomTheme(page);
  under.rect(page.bounds, { fill: theme.page });
  const area = view(page);
  const gap = dice.whole(6, 14);
  const width = (page.width - 3 * gap) / 2;
  const radius = dice.whole(8, 18);
  const mainColumn = dice.whole(0, 1);
  for (let column = 0; column < 2; column++) {
    const left = gap + column * (width + gap);
    const pin = (photo: PickedPhoto): Item => {
      const size = page.fit(photo, { left: 0, top: 0, width, height: area.height - 50 });
      const lines = dice.whole(0, 2);
      return {
        height: size.height + 10 + lines * 17,
        draw(top) {
          page.place(photo, { ...size, left: left + (width - size.width) / 2, top }, { radius, clip: area });
          textBlock(
            page,
            under,
            { left: left + 4, top: top + size.height + 4, width: width - 30 },
            lines,
            12.5,
            theme.ink,
          );
        },
      };
    };
    const main = column === mainColumn ? page.subject : page.others(1)[0];
    scrolled(page, area, pin(main), () => pin(page.others(1)[0]), gap);
  }
  bars(page, theme);
}

/** A photo in the middle of a coloured page, with text and stickers around it. */
function drawStory(page: Page): void {
  const { dice, over, under, writer } = page;
  backdrop(page, '#333', 'gradient', '#fff');
  for (let i = 0, count = dice.whole(1, 5); i < count; i++) {
    const width = (page.width - 16) / count - 4;
    under.rect(
      { left: 10 + i * (width + 4), top: 14, width, height: 2.5 },
      { fill: '#fff', opacity: 0.8 },
      1,
    );
  }
  avatar(page, under, 30, 42, 16);
  under.text(56, 47, writer.name(), { size: 14, weight: 'bold', fill: '#fff' });
  const size = dice.between(0.6, 0.92);
  const frame = { left: 0, top: 80, width: page.width * size, height: page.height * 0.62 };
  const fitted = page.fit(page.subject, frame);
  const slot = {
    ...fitted,
    left: (page.width - fitted.width) * dice.between(0.3, 0.7),
    top: dice.between(80, Math.max(81, page.height - 100 - fitted.height)),
  };
  page.place(page.subject, slot, { radius: dice.one([0, 0, 10, 20]) });
  if (dice.chance(0.7)) {
    const label = writer.words(dice.whole(1, 3));
    const y = slot.top + slot.height + 34 < page.height - 80 ? slot.top + slot.height + 34 : slot.top + 30;
    over.rect(
      { left: page.width / 2 - 90, top: y - 24, width: 180, height: 34 },
      { fill: dice.one(['#fff', '#000']) },
      8,
    );
    over.text(page.width / 2, y, label, {
      size: 18,
      anchor: 'middle',
      weight: 'bold',
      fill: dice.one(['#e91e63', '#888']),
    });
  }
  over.rect({ left: 16, top: page.height - 62, width: page.width - 90, height: 42 }, { stroke: '#fff' }, 21);
  icon(page, over, page.width - 56, page.height - 54, 26, '#fff');
}

/** Something for sale: a large photo, thumbs, a price. */
function drawListing(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.2));
  under.rect(page.bounds, { fill: theme.page });
  const top = dice.whole(50, 100);
  const slot = page.fit(page.subject, { left: 0, top, width: page.width, height: page.height * 0.55 });
  page.place(page.subject, { ...slot, top });
  let y = top + slot.height + 10;
  const count = dice.whole(3, 4);
  const side = (page.width - 16 - 8 * (count - 1)) / count;
  if (dice.chance(0.6)) {
    page.others(count).forEach((photo, i) => {
      page.place(
        photo,
        { left: 8 + i * (side + 8), top: y, width: side, height: side },
        { radius: dice.one([0, 6]) },
      );
    });
    y += side + 10;
  }
  under.text(16, y + 26, `${dice.whole(1, 900)},– €`, { size: 26, weight: 'bold', fill: theme.accent });
  y += 36;
  y += textBlock(page, under, { left: 16, top: y, width: page.width - 32 }, 2, 19, theme.ink);
  textBlock(page, under, { left: 16, top: y + 8, width: page.width - 32 }, 12, 14, theme.faint);
  over.rect({ left: 0, top: 0, width: page.width, height: top }, { fill: theme.surface });
  statusBar(page, over, theme.surface, theme.ink);
  over.rect({ left: 0, top: page.height - 76, width: page.width, height: 76 }, { fill: theme.surface });
  over.rect(
    { left: 16, top: page.height - 66, width: page.width - 32, height: 44 },
    { fill: theme.accent },
    8,
  );
  over.text(page.width / 2, page.height - 38, writer.words(2), { size: 17, anchor: 'middle', fill: '#fff' });
}

function family(name: string, set: Family['set'], draw: (page: Page) => void): Family {
  return { name, set, pictures: true, photos: 12, format: (dice) => dice.one(PHONES), draw };
}

/** All of them. */
export const SOCIAL: readonly Family[] = [
  family(
    'post-full-width',
    'seen',
    feed((page, theme, photos) => fullWidthPost(page, theme, photos[0]), 1, 2),
  ),
  family(
    'post-card',
    'seen',
    feed((page, theme, photos) => cardPost(page, theme, photos, 0), 4, 10),
  ),
  family(
    'post-round',
    'seen',
    feed((page, theme, photos) => cardPost(page, theme, photos, 12), 4, 12),
  ),
  family(
    'post-thread',
    'validation',
    feed((page, theme, photos) => threadPost(page, theme, photos[0]), 1, 4),
  ),
  family('pins', 'final', drawPins),
  family('story', 'final', drawStory),
  family('listing', 'final', drawListing),
];

/**
 * Conversations on a phone.
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
  bubble,
  inputBar,
  randomTheme,
  statusBar,
  textBlock,
  titleBar,
} from '../widgets.js';
import type { Family } from './family.js';

interface ChatStyle {
  readonly backdrop: 'plain' | 'gradient' | 'doodles';
  /** Colours of one's own and of others' bubbles, light then dark. */
  readonly mine: readonly [string, string];
  readonly theirs: readonly [string, string];
  readonly page: readonly [string, string];
  readonly bubbleRadius: readonly [number, number];
  readonly photoRadius: readonly [number, number];
  /** Points between bubble and photo; 0 for photos without a bubble. */
  readonly pad: number;
  readonly avatars: boolean;
  /** Share of the page's width. */
  readonly photoWidth: readonly [number, number];
}

function photoItem(
  page: Page,
  style: ChatStyle,
  theme: Theme,
  view: Rect,
  photo: PickedPhoto,
  clip = view,
): Item {
  const { dice, under, writer } = page;
  const mine = dice.chance(0.5);
  const pick = theme.dark ? 1 : 0;
  const room = page.width * dice.between(...style.photoWidth) - 2 * style.pad;
  const size = page.fit(photo, {
    left: 0,
    top: 0,
    width: room,
    height: Math.min(view.height - 70, room * 1.6),
  });
  const caption = style.pad > 0 && dice.chance(0.4);
  const height = size.height + 2 * style.pad + (caption ? 26 : 0);
  const edge = mine ? page.width - 12 : style.avatars ? 52 : 12;
  const radius = dice.between(...style.photoRadius);
  return {
    height,
    draw(top) {
      const left = mine ? edge - size.width - 2 * style.pad : edge;
      if (style.pad > 0) {
        const fill = (mine ? style.mine : style.theirs)[pick];
        under.rect(
          { left, top, width: size.width + 2 * style.pad, height },
          { fill },
          dice.between(...style.bubbleRadius),
        );
      } else if (style.avatars && !mine) avatar(page, under, 28, top + height - 18, 16);
      const slot = { left: left + style.pad, top: top + style.pad, width: size.width, height: size.height };
      page.place(photo, slot, { radius: Math.max(0, radius - style.pad / 2), clip });
      if (caption) {
        const base = top + height - 10;
        under.text(left + style.pad + 6, base, writer.line(size.width - 20, 15), {
          size: 15,
          fill: theme.ink,
        });
      }
      if (dice.chance(0.5)) badge(page, slot);
    },
  };
}

function albumItem(page: Page, style: ChatStyle, theme: Theme, view: Rect, photos: PickedPhoto[]): Item {
  const { dice, under } = page;
  const mine = dice.chance(0.5);
  const width = page.width * Math.max(0.7, dice.between(...style.photoWidth));
  const left = mine ? page.width - 12 - width : 12;
  const frame = { left: left + style.pad, top: 0, width: width - 2 * style.pad, height: view.height - 60 };
  const cells = justifiedRows(page, photos, frame, dice.whole(1, 4));
  const height = lowest(cells) + 2 * style.pad;
  const radius = dice.one([0, 0, 4, 10]);
  return {
    height,
    draw(top) {
      const fill = (mine ? style.mine : style.theirs)[theme.dark ? 1 : 0];
      if (style.pad > 0)
        under.rect({ left, top, width, height }, { fill }, dice.between(...style.bubbleRadius));
      for (const { photo, slot } of cells) {
        page.place(photo, { ...slot, top: slot.top + top + style.pad }, { radius, clip: view });
      }
    },
  };
}

function textItem(page: Page, style: ChatStyle, theme: Theme): Item {
  const { dice, under } = page;
  const mine = dice.chance(0.5);
  const edge = mine ? page.width - 12 : style.avatars ? 52 : 12;
  const item = bubble(page, edge, mine, page.width * 0.74, {
    fill: (mine ? style.mine : style.theirs)[theme.dark ? 1 : 0],
    ink: mine && style.pad === 0 ? '#fff' : theme.ink,
    radius: dice.between(...style.bubbleRadius),
    size: dice.whole(14, 18),
  });
  return {
    height: item.height,
    draw(top) {
      item.draw(top);
      if (style.avatars && !mine) avatar(page, under, 28, top + item.height - 16, 16);
    },
  };
}

function drawChat(page: Page, style: ChatStyle): void {
  const { dice, over } = page;
  const theme = randomTheme(page);
  const ground = style.page[theme.dark ? 1 : 0];
  backdrop(
    page,
    ground,
    theme.dark && style.backdrop === 'gradient' ? 'plain' : style.backdrop,
    theme.dark ? '#444' : '#999',
  );
  const bar = dice.chance(0.3) ? theme.accent : theme.surface;
  const headHeight = 104;
  const footHeight = 90;
  const view = { left: 0, top: headHeight, width: page.width, height: page.height - headHeight - footHeight };
  // What is behind the bars is hidden, and what the bars leave free is seen.
  const clip = { ...view };
  const album = dice.chance(0.25);
  const main = album
    ? albumItem(page, style, theme, clip, page.pick(dice.whole(2, 6)))
    : photoItem(page, style, theme, clip, page.subject);
  let photosLeft = 3;
  const other = () => {
    if (photosLeft > 0 && dice.chance(0.22)) {
      photosLeft--;
      return photoItem(page, style, theme, clip, page.others(1)[0]);
    }
    return textItem(page, style, theme);
  };
  scrolled(page, view, main, other, dice.between(4, 14));
  // Bars of exactly the height that the view leaves.
  over.rect({ left: 0, top: 0, width: page.width, height: headHeight }, { fill: bar });
  const status = statusBar(page, over, bar, bar === theme.accent ? '#fff' : theme.ink);
  titleBar(page, over, status, theme, bar);
  over.rect(
    { left: 0, top: page.height - footHeight, width: page.width, height: footHeight },
    { fill: theme.surface },
  );
  inputBar(page, over, { ...theme, page: theme.surface });
}

function chat(name: string, set: Family['set'], style: ChatStyle): Family {
  return {
    name,
    set,
    pictures: true,
    photos: 10,
    format: (dice) => dice.one(PHONES),
    draw: (page) => drawChat(page, style),
  };
}

/** A group room on a phone or computer: names and text at the left, pictures in the flow, no bubbles. */
function drawRoom(page: Page): void {
  const { dice, over, under, writer } = page;
  const theme = randomTheme(page, dice.chance(0.7));
  under.rect(page.bounds, { fill: theme.page });
  const head = 92;
  const foot = 72;
  const view = { left: 0, top: head, width: page.width, height: page.height - head - foot };
  const left = 64;
  const message = (photo: PickedPhoto | null): Item => {
    const lines = dice.whole(photo ? 0 : 1, 3);
    const size = photo
      ? page.fit(photo, {
          left: 0,
          top: 0,
          width: (page.width - left - 24) * dice.between(0.6, 1),
          height: view.height * 0.6,
        })
      : { width: 0, height: 0 };
    const height = 24 + lines * 20 + size.height + 12;
    return {
      height,
      draw(top) {
        avatar(page, under, 32, top + 20, 19);
        under.text(left, top + 15, writer.name(), { size: 15, weight: 'bold', fill: theme.ink });
        under.text(left + 150, top + 15, writer.clock(), { size: 11, fill: theme.faint });
        textBlock(
          page,
          under,
          { left, top: top + 22, width: page.width - left - 30 },
          lines,
          14.5,
          theme.ink,
        );
        if (!photo) return;
        const slot = { left, top: top + 26 + lines * 20, width: size.width, height: size.height };
        page.place(photo, slot, { radius: dice.one([0, 4, 8]), clip: view });
      },
    };
  };
  let photosLeft = 2;
  const other = () => message(dice.chance(0.2) && photosLeft-- > 0 ? page.others(1)[0] : null);
  scrolled(page, view, message(page.subject), other, dice.between(6, 16));
  over.rect({ left: 0, top: 0, width: page.width, height: head }, { fill: theme.surface });
  titleBar(page, over, statusBar(page, over, theme.surface, theme.ink), { ...theme, line: theme.surface });
  over.rect({ left: 0, top: page.height - foot, width: page.width, height: foot }, { fill: theme.page });
  over.rect(
    { left: 12, top: page.height - foot + 10, width: page.width - 24, height: 42 },
    { fill: theme.surface },
    21,
  );
  over.text(30, page.height - foot + 36, writer.words(2), { size: 15, fill: theme.faint });
}

/** All of them. */
export const CHATS: readonly Family[] = [
  chat('chat-doodles', 'seen', {
    backdrop: 'doodles',
    mine: ['#d9fdd3', '#005c4b'],
    theirs: ['#ffffff', '#202c33'],
    page: ['#efe7de', '#0b141a'],
    bubbleRadius: [8, 12],
    photoRadius: [5, 10],
    pad: 3,
    avatars: false,
    photoWidth: [0.55, 0.8],
  }),
  chat('chat-plain', 'seen', {
    backdrop: 'plain',
    mine: ['#0b84fe', '#0b84fe'],
    theirs: ['#e9e9eb', '#262629'],
    page: ['#ffffff', '#000000'],
    bubbleRadius: [16, 20],
    photoRadius: [14, 22],
    pad: 0,
    avatars: false,
    photoWidth: [0.5, 0.75],
  }),
  chat('chat-avatars', 'seen', {
    backdrop: 'plain',
    mine: ['#3797f0', '#7a3cf0'],
    theirs: ['#f0f0f0', '#303030'],
    page: ['#fefefe', '#121212'],
    bubbleRadius: [10, 24],
    photoRadius: [0, 14],
    pad: 0,
    avatars: true,
    photoWidth: [0.45, 0.7],
  }),
  chat('chat-gradient', 'validation', {
    backdrop: 'gradient',
    mine: ['#effdde', '#2b5278'],
    theirs: ['#ffffff', '#182533'],
    page: ['#c8d8a8', '#0e1621'],
    bubbleRadius: [12, 16],
    photoRadius: [10, 16],
    pad: 1,
    avatars: false,
    photoWidth: [0.6, 0.85],
  }),
  {
    name: 'chat-room',
    set: 'final',
    pictures: true,
    photos: 10,
    format: (dice) => dice.one(PHONES),
    draw: drawRoom,
  },
];

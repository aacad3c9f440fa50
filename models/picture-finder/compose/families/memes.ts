/**
 * Captions, frames, stickers, a picture in a picture: pages whose shape comes from the photo.
 * @module
 */
import type { Dice } from '../dice.js';
import type { Rect } from '../drawing.js';
import type { Format, Page } from '../page.js';
import { sticker, textBlock } from '../widgets.js';
import { SERIF_FONTS } from '../words.js';
import type { Family } from './family.js';

/** A page of the photo's shape with `across` and `down` points added for a photo of about 500 points. */
function around(dice: Dice, shape: number, across: number, down: number): Format {
  const area = 500 * 500;
  const width = Math.sqrt(area * shape);
  const height = Math.sqrt(area / shape);
  return {
    width: Math.round(width + across),
    height: Math.round(height + down),
    density: dice.between(1.2, 2.2),
  };
}

/** Text in bars above, below or both. */
function drawBars(page: Page): void {
  const { dice, under, writer } = page;
  const [ground, ink] = dice.one([
    ['#fff', '#000'],
    ['#fff', '#000'],
    ['#000', '#fff'],
    [`hsl(${dice.whole(0, 359)} 60% 75%)`, '#111'],
  ]);
  under.rect(page.bounds, { fill: ground });
  const slotHeight = (page.width * page.subject.height) / page.subject.width;
  const room = page.height - slotHeight;
  const above = dice.one([1, 1, 0, 0.5, 0.6]) * room;
  const slot = { left: 0, top: above, width: page.width, height: slotHeight };
  page.place(page.subject, slot);
  for (const [top, height] of [
    [0, above],
    [above + slotHeight, room - above],
  ]) {
    if (height < 30) continue;
    const size = Math.min(34, (height - 10) / dice.one([1.4, 2.8, 2.8]));
    const lines = Math.max(1, Math.floor((height - 6) / (size * 1.35)));
    if (dice.chance(0.5))
      textBlock(page, under, { left: 14, top: top + 4, width: page.width - 28 }, lines, size, ink);
    else
      for (let i = 0; i < lines; i++) {
        const style = { size, weight: 'bold', anchor: 'middle', fill: ink } as const;
        under.text(
          page.width / 2,
          top + 4 + size * (1 + 1.35 * i),
          writer.line(page.width - 40, size),
          style,
        );
      }
  }
}

/** White letters with a black outline over the photo, and perhaps a margin around it. */
function drawOver(page: Page): void {
  const { dice, over, under, writer } = page;
  under.rect(page.bounds, { fill: dice.one(['#fff', '#000', '#222']) });
  const slot = page.fit(page.subject, page.bounds);
  page.place(page.subject, slot);
  const size = slot.width * dice.between(0.06, 0.1);
  const style = {
    size,
    weight: 'bold',
    anchor: 'middle',
    fill: '#fff',
    stroke: '#000',
    strokeWidth: size / 7,
  } as const;
  const x = page.width / 2;
  if (dice.chance(0.7))
    over.text(x, slot.top + size * 1.2, writer.line(slot.width * 0.8, size * 1.2).toUpperCase(), style);
  if (dice.chance(0.8))
    over.text(
      x,
      slot.top + slot.height - size * 0.5,
      writer.line(slot.width * 0.8, size * 1.2).toUpperCase(),
      style,
    );
}

/** A small photo with a rim in a corner of a large one. */
function drawInset(page: Page): void {
  const { dice, under } = page;
  const [inner, outer] = dice.chance(0.6)
    ? [page.subject, page.others(1)[0]]
    : [page.others(1)[0], page.subject];
  const frame = page.fit(outer, page.bounds);
  // Where the outer one is the subject, the page has its shape; else it is cut to the page.
  const outerSlot = outer.isSubject ? frame : page.bounds;
  under.rect(page.bounds, { fill: '#000' });
  page.place(outer, outerSlot);
  const share = outer.isSubject ? dice.between(0.22, 0.3) : dice.between(0.32, 0.6);
  const fitted = page.fit(inner, { left: 0, top: 0, width: page.width * share, height: page.height * share });
  const margin = dice.between(0, 24);
  const slot = {
    ...fitted,
    left: dice.chance(0.5) ? margin : page.width - margin - fitted.width,
    top: dice.chance(0.5) ? margin : page.height - margin - fitted.height,
  };
  const radius = dice.one([0, 0, 10]);
  page.place(inner, slot, { radius });
  const rim = dice.one([0, 1.5, 4, 8]);
  if (rim > 0) page.over.rect(slot, { stroke: dice.one(['#fff', '#fff', '#000']), strokeWidth: rim }, radius);
}

/** A frame of one or two colours, an instant photo, or a card with a shadow. */
function drawFrame(page: Page): void {
  const { dice, under, writer } = page;
  const ground = dice.one([
    '#fff',
    '#000',
    '#f4efe4',
    `hsl(${dice.whole(0, 359)} ${dice.whole(10, 70)}% ${dice.whole(20, 85)}%)`,
  ]);
  under.rect(page.bounds, { fill: ground });
  const margin = Math.min(page.width, page.height) * dice.between(0.03, 0.1);
  const frame = {
    left: margin,
    top: margin,
    width: page.width - 2 * margin,
    height: page.height - 2 * margin,
  };
  const instant = dice.chance(0.3);
  const slot = page.fit(page.subject, instant ? { ...frame, height: frame.height * 0.88 } : frame);
  const rim = dice.one([0, 0, 3, 10]);
  const around = grown(slot, rim);
  if (dice.chance(0.4))
    under.rect({ ...around, left: around.left + 4, top: around.top + 6 }, { fill: '#000', opacity: 0.35 });
  if (rim > 0) under.rect(around, { fill: dice.one(['#fff', '#111', '#b08d57']) });
  page.place(page.subject, slot, { radius: rim === 0 ? dice.one([0, 0, 16, 30]) : 0 });
  if (instant) {
    const y = (slot.top + slot.height + page.height) / 2 + 8;
    under.text(page.width / 2, y, writer.words(3), {
      size: 24,
      anchor: 'middle',
      fill: ground === '#000' ? '#fff' : '#333',
    });
  }
}

/** Stickers, arrows and rings over corners and sides. */
function drawStickers(page: Page): void {
  const { dice, under } = page;
  under.rect(page.bounds, { fill: dice.one(['#fff', '#000', '#ddd', `hsl(${dice.whole(0, 359)} 60% 70%)`]) });
  const margin = dice.one([0, 10, 30, 50]);
  const slot = page.fit(page.subject, {
    left: margin,
    top: margin,
    width: page.width - 2 * margin,
    height: page.height - 2 * margin,
  });
  page.place(page.subject, slot, { radius: dice.one([0, 0, 14]) });
  for (let i = dice.whole(1, 3); i > 0; i--) sticker(page, slot);
}

/** A black poster: the photo in a thin white line, a title in capitals below. */
function drawPoster(page: Page): void {
  const { dice, under, writer } = page;
  const light = dice.chance(0.15);
  const [ground, ink] = light ? ['#fff', '#000'] : ['#000', '#fff'];
  under.rect(page.bounds, { fill: ground });
  const margin = page.width * 0.08;
  const slot = page.fit(page.subject, {
    left: margin,
    top: margin,
    width: page.width - 2 * margin,
    height: page.height - margin * 2 - 84,
  });
  const gap = dice.whole(2, 5);
  const line = dice.one([1, 2, 3]);
  under.rect(grown(slot, gap + line), { fill: ink });
  under.rect(grown(slot, gap), { fill: ground });
  page.place(page.subject, slot);
  const font = dice.one(SERIF_FONTS);
  const base = slot.top + slot.height + 46;
  const x = page.width / 2;
  under.text(x, base, writer.words(2).toUpperCase(), { size: 34, anchor: 'middle', fill: ink, font });
  under.text(x, base + 32, writer.line(page.width * 0.7, 15), {
    size: 15,
    anchor: 'middle',
    fill: ink,
    font,
  });
}

function grown({ left, top, width, height }: Rect, by: number): Rect {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by };
}

/** All of them. */
export const MEMES: readonly Family[] = [
  {
    name: 'caption-bars',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice, shape) => around(dice, shape, 0, dice.between(50, 200)),
    draw: drawBars,
  },
  {
    name: 'caption-over',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice, shape) => around(dice, shape, dice.one([0, 0, 40]), dice.one([0, 0, 60, 120])),
    draw: drawOver,
  },
  {
    name: 'inset',
    set: 'seen',
    pictures: true,
    photos: 2,
    format: (dice, shape) => around(dice, shape, 0, 0),
    draw: drawInset,
  },
  {
    name: 'frame',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice, shape) => around(dice, shape, dice.between(20, 120), dice.between(20, 120)),
    draw: drawFrame,
  },
  {
    name: 'stickers',
    set: 'seen',
    pictures: true,
    photos: 1,
    format: (dice, shape) => around(dice, shape, dice.one([0, 40, 100]), dice.one([0, 40, 100])),
    draw: drawStickers,
  },
  {
    name: 'poster',
    set: 'final',
    pictures: true,
    photos: 1,
    format: (dice, shape) => around(dice, shape, 90, 190),
    draw: drawPoster,
  },
];

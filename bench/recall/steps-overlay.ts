/**
 * Things put on top of a picture, drawn as shapes: no font of the machine has a say.
 * @module
 */
import { imageOf, pixelsOf } from './picture.js';
import type { Random } from './random.js';
import type { Step } from './steps-geometry.js';

/** Rows of 5 pixels each, from the top; bit 4 is the leftmost. */
const GLYPHS: Readonly<Record<string, readonly number[]>> = {
  A: [14, 17, 17, 31, 17, 17, 17],
  E: [31, 16, 16, 30, 16, 16, 31],
  H: [17, 17, 17, 31, 17, 17, 17],
  I: [14, 4, 4, 4, 4, 4, 14],
  L: [16, 16, 16, 16, 16, 16, 31],
  M: [17, 27, 21, 21, 17, 17, 17],
  N: [17, 25, 21, 19, 17, 17, 17],
  O: [14, 17, 17, 17, 17, 17, 14],
  S: [15, 16, 16, 14, 1, 1, 30],
  T: [31, 4, 4, 4, 4, 4, 4],
  W: [17, 17, 17, 21, 21, 27, 17],
  ' ': [0, 0, 0, 0, 0, 0, 0],
};

/** @returns a text as SVG squares of one unit, six units to a letter, seven high */
function letters(text: string): string {
  const squares: string[] = [];
  [...text].forEach((letter, place) => {
    GLYPHS[letter].forEach((row, y) => {
      for (let x = 0; x < 5; x++) {
        if ((row >> (4 - x)) & 1) squares.push(`M${place * 6 + x} ${y}h1v1h-1z`);
      }
    });
  });
  return squares.join('');
}

/** @returns lays SVG over the picture; `draw` gets the size and gives the inside of the svg element */
function overlay(draw: (width: number, height: number, random: Random) => string): Step {
  return (picture, random) => {
    const { width, height } = picture;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${draw(width, height, random)}</svg>`;
    return pixelsOf(imageOf(picture).composite([{ input: Buffer.from(svg) }]));
  };
}

/** A line of white text with a black outline near the lower edge, as wide as 70 % of the picture. */
export const caption: Step = overlay((width, height) => {
  const text = 'SHOW ME THIS ONE';
  const unit = (0.7 * width) / (text.length * 6);
  return `<path d="${letters(text)}" transform="translate(${0.15 * width} ${height - 10 * unit}) scale(${unit})"
    fill="#fff" stroke="#000" stroke-width="0.6" paint-order="stroke"/>`;
});

/** A round channel logo in a random corner, 14 % of the shorter side. */
export const logo: Step = overlay((width, height, random) => {
  const size = 0.14 * Math.min(width, height);
  const x = random() < 0.5 ? size * 0.2 : width - size * 1.2;
  const y = random() < 0.5 ? size * 0.2 : height - size * 1.2;
  return `<g transform="translate(${x} ${y}) scale(${size / 100})" opacity="0.9"><circle cx="50" cy="50" r="50" fill="#1565c0"/>
    <path d="M38 26L76 50L38 74z" fill="#fff"/></g>`;
});

/** A laughing face somewhere, 22 % of the shorter side across. */
export const emoji: Step = overlay((width, height, random) => {
  const size = 0.22 * Math.min(width, height);
  return `<g transform="translate(${random() * (width - size)} ${random() * (height - size)}) scale(${size / 100})">
    <circle cx="50" cy="50" r="49" fill="#ffcc33" stroke="#b8860b" stroke-width="2"/>
    <path d="M20 42q10-14 22 0M58 42q10-14 22 0" fill="none" stroke="#4e342e" stroke-width="6"/>
    <path d="M20 56h60a30 30 0 0 1-60 0z" fill="#4e342e"/><path d="M30 72a24 24 0 0 0 40 0q-20-10-40 0z" fill="#e53935"/></g>`;
});

/** A star with a white rim around the middle, 34 % of the shorter side across, turned at random. */
export const sticker: Step = overlay((width, height, random) => {
  const size = 0.34 * Math.min(width, height);
  const x = width * (0.3 + 0.4 * random());
  const y = height * (0.3 + 0.4 * random());
  const points = Array.from({ length: 10 }, (_, i) => {
    const radius = i % 2 === 0 ? 0.5 : 0.24;
    return `${radius * Math.sin((i * Math.PI) / 5)},${-radius * Math.cos((i * Math.PI) / 5)}`;
  });
  return `<polygon points="${points.join(' ')}" transform="translate(${x} ${y}) rotate(${random() * 360}) scale(${size})"
    fill="#d81b60" stroke="#fff" stroke-width="0.06" stroke-linejoin="round"/>`;
});

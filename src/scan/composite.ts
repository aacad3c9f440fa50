/**
 * Transparent pictures on a background.
 * @module
 */
import type { DecodedImage } from './types.js';

/**
 * @param rgba - whole pixels
 * @returns a word for each: a view, or a copy where the bytes lie unaligned
 */
export function pixelWords(rgba: Uint8Array | Uint8ClampedArray): Uint32Array {
  const aligned = rgba.byteOffset % 4 === 0 ? rgba : rgba.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

/**
 * @param rgba - whole pixels
 * @returns whether any of them has an alpha below 255
 */
export function hasTransparency(rgba: Uint8Array | Uint8ClampedArray): boolean {
  const words = pixelWords(rgba);
  let all = 0xffffffff;
  for (let i = 0; i < words.length; i++) all &= words[i];
  // Alpha is the fourth byte in memory, the highest of a word on every platform of today (little-endian).
  return all >>> 24 !== 255;
}

/**
 * The picture over an opaque grey: (c · alpha + grey · (255 − alpha)) / 255, rounded.
 * @param image - with alpha, not premultiplied
 * @param grey - 0 to 255
 * @returns an opaque picture; closing it does nothing
 */
export function composited(image: DecodedImage, grey: number): DecodedImage {
  return {
    width: image.width,
    height: image.height,
    mayHaveAlpha: false,
    isGrey: image.isGrey === true,
    readRows: (y, count) => over(image.readRows(y, count), grey),
    close: () => {},
  };
}

function over(rgba: Uint8Array | Uint8ClampedArray, grey: number): Uint8Array {
  const out = new Uint8Array(rgba.length);
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    const under = grey * (255 - alpha) + 127;
    out[i] = Math.floor((rgba[i] * alpha + under) / 255);
    out[i + 1] = Math.floor((rgba[i + 1] * alpha + under) / 255);
    out[i + 2] = Math.floor((rgba[i + 2] * alpha + under) / 255);
    out[i + 3] = 255;
  }
  return out;
}

/**
 * Decodes BMP files, which `sharp` doesn't: all kinds that browsers decode, held to what Chromium makes of
 * them.
 *
 * Headers of OS/2 1.x and 2.x and of Windows 3 to 5; 1, 2, 4, 8, 16, 24 and 32 bits a pixel; palettes, bit fields
 * with or without alpha, RLE4, RLE8 and RLE24; rows from the bottom up or from the top down. Not: JPEG or PNG inside
 * a BMP, the fax coding of OS/2, 64 bits a pixel.
 *
 * Source: Microsoft, "Bitmap Storage" (BITMAPCOREHEADER to BITMAPV5HEADER).
 * @module
 */
import { CheckFailure } from '../scan/types.js';
import { type BmpHeader, OPAQUE, readBmpHeader } from './bmp-header.js';

/** A decoded BMP. */
export interface BmpImage {
  width: number;
  height: number;
  /** `width * height * 4` bytes, row-major from the top, not premultiplied. */
  rgba: Uint8Array;
  mayHaveAlpha: boolean;
}

/**
 * @param bytes - a BMP file
 * @param maxPixels - larger pictures are refused before anything is allocated
 * @returns its pixels
 * @throws CheckFailure `undecodable` for a damaged file, `unsupported` for a kind that is not decoded, `too-large`
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): BmpImage {
  const header = readBmpHeader(bytes);
  const { width, height, bits, compression } = header;
  if (width * height > maxPixels) throw new CheckFailure('too-large', `${width} x ${height} pixels`);
  if (compression === 'rle') return decodeRle(bytes, header);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  if (header.pixelOffset + rowBytes * height > bytes.length) {
    throw new CheckFailure('undecodable', 'the BMP file ends before its last row');
  }
  if (bits <= 8) return decodeIndexed(bytes, header, rowBytes);
  return decodeDirect(bytes, header, rowBytes);
}

function rowOf(header: BmpHeader, storedRow: number): number {
  return header.topDown ? storedRow : header.height - 1 - storedRow;
}

function words(header: BmpHeader): Uint32Array<ArrayBuffer> {
  return new Uint32Array(header.width * header.height);
}

function result(header: BmpHeader, pixels: Uint32Array<ArrayBuffer>, mayHaveAlpha: boolean): BmpImage {
  return { width: header.width, height: header.height, rgba: new Uint8Array(pixels.buffer), mayHaveAlpha };
}

function decodeIndexed(bytes: Uint8Array, header: BmpHeader, rowBytes: number): BmpImage {
  const { width, height, bits, palette, pixelOffset } = header;
  const out = words(header);
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  for (let row = 0; row < height; row++) {
    const from = pixelOffset + row * rowBytes;
    const to = rowOf(header, row) * width;
    for (let x = 0; x < width; x++) {
      const shift = 8 - bits * ((x % perByte) + 1);
      out[to + x] = palette[(bytes[from + Math.floor(x / perByte)] >> shift) & mask];
    }
  }
  return result(header, out, false);
}

function decodeDirect(bytes: Uint8Array, header: BmpHeader, rowBytes: number): BmpImage {
  const { width, height, bits, masks, pixelOffset } = header;
  const out = words(header);
  const [red, green, blue, alpha] = masks.map(channelOf);
  const pixelBytes = bits / 8;
  let anyAlpha = false;
  for (let row = 0; row < height; row++) {
    let from = pixelOffset + row * rowBytes;
    const to = rowOf(header, row) * width;
    for (let x = 0; x < width; x++, from += pixelBytes) {
      let value = bytes[from] | (bytes[from + 1] << 8);
      if (pixelBytes > 2) value |= bytes[from + 2] << 16;
      if (pixelBytes > 3) value |= bytes[from + 3] << 24;
      const a = alpha(value, 255);
      if (a !== 0) anyAlpha = true;
      out[to + x] = red(value, 0) | (green(value, 0) << 8) | (blue(value, 0) << 16) | (a << 24);
    }
  }
  const hasMask = masks[3] !== 0;
  // Many writers declare an alpha channel and leave it empty: such a picture is shown opaque.
  if (hasMask && !anyAlpha) for (let i = 0; i < out.length; i++) out[i] |= OPAQUE;
  return result(header, out, hasMask && anyAlpha);
}

/** Reads the bits of a mask out of a pixel, stretched to 0 to 255; `absent` where the mask is empty. */
function channelOf(mask: number): (pixel: number, absent: number) => number {
  if (mask === 0) return (_, absent) => absent;
  const shift = 31 - Math.clz32(mask & -mask);
  const most = mask >>> shift;
  if (most === 255) return (pixel) => (pixel >>> shift) & 255;
  if (most > 255) {
    const drop = 24 - Math.clz32(most);
    return (pixel) => ((pixel & mask) >>> shift) >>> drop;
  }
  return (pixel) => Math.round((((pixel & mask) >>> shift) * 255) / most);
}

/** RLE4, RLE8 and the RLE24 of OS/2. Pixels that the runs skip are black. */
function decodeRle(bytes: Uint8Array, header: BmpHeader): BmpImage {
  const { width, height, bits, palette, pixelOffset } = header;
  const out = words(header).fill(OPAQUE);
  const valueBytes = bits === 24 ? 3 : 1;
  let at = pixelOffset;
  let x = 0;
  let row = 0;
  /** The i-th colour of a run whose values begin at `from`. */
  const colour = (from: number, i: number): number => {
    if (bits === 24) return OPAQUE | (bytes[from] << 16) | (bytes[from + 1] << 8) | bytes[from + 2];
    if (bits === 8) return palette[bytes[from]];
    return palette[i & 1 ? bytes[from] & 15 : bytes[from] >> 4];
  };
  const put = (value: number) => {
    if (x < width && row < height) out[rowOf(header, row) * width + x] = value;
    x++;
  };
  const need = (count: number) => {
    if (at + count > bytes.length) throw new CheckFailure('undecodable', 'the BMP file ends within its runs');
  };
  while (row < height) {
    need(2);
    const count = bytes[at++];
    if (count > 0) {
      need(valueBytes);
      for (let i = 0; i < count; i++) put(colour(at, i));
      at += valueBytes;
      continue;
    }
    const code = bytes[at++];
    if (code === 1) break;
    if (code === 0) {
      x = 0;
      row++;
    } else if (code === 2) {
      need(2);
      x += bytes[at];
      row += bytes[at + 1];
      at += 2;
    } else {
      const used = bits === 4 ? (code + 1) >> 1 : code * valueBytes;
      need(used);
      for (let i = 0; i < code; i++) put(colour(at + (bits === 4 ? i >> 1 : i * valueBytes), i));
      at += used + (used & 1);
    }
  }
  return result(header, out, false);
}

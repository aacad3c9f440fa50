/**
 * One photo in every picture format that is decoded, to be cut off.
 * @module
 */
import sharp from 'sharp';
import { stdlibPhoto } from './photos.js';

/** @returns whole files by the name of their format */
export async function picturesOfEachFormat(): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const photo = sharp(stdlibPhoto('airplane-from-above')).resize(301, 211, { fit: 'fill' });
  const made = {
    jpeg: await photo.clone().jpeg().toBuffer(),
    'progressive jpeg': await photo.clone().jpeg({ progressive: true }).toBuffer(),
    png: await photo.clone().png().toBuffer(),
    'interlaced png': await photo.clone().png({ progressive: true }).toBuffer(),
    webp: await photo.clone().webp().toBuffer(),
    'lossless webp': await photo.clone().webp({ lossless: true }).toBuffer(),
    gif: await photo.clone().gif().toBuffer(),
    avif: await photo.clone().avif({ effort: 2 }).toBuffer(),
  };
  const files = Object.entries(made).map(([format, bytes]) => [format, new Uint8Array(bytes)] as const);
  return { ...Object.fromEntries(files), bmp: bitmapOf(await photo.clone().raw().toBuffer(), 301, 211) };
}

/** @returns a BMP of 24 bits a pixel, rows from the bottom up, each a multiple of 4 bytes */
function bitmapOf(rgb: Uint8Array, width: number, height: number): Uint8Array<ArrayBuffer> {
  const rowBytes = Math.ceil((width * 3) / 4) * 4;
  const bytes = new Uint8Array(54 + rowBytes * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  for (const [at, value] of [
    [2, bytes.length],
    [10, 54],
    [14, 40],
    [18, width],
    [22, height],
  ]) {
    view.setUint32(at, value, true);
  }
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [r, g, b] = rgb.subarray((y * width + x) * 3);
      bytes.set([b, g, r], 54 + (height - 1 - y) * rowBytes + x * 3);
    }
  }
  return bytes;
}

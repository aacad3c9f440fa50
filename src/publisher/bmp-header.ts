/**
 * Headers of BMP files.
 * @module
 */
import { CheckFailure } from '../scan/types.js';

/** What the pixel reader has to know. */
export interface BmpHeader {
  width: number;
  height: number;
  topDown: boolean;
  /** Bits a pixel. */
  bits: number;
  compression: 'none' | 'rle';
  /** Colours as little-endian RGBA words, 256 of them; black where the file has none. */
  palette: Uint32Array;
  /** Masks of red, green, blue and alpha within a pixel; 0 for none. */
  masks: readonly [number, number, number, number];
  /** Where the first stored row begins. */
  pixelOffset: number;
}

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
/** An opaque black pixel as a little-endian RGBA word. */
export const OPAQUE = 0xff000000;

/** Codes of the compression field. In OS/2 2.x headers 3 is a fax coding and 4 is RLE24. */
const RGB = 0;
const RLE8 = 1;
const RLE4 = 2;
const BIT_FIELDS = 3;
const OS2_RLE24 = 4;
const ALPHA_BIT_FIELDS = 6;

function damaged(message: string): never {
  throw new CheckFailure('undecodable', message);
}

function unsupported(message: string): never {
  throw new CheckFailure('unsupported', message);
}

/**
 * @param bytes - a BMP file
 * @returns its header; every offset in it lies within the file
 * @throws CheckFailure `undecodable` or `unsupported`
 */
export function readBmpHeader(bytes: Uint8Array): BmpHeader {
  if (bytes.length < FILE_HEADER_BYTES + CORE_HEADER_BYTES) damaged('the BMP file ends within its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerBytes = view.getUint32(14, true);
  const isCore = headerBytes === CORE_HEADER_BYTES;
  const isKnown = isCore || (headerBytes >= 16 && headerBytes <= 64) || [108, 124].includes(headerBytes);
  if (!isKnown) damaged('unknown size of the BMP header');
  const headerEnd = FILE_HEADER_BYTES + headerBytes;
  if (headerEnd > bytes.length) damaged('the BMP file ends within its header');
  /** A field of the header, 0 where the header is too short to have it. */
  const field = (offset: number) => (offset + 4 <= headerEnd ? view.getUint32(offset, true) : 0);

  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const code = isCore ? RGB : field(30);
  const colours = isCore ? 0 : field(46);
  const topDown = signedHeight < 0;
  const height = Math.abs(signedHeight);
  if (width < 1 || height < 1) damaged('a BMP picture without pixels');

  const isOs2 = headerBytes < INFO_HEADER_BYTES || headerBytes === 64;
  const compression = compressionOf(code, bits, isOs2);
  const masks = masksOf(view, code, bits, headerBytes);
  const masksBehind = headerBytes === INFO_HEADER_BYTES ? maskBytes(code) : 0;
  const paletteStart = headerEnd + masksBehind;
  const pixelOffset = view.getUint32(10, true);
  if (pixelOffset < paletteStart || pixelOffset > bytes.length) damaged('the BMP pixels begin out of place');
  const palette = new Uint32Array(256).fill(OPAQUE);
  if (bits <= 8) {
    const entryBytes = isCore ? 3 : 4;
    const wanted = colours === 0 ? 1 << bits : Math.min(colours, 1 << bits);
    const count = Math.min(wanted, Math.floor((pixelOffset - paletteStart) / entryBytes));
    for (let i = 0, at = paletteStart; i < count; i++, at += entryBytes) {
      palette[i] = (OPAQUE | (bytes[at] << 16) | (bytes[at + 1] << 8) | bytes[at + 2]) >>> 0;
    }
  }
  return { width, height, topDown, bits, compression, palette, masks, pixelOffset };
}

function compressionOf(code: number, bits: number, isOs2: boolean): 'none' | 'rle' {
  switch (code) {
    case RGB:
      if ([1, 2, 4, 8, 16, 24, 32].includes(bits)) return 'none';
      if (bits === 64 || bits === 0) return unsupported(`a BMP picture of ${bits} bits a pixel`);
      break;
    case RLE8:
      if (bits === 8) return 'rle';
      break;
    case RLE4:
      if (bits === 4) return 'rle';
      break;
    case BIT_FIELDS:
    case ALPHA_BIT_FIELDS:
      if (isOs2) return unsupported('an OS/2 BMP picture in fax coding');
      if (bits === 16 || bits === 32) return 'none';
      break;
    case OS2_RLE24:
      if (isOs2 && bits === 24) return 'rle';
      return unsupported('a JPEG picture inside a BMP file');
    default:
      return unsupported(`a BMP picture in coding ${code}`);
  }
  return damaged(`a BMP picture of ${bits} bits a pixel in coding ${code}`);
}

function maskBytes(code: number): number {
  if (code === BIT_FIELDS) return 12;
  return code === ALPHA_BIT_FIELDS ? 16 : 0;
}

function masksOf(view: DataView, code: number, bits: number, headerBytes: number): BmpHeader['masks'] {
  if (code === RGB) return bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0];
  if (code !== BIT_FIELDS && code !== ALPHA_BIT_FIELDS) return [0, 0, 0, 0];
  // Behind the Windows 3 header or, at the same place, in the longer ones.
  const start = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  const hasAlpha = code === ALPHA_BIT_FIELDS || headerBytes >= 56;
  if (start + (hasAlpha ? 16 : 12) > view.byteLength) damaged('the BMP file ends within its header');
  const limit = bits === 16 ? 0xffff : 0xffffffff;
  const mask = (i: number) => (view.getUint32(start + 4 * i, true) & limit) >>> 0;
  const masks = [mask(0), mask(1), mask(2), hasAlpha ? mask(3) : 0] as const;
  if (masks.some((value) => !isContiguous(value))) damaged('a BMP colour mask with gaps');
  return masks;
}

function isContiguous(mask: number): boolean {
  if (mask === 0) return true;
  const low = mask >>> (31 - Math.clz32(mask & -mask));
  return (low & (low + 1)) === 0;
}

/**
 * Animations put together frame by frame, with every disposal and blending, in GIF, APNG and WebP.
 * @module
 */
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { seededBytes } from './lists.js';

/** One frame: its own pixels, its place, and what becomes of it. */
export interface MadeFrame {
  left: number;
  top: number;
  width: number;
  height: number;
  /** RGBA, row-major. In a GIF alpha counts as 0 or 255. */
  rgba: Uint8Array;
  after?: 'keep' | 'clear' | 'restore';
  blend?: 'over' | 'replace';
}

/** Format of {@link makeAnimation}. */
export type AnimationFormat = 'gif' | 'png' | 'webp';

const bytesOf = (...pieces: (readonly number[] | Uint8Array)[]) =>
  new Uint8Array(Buffer.concat(pieces.map((piece) => Buffer.from(piece as Uint8Array))));
const le16 = (value: number) => [value & 255, value >> 8];
const le24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16];
const le32 = (value: number) => [...le16(value & 0xffff), ...le16(value >>> 16)];
const be32 = (value: number) => le32(value).reverse();

/**
 * @param format - of the file
 * @param width - of the whole picture
 * @param height - of the whole picture
 * @param frames - in their order
 * @returns the file; lossless where the format is (GIF: six shades a channel)
 */
export async function makeAnimation(
  format: AnimationFormat,
  width: number,
  height: number,
  frames: readonly MadeFrame[],
): Promise<Uint8Array<ArrayBuffer>> {
  if (format === 'gif') return makeGif(width, height, frames);
  if (format === 'png') return makeApng(width, height, frames);
  return makeWebp(width, height, frames);
}

const AFTER = ['keep', 'clear', 'restore'];
const TRANSPARENT = 216;

/** GIF with the 6 x 6 x 6 colour cube; codes of 9 bits, cleared before the table grows to 10. */
function makeGif(width: number, height: number, frames: readonly MadeFrame[]): Uint8Array<ArrayBuffer> {
  const cube = Array.from({ length: 256 }, (_, i) => [
    Math.floor(i / 36) * 51,
    (Math.floor(i / 6) % 6) * 51,
    (i % 6) * 51,
  ]).map((colour) => colour.map((c) => Math.min(255, c)));
  const pieces: (readonly number[] | Uint8Array)[] = [
    [...Buffer.from('GIF89a'), ...le16(width), ...le16(height), 0xf7, 0, 0],
    cube.flat(),
  ];
  for (const frame of frames) {
    const disposal = AFTER.indexOf(frame.after ?? 'keep') + 1;
    pieces.push([0x21, 0xf9, 4, (disposal << 2) | 1, 0, 0, TRANSPARENT, 0, 0x2c]);
    pieces.push([...le16(frame.left), ...le16(frame.top), ...le16(frame.width), ...le16(frame.height), 0, 8]);
    pieces.push(...uncompressedLzw(frame.rgba), [0]);
  }
  return bytesOf(...pieces, [0x3b]);
}

function uncompressedLzw(rgba: Uint8Array): Uint8Array[] {
  const packed: number[] = [];
  let bits = 0;
  let count = 0;
  const put = (code: number) => {
    bits |= code << count;
    for (count += 9; count >= 8; count -= 8, bits >>>= 8) packed.push(bits & 255);
  };
  for (let i = 0; i < rgba.length / 4; i++) {
    if (i % 200 === 0) put(256);
    const [r, g, b, a] = rgba.subarray(i * 4, i * 4 + 4);
    const shade = (c: number) => Math.round(c / 51);
    put(a < 128 ? TRANSPARENT : shade(r) * 36 + shade(g) * 6 + shade(b));
  }
  put(257);
  packed.push(bits & 255);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < packed.length; at += 255) {
    const block = packed.slice(at, at + 255);
    blocks.push(Uint8Array.from([block.length, ...block]));
  }
  return blocks;
}

/** @returns a PNG chunk */
export function pngChunk(type: string, body: Uint8Array | readonly number[]): Uint8Array {
  const typed = bytesOf([...Buffer.from(type)], body as Uint8Array);
  return bytesOf(be32(body.length), typed, be32(crc32(typed)));
}

function makeApng(width: number, height: number, frames: readonly MadeFrame[]): Uint8Array<ArrayBuffer> {
  let sequence = 0;
  const pieces: Uint8Array[] = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    pngChunk('IHDR', [...be32(width), ...be32(height), 8, 6, 0, 0, 0]),
    pngChunk('acTL', [...be32(frames.length), ...be32(0)]),
  ];
  frames.forEach((frame, i) => {
    const after = AFTER.indexOf(frame.after ?? 'keep');
    const rectangle = [frame.width, frame.height, frame.left, frame.top].flatMap(be32);
    const blend = (frame.blend ?? 'over') === 'over' ? 1 : 0;
    pieces.push(pngChunk('fcTL', [...be32(sequence++), ...rectangle, 0, 1, 0, 10, after, blend]));
    const rows = Buffer.alloc((frame.width * 4 + 1) * frame.height);
    for (let y = 0; y < frame.height; y++) {
      rows.set(
        frame.rgba.subarray(y * frame.width * 4, (y + 1) * frame.width * 4),
        y * (frame.width * 4 + 1) + 1,
      );
    }
    const data = deflateSync(rows);
    // In two pieces, as encoders of large frames do it.
    const half = data.length >> 1;
    for (const part of [data.subarray(0, half), data.subarray(half)]) {
      pieces.push(
        i === 0 ? pngChunk('IDAT', part) : pngChunk('fdAT', bytesOf(be32(sequence++), new Uint8Array(part))),
      );
    }
  });
  return bytesOf(...pieces, pngChunk('IEND', []));
}

async function makeWebp(
  width: number,
  height: number,
  frames: readonly MadeFrame[],
): Promise<Uint8Array<ArrayBuffer>> {
  const chunk = (type: string, body: Uint8Array) =>
    bytesOf([...Buffer.from(type)], le32(body.length), body, body.length & 1 ? [0] : []);
  const pieces = [
    chunk('VP8X', bytesOf([0x12, 0, 0, 0], le24(width - 1), le24(height - 1))),
    chunk('ANIM', new Uint8Array(6)),
  ];
  for (const frame of frames) {
    const raw = { width: frame.width, height: frame.height, channels: 4 as const };
    const still = await sharp(frame.rgba, { raw }).webp({ lossless: true, exact: true }).toBuffer();
    if (frame.after === 'restore') throw new RangeError('WebP can not restore');
    const flags = (frame.after === 'clear' ? 1 : 0) | (frame.blend === 'replace' ? 2 : 0);
    const place = [frame.left / 2, frame.top / 2, frame.width - 1, frame.height - 1, 100].flatMap(le24);
    pieces.push(chunk('ANMF', bytesOf(place, [flags], still.subarray(12))));
  }
  return chunk('RIFF', bytesOf([...Buffer.from('WEBP')], ...pieces)) as Uint8Array<ArrayBuffer>;
}

/**
 * Frames of random places, disposals and blendings over a picture of 48 x 40 pixels.
 * @param format - leaves out what it can't express
 * @param seed - equal seeds give equal frames
 * @param count - of frames
 */
export function randomFrames(format: AnimationFormat, seed: number, count = 8): MadeFrame[] {
  const random = seededBytes(count * 8, seed);
  return Array.from({ length: count }, (_, i) => {
    const [a, b, c, d, e, f] = random.subarray(i * 8);
    const left = i === 0 ? 0 : (a % 20) * 2;
    const top = i === 0 ? 0 : (b % 16) * 2;
    const width = i === 0 ? 48 : 1 + (c % (48 - left));
    const height = i === 0 ? 40 : 1 + (d % (40 - top));
    const noise = seededBytes(width * height * 4, seed * 31 + i);
    const rgba = noise.map((value, at) => {
      if (at % 4 < 3) return format === 'gif' ? Math.round(value / 51) * 51 : value;
      const choice = value % 4;
      return format === 'gif' ? (choice === 0 ? 0 : 255) : choice === 0 ? 0 : choice === 1 ? 128 : 255;
    });
    const afters = format === 'webp' ? (['keep', 'clear'] as const) : (['keep', 'clear', 'restore'] as const);
    return {
      left,
      top,
      width,
      height,
      rgba,
      after: afters[e % afters.length],
      blend: format === 'gif' || f & 1 ? ('over' as const) : ('replace' as const),
    };
  });
}

/**
 * Whole photos as frames.
 * @param photos - encoded
 * @param width - of each frame
 * @param height - of each frame
 */
export async function photoFrames(
  photos: readonly Uint8Array[],
  width = 320,
  height = 240,
): Promise<MadeFrame[]> {
  return Promise.all(
    photos.map(async (photo) => {
      const rgba = await sharp(photo).resize(width, height, { fit: 'fill' }).ensureAlpha().raw().toBuffer();
      return { left: 0, top: 0, width, height, rgba: new Uint8Array(rgba) };
    }),
  );
}

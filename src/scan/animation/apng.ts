/**
 * Cuts an animated PNG into stills: the frame's data behind a header of the frame's own size.
 *
 * Portable Network Graphics (Third Edition), 11.3.6: `fcTL`, `fdAT`. What `acTL` claims is not believed: the frames there are count.
 * @module
 */
import { walkThrough } from '../read.js';
import { joined } from './joined.js';
import type { StillFrame, StillFrames } from './types.js';

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const AFTER: readonly StillFrame['after'][] = ['keep', 'clear', 'restore'];

/** Chunks before the first frame that its pixels need. Profiles and gamma are ignored everywhere. */
const NEEDED = new Set(['PLTE', 'tRNS']);

/**
 * @param bytes - a PNG with an `acTL` chunk
 * @param maxFrames - frames after which the rest is left
 * @returns its frames; the picture for viewers without animation is one of them only where the file says so
 */
export function splitApng(bytes: Uint8Array, maxFrames: number): StillFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const split: StillFrames = { width: 0, height: 0, frames: [], cut: true };
  let ended = false;
  let header: Uint8Array = bytes.subarray(0, 0);
  const shared: Uint8Array[] = [];
  let data: Uint8Array[] | null = null;
  for (let at = SIGNATURE.length; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const end = at + 12 + length;
    if (end > bytes.length) break;
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR' && length === 13) {
      header = body;
      split.width = view.getUint32(at + 8);
      split.height = view.getUint32(at + 12);
    } else if (NEEDED.has(type)) {
      shared.push(bytes.subarray(at, end));
    } else if (type === 'fcTL' && length === 26) {
      if (split.frames.length >= maxFrames) break;
      data = [];
      split.frames.push(
        frameOf(new DataView(bytes.buffer, bytes.byteOffset + at + 8, 26), header, shared, data),
      );
    } else if (type === 'IDAT') {
      data?.push(body);
    } else if (type === 'fdAT' && length >= 4) {
      data?.push(body.subarray(4));
    } else if (type === 'IEND') {
      ended = true;
      break;
    }
    at = end;
  }
  split.cut = !ended;
  return split;
}

/** @param control - the body of an `fcTL` chunk */
function frameOf(
  control: DataView,
  header: Uint8Array,
  shared: readonly Uint8Array[],
  data: readonly Uint8Array[],
): StillFrame {
  const width = control.getUint32(4);
  const height = control.getUint32(8);
  return {
    left: control.getUint32(12),
    top: control.getUint32(16),
    width,
    height,
    after: AFTER[control.getUint8(24)] ?? 'keep',
    blend: control.getUint8(25) === 1 ? 'over' : 'replace',
    file() {
      const own = Uint8Array.from(header);
      const size = new DataView(own.buffer);
      if (own.length === 13) {
        size.setUint32(0, width);
        size.setUint32(4, height);
      }
      return joined([SIGNATURE, chunk('IHDR', [own]), ...shared, chunk('IDAT', data), chunk('IEND', [])]);
    },
  };
}

function chunk(type: string, body: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  const head = [0, 0, 0, 0, ...[...type].map((letter) => letter.charCodeAt(0))];
  const bytes = joined([head, ...body, [0, 0, 0, 0]]);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, length);
  view.setUint32(8 + length, crc32(bytes.subarray(4, 8 + length)));
  return bytes;
}

let table: Uint32Array | undefined;

/** The check of a PNG chunk (Annex D): CRC-32 of ISO/IEC 3309. */
function crc32(bytes: Uint8Array): number {
  table ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/**
 * Makes a still of a PNG that claims more frames than anybody would show: WebKit makes room for as many as `acTL` says
 * before it looks for one, and takes the page down with it.
 * @param file - a PNG
 * @param maxFrames - frames that a file may claim
 * @returns the file, or where it claims more, the picture in it for viewers without animation
 * @throws CheckFailure `unreadable`
 */
export async function withoutFalseClaim(file: Blob, maxFrames: number): Promise<Blob> {
  const walk = walkThrough(file);
  const kept: BlobPart[] = [];
  let keptTo = 0;
  let claimed = 0;
  let at = SIGNATURE.length;
  for (let inPixels = false; ; ) {
    const bytes = await walk.from(at, 12);
    if (bytes === null) return claimed > maxFrames ? new Blob([...kept, file.slice(keptTo)]) : file;
    const view = new DataView(bytes.buffer, bytes.byteOffset, 12);
    const type = String.fromCharCode(...bytes.subarray(4, 8));
    const end = at + 12 + view.getUint32(0);
    if (type === 'acTL') claimed = Math.max(claimed, view.getUint32(8));
    if (type === 'IDAT') {
      // From here on a claim comes too late to count.
      if (claimed <= maxFrames) return file;
      inPixels = true;
    } else if (inPixels || type === 'IEND') {
      break;
    } else if (type === 'acTL' || type === 'fcTL') {
      kept.push(file.slice(keptTo, at));
      keptTo = end;
    }
    at = end;
  }
  return claimed > maxFrames ? new Blob([...kept, file.slice(keptTo, at), chunk('IEND', [])]) : file;
}

/**
 * Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), which MP4 and HEIF files are made of.
 * @module
 */
import { readSlice } from './read.js';

/** A box, by its places in the file or the bytes that it was found in. */
export interface Box {
  /** Four characters. */
  type: string;
  start: number;
  /** Where its content begins. */
  body: number;
  /** After its last byte; beyond the file's end where the file was cut off. */
  end: number;
}

/** Bytes of the longest header: size, type, 64-bit size. */
const HEADER_BYTES = 16;

/** Boxes at the top of a file that are looked at; ordinary files have fewer than ten. */
const MAX_TOP_BOXES = 256;

/**
 * @param file - any file; only headers are read
 * @returns the boxes at its top, up to the first bytes that are none
 * @throws CheckFailure `unreadable`
 */
export async function topBoxes(file: Blob): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = 0; at < file.size && boxes.length < MAX_TOP_BOXES; ) {
    const box = boxAt(await readSlice(file, at, at + HEADER_BYTES), 0, file.size - at);
    if (box === null) break;
    boxes.push({ type: box.type, start: at, body: at + box.body, end: at + box.end });
    at += box.end;
  }
  return boxes;
}

/**
 * @param bytes - the content of a box, in memory
 * @param from - place of the first box in it
 * @param to - after the last one
 * @returns the boxes there, up to the first bytes that are none, or that reach beyond `to`
 */
export function* boxesIn(bytes: Uint8Array, from: number, to: number): Generator<Box, void, void> {
  for (let at = from; at < to; ) {
    const box = boxAt(bytes, at, to - at);
    if (box === null || box.end > to) return;
    yield box;
    at = box.end;
  }
}

/** @param left - bytes to the end of what holds the box, which a box of size 0 takes */
function boxAt(bytes: Uint8Array, at: number, left: number): Box | null {
  if (at + 8 > bytes.length) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
  let size = view.getUint32(at);
  let header = 8;
  if (size === 1) {
    if (at + HEADER_BYTES > bytes.length) return null;
    size = view.getUint32(at + 8) * 2 ** 32 + view.getUint32(at + 12);
    header = HEADER_BYTES;
  } else if (size === 0) size = left;
  if (size < header || !Number.isSafeInteger(at + size)) return null;
  return { type, start: at, body: at + header, end: at + size };
}

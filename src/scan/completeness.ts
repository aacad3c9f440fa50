/**
 * Tells whether a picture's file ends where its format says it ends. Engines show what there is of a file that was cut
 * off (Firefox), refuse it (Chromium), or give a blank picture (WebKit); what isn't there nobody has looked at.
 *
 * Only containers are walked, from block to block. What follows the picture's end is no concern: motion photos, further
 * pictures of an MPO and padding are ordinary. AVIF is left out: every decoder refuses it when it is cut.
 * @module
 */
import { type Walk, walkThrough } from './read.js';
import type { FileType } from './sniff.js';

/** Rounding that writers of BMP get wrong: the padding of the last row. */
const BMP_SLACK_BYTES = 4;

const CHECKS: Partial<Record<string, (walk: Walk) => Promise<boolean>>> = {
  jpeg: jpegEnds,
  png: pngEnds,
  webp: webpEnds,
  gif: gifEnds,
  bmp: bmpEnds,
};

/**
 * @param file - a picture
 * @param type - what the sniffer says of it
 * @returns true where the file ends before the picture does; false where it does not, or its format can't tell
 * @throws CheckFailure `unreadable`
 */
export async function isCutOff(file: Blob, type: Pick<FileType, 'type'>): Promise<boolean> {
  const ends = CHECKS[type.type];
  return ends !== undefined && !(await ends(walkThrough(file)));
}

/**
 * An end marker behind a scan (ITU-T T.81, B.1). Within a scan's data 0xFF is followed by 0, so that no marker can
 * appear there; a thumbnail's own markers lie within a segment, and are stepped over with it.
 */
async function jpegEnds(walk: Walk): Promise<boolean> {
  const tail = await walk.from(walk.size - 2, 2);
  if (tail?.[0] === 0xff && tail[1] === 0xd9) return true;
  let scans = 0;
  for (let at = 2; ; ) {
    const bytes = await walk.from(at, 2);
    if (bytes === null) return false;
    const mark = bytes.indexOf(0xff);
    const code = bytes[mark + 1];
    if (mark < 0) at += bytes.length;
    else if (code === undefined) at += mark;
    // Repeated 0xFF fill.
    else if (code === 0xff) at += mark + 1;
    else if (code === 0xd9 && scans > 0) return true;
    else if (code <= 0x01 || (code >= 0xd0 && code <= 0xd9)) at += mark + 2;
    else {
      const length = await walk.from(at + mark + 2, 2);
      if (length === null) return false;
      if (code === 0xda) scans++;
      at += mark + 2 + Math.max(2, (length[0] << 8) | length[1]);
    }
  }
}

/** An `IEND` chunk (PNG, Third Edition, 5.6). */
async function pngEnds(walk: Walk): Promise<boolean> {
  const isEnd = (chunk: Uint8Array) =>
    chunk[4] === 0x49 && chunk[5] === 0x45 && chunk[6] === 0x4e && chunk[7] === 0x44;
  const tail = await walk.from(walk.size - 12, 12);
  if (tail !== null && isEnd(tail)) return true;
  for (let at = 8; ; ) {
    const chunk = await walk.from(at, 12);
    if (chunk === null) return false;
    if (isEnd(chunk)) return true;
    at += 12 + uint32(chunk, 0, false);
  }
}

/** As long as its container says (RFC 9649, 2.4); some writers leave the last padding byte out. */
async function webpEnds(walk: Walk): Promise<boolean> {
  const head = await walk.from(0, 12);
  return head !== null && 8 + uint32(head, 4, true) <= walk.size + 1;
}

/** A trailer (GIF89a specification, 27). Bytes that are no block end it too: decoders stop there. */
async function gifEnds(walk: Walk): Promise<boolean> {
  const head = await walk.from(0, 13);
  if (head === null) return false;
  for (let at = 13 + colourBytes(head[10]); ; ) {
    const block = await walk.from(at, 1);
    if (block === null) return false;
    if (block[0] === 0x2c) {
      const image = await walk.from(at, 10);
      if (image === null) return false;
      at += 10 + colourBytes(image[9]) + 1;
    } else if (block[0] === 0x21) at += 2;
    else return true;
    for (let length = 1; length > 0; ) {
      const subBlock = await walk.from(at, 1);
      if (subBlock === null) return false;
      length = subBlock[0];
      at += 1 + length;
    }
  }
}

/** Room for all rows; told only of bitmaps without compression, which have no other end. */
async function bmpEnds(walk: Walk): Promise<boolean> {
  const head = await walk.from(0, 34);
  if (head === null) return false;
  const isPlain = uint32(head, 14, true) >= 40 && [0, 3].includes(uint32(head, 30, true));
  if (!isPlain) return true;
  const width = uint32(head, 18, true);
  const rows = Math.abs(uint32(head, 22, true) | 0);
  const bits = head[28] | (head[29] << 8);
  const rowBytes = Math.ceil((width * bits) / 32) * 4;
  return uint32(head, 10, true) + rowBytes * rows <= walk.size + BMP_SLACK_BYTES;
}

const colourBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

function uint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, littleEndian);
}

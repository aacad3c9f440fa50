/**
 * Finds the few seconds of video that phones put into a picture's file: motion photos.
 *
 * - Google and others: XMP in a JPEG says how long the files behind the picture are (`Container:Directory` of the Motion Photo
 *   format 1.0) or how far from the end the video begins (`GCamera:MicroVideoOffset`, before it).
 * - Samsung: a directory at the file's end ("SEF") whose entry `MotionPhoto_Data` is the video.
 * - HEIC: the box `mpvd`.
 *
 * A Live Photo of Apple is two files, of which each is scanned by itself.
 * @module
 */
import { topBoxes } from './boxes.js';
import { readSlice, walkThrough } from './read.js';
import type { FileType } from './sniff.js';

/** Bytes of a file, by places in it. */
export interface FilePart {
  start: number;
  /** After the last one. */
  end: number;
}

/** What was found. */
export interface EmbeddedVideos {
  /** Different places, the surest first. */
  videos: FilePart[];
  /** True where the file says that a video is in it, and something else is there. */
  lost: boolean;
}

/** Segments of a JPEG before its first scan that are looked at. */
const MAX_SEGMENTS = 1024;
/** Segments of XMP that are read, 64 KiB each. */
const MAX_XMP_SEGMENTS = 16;
const XMP_NAME = 'http://ns.adobe.com/xap/1.0/\0';

/** Files that a picture's directory may name. */
const MAX_ITEMS = 64;

/** A directory of Samsung's has some ten entries of 12 bytes. */
const MAX_SEF_BYTES = 64 * 1024;
const SEF_MOTION_PHOTO = 'MotionPhoto_Data';

/** `ftyp`, which begins an MP4 or QuickTime file, and the boxes that begin those without. */
const FIRST_BOXES = ['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'];

/**
 * @param file - a picture; some headers of it are read
 * @param type - what the sniffer says of it
 * @returns the videos in it
 * @throws CheckFailure `unreadable`
 */
export async function embeddedVideos(file: Blob, type: FileType): Promise<EmbeddedVideos> {
  const found: EmbeddedVideos = { videos: [], lost: false };
  const isKnown = type.type === 'jpeg' || type.type === 'heic';
  if (!isKnown) return found;
  const told = [...(await bySamsung(file))];
  if (type.type === 'jpeg') told.push(...(await byXmp(file)));
  else told.push(...(await byBox(file)));
  for (const { start, end } of told) {
    // An editor that took the video away left the word of it behind: nobody can watch what is not there.
    if (!Number.isSafeInteger(start) || start <= 0 || start + 8 > file.size) continue;
    const place = { start, end: Math.min(end, file.size) };
    if (found.videos.some((video) => video.start === start)) continue;
    if (await isVideo(file, place)) found.videos.push(place);
    else found.lost = true;
  }
  if (found.videos.length > 0) found.lost = false;
  return found;
}

async function isVideo(file: Blob, { start, end }: FilePart): Promise<boolean> {
  if (end - start < 16) return false;
  return FIRST_BOXES.includes(text(await readSlice(file, start + 4, start + 8)));
}

async function byBox(file: Blob): Promise<FilePart[]> {
  return (await topBoxes(file))
    .filter(({ type }) => type === 'mpvd')
    .slice(0, 1)
    .map(({ body, end }) => ({ start: body, end }));
}

/** The entry of a directory that the file ends with: `SEFH`, version, count, entries, length, `SEFT`; little-endian. */
async function bySamsung(file: Blob): Promise<FilePart[]> {
  if (file.size < 32) return [];
  const tail = await readSlice(file, file.size - 8, file.size);
  if (text(tail.subarray(4)) !== 'SEFT') return [];
  const length = uint32(tail, 0);
  const at = file.size - 8 - length;
  if (length < 12 || length > MAX_SEF_BYTES || at < 0) return [];
  const directory = await readSlice(file, at, at + length);
  if (text(directory.subarray(0, 4)) !== 'SEFH') return [];
  const count = Math.min(uint32(directory, 8), Math.floor((length - 12) / 12));
  for (let i = 0; i < count; i++) {
    const entry = 12 + 12 * i;
    const start = at - uint32(directory, entry + 4);
    const bytes = uint32(directory, entry + 8);
    if (start < 0 || bytes < 8 || start + bytes > at) continue;
    // Each begins with its kind and its name again.
    const head = await readSlice(file, start, start + 8 + SEF_MOTION_PHOTO.length);
    if (head.length < 8 || uint32(head, 4) !== SEF_MOTION_PHOTO.length) continue;
    if (text(head.subarray(8)) === SEF_MOTION_PHOTO)
      return [{ start: start + head.length, end: start + bytes }];
  }
  return [];
}

async function byXmp(file: Blob): Promise<FilePart[]> {
  const parts: FilePart[] = [];
  for await (const xmp of xmpOf(file)) {
    const fromEnd = /MicroVideoOffset\s*(?:=\s*["']|>)\s*(\d{1,15})(?!\d)/.exec(xmp)?.[1];
    parts.push(...byDirectory(xmp, file.size));
    if (fromEnd !== undefined) parts.push({ start: file.size - Number(fromEnd), end: file.size });
  }
  return parts;
}

/** Files lie one behind the other up to the end, the picture first, each followed by its padding. */
function byDirectory(xmp: string, fileBytes: number): FilePart[] {
  const tags = (xmp.match(/<[^<>]*>/g) ?? [])
    .filter((tag) => tag.includes('Item:Semantic'))
    .slice(0, MAX_ITEMS);
  const value = (tag: string, name: string) =>
    new RegExp(`Item:${name}\\s*=\\s*["']([^"']{0,64})["']`).exec(tag)?.[1] ?? '';
  const numbers = (tag: string, name: string) => Number(/^\d{1,15}$/.exec(value(tag, name))?.[0] ?? 0);
  let end = fileBytes;
  const parts: FilePart[] = [];
  for (const tag of tags.reverse()) {
    end -= numbers(tag, 'Padding');
    const start = end - numbers(tag, 'Length');
    if (value(tag, 'Semantic') === 'MotionPhoto') parts.push({ start, end });
    end = start;
  }
  return parts;
}

/** The texts of XMP that come before the first scan. */
async function* xmpOf(file: Blob): AsyncGenerator<string, void, void> {
  const walk = walkThrough(file);
  let texts = 0;
  for (let at = 2, segments = 0; segments < MAX_SEGMENTS && texts < MAX_XMP_SEGMENTS; segments++) {
    const head = await walk.from(at, 4);
    if (head === null || head[0] !== 0xff || head[1] === 0xda || head[1] === 0xd9) return;
    if (head[1] === 0xff) {
      at++;
      continue;
    }
    const length = Math.max(2, (head[2] << 8) | head[3]);
    const isXmp =
      head[1] === 0xe1 &&
      length > XMP_NAME.length + 2 &&
      text(await readSlice(file, at + 4, at + 4 + XMP_NAME.length)) === XMP_NAME;
    if (isXmp) {
      texts++;
      yield new TextDecoder().decode(await readSlice(file, at + 4 + XMP_NAME.length, at + 2 + length));
    }
    at += 2 + length;
  }
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function uint32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
}

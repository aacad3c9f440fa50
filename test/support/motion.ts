/**
 * Motion photos for tests: a picture and a video, put together as phones do it.
 * @module
 */
import { box } from './heif.js';

const text = (value: string) => new TextEncoder().encode(value);
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const u16le = (value: number) => Uint8Array.of(value, value >> 8);
const u32le = (value: number) => Uint8Array.of(value, value >> 8, value >> 16, value >>> 24);

/** @returns a JPEG with a segment of XMP behind its start */
export function withXmp(jpeg: Uint8Array, attributes: string, content = ''): Uint8Array<ArrayBuffer> {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description ${attributes}>${content}</rdf:Description></rdf:RDF></x:xmpmeta>`;
  const body = joined(text('http://ns.adobe.com/xap/1.0/\0'), text(xmp));
  const length = body.length + 2;
  const segment = joined(Uint8Array.of(0xff, 0xe1, length >> 8, length & 255), body);
  return joined(jpeg.subarray(0, 2), segment, jpeg.subarray(2));
}

/** A file that a picture's directory names. */
export interface DirectoryItem {
  semantic: string;
  length?: number | string;
  padding?: number;
}

/** @returns the XMP of a directory */
export function directoryXmp(items: readonly DirectoryItem[]): string {
  const listed = items.map(
    ({ semantic, length, padding }) =>
      `<rdf:li rdf:parseType="Resource"><Container:Item Item:Mime="x/y" Item:Semantic="${semantic}"` +
      `${length === undefined ? '' : ` Item:Length="${length}"`}${padding === undefined ? '' : ` Item:Padding="${padding}"`}/></rdf:li>`,
  );
  return `<Container:Directory><rdf:Seq>${listed.join('')}</rdf:Seq></Container:Directory>`;
}

/** How {@link motionPhoto} puts the two together. */
export type MotionKind = 'directory' | 'offset' | 'samsung' | 'heic';
export const MOTION_KINDS: readonly MotionKind[] = ['directory', 'offset', 'samsung', 'heic'];

/**
 * @param kind - who wrote it
 * @param picture - JPEG; HEIC for `heic`
 * @param video - MP4
 */
export function motionPhoto(
  kind: MotionKind,
  picture: Uint8Array,
  video: Uint8Array,
): Uint8Array<ArrayBuffer> {
  switch (kind) {
    case 'directory': {
      const items = [
        { semantic: 'Primary', length: 0 },
        { semantic: 'MotionPhoto', length: video.length },
      ];
      return joined(withXmp(picture, 'GCamera:MotionPhoto="1"', directoryXmp(items)), video);
    }
    case 'offset':
      return joined(
        withXmp(picture, `GCamera:MicroVideo="1" GCamera:MicroVideoOffset="${video.length}"`),
        video,
      );
    case 'samsung':
      return joined(picture, samsungTrailer('MotionPhoto_Data', video));
    case 'heic':
      return joined(picture, box('mpvd', video));
  }
}

/** Two entries and the directory of them. */
export function samsungTrailer(name: string, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const entry = (kind: number, title: string, body: Uint8Array) =>
    joined(u16le(0), u16le(kind), u32le(title.length), text(title), body);
  const entries = [entry(0x0a01, 'Image_UTC_Data', text('1700000000000')), entry(0x0a30, name, data)];
  const all = joined(...entries);
  let before = 0;
  const listed = entries.map((bytes, i) => {
    const place = joined(u16le(0), u16le(i), u32le(all.length - before), u32le(bytes.length));
    before += bytes.length;
    return place;
  });
  const directory = joined(text('SEFH'), u32le(106), u32le(entries.length), ...listed);
  return joined(all, directory, u32le(directory.length), text('SEFT'));
}

/**
 * What the header of a HEIF file (HEIC, of iPhones above all) says of its pictures, before anything is decoded: which one is
 * shown, how large it is, what its decoding takes, and whether the file ends before it does.
 *
 * By ISO/IEC 14496-12, 8.11 (the `meta` box) and ISO/IEC 23008-12 (item properties, derived images).
 * @module
 */
import { type Box, boxesIn, topBoxes } from './boxes.js';
import { readSlice } from './read.js';
import { CheckFailure } from './types.js';

/** A picture of a HEIF file. */
export interface HeifPicture {
  /** Its item's number. */
  id: number;
  /** As stored, before it is turned. */
  width: number;
  height: number;
  /** Pixels that are decoded for it: its tiles, if it is put together from some, and itself. */
  decodedPixels: number;
  /** True where data of it lies beyond the file's end. */
  cutOff: boolean;
}

/** The pictures of a HEIF file. */
export interface HeifHeader {
  /** The one that viewers show. */
  primary: HeifPicture;
  /** Others that stand for themselves: no thumbnails, tiles, masks, maps, nor other renderings of the primary one. */
  further: HeifPicture[];
}

/** Longer `meta` boxes are refused; those of phones have some kilobytes. */
const MAX_META_BYTES = 16 * 1024 * 1024;

/** Kinds of items that are pictures. */
const PICTURE_ITEMS = new Set([
  'hvc1',
  'hev1',
  'grid',
  'iden',
  'iovl',
  'av01',
  'avc1',
  'jpeg',
  'j2k1',
  'unci',
  'vvc1',
]);

/** Depth to which pictures may be made of pictures. */
const MAX_DEPTH = 8;

/** Pieces of data that are looked at; one for each item is usual. */
const MAX_EXTENTS = 1_000_000;

/** Headers that were read, for as long as their files are in use: a scan asks three times. */
const headers = new WeakMap<Blob, Promise<HeifHeader>>();

/**
 * @param file - a HEIF file; its `meta` box alone is read, and that once
 * @returns its pictures
 * @throws CheckFailure `undecodable` where the header makes no sense, `unreadable`
 */
export function readHeif(file: Blob): Promise<HeifHeader> {
  const known = headers.get(file);
  if (known !== undefined) return known;
  const header = headerOf(file);
  headers.set(file, header);
  // Whoever asks again may have more luck.
  header.catch(() => headers.delete(file));
  return header;
}

async function headerOf(file: Blob): Promise<HeifHeader> {
  const meta = (await topBoxes(file)).find(({ type }) => type === 'meta');
  if (meta === undefined) throw new CheckFailure('undecodable', 'no "meta" box');
  const length = Math.min(meta.end, file.size) - meta.body;
  if (length > MAX_META_BYTES) throw new CheckFailure('undecodable', 'the "meta" box is too long');
  const bytes = await readSlice(file, meta.body, meta.body + length);
  try {
    return new MetaBox(bytes, file.size).header();
  } catch (cause) {
    if (cause instanceof CheckFailure) throw cause;
    throw new CheckFailure('undecodable', 'the "meta" box is damaged', { cause });
  }
}

interface Item {
  id: number;
  type: string;
  hidden: boolean;
}

interface Reference {
  type: string;
  from: number;
  to: readonly number[];
}

/** Reads what a `meta` box says. Every read beyond the box is a RangeError. */
class MetaBox {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #fileBytes: number;
  readonly #boxes: Box[];
  readonly #items: Map<number, Item>;
  readonly #references: Reference[];
  readonly #inputs = new Map<number, readonly number[]>();
  readonly #sizes: Map<number, { width: number; height: number }>;
  /** Items whose data lies, in part, beyond the file's end. */
  readonly #cutOff: Set<number>;
  readonly #pixels = new Map<number, number>();

  constructor(bytes: Uint8Array, fileBytes: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#fileBytes = fileBytes;
    this.#boxes = [...boxesIn(bytes, 4, bytes.length)];
    this.#items = this.#readItems();
    this.#references = this.#readReferences();
    for (const { type, from, to } of this.#references) if (type === 'dimg') this.#inputs.set(from, to);
    this.#sizes = this.#readSizes();
    this.#cutOff = this.#readLocations();
  }

  header(): HeifHeader {
    const pitm = this.#box('pitm');
    const primary = this.#id(pitm.body + 4, this.#version(pitm) > 0);
    const known = this.#items.get(primary);
    if (known === undefined || !PICTURE_ITEMS.has(known.type))
      throw new CheckFailure('undecodable', 'no primary picture');
    const picture = this.#picture(primary);
    if (picture.width < 1 || picture.height < 1)
      throw new CheckFailure('undecodable', 'a picture without a size');
    return {
      primary: picture,
      further: this.#further(primary).map((id) => this.#picture(id)),
    };
  }

  #further(primary: number): number[] {
    const others = new Set(this.#alternatives(primary));
    for (const { type, from, to } of this.#references) {
      if (type === 'dimg') for (const id of to) others.add(id);
      else if (type === 'thmb' || type === 'auxl') others.add(from);
    }
    return [...this.#items.values()]
      .filter(
        ({ id, type, hidden }) => id !== primary && !hidden && PICTURE_ITEMS.has(type) && !others.has(id),
      )
      .map(({ id }) => id);
  }

  #picture(id: number): HeifPicture {
    const { width, height } = this.#sizes.get(id) ?? { width: 0, height: 0 };
    const decodedPixels = this.#decodedPixels(id, 0);
    return { id, width, height, decodedPixels, cutOff: this.#cutOff.size > 0 && this.#isCutOff(id) };
  }

  #decodedPixels(id: number, depth: number): number {
    const before = this.#pixels.get(id);
    if (before !== undefined) return before;
    const { width = 0, height = 0 } = this.#sizes.get(id) ?? {};
    let pixels = width * height;
    // A picture that is made of itself never ends, and one too deep is not followed.
    this.#pixels.set(id, Number.POSITIVE_INFINITY);
    if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY;
    for (const input of this.#inputs.get(id) ?? []) pixels += this.#decodedPixels(input, depth + 1);
    this.#pixels.set(id, pixels);
    return pixels;
  }

  #isCutOff(id: number): boolean {
    const made = new Set([id]);
    for (const each of made) {
      if (this.#cutOff.has(each)) return true;
      for (const input of this.#inputs.get(each) ?? []) made.add(input);
    }
    return false;
  }

  /** Pictures of which a viewer shows one, the primary picture among them. */
  #alternatives(primary: number): number[] {
    const grpl = this.#boxes.find(({ type }) => type === 'grpl');
    if (grpl === undefined) return [];
    for (const { type, body, end } of boxesIn(this.#bytes, grpl.body, grpl.end)) {
      if (type !== 'altr') continue;
      const last = Math.min(end, body + 12 + 4 * this.#view.getUint32(body + 8));
      const ids: number[] = [];
      for (let at = body + 12; at < last; at += 4) ids.push(this.#view.getUint32(at));
      if (ids.includes(primary)) return ids;
    }
    return [];
  }

  #readItems(): Map<number, Item> {
    const iinf = this.#box('iinf');
    const items = new Map<number, Item>();
    for (const box of boxesIn(this.#bytes, iinf.body + (this.#version(iinf) > 0 ? 8 : 6), iinf.end)) {
      const version = this.#version(box);
      if (box.type !== 'infe' || version < 2) continue;
      const id = this.#id(box.body + 4, version > 2);
      const type = this.#text(box.body + (version > 2 ? 10 : 8));
      items.set(id, { id, type, hidden: (this.#bytes[box.body + 3] & 1) !== 0 });
    }
    return items;
  }

  #readReferences(): Reference[] {
    const iref = this.#boxes.find(({ type }) => type === 'iref');
    if (iref === undefined) return [];
    const wide = this.#version(iref) > 0;
    const idBytes = wide ? 4 : 2;
    return Array.from(boxesIn(this.#bytes, iref.body + 4, iref.end), ({ type, body, end }) => {
      const last = Math.min(end, body + idBytes + 2 + idBytes * this.#view.getUint16(body + idBytes));
      const to: number[] = [];
      for (let at = body + idBytes + 2; at < last; at += idBytes) to.push(this.#id(at, wide));
      return { type, from: this.#id(body, wide), to };
    });
  }

  /** `ispe` of each item, which `ipma` links to it. */
  #readSizes(): Map<number, { width: number; height: number }> {
    const sizes = new Map<number, { width: number; height: number }>();
    const iprp = this.#box('iprp');
    const parts = [...boxesIn(this.#bytes, iprp.body, iprp.end)];
    const ipco = parts.find(({ type }) => type === 'ipco');
    const properties = ipco === undefined ? [] : [...boxesIn(this.#bytes, ipco.body, ipco.end)];
    for (const ipma of parts) {
      if (ipma.type !== 'ipma') continue;
      const wideIds = this.#version(ipma) > 0;
      const wideIndices = (this.#bytes[ipma.body + 3] & 1) !== 0;
      const count = this.#view.getUint32(ipma.body + 4);
      for (let i = 0, at = ipma.body + 8; i < count; i++) {
        const id = this.#id(at, wideIds);
        at += wideIds ? 4 : 2;
        const linked = this.#view.getUint8(at++);
        for (let j = 0; j < linked; j++, at += wideIndices ? 2 : 1) {
          const index = wideIndices ? this.#view.getUint16(at) & 0x7fff : this.#view.getUint8(at) & 0x7f;
          const property = properties[index - 1];
          if (property?.type !== 'ispe') continue;
          const width = this.#view.getUint32(property.body + 4);
          sizes.set(id, { width, height: this.#view.getUint32(property.body + 8) });
        }
      }
    }
    return sizes;
  }

  /** `iloc`: where each item's data lies; of those in the file itself, which reach beyond its end. */
  #readLocations(): Set<number> {
    const cutOff = new Set<number>();
    const iloc = this.#boxes.find(({ type }) => type === 'iloc');
    if (iloc === undefined) return cutOff;
    const version = this.#version(iloc);
    const sizes = this.#view.getUint16(iloc.body + 4);
    const [offsetBytes, lengthBytes, baseBytes] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15];
    const indexBytes = version > 0 ? sizes & 15 : 0;
    const wide = version > 1;
    const count = this.#id(iloc.body + 6, wide);
    let at = iloc.body + (wide ? 10 : 8);
    let seen = 0;
    for (let i = 0; i < count; i++) {
      const id = this.#id(at, wide);
      at += wide ? 4 : 2;
      const inFile = version === 0 || (this.#view.getUint16(at) & 15) === 0;
      at += version > 0 ? 4 : 2;
      const base = this.#number(at, baseBytes);
      const extents = this.#view.getUint16(at + baseBytes);
      at += baseBytes + 2;
      seen += extents;
      if (seen > MAX_EXTENTS) throw new CheckFailure('undecodable', 'too many pieces of data');
      for (let j = 0; j < extents; j++) {
        at += indexBytes;
        const end = base + this.#number(at, offsetBytes) + this.#number(at + offsetBytes, lengthBytes);
        if (inFile && end > this.#fileBytes) cutOff.add(id);
        at += offsetBytes + lengthBytes;
      }
    }
    return cutOff;
  }

  #box(type: string): Box {
    const box = this.#boxes.find((each) => each.type === type);
    if (box === undefined) throw new CheckFailure('undecodable', `no "${type}" box`);
    return box;
  }

  #version({ body }: Box): number {
    return this.#view.getUint8(body);
  }

  #id(at: number, wide: boolean): number {
    return wide ? this.#view.getUint32(at) : this.#view.getUint16(at);
  }

  #number(at: number, bytes: number): number {
    if (bytes === 0) return 0;
    if (bytes === 4) return this.#view.getUint32(at);
    if (bytes === 8) return this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4);
    throw new CheckFailure('undecodable', `numbers of ${bytes} bytes`);
  }

  #text(at: number): string {
    return String.fromCharCode(...this.#bytes.subarray(at, at + 4));
  }
}

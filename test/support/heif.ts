/**
 * HEIF files for tests: the coded pictures of the files in test/data/heic, written into files of any shape.
 * @module
 */
import { readFileSync } from 'node:fs';
import sharp, { type Sharp } from 'sharp';
import { boxesIn } from '../../src/scan/boxes.js';
import { stdlibPhoto } from './photos.js';

/** Of the files in test/data/heic. */
export const WIDTH = 320;
export const HEIGHT = 240;

type Fixture = 'boats' | 'boats-alpha' | 'boats-10bit' | 'boats-quarters';

/** @returns a file of test/data/heic */
export function heicFixture(name: Fixture): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(new URL(`../data/heic/${name}.heic`, import.meta.url)));
}

/** @returns the picture that the files were made from, to be changed and encoded otherwise */
export function boats(): Sharp {
  return sharp(stdlibPhoto('nagasaki-boats'))
    .resize(WIDTH, HEIGHT, { fit: 'fill' })
    .removeAlpha()
    .toColourspace('srgb');
}

const text = (value: string) => new TextEncoder().encode(value);
const u16 = (value: number) => Uint8Array.of(value >> 8, value);
const u32 = (value: number) => Uint8Array.of(value >> 24, value >> 16, value >> 8, value);

/** @returns a box */
export function box(type: string, ...content: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = Buffer.concat(content);
  return new Uint8Array(Buffer.concat([u32(body.length + 8), text(type), body]));
}

const fullBox = (type: string, version: number, flags: number, ...content: Uint8Array[]) =>
  box(type, Uint8Array.of(version, 0, 0, flags), ...content);

/** Item properties. */
export const property = {
  ispe: (width: number, height: number) => fullBox('ispe', 0, 0, u32(width), u32(height)),
  /** @param quarters - turns against the clock */
  irot: (quarters: number) => box('irot', Uint8Array.of(quarters)),
  /** @param axis - 0: top becomes bottom; 1: left becomes right */
  imir: (axis: 0 | 1) => box('imir', Uint8Array.of(axis)),
};

/** An item of a file. */
export interface HeifItem {
  /** Four characters. */
  type: string;
  data: Uint8Array;
  properties?: readonly Uint8Array[];
  hidden?: boolean;
  /** For items whose data is not where or as long as it says. */
  offset?: number;
  length?: number;
}

/** A file; items are named by their place, and numbered from 1 in it. */
export interface HeifFile {
  items: readonly HeifItem[];
  primary?: number;
  references?: readonly { type: string; from: number; to: readonly number[] }[];
  /** Items of which one is shown. */
  alternatives?: readonly number[];
  brands?: readonly string[];
  /** Boxes behind all others. */
  after?: readonly Uint8Array[];
}

/** @returns the file's bytes */
export function writeHeif(file: HeifFile): Uint8Array<ArrayBuffer> {
  const { items, primary = 0, references = [], brands = ['heic', 'mif1', 'heic'], after = [] } = file;
  const ftyp = box('ftyp', text(brands[0]), u32(0), ...brands.slice(1).map(text));
  const meta = (dataAt: number) => {
    let at = dataAt;
    const places = items.map(({ data, offset, length }, i) => {
      const place = [u16(i + 1), u16(0), u16(0), u16(1), u32(offset ?? at), u32(length ?? data.length)];
      at += data.length;
      return Buffer.concat(place);
    });
    const infe = items.map(({ type, hidden }, i) =>
      fullBox('infe', 2, hidden ? 1 : 0, u16(i + 1), u16(0), text(type), u16(0)),
    );
    const properties = items.flatMap(({ properties = [] }) => properties);
    let index = 0;
    const links = items.map(({ properties = [] }, i) =>
      // The first bit: who can't follow the property must not show the picture.
      Buffer.concat([
        u16(i + 1),
        Uint8Array.of(properties.length),
        ...properties.map(() => u16(0x8000 | ++index)),
      ]),
    );
    const refs = references.map(({ type, from, to }) =>
      box(type, u16(from + 1), u16(to.length), ...to.map((id) => u16(id + 1))),
    );
    const groups = file.alternatives?.map((id) => u32(id + 1)) ?? [];
    return fullBox(
      'meta',
      0,
      0,
      fullBox('hdlr', 0, 0, u32(0), text('pict'), u32(0), u32(0), u32(0), Uint8Array.of(0)),
      fullBox('pitm', 0, 0, u16(primary + 1)),
      fullBox('iloc', 1, 0, u16(0x4400), u16(items.length), ...places),
      fullBox('iinf', 0, 0, u16(items.length), ...infe),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, 1, u32(items.length), ...links)),
      ...(refs.length > 0 ? [fullBox('iref', 0, 0, ...refs)] : []),
      ...(groups.length > 0
        ? [box('grpl', fullBox('altr', 0, 0, u32(99), u32(groups.length), ...groups))]
        : []),
    );
  };
  const head = ftyp.length + meta(0).length;
  const mdat = box('mdat', ...items.map(({ data }) => data));
  return new Uint8Array(Buffer.concat([ftyp, meta(head + 8), mdat, ...after]));
}

/** @returns the coded pictures of a file that `heif-enc` wrote, in order */
export function codedPictures(name: Fixture): HeifItem[] {
  const file = heicFixture(name);
  const view = new DataView(file.buffer);
  const inBox = (from: number, to: number, type: string) => {
    const found = [...boxesIn(file, from, to)].find((each) => each.type === type);
    if (found === undefined) throw new Error(`${name}: no "${type}"`);
    return found;
  };
  const meta = inBox(0, file.length, 'meta');
  const iprp = inBox(meta.body + 4, meta.end, 'iprp');
  const ipco = inBox(iprp.body, iprp.end, 'ipco');
  const properties = [...boxesIn(file, ipco.body, ipco.end)];
  const hvcC = properties.filter(({ type }) => type === 'hvcC');
  const ispe = properties.find(({ type }) => type === 'ispe');
  const iloc = inBox(meta.body + 4, meta.end, 'iloc');
  const count = view.getUint16(iloc.body + 6);
  return Array.from({ length: count }, (_, i) => {
    // Version 0, offsets, lengths and bases of 4 bytes: as heif-enc writes them.
    const at = iloc.body + 8 + i * 18;
    const offset = view.getUint32(at + 4) + view.getUint32(at + 10);
    const data = file.slice(offset, offset + view.getUint32(at + 14));
    const config = hvcC[Math.min(i, hvcC.length - 1)];
    return {
      type: 'hvc1',
      data,
      properties: [file.slice(config.start, config.end), file.slice(ispe?.start, ispe?.end)],
    };
  });
}

/** The four quarters put together again, as phones write their pictures. */
export function gridFile(
  change: { properties?: Uint8Array[]; tiles?: HeifItem[]; grid?: Uint8Array } = {},
): HeifFile {
  const tiles = (change.tiles ?? codedPictures('boats-quarters')).map((tile) => ({ ...tile, hidden: true }));
  const data = change.grid ?? Buffer.concat([Uint8Array.of(0, 0, 1, 1), u16(WIDTH), u16(HEIGHT)]);
  const grid = {
    type: 'grid',
    data,
    properties: [property.ispe(WIDTH, HEIGHT), ...(change.properties ?? [])],
  };
  const to = tiles.map((_, i) => i + 1);
  return { items: [grid, ...tiles], references: [{ type: 'dimg', from: 0, to }] };
}

/** An `Exif` item that asks for a quarter turn (orientation 6), which readers of HEIF must not follow. */
export function exifItem(): HeifItem {
  const tiff = [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  return { type: 'Exif', data: Uint8Array.from([0, 0, 0, 6, 0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]) };
}

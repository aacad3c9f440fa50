import * as fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { SNIFF_BYTES, sniff } from '../../src/scan/sniff.js';
import { stdlibPhoto } from '../support/photos.js';

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (...values: number[]) => new Uint8Array(values);
const ftyp = (...brands: string[]) => {
  const box = text(`....ftyp${brands[0]}\0\0\0\0${brands.slice(1).join('')}`);
  new DataView(box.buffer).setUint32(0, box.length);
  return new Uint8Array([...box, ...text('\0\0\0\x08free'), ...new Uint8Array(64)]);
};

describe('sniff', () => {
  const made: Record<string, Uint8Array> = {};
  beforeAll(async () => {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#284' } });
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const) {
      made[format] = new Uint8Array(await picture.clone().toFormat(format).toBuffer());
    }
    const frames = await sharp(Buffer.alloc(8 * 16 * 3, 90).fill(200, 0, 100), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    });
    made.movingGif = new Uint8Array(
      await frames
        .clone()
        .gif({ delay: [50, 50] })
        .toBuffer(),
    );
    made.movingWebp = new Uint8Array(
      await frames
        .clone()
        .webp({ delay: [50, 50] })
        .toBuffer(),
    );
  });

  it.each(['jpeg', 'png', 'webp', 'avif', 'gif'])('%s is a decodable still picture', async (format) => {
    expect(await sniff(made[format])).toEqual({
      kind: 'image',
      type: format,
      decodable: true,
      animated: false,
    });
  });

  it('tells moving GIF and WebP from still ones', async () => {
    expect(await sniff(made.movingGif)).toMatchObject({ type: 'gif', animated: true });
    expect(await sniff(made.movingWebp)).toMatchObject({ type: 'webp', animated: true });
  });

  it('takes a GIF that goes on beyond the sniffed bytes for a moving one', async () => {
    expect(await sniff(made.gif.subarray(0, made.gif.length - 1))).toMatchObject({ animated: true });
  });

  it('tells an animated PNG by its acTL chunk', async () => {
    const png = made.png;
    const chunk = bytes(0, 0, 0, 8, 0x61, 0x63, 0x54, 0x4c, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0);
    const animated = new Uint8Array([...png.subarray(0, 33), ...chunk, ...png.subarray(33)]);
    expect(await sniff(animated)).toEqual({ kind: 'image', type: 'png', decodable: true, animated: true });
  });

  it('knows HEIC, TIFF, SVG and BMP', async () => {
    expect(await sniff(ftyp('heic', 'mif1', 'heic'))).toMatchObject({
      kind: 'image',
      type: 'heic',
      decodable: false,
    });
    expect(await sniff(made.tiff)).toMatchObject({ kind: 'image', type: 'tiff', decodable: false });
    expect(await sniff(text('BM' + '\0'.repeat(60)))).toMatchObject({
      kind: 'image',
      type: 'bmp',
      decodable: true,
    });
    for (const svg of [
      '<svg xmlns="http://www.w3.org/2000/svg"/>',
      '\ufeff<?xml version="1.0"?>\n<!-- a drawing --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<svg width="1">',
      '<?xml version="1.0" encoding="UTF-8"?><s:svg xmlns:s="http://www.w3.org/2000/svg">',
    ]) {
      expect(await sniff(text(svg)), svg).toMatchObject({ kind: 'image', type: 'svg', decodable: false });
    }
    expect(await sniff(text('<p>about <svg> elements</p>'))).toMatchObject({ kind: 'other' });
  });

  it('tells an AVIF sequence from a still AVIF', async () => {
    expect(await sniff(ftyp('avis', 'avif', 'avis', 'msf1'))).toMatchObject({ type: 'avif', animated: true });
    expect(await sniff(made.avif)).toMatchObject({ animated: false });
  });

  it('knows videos, whatever they are called', async () => {
    expect(await sniff(ftyp('isom', 'isom', 'mp41'))).toMatchObject({ kind: 'video', type: 'mp4' });
    expect(await sniff(ftyp('qt  ', 'qt  '))).toMatchObject({ kind: 'video', type: 'mov' });
    const webm = new Uint8Array([
      0x1a,
      0x45,
      0xdf,
      0xa3,
      0x8f,
      0x42,
      0x82,
      0x84,
      ...text('webm'),
      0x42,
      0x87,
      0x81,
      4,
      0x42,
      0x85,
      0x81,
      2,
    ]);
    expect(await sniff(webm)).toMatchObject({ kind: 'video', type: 'webm' });
  });

  it('knows files that hold others', async () => {
    expect(await sniff(text('%PDF-1.7\n'))).toMatchObject({ kind: 'container', type: 'pdf' });
    expect(await sniff(bytes(0x50, 0x4b, 5, 6, ...new Array(18).fill(0)))).toMatchObject({
      kind: 'container',
      type: 'zip',
    });
    expect(await sniff(bytes(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3))).toMatchObject({
      kind: 'container',
      type: 'gz',
    });
    expect(
      await sniff(bytes(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...new Array(512).fill(0))),
    ).toMatchObject({ kind: 'container' });
  });

  it('says unknown for text, nothing and noise', async () => {
    for (const head of [text('just words'), new Uint8Array(0), bytes(7)]) {
      expect(await sniff(head)).toEqual({
        kind: 'other',
        type: 'unknown',
        decodable: false,
        animated: false,
      });
    }
  });

  it('never throws, and never loops, on any bytes', async () => {
    const starts = Object.values(made).map((value) => value.subarray(0, 200));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...starts, new Uint8Array(0)),
        fc.uint8Array({ maxLength: 400 }),
        fc.nat(200),
        async (start, tail, cut) => {
          const type = await sniff(new Uint8Array([...start.subarray(0, cut), ...tail]));
          expect(['image', 'video', 'container', 'other']).toContain(type.kind);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('gives the same answer for a photo and for its first bytes', async () => {
    const photo = stdlibPhoto('nagasaki-boats');
    expect(await sniff(photo)).toEqual(await sniff(photo.subarray(0, SNIFF_BYTES)));
  });
});

/**
 * Files that must not break a scan, each with the outcome that it is to have under a list of digests and PDQ
 * hashes that holds none of them.
 * @module
 */
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { makeAnimation, photoFrames } from './animations.js';
import type { EngineName } from './engines/types.js';
import { stdlibPhoto } from './photos.js';

/** A file and what a scan of it says. */
export interface HostileFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
  expected: ExpectedOutcome;
  /** What is expected instead in engines whose decoder differs. */
  elsewhere?: Partial<Record<EngineName, ExpectedOutcome>>;
}

/** As much of an outcome as a hostile file decides. */
export interface ExpectedOutcome {
  verdict: string;
  reason?: string;
  complete: string;
  notes: string[];
}

const text = (value: string) => new TextEncoder().encode(value);

function pngHeader(width: number, height: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(64);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2, 0, 0, 0], 24);
  bytes.set([0, 0, 0, 10, 0x49, 0x44, 0x41, 0x54], 33);
  return bytes;
}

const DIGESTS_ONLY = { verdict: 'no-known-match', complete: 'digests-only', notes: [] };
const LOW_DETAIL = { verdict: 'no-known-match', complete: 'all', notes: ['low-detail'] };
const unchecked = (reason: string) => ({
  verdict: 'inconclusive',
  reason,
  complete: 'partial',
  notes: ['perceptual-unchecked'],
});

/** @returns the files; made anew, since making them takes a moment */
export async function hostileFiles(): Promise<HostileFile[]> {
  const photo = stdlibPhoto('airplane-from-above');
  const exact = (bytes: Uint8Array) => new Uint8Array(bytes);
  const flat = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: '#6a8' } });
  const pixels = await sharp(photo).resize(96, 64, { fit: 'fill' }).raw().toBuffer();
  const frames = Buffer.concat([pixels, Buffer.from(pixels).reverse()]);
  const moving = sharp(frames, { raw: { width: 96, height: 128, channels: 3, pageHeight: 64 } });
  const jpegHeader = exact(photo.subarray(0, 16_384));
  const sof = jpegHeader.findIndex(
    (byte, i) =>
      (byte === 0xff && jpegHeader[i + 1] === 0xc0) || (byte === 0xff && jpegHeader[i + 1] === 0xc2),
  );
  if (sof > 0) jpegHeader.set([0xff, 0xdc, 0xff, 0xdc], sof + 5);
  const mp4 = text('\0\0\0\x18ftypisom\0\0\x02\0isomiso2\0\0\0\x08free');
  return [
    { name: 'an empty file', bytes: new Uint8Array(0), expected: DIGESTS_ONLY },
    { name: 'one byte', bytes: new Uint8Array([0xff]), expected: DIGESTS_ONLY },
    {
      // Chromium and Node refuse to decode a file that is cut off, WebKit gives a blank picture; Firefox shows the upper
      // half, and that is looked at.
      name: 'half a JPEG',
      bytes: exact(photo.subarray(0, photo.length >> 1)),
      expected: unchecked('undecodable'),
      elsewhere: {
        firefox: { verdict: 'no-known-match', complete: 'partial', notes: ['picture-cut'] },
      },
    },
    {
      name: 'the first 2 KB of a JPEG',
      bytes: exact(photo.subarray(0, 2048)),
      expected: unchecked('undecodable'),
    },
    { name: 'a 1x1 PNG', bytes: exact(await flat(1).png().toBuffer()), expected: LOW_DETAIL },
    { name: 'a flat picture', bytes: exact(await flat(300).png().toBuffer()), expected: LOW_DETAIL },
    { name: 'a 30000x30000 PNG header', bytes: pngHeader(30_000, 30_000), expected: unchecked('too-large') },
    { name: 'a 65500x65500 JPEG header', bytes: jpegHeader, expected: unchecked('too-large') },
    { name: 'a PNG header and no pixels', bytes: pngHeader(300, 300), expected: unchecked('undecodable') },
    { name: 'a 0x0 PNG', bytes: pngHeader(0, 0), expected: unchecked('undecodable') },
    { name: 'a text file called .jpg', bytes: text('just words\n'.repeat(100)), expected: DIGESTS_ONLY },
    {
      name: 'an SVG',
      bytes: text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="https://tracker.invalid/x.png"/></svg>',
      ),
      expected: unchecked('unsupported'),
    },
    { name: 'a renamed MP4', bytes: mp4, expected: unchecked('unsupported') },
    { name: 'a TIFF', bytes: exact(await flat(64).tiff().toBuffer()), expected: unchecked('unsupported') },
    {
      name: 'a moving GIF',
      bytes: exact(
        await moving
          .clone()
          .gif({ delay: [50, 50] })
          .toBuffer(),
      ),
      expected: { verdict: 'no-known-match', complete: 'all', notes: [] },
    },
    ...(await hostileAnimations()),
    { name: 'a PDF', bytes: text('%PDF-1.7\n%%EOF'), expected: DIGESTS_ONLY },
    {
      name: 'a ZIP of nothing',
      bytes: new Uint8Array([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]),
      expected: DIGESTS_ONLY,
    },
  ];
}

/** Animations that lie, end early, or are too much. */
async function hostileAnimations(): Promise<HostileFile[]> {
  const photo = stdlibPhoto('airplane-from-above');
  const turned = new Uint8Array(await sharp(photo).rotate(180).toBuffer());
  const frames = await photoFrames([photo, turned, photo], 96, 64);
  const cut = { verdict: 'no-known-match', complete: 'partial', notes: ['animation-cut'] };
  const all = { verdict: 'no-known-match', complete: 'all', notes: [] };
  const [gif, png, webp] = await Promise.all(
    (['gif', 'png', 'webp'] as const).map((format) => makeAnimation(format, 96, 64, frames)),
  );
  const claiming = png.slice();
  const control = Buffer.from(claiming).indexOf('acTL');
  new DataView(claiming.buffer).setUint32(control + 4, 1_000_000_000);
  new DataView(claiming.buffer).setUint32(control + 12, crc32(claiming.subarray(control, control + 12)));
  const large = await photoFrames([photo], 300, 200);
  const blinking = Array.from({ length: 30 }, (_, i) => ({ ...frames[i % 2] }));
  return [
    { name: 'an animated PNG', bytes: png, expected: all },
    { name: 'an animated WebP', bytes: webp, expected: all },
    {
      name: 'a GIF of 30 frames without delay',
      bytes: await makeAnimation('gif', 96, 64, blinking),
      expected: all,
    },
    {
      name: 'a GIF cut off in its last frame',
      bytes: gif.slice(0, gif.length - 3000),
      expected: cut,
    },
    {
      name: 'an animated WebP cut off',
      bytes: webp.slice(0, webp.length - 3000),
      expected: unchecked('undecodable'),
      elsewhere: { firefox: cut, webkit: cut },
    },
    {
      name: 'an animated PNG that claims a billion frames',
      bytes: claiming,
      expected: all,
    },
    {
      name: 'a GIF of 1x1 pixels with frames of 300x200',
      bytes: await makeAnimation('gif', 1, 1, [...large, ...large]),
      expected: all,
    },
  ];
}

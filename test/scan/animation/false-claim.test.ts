import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { withoutFalseClaim } from '../../../src/scan/animation/apng.js';
import { makeAnimation, photoFrames } from '../../support/animations.js';
import { stdlibPhoto } from '../../support/photos.js';

let moving: Uint8Array<ArrayBuffer>;
let still: Buffer;

beforeAll(async () => {
  const photos = [stdlibPhoto('airplane-from-above'), stdlibPhoto('nagasaki-boats')];
  moving = await makeAnimation('png', 96, 64, await photoFrames(photos, 96, 64));
  still = await sharp(moving).raw().toBuffer();
});

function claiming(frames: number): Uint8Array<ArrayBuffer> {
  const bytes = moving.slice();
  const at = Buffer.from(bytes).indexOf('acTL');
  const view = new DataView(bytes.buffer);
  view.setUint32(at + 4, frames);
  view.setUint32(at + 12, crc32(bytes.subarray(at, at + 12)));
  return bytes;
}

describe('a PNG that claims too many frames', () => {
  it.each([101, 1_000_000_000, 0xffffffff])('(%i) becomes a still of its own picture', async (frames) => {
    const blob = await withoutFalseClaim(new Blob([claiming(frames)]), 100);
    const bytes = Buffer.from(await blob.arrayBuffer());
    for (const chunk of ['acTL', 'fcTL', 'fdAT']) expect(bytes.includes(chunk), chunk).toBe(false);
    expect(bytes.subarray(-8, -4).toString()).toBe('IEND');
    expect((await sharp(bytes, { failOn: 'warning' }).raw().toBuffer()).equals(still)).toBe(true);
  });

  it('loses its claim wherever it is cut off', async () => {
    const whole = claiming(1_000_000_000);
    const seen = Buffer.from(whole).indexOf('acTL') + 16;
    for (let length = seen; length < whole.length; length += 97) {
      const blob = await withoutFalseClaim(new Blob([whole.subarray(0, length)]), 100);
      expect(Buffer.from(await blob.arrayBuffer()).includes('acTL'), `${length} bytes`).toBe(false);
    }
  });
});

it('leaves other files as they are', async () => {
  for (const bytes of [claiming(100), moving, new Uint8Array(), new Uint8Array(300)]) {
    const file = new Blob([bytes]);
    expect(await withoutFalseClaim(file, 100)).toBe(file);
  }
});

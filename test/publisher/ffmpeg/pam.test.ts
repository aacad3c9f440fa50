import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPam } from '../../../src/publisher/ffmpeg/pam.js';
import { CheckFailure, type DecodedImage } from '../../../src/scan/types.js';
import { randomBytes } from '../../snapshot/support.js';

const header = (width: number, height: number, more = {}) => {
  const fields = { WIDTH: width, HEIGHT: height, DEPTH: 4, MAXVAL: 255, TUPLTYPE: 'RGB_ALPHA', ...more };
  return `P7\n${Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join('\n')}\nENDHDR\n`;
};
const picture = (width: number, height: number, seed: number) => {
  const rgba = randomBytes(width * height * 4, seed);
  return { width, height, rgba, pam: Buffer.concat([Buffer.from(header(width, height)), rgba]) };
};

async function read(bytes: Uint8Array, chunkBytes = 1 << 16, maxPixels = 1 << 20): Promise<DecodedImage[]> {
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const images: DecodedImage[] = [];
  for await (const image of readPam(chunks(), maxPixels, false)) images.push(image);
  return images;
}

describe('pictures from a pipe', () => {
  it('are the same however the bytes are cut, and whatever their sizes', async () => {
    const size = fc.integer({ min: 1, max: 30 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(size, size), { maxLength: 5 }),
        fc.integer({ min: 1, max: 900 }),
        async (sizes, chunk) => {
          const pictures = sizes.map(([width, height], i) => picture(width, height, i + 1));
          const images = await read(Buffer.concat(pictures.map(({ pam }) => pam)), chunk);
          expect(images.map(({ width, height }) => [width, height])).toEqual(sizes);
          for (const [i, image] of images.entries())
            expect(Buffer.from(image.readRows(0, image.height)).equals(pictures[i].rgba)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give rows', async () => {
    const { pam, rgba } = picture(5, 7, 3);
    const [image] = await read(pam);
    expect(image.readRows(2, 3)).toEqual(rgba.subarray(2 * 20, 5 * 20));
  });

  it.each([
    ['another kind of picture', Buffer.from('P6\n3 3\n255\n'.padEnd(400, 'x')), 'undecodable'],
    ['three channels', Buffer.from(header(3, 3, { DEPTH: 3 })), 'undecodable'],
    ['no width', Buffer.from(header(0, 3)), 'undecodable'],
    ['a header without end', Buffer.alloc(300, 0x41), 'undecodable'],
    ['a picture cut off', picture(4, 4, 1).pam.subarray(0, -1), 'undecodable'],
    ['a header cut off', Buffer.from('P7\nWID'), 'undecodable'],
    ['more pixels than allowed', Buffer.from(header(2000, 2000)), 'too-large'],
  ])('refuses %s', async (_, bytes, reason) => {
    const error = await read(bytes).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CheckFailure);
    expect((error as CheckFailure).reason).toBe(reason);
  });
});

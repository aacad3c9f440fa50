/**
 * Decodes pictures in Node by the same rules as the browsers: colour profiles ignored, EXIF orientation
 * applied, the first frame of an animation, no pixel of a file that ends early.
 *
 * Pixels equal to those of Chromium's `createImageBitmap` were measured for JPEG, PNG, WebP, GIF and BMP; AVIF
 * and CMYK JPEG differ by at most one step of 255. Two differences are known: Chromium ignores the orientation of a
 * WebP file, and stretches the alpha of some AVIF files.
 * @module
 */
import type { Sharp, SharpOptions } from 'sharp';
import type { Limits } from '../limits.js';
import { readSlice } from '../scan/read.js';
import type { FileType } from '../scan/sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../scan/types.js';
import { decodeBmp } from './bmp.js';
import { requireSharp } from './require-sharp.js';

/** Larger files are not read into memory to be decoded. */
const MAX_PICTURE_BYTES = 1024 ** 3;

/**
 * Without the package sharp, every picture but a BMP is `unsupported`.
 * @param limits - `maxPixels`: larger pictures are `too-large`, whatever their header said
 * @returns the decoder
 */
export function createNodeDecoder(limits: Pick<Limits, 'maxPixels'>): ImageDecoder {
  return {
    async decode(file: Blob, type: FileType): Promise<DecodedImage> {
      if (!type.decodable) throw new CheckFailure('unsupported', `${type.type} is not decoded`);
      if (file.size > MAX_PICTURE_BYTES) throw new CheckFailure('too-large', 'a picture of more than 1 GiB');
      const bytes = await readSlice(file, 0, file.size);
      if (type.type === 'bmp') {
        const { width, height, rgba, mayHaveAlpha } = decodeBmp(bytes, limits.maxPixels);
        return new Pixels(width, height, rgba, mayHaveAlpha);
      }
      return decodeWithSharp(bytes, limits.maxPixels);
    },
  };
}

async function decodeWithSharp(bytes: Uint8Array, maxPixels: number): Promise<DecodedImage> {
  const sharp = await requireSharp().catch((cause: Error) => {
    throw new CheckFailure('unsupported', cause.message, { cause });
  });
  const options: SharpOptions = {
    // Chromium decodes a damaged file as far as its format allows, and refuses one that is cut off.
    failOn: 'truncated',
    ignoreIcc: true,
    autoOrient: true,
    limitInputPixels: maxPixels,
  };
  try {
    const { space, hasAlpha } = await sharp(bytes, options).metadata();
    if (space === 'cmyk') return await decodeCmyk(sharp(bytes, options));
    const { data, info } = await sharp(bytes, options)
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return new Pixels(info.width, info.height, data, hasAlpha);
  } catch (cause) {
    const { message } = cause as Error;
    const reason = /pixel limit/i.test(message) ? 'too-large' : 'undecodable';
    throw new CheckFailure(reason, message.split('\n', 1)[0], { cause });
  }
}

/** Ink to light without a profile, as browsers do it: what cyan leaves of red, of which black leaves a part. */
async function decodeCmyk(image: Sharp): Promise<DecodedImage> {
  const { data, info } = await image
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i += 4) {
    const light = 255 - data[i + 3];
    for (let c = i; c < i + 3; c++) data[c] = Math.round(((255 - data[c]) * light) / 255);
    data[i + 3] = 255;
  }
  return new Pixels(info.width, info.height, data, false);
}

/** A picture that is in memory as a whole. */
class Pixels implements DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly mayHaveAlpha: boolean;
  #rgba: Uint8Array;

  constructor(width: number, height: number, rgba: Uint8Array, mayHaveAlpha: boolean) {
    if (rgba.length !== width * height * 4) {
      throw new CheckFailure('undecodable', 'the decoder gave another number of pixels than it says');
    }
    this.width = width;
    this.height = height;
    this.mayHaveAlpha = mayHaveAlpha;
    this.#rgba = rgba;
  }

  readRows(y: number, count: number): Uint8Array {
    return this.#rgba.subarray(y * this.width * 4, (y + count) * this.width * 4);
  }

  close(): void {
    this.#rgba = new Uint8Array();
  }
}

/**
 * Pictures as plain pixels, and the files that they are written to.
 * @module
 */
import sharp, { type Sharp } from 'sharp';

/** 8-bit RGB, row-major. */
export interface Picture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Writes a picture to a file. */
export type Encode = (picture: Picture) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * @param picture - pixels
 * @returns an image of sharp over them
 */
export function imageOf({ data, width, height }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}

/**
 * @param image - of sharp
 * @returns its pixels
 */
export async function pixelsOf(image: Sharp): Promise<Picture> {
  const { data, info } = await image
    .removeAlpha()
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/**
 * @param file - JPEG, PNG, WebP or AVIF
 * @returns its pixels, upright, without any colour profile being applied
 */
export function decode(file: Uint8Array): Promise<Picture> {
  return pixelsOf(sharp(file, { autoOrient: true, ignoreIcc: true }));
}

/**
 * @param quality - 1 to 100
 * @returns writes JPEG with halved chroma
 */
export function jpeg(quality: number): Encode {
  return async (picture) => new Uint8Array(await imageOf(picture).jpeg({ quality }).toBuffer());
}

/**
 * @param quality - 1 to 100
 * @returns writes lossy WebP
 */
export function webp(quality: number): Encode {
  return async (picture) => new Uint8Array(await imageOf(picture).webp({ quality, effort: 2 }).toBuffer());
}

/**
 * @param quality - 1 to 100
 * @returns writes AVIF
 */
export function avif(quality: number): Encode {
  return async (picture) => new Uint8Array(await imageOf(picture).avif({ quality, effort: 0 }).toBuffer());
}

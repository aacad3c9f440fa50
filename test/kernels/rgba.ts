/**
 * Pixels of a file as the reference implementation sees them: profiles and EXIF orientation ignored.
 * @module
 */
import sharp from 'sharp';
import type { Picture } from './pictures.js';

/** @param file - path or bytes */
export async function rgbaOf(file: string | Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: data };
}

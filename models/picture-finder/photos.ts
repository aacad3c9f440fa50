/**
 * Photos for compositions, from folders, each opened when it is first pasted.
 * @module
 */
import sharp from 'sharp';
import { type PhotoName, PhotoShelf } from '../../bench/recall/photos.js';
import { decode, imageOf, type Picture, pixelsOf } from '../../bench/recall/picture.js';
import type { Part } from '../../bench/recall/split.js';
import type { SourcePhoto } from './compose/index.js';

/** A photo with its name. */
export interface NamedPhoto extends SourcePhoto {
  readonly name: PhotoName;
}

/**
 * @param folders - of JPEG, PNG and WebP files
 * @param part - of the split by file name; the third that is `held-out` is for final figures
 * @param longest - side in pixels to which larger photos are shrunk when opened
 * @returns the photos, folder by folder, in the order of their names
 */
export async function folderPhotos(
  folders: readonly string[],
  part: Part,
  longest = Number.POSITIVE_INFINITY,
): Promise<NamedPhoto[]> {
  const shelf = new PhotoShelf(folders, part);
  return Promise.all(shelf.names.map((name) => shelfPhoto(shelf, name, longest)));
}

async function shelfPhoto(shelf: PhotoShelf, name: PhotoName, longest: number): Promise<NamedPhoto> {
  const meta = await sharp(await shelf.read(name)).metadata();
  const { width, height } = meta.autoOrient;
  return {
    name,
    width,
    height,
    pixels: once(async () => shrunk(await decode(await shelf.read(name)), longest)),
  };
}

async function shrunk(picture: Picture, longest: number): Promise<Picture> {
  if (Math.max(picture.width, picture.height) <= longest) return picture;
  return pixelsOf(imageOf(picture).resize(longest, longest, { fit: 'inside' }));
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

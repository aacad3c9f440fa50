/**
 * HEIC, as iPhones write it: decoded by the platform where it can (Safari), else by the part that the host declared.
 *
 * What viewers show is looked up first; a file that holds further pictures is treated like an animation. Turns and mirror
 * images are the container's (`irot`, `imir`), which every decoder applies; EXIF repeats them and is not asked.
 * @module
 */
import type { AnimationFrames } from './animation/types.js';
import { type HeifHeader, type HeifPicture, readHeif } from './heif.js';
import { takePart } from './parts.js';
import { readSlice } from './read.js';
import type { FileType } from './sniff.js';
import {
  CheckFailure,
  type DecodedImage,
  type ImageDecoder,
  type ScanContext,
  type ScanRun,
} from './types.js';

/** What decodes HEIC where the platform does not. */
export interface HeicPart {
  /**
   * @param file - all of it
   * @param id - the picture's item
   * @param maxPixels - refuses larger pictures before it decodes them
   * @returns the picture, upright; nothing of it stays in memory once it is closed
   * @throws CheckFailure `unsupported`, `too-large`, `undecodable`
   */
  decode(file: Uint8Array, id: number, maxPixels: number): DecodedImage | Promise<DecodedImage>;
}

/** Larger files are not read into memory; 64 megapixels take some tens of megabytes. */
const MAX_HEIC_BYTES = 256 * 1024 * 1024;

/** Tiles reach over the picture's edge, and a few kinds of pictures are made of two. */
const TILE_FACTOR = 3;
/** What small pictures may have in tiles: 4 of 512 x 512. */
const TILE_PIXELS = 2 ** 20;

/**
 * @param file - a HEIC file
 * @param maxPixels - of a picture
 * @returns what its header says
 * @throws CheckFailure `too-large`, `undecodable`, `unreadable`
 */
export async function checkedHeif(file: Blob, maxPixels: number): Promise<HeifHeader> {
  const header = await readHeif(file);
  checkPicture(header.primary, maxPixels);
  return header;
}

function checkPicture({ width, height, decodedPixels, cutOff }: HeifPicture, maxPixels: number): void {
  if (width * height > maxPixels || decodedPixels > Math.max(TILE_PIXELS, TILE_FACTOR * maxPixels)) {
    throw new CheckFailure('too-large', 'more pixels than the limit');
  }
  if (cutOff) throw new CheckFailure('undecodable', 'the file ends too early');
}

/**
 * @param file - a picture
 * @param type - what the sniffer says of it
 * @returns whether it holds several pictures that stand for themselves, or may
 */
export async function holdsSeveral(file: Blob, type: FileType): Promise<boolean> {
  if (type.animated || type.type !== 'heic') return type.animated;
  // A host's own decoder may take what makes no sense here.
  const header = await readHeif(file).catch(() => null);
  return header !== null && header.further.length > 0;
}

/**
 * @param context - decoder, parts and limits
 * @param remainingMs - time left
 * @param notes - gets `part-missing` where the part was declared and can't be had
 * @returns a decoder that takes HEIC to the part where the platform does not decode it
 */
export function withHeic(
  { decoder, parts, limits }: Pick<ScanContext, 'decoder' | 'parts'> & { limits: { maxPixels: number } },
  remainingMs: NonNullable<ScanRun['remainingMs']> = () => Number.POSITIVE_INFINITY,
  notes: Parameters<typeof takePart>[3] = [],
): ImageDecoder {
  const part = () => takePart('heic', parts, remainingMs(), notes);
  return {
    async decode(file, type) {
      try {
        return await decoder.decode(file, type);
      } catch (error) {
        const isForPart =
          type.type === 'heic' && error instanceof CheckFailure && error.reason === 'unsupported';
        const heic = isForPart ? await part() : null;
        if (heic === null) throw error;
        const { primary } = await checkedHeif(file, limits.maxPixels);
        return heic.decode(await wholeOf(file), primary.id, limits.maxPixels);
      }
    },
    async openAnimation(file, type) {
      if (type.type !== 'heic') return (await decoder.openAnimation?.(file, type)) ?? null;
      const heic = await part();
      return heic && furtherPictures(file, type, heic, limits.maxPixels);
    },
  };
}

/** The pictures besides the primary one. */
async function furtherPictures(
  file: Blob,
  type: FileType,
  heic: HeicPart,
  maxPixels: number,
): Promise<AnimationFrames> {
  const { further } = await readHeif(file);
  const bytes = await wholeOf(file);
  return {
    count: further.length,
    // Frames of a sequence are not decoded.
    cut: type.animated,
    async frame(index) {
      checkPicture(further[index], maxPixels);
      return heic.decode(bytes, further[index].id, maxPixels);
    },
    close: () => {},
  };
}

function wholeOf(file: Blob): Promise<Uint8Array> {
  if (file.size > MAX_HEIC_BYTES) throw new CheckFailure('too-large', 'a HEIC file of more than 256 MiB');
  return readSlice(file, 0, file.size);
}

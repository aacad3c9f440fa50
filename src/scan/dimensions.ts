/**
 * A picture's size from its header, before anything is decoded: a decoder must not be the one to find out
 * that a file claims a billion pixels.
 * @module
 */
import { imageSize } from 'image-size';
import { readSlice } from './read.js';
import { CheckFailure } from './types.js';

/** Header bytes to try first, and at most: a JPEG may carry megabytes of metadata before its frame header. */
const HEAD_BYTES = [256 * 1024, 16 * 1024 * 1024];

/**
 * @param file - a picture of a decodable type
 * @returns columns and rows as stored (before EXIF orientation)
 * @throws CheckFailure `undecodable` where no size can be found, `unreadable` where the file can't be read
 */
export async function readDimensions(file: Blob): Promise<{ width: number; height: number }> {
  let cause: unknown;
  for (const bytes of HEAD_BYTES) {
    const head = await readSlice(file, 0, bytes);
    try {
      const { width, height } = imageSize(asStill(head));
      if (width >= 1 && height >= 1) return { width, height };
    } catch (error) {
      cause = error;
    }
    if (file.size <= bytes) break;
  }
  throw new CheckFailure('undecodable', 'no picture size in the header', { cause });
}

/** The major brand of a sequence of AVIF pictures, which image-size doesn't know, and that of one picture: 4 bytes, big-endian. */
const AVIS = 0x61766973;
const AVIF = 0x61766966;

/** A sequence says of its first picture what a still one does, in the same place. */
function asStill(head: Uint8Array): Uint8Array {
  if (head.length < 12) return head;
  const isSequence = new DataView(head.buffer, head.byteOffset).getUint32(8) === AVIS;
  if (!isSequence) return head;
  const still = head.slice();
  new DataView(still.buffer).setUint32(8, AVIF);
  return still;
}

/**
 * Decodes pictures with the platform's own decoders: `createImageBitmap`, read back in strips.
 *
 * Profiles are ignored and EXIF orientation is applied: with these options Chromium, Firefox and WebKit give
 * the same bytes for untagged JPEG, PNG, WebP and AVIF.
 * @module
 */
import type { HostDecodedImage } from '../options.js';
import { withoutFalseClaim } from '../scan/animation/apng.js';
import { MAX_SPLIT_FRAMES } from '../scan/animation/composed.js';
import type { FileType } from '../scan/sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../scan/types.js';
import { openAnimation } from './animation-decoder.js';
import { fromSource, readbackIsFaithful } from './read-back.js';

const BITMAP_OPTIONS: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  imageOrientation: 'from-image',
  premultiplyAlpha: 'none',
};

/** Asks the host's own decoder. */
export type HostDecode = (file: Blob, type: string) => Promise<HostDecodedImage | null>;

/**
 * @param hostTypes - types that the host decodes itself
 * @param hostDecode - its decoder
 * @returns the decoder of a browser's worker
 */
export function createBrowserDecoder(hostTypes: readonly string[], hostDecode: HostDecode): ImageDecoder {
  return {
    async decode(file, type) {
      if (hostTypes.includes(type.type)) {
        const image = await hostDecode(file, type.type);
        if (image !== null) return fromHost(image);
      }
      if (!type.decodable) throw new CheckFailure('unsupported', `${type.type} is not decoded here`);
      return decodeBitmap(file, type);
    },
    openAnimation,
  };
}

function fromHost({ width, height, rgba }: HostDecodedImage): DecodedImage {
  const isSide = (side: number) => Number.isInteger(side) && side >= 1;
  if (!isSide(width) || !isSide(height) || rgba.length !== width * height * 4) {
    throw new CheckFailure('undecodable', 'the host decoder returned pixels of the wrong size');
  }
  return {
    width,
    height,
    mayHaveAlpha: true,
    readRows: (y, count) => rgba.slice(y * width * 4, (y + count) * width * 4),
    close: () => {},
  };
}

async function decodeBitmap(file: Blob, type: FileType): Promise<DecodedImage> {
  if (!readbackIsFaithful()) throw new CheckFailure('readback-blocked', 'canvas read-back is altered');
  const picture = type.type === 'png' ? await withoutFalseClaim(file, MAX_SPLIT_FRAMES) : file;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(picture, BITMAP_OPTIONS);
  } catch (cause) {
    throw new CheckFailure('undecodable', `the platform could not decode the ${type.type}`, { cause });
  }
  return fromSource(bitmap, bitmap.width, bitmap.height, type.type !== 'jpeg');
}

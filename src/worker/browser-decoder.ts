/**
 * Decodes pictures with the platform's own decoders: `createImageBitmap`, read back in strips.
 *
 * Profiles are ignored and EXIF orientation is applied: with these options Chromium, Firefox and WebKit give
 * the same bytes for untagged JPEG, PNG, WebP and AVIF.
 * @module
 */
import type { Limits } from '../limits.js';
import type { HostDecodedImage } from '../options.js';
import { withoutFalseClaim } from '../scan/animation/apng.js';
import { MAX_SPLIT_FRAMES } from '../scan/animation/composed.js';
import { checkedHeif } from '../scan/heic.js';
import { heicSample, isSampleDecoded } from '../scan/heic-sample.js';
import type { FileType } from '../scan/sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../scan/types.js';
import { openAnimation } from './animation-decoder.js';
import { fromSource, readbackIsFaithful } from './read-back.js';

const BITMAP_OPTIONS: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  imageOrientation: 'from-image',
  premultiplyAlpha: 'none',
};

/** Whether this platform decodes HEIC, once it was asked. */
let decodesHeic: Promise<boolean> | undefined;

/** Asks the host's own decoder. */
export type HostDecode = (file: Blob, type: string) => Promise<HostDecodedImage | null>;

/**
 * @param hostTypes - types that the host decodes itself
 * @param hostDecode - its decoder
 * @param limits - `maxPixels`: of HEIC, larger pictures are refused here, before they are decoded
 * @returns the decoder of a browser's worker
 */
export function createBrowserDecoder(
  hostTypes: readonly string[],
  hostDecode: HostDecode,
  limits: Pick<Limits, 'maxPixels'>,
): ImageDecoder {
  return {
    async decode(file, type) {
      if (hostTypes.includes(type.type)) {
        const image = await hostDecode(file, type.type);
        if (image !== null) return fromHost(image);
      }
      if (type.type === 'heic') {
        decodesHeic ??= platformDecodesHeic();
        if (await decodesHeic) {
          await checkedHeif(file, limits.maxPixels);
          return decodeBitmap(file, type);
        }
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

/** Safari does, other browsers don't. */
async function platformDecodesHeic(): Promise<boolean> {
  try {
    const bitmap = await createImageBitmap(new Blob([heicSample()]), BITMAP_OPTIONS);
    const image = fromSource(bitmap, bitmap.width, bitmap.height, true);
    try {
      return isSampleDecoded(image);
    } finally {
      image.close();
    }
  } catch {
    return false;
  }
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

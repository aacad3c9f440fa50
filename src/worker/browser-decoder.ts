/**
 * Decodes pictures with the platform's own decoders: `createImageBitmap`, read back in strips through a
 * small OffscreenCanvas (a large canvas silently goes blank on some phones).
 *
 * Profiles are ignored and EXIF orientation is applied: with these options Chromium, Firefox and WebKit give
 * the same bytes for untagged JPEG, PNG, WebP and AVIF.
 * @module
 */
import type { HostDecodedImage } from '../options.js';
import type { FileType } from '../scan/sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../scan/types.js';

const BITMAP_OPTIONS: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  imageOrientation: 'from-image',
  premultiplyAlpha: 'none',
};

/** Pixels of one strip canvas: 1 MiB of RGBA. */
const STRIP_PIXELS = 256 * 1024;

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
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, BITMAP_OPTIONS);
  } catch (cause) {
    throw new CheckFailure('undecodable', `the platform could not decode the ${type.type}`, { cause });
  }
  const { width, height } = bitmap;
  const canvasRows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const context = canvasContext(width, canvasRows);
  return {
    width,
    height,
    mayHaveAlpha: type.type !== 'jpeg',
    readRows(y, count) {
      const out = new Uint8ClampedArray(width * count * 4);
      for (let done = 0; done < count; done += canvasRows) {
        const rows = Math.min(canvasRows, count - done);
        context.clearRect(0, 0, width, rows);
        context.drawImage(bitmap, 0, y + done, width, rows, 0, 0, width, rows);
        out.set(readPixels(context, width, rows), done * width * 4);
      }
      return out;
    },
    close: () => bitmap.close(),
  };
}

function canvasContext(width: number, height: number): OffscreenCanvasRenderingContext2D {
  if (typeof OffscreenCanvas === 'undefined')
    throw new CheckFailure('readback-blocked', 'no OffscreenCanvas');
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (context === null) throw new CheckFailure('readback-blocked', 'no 2d canvas');
  // One pixel to one pixel: nothing to smooth, and nothing may be.
  context.imageSmoothingEnabled = false;
  return context;
}

function readPixels(
  context: OffscreenCanvasRenderingContext2D,
  width: number,
  rows: number,
): Uint8ClampedArray {
  try {
    return context.getImageData(0, 0, width, rows).data;
  } catch (cause) {
    throw new CheckFailure('readback-blocked', 'canvas read-back is refused', { cause });
  }
}

/**
 * Draws known pixels and reads them back. Browsers that guard against fingerprinting return noise or plain
 * white (Brave, Firefox with resistFingerprinting), and a hash of noise would be "no known match".
 */
export function readbackIsFaithful(): boolean {
  const side = 32;
  const context = canvasContext(side, side);
  const drawn = new ImageData(side, side);
  for (let i = 0; i < drawn.data.length; i += 4) {
    drawn.data[i] = (i * 7) & 255;
    drawn.data[i + 1] = (i >> 4) & 255;
    drawn.data[i + 2] = ((i >> 2) * 13) & 255;
    drawn.data[i + 3] = 255;
  }
  context.putImageData(drawn, 0, 0);
  const read = readPixels(context, side, side);
  return read.every((value, i) => value === drawn.data[i]);
}

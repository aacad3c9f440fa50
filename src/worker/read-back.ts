/**
 * Pixels of what the platform decoded: read back in strips through a small OffscreenCanvas (a large canvas silently goes
 * blank on some phones).
 * @module
 */
import { CheckFailure, type DecodedImage } from '../scan/types.js';

/** Pixels of one strip canvas: 1 MiB of RGBA. */
const STRIP_PIXELS = 256 * 1024;

/**
 * @param source - a decoded picture; closed with the result
 * @param width - of it, in pixels
 * @param height - of it, in pixels
 * @param mayHaveAlpha - false where it can't be transparent
 * @returns the picture, whose pixels are read as they are asked for
 */
export function fromSource(
  source: ImageBitmap | VideoFrame,
  width: number,
  height: number,
  mayHaveAlpha: boolean,
): DecodedImage {
  const canvasRows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const context = canvasContext(width, canvasRows);
  return {
    width,
    height,
    mayHaveAlpha,
    readRows(y, count) {
      const out = new Uint8ClampedArray(width * count * 4);
      for (let done = 0; done < count; done += canvasRows) {
        const rows = Math.min(canvasRows, count - done);
        context.clearRect(0, 0, width, rows);
        context.drawImage(source, 0, y + done, width, rows, 0, 0, width, rows);
        out.set(readPixels(context, width, rows), done * width * 4);
      }
      return out;
    },
    close: () => source.close(),
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

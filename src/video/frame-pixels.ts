/**
 * A decoded frame's pixels as a picture: luma where the decoder gives YUV, else colours.
 *
 * PDQ sees luma alone, so chroma is never converted: that is faster, the same in every browser, and for video without
 * colour tags what the reference gives, whose RGB luma is the Y that it started from. Pixels are read straight from the
 * decoder; no canvas that could be altered against fingerprinting lies between.
 * @module
 */
import type { VideoSample } from 'mediabunny';
import type { DecodedImage } from '../scan/types.js';

/** How a pixel lies in memory. */
interface Layout {
  /** Bytes of a pixel in the first plane, and of the first plane's row. */
  pixelBytes: number;
  rowBytes: number;
  /** Bits of a sample beyond eight; samples of more than eight bits take two bytes, the low one first. */
  extraBits: number;
  /** Offsets of red, green, blue (all the same for luma). */
  channels: readonly [number, number, number];
  /** Where alpha lies: in the pixel, or in a plane of its own. Null for opaque frames. */
  alpha: { offset: number; pixelBytes: number; rowBytes: number } | null;
  /** True for luma from 16 to 235. */
  limitedRange: boolean;
}

/** Frame by frame, into one buffer. */
export class FramePixels {
  #buffer = new Uint8Array(0);

  /**
   * @param sample - a decoded frame; may be closed afterwards
   * @returns the picture, upright; valid until the next call
   */
  async pictureOf(sample: VideoSample): Promise<DecodedImage> {
    const { width, height } = sample.visibleRect;
    const asRgba = sample.format === null;
    const options = asRgba ? { format: 'RGBA' as const } : {};
    const bytes = sample.allocationSize(options);
    if (this.#buffer.length < bytes) this.#buffer = new Uint8Array(bytes);
    const planes = await sample.copyTo(this.#buffer, options);
    const layout = layoutOf(asRgba ? 'RGBA' : sample.format, planes, sample.colorSpace.fullRange === true);
    return upright(this.#buffer, layout, width, height, sample.rotation, sample.flip);
  }
}

function layoutOf(
  format: VideoSample['format'],
  planes: readonly { offset: number; stride: number }[],
  fullRange: boolean,
): Layout {
  const [{ offset, stride }] = planes;
  if (format === 'RGBA' || format === 'RGBX' || format === 'BGRA' || format === 'BGRX') {
    const [red, blue] = format.startsWith('B') ? [2, 0] : [0, 2];
    return {
      pixelBytes: 4,
      rowBytes: stride,
      extraBits: 0,
      channels: [offset + red, offset + 1, offset + blue],
      alpha: format.endsWith('A') ? { offset: offset + 3, pixelBytes: 4, rowBytes: stride } : null,
      limitedRange: false,
    };
  }
  const extraBits = format?.endsWith('P10') ? 2 : format?.endsWith('P12') ? 4 : 0;
  const pixelBytes = extraBits === 0 ? 1 : 2;
  const last = planes[planes.length - 1];
  return {
    pixelBytes,
    rowBytes: stride,
    extraBits,
    channels: [offset, offset, offset],
    alpha: planes.length === 4 ? { offset: last.offset, pixelBytes, rowBytes: last.stride } : null,
    limitedRange: !fullRange,
  };
}

/** Opaque grey pixels as words, little-endian, by luma: from 16 to 235, or from 0 to 255. */
const greyWords = (luma: (y: number) => number): Uint32Array => {
  const rounded = Uint8ClampedArray.from({ length: 256 }, (_, y) => luma(y));
  return Uint32Array.from(rounded, (y) => (0xff << 24) | (y * 0x010101));
};
const LIMITED = greyWords((y) => ((y - 16) * 255) / 219);
const FULL = greyWords((y) => y);

/**
 * @param bytes - planes of the stored frame
 * @param layout - of them
 * @param width - of the stored frame
 * @param height - of the stored frame
 * @param rotation - degrees clockwise, to be applied first
 * @param flip - mirrored left to right afterwards
 */
function upright(
  bytes: Uint8Array,
  layout: Layout,
  width: number,
  height: number,
  rotation: number,
  flip: boolean,
): DecodedImage {
  const turned = rotation % 180 !== 0;
  const image = { width: turned ? height : width, height: turned ? width : height };
  // Stored column and row of the upright picture's first pixel, and their steps along its rows and columns.
  const steps = {
    0: { x: 0, y: 0, acrossX: 1, acrossY: 0, downX: 0, downY: 1 },
    90: { x: 0, y: height - 1, acrossX: 0, acrossY: -1, downX: 1, downY: 0 },
    180: { x: width - 1, y: height - 1, acrossX: -1, acrossY: 0, downX: 0, downY: -1 },
    270: { x: width - 1, y: 0, acrossX: 0, acrossY: 1, downX: -1, downY: 0 },
  }[rotation as 0 | 90 | 180 | 270];
  if (flip) {
    steps.x += (image.width - 1) * steps.acrossX;
    steps.y += (image.width - 1) * steps.acrossY;
    steps.acrossX *= -1;
    steps.acrossY *= -1;
  }
  const { pixelBytes, rowBytes } = layout;
  const across = steps.acrossX * pixelBytes + steps.acrossY * rowBytes;
  const fill = layout.channels[0] === layout.channels[1] ? fillGrey : fillColours;
  return {
    ...image,
    mayHaveAlpha: layout.alpha !== null,
    readRows(from, count) {
      const out = new Uint8ClampedArray(image.width * count * 4);
      for (let i = 0; i < count; i++) {
        const x = steps.x + (from + i) * steps.downX;
        const y = steps.y + (from + i) * steps.downY;
        const row = out.subarray(i * image.width * 4, (i + 1) * image.width * 4);
        fill(row, bytes, y * rowBytes + x * pixelBytes, across, layout);
        if (layout.alpha === null) continue;
        const { offset, rowBytes: alphaRow, pixelBytes: alphaPixel } = layout.alpha;
        const step = steps.acrossX * alphaPixel + steps.acrossY * alphaRow;
        for (let to = 3, at = offset + y * alphaRow + x * alphaPixel; to < row.length; to += 4, at += step) {
          row[to] = sampleAt(bytes, at, layout.extraBits);
        }
      }
      return out;
    },
    close: () => {},
  };
}

/** A sample in eight bits. */
function sampleAt(bytes: Uint8Array, at: number, extraBits: number): number {
  return extraBits === 0 ? bytes[at] : (bytes[at] | (bytes[at + 1] << 8)) >> extraBits;
}

/** One row of pixels from `start` on, `step` bytes apart. */
function fillGrey(
  row: Uint8ClampedArray,
  bytes: Uint8Array,
  start: number,
  step: number,
  { channels, extraBits, limitedRange }: Layout,
): void {
  const words = new Uint32Array(row.buffer, row.byteOffset, row.length / 4);
  const grey = limitedRange ? LIMITED : FULL;
  let at = start + channels[0];
  if (extraBits === 0) for (let to = 0; to < words.length; to++, at += step) words[to] = grey[bytes[at]];
  else for (let to = 0; to < words.length; to++, at += step) words[to] = grey[sampleAt(bytes, at, extraBits)];
}

function fillColours(
  row: Uint8ClampedArray,
  bytes: Uint8Array,
  start: number,
  step: number,
  { channels: [red, green, blue] }: Layout,
): void {
  for (let to = 0, at = start; to < row.length; to += 4, at += step) {
    row[to] = bytes[at + red];
    row[to + 1] = bytes[at + green];
    row[to + 2] = bytes[at + blue];
    row[to + 3] = 255;
  }
}

/**
 * A decoded frame's pixels as a picture: luma where the decoder gives YUV, else colours.
 *
 * PDQ sees luma alone, so chroma is never converted: that is faster, the same in every browser, and for video without
 * colour tags what the reference gives, whose RGB luma is the Y that it started from. Pixels are read straight from the
 * decoder; no canvas that could be altered against fingerprinting lies between.
 *
 * Firefox gives colours, but says of which matrix: the luma that they were made from is taken back from them.
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
  /** Shares of red, green and blue in the luma that colours were made from. Null for what has been colours all along. */
  lumaShares: LumaShares | null;
}

type LumaShares = readonly [red: number, green: number, blue: number];

/** By the matrix that made colours of luma (ITU-R BT.709, BT.601, BT.2020). */
const LUMA_SHARES: Readonly<Record<string, LumaShares>> = {
  bt709: [0.2126, 0.7152, 0.0722],
  bt470bg: [0.299, 0.587, 0.114],
  smpte170m: [0.299, 0.587, 0.114],
  'bt2020-ncl': [0.2627, 0.678, 0.0593],
};

/**
 * Pixels of a longer side that are enough: frames of at least twice as many are halved. PDQ looks at 64 x 64 means, so that hardly
 * moves a hash (docs/video.md), and everything behind it takes a quarter of the time.
 */
export const ENOUGH_PIXELS = 1920;

/** Bytes of pixels up to which a whole picture is kept: some are read several times. Larger ones are made in strips each time. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** Frame by frame, into one buffer. */
export class FramePixels {
  #buffer = new Uint8Array(0);
  #reduced = new Uint8Array(0);
  readonly #rows: Rows;

  /** @param rows - for pixels as they are read; shared where one picture is read at a time */
  constructor(rows = new Rows()) {
    this.#rows = rows;
  }

  /** Bytes in use, without the rows. */
  get bytes(): number {
    return this.#buffer.length + this.#reduced.length;
  }

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
    const layout = layoutOf(asRgba ? 'RGBA' : sample.format, planes, sample.colorSpace);
    const stored = this.#reduce({ bytes: this.#buffer, layout, width, height });
    return upright(stored, sample.rotation, sample.flip, this.#rows);
  }

  #reduce(frame: StoredFrame): StoredFrame {
    const { channels, alpha, limitedRange } = frame.layout;
    if (channels[0] !== channels[1] || alpha !== null) return frame;
    let reduced = frame;
    while (Math.max(reduced.width, reduced.height) >= 2 * ENOUGH_PIXELS) {
      const width = Math.max(1, reduced.width >> 1);
      const height = Math.max(1, reduced.height >> 1);
      if (this.#reduced.length < width * height) this.#reduced = new Uint8Array(width * height);
      halveLuma(reduced, width, height, this.#reduced);
      const layout = { ...PLAIN_LUMA, rowBytes: width, limitedRange };
      reduced = { bytes: this.#reduced, layout, width, height };
    }
    return reduced;
  }
}

/** A frame as it is stored: not upright yet. */
interface StoredFrame {
  bytes: Uint8Array;
  layout: Layout;
  width: number;
  height: number;
}

const PLAIN_LUMA: Omit<Layout, 'rowBytes' | 'limitedRange'> = {
  pixelBytes: 1,
  extraBits: 0,
  channels: [0, 0, 0],
  alpha: null,
  lumaShares: null,
};

/**
 * Means of 2 x 2 pixels; an odd last row or column is left out.
 * @param frame - of luma
 * @param width - of what comes out
 * @param height - of what comes out
 * @param out - may be what is read from: it is filled no faster than that
 */
function halveLuma(frame: StoredFrame, width: number, height: number, out: Uint8Array): void {
  const { bytes, layout } = frame;
  const { rowBytes, pixelBytes, extraBits, channels } = layout;
  // Of a side of one pixel, the pixel twice.
  const across = frame.width > 1 ? pixelBytes : 0;
  const down = frame.height > 1 ? rowBytes : 0;
  let to = 0;
  for (let y = 0; y < height; y++) {
    let at = channels[0] + 2 * y * rowBytes;
    let below = at + down;
    const step = 2 * pixelBytes;
    if (extraBits === 0) {
      for (let x = 0; x < width; x++, at += step, below += step) {
        out[to++] = (bytes[at] + bytes[at + across] + bytes[below] + bytes[below + across] + 2) >> 2;
      }
      continue;
    }
    const sample = (i: number) => sampleAt(bytes, i, extraBits);
    for (let x = 0; x < width; x++, at += step, below += step) {
      out[to++] = (sample(at) + sample(at + across) + sample(below) + sample(below + across) + 2) >> 2;
    }
  }
}

/** One buffer for rows of pixels, made anew only where it is too small: fresh memory costs more than filling it (measured). */
export class Rows {
  #bytes = new Uint8ClampedArray(0);

  of(length: number): Uint8ClampedArray {
    if (this.#bytes.length < length) this.#bytes = new Uint8ClampedArray(length);
    return this.#bytes.subarray(0, length);
  }
}

function layoutOf(
  format: VideoSample['format'],
  planes: readonly { offset: number; stride: number }[],
  { fullRange, matrix }: { fullRange: boolean | null; matrix: string | null },
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
      lumaShares: LUMA_SHARES[matrix ?? ''] ?? null,
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
    limitedRange: fullRange !== true,
    lumaShares: null,
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
 * @param frame - as it is stored
 * @param rotation - degrees clockwise, to be applied first
 * @param flip - mirrored left to right afterwards
 * @param rows - for the pixels that are read
 */
function upright(
  { bytes, layout, width, height }: StoredFrame,
  rotation: number,
  flip: boolean,
  rows: Rows,
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
  const isLuma = layout.channels[0] === layout.channels[1];
  const fill = isLuma ? fillGrey : layout.lumaShares === null ? fillColours : fillLumaOfColours;
  const fillRows = (out: Uint8ClampedArray, from: number, count: number) => {
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
  };
  const bytesOfRow = image.width * 4;
  const isKept = bytesOfRow * image.height <= KEPT_BYTES;
  /** Rows that are kept so far. */
  let filled = 0;
  return {
    ...image,
    mayHaveAlpha: layout.alpha !== null,
    isGrey: fill !== fillColours,
    readRows(from, count) {
      const end = from + count;
      if (!isKept) {
        const strip = rows.of(count * bytesOfRow);
        fillRows(strip, from, count);
        return strip;
      }
      const whole = rows.of(image.height * bytesOfRow);
      if (end > filled) fillRows(whole.subarray(filled * bytesOfRow, end * bytesOfRow), filled, end - filled);
      filled = Math.max(filled, end);
      return whole.subarray(from * bytesOfRow, end * bytesOfRow);
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
  let to = 0;
  if (extraBits > 0) {
    for (; to < words.length; to++, at += step) words[to] = grey[sampleAt(bytes, at, extraBits)];
    return;
  }
  if (step === 1 && (bytes.byteOffset + at) % 4 === 0) {
    // Four at a time, little-endian: nearly three times as fast (measured).
    const fours = new Uint32Array(bytes.buffer, bytes.byteOffset + at, words.length >> 2);
    for (let i = 0; i < fours.length; i++, to += 4) {
      const four = fours[i];
      words[to] = grey[four & 255];
      words[to + 1] = grey[(four >>> 8) & 255];
      words[to + 2] = grey[(four >>> 16) & 255];
      words[to + 3] = grey[four >>> 24];
    }
    at += to;
  }
  for (; to < words.length; to++, at += step) words[to] = grey[bytes[at]];
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

function fillLumaOfColours(
  row: Uint8ClampedArray,
  bytes: Uint8Array,
  start: number,
  step: number,
  { channels: [red, green, blue], lumaShares }: Layout,
): void {
  const [r, g, b] = lumaShares as LumaShares;
  const words = new Uint32Array(row.buffer, row.byteOffset, row.length / 4);
  for (let to = 0, at = start; to < words.length; to++, at += step) {
    words[to] = FULL[(r * bytes[at + red] + g * bytes[at + green] + b * bytes[at + blue] + 0.5) | 0];
  }
}

/**
 * Puts the stills of an animation together again, one frame at a time, as a viewer does: for platforms without a
 * decoder of animations. Their decoder of still pictures does the decoding, so no format's bitstream is read here.
 * @module
 */
import { readSlice } from '../read.js';
import type { FileType } from '../sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../types.js';
import { splitApng } from './apng.js';
import { splitGif } from './gif.js';
import type { AnimationFrames, StillFrame, StillFrames } from './types.js';
import { splitWebp } from './webp.js';

/** Frames that are counted in a file at most: an entry for each is kept. */
export const MAX_SPLIT_FRAMES = 65_536;

/** Bytes of pixels drawn at a time. */
const STRIP_BYTES = 1024 * 1024;

const SPLITTERS: Partial<Record<string, (bytes: Uint8Array, maxFrames: number) => StillFrames>> = {
  gif: splitGif,
  png: splitApng,
  webp: splitWebp,
};

/**
 * @param file - an animation
 * @param type - what the sniffer says of it
 * @param decoder - of still pictures
 * @param maxPixels - larger frames are not decoded
 * @returns its frames, or null where its format can't be cut into stills
 * @throws CheckFailure `too-large` where the whole picture is
 */
export async function openComposed(
  file: Blob,
  type: FileType,
  decoder: ImageDecoder,
  maxPixels: number,
): Promise<AnimationFrames | null> {
  const split = SPLITTERS[type.type];
  if (split === undefined) return null;
  const { width, height, frames, cut } = split(await readSlice(file, 0, file.size), MAX_SPLIT_FRAMES);
  if (width < 1 || height < 1) return null;
  if (width * height > maxPixels) throw new CheckFailure('too-large', 'more pixels than the limit');
  const stillType: FileType = { ...type, animated: false };
  const canvas = new Canvas(width, height);
  let next = 0;
  let skipped = false;
  const draw = async (still: StillFrame) => {
    canvas.before(still);
    if (still.width < 1 || still.height < 1) return;
    if (still.width * still.height > maxPixels) {
      throw new CheckFailure('too-large', 'more pixels than the limit');
    }
    const image = await decoder.decode(new Blob([still.file()]), stillType);
    try {
      canvas.draw(image, still);
    } finally {
      image.close();
    }
  };
  return {
    count: frames.length,
    get cut() {
      return cut || skipped;
    },
    async frame(index) {
      while (next <= index) {
        const still = frames[next++];
        try {
          await draw(still);
        } catch (error) {
          // A damaged frame spoils those that are drawn over it, but doesn't hide them.
          skipped = true;
          if (next > index) throw error;
        }
      }
      return canvas.picture();
    },
    close: () => canvas.free(),
  };
}

/** The picture that frames are drawn on. */
class Canvas {
  readonly #width: number;
  readonly #height: number;
  #rgba: Uint8Array;
  #last: StillFrame | null = null;
  #saved: Uint8Array | null = null;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#rgba = new Uint8Array(width * height * 4);
  }

  /** Disposes of the frame before, and keeps what this one is to be replaced by. */
  before(still: StillFrame): void {
    const last = this.#last;
    if (last?.after === 'clear' || (last?.after === 'restore' && this.#saved === null)) {
      this.#eachRow(last, (row) => row.fill(0));
    } else if (last?.after === 'restore') {
      const saved = this.#saved as Uint8Array;
      let at = 0;
      this.#eachRow(last, (row) => {
        row.set(saved.subarray(at, at + row.length));
        at += row.length;
      });
    }
    this.#saved = null;
    // There is nothing before the first frame: it is cleared away.
    if (still.after === 'restore' && last !== null) {
      const rows: Uint8Array[] = [];
      this.#eachRow(still, (row) => rows.push(row.slice()));
      const saved = new Uint8Array(rows.reduce((sum, row) => sum + row.length, 0));
      rows.reduce((at, row) => {
        saved.set(row, at);
        return at + row.length;
      }, 0);
      this.#saved = saved;
    }
    this.#last = still;
  }

  /** Draws what of the frame lies on the canvas. */
  draw(image: DecodedImage, { left, top, blend }: StillFrame): void {
    const width = Math.min(image.width, this.#width - left);
    const height = Math.min(image.height, this.#height - top);
    if (width <= 0) return;
    const stripRows = Math.max(1, Math.floor(STRIP_BYTES / (image.width * 4)));
    for (let y = 0; y < height; y += stripRows) {
      const count = Math.min(stripRows, height - y);
      const pixels = image.readRows(y, count);
      for (let row = 0; row < count; row++) {
        const to = ((top + y + row) * this.#width + left) * 4;
        const from = row * image.width * 4;
        const source = pixels.subarray(from, from + width * 4);
        if (blend === 'replace') this.#rgba.set(source, to);
        else drawOver(this.#rgba, to, source);
      }
    }
  }

  picture(): DecodedImage {
    const width = this.#width;
    return {
      width,
      height: this.#height,
      mayHaveAlpha: true,
      readRows: (y, count) => this.#rgba.subarray(y * width * 4, (y + count) * width * 4),
      close: () => {},
    };
  }

  free(): void {
    this.#rgba = new Uint8Array();
    this.#saved = null;
  }

  /** The rows of the frame's area that lie on the canvas. */
  #eachRow({ left, top, width, height }: StillFrame, take: (row: Uint8Array) => void): void {
    const right = Math.min(left + width, this.#width);
    const bottom = Math.min(top + height, this.#height);
    if (right <= left) return;
    for (let y = top; y < bottom; y++) {
      take(this.#rgba.subarray((y * this.#width + left) * 4, (y * this.#width + right) * 4));
    }
  }
}

/** Source over destination, neither premultiplied (PNG, 11.3.6.2, `APNG_BLEND_OP_OVER`). */
function drawOver(rgba: Uint8Array, to: number, source: Uint8Array | Uint8ClampedArray): void {
  for (let i = 0; i < source.length; i += 4) {
    const alpha = source[i + 3];
    if (alpha === 0) continue;
    const at = to + i;
    if (alpha === 255 || rgba[at + 3] === 0) {
      for (let c = 0; c < 4; c++) rgba[at + c] = source[i + c];
      continue;
    }
    const under = (rgba[at + 3] * (255 - alpha)) / 255;
    const sum = alpha + under;
    for (let c = 0; c < 3; c++)
      rgba[at + c] = Math.round((source[i + c] * alpha + rgba[at + c] * under) / sum);
    rgba[at + 3] = Math.round(sum);
  }
}

/**
 * What the picture finder's network sees: the whole picture, each pixel the mean of the area that it covers,
 * squashed to a square whatever its shape. Training uses this same code.
 * @module
 */

/** Width and height of the network's input. */
export const INPUT_SIDE = 256;

const CHANNELS = 3;

/** The columns of a picture that lie under each column of the input, and how much of the outer ones does. */
export interface InputColumns {
  readonly first: Uint32Array;
  readonly last: Uint32Array;
  readonly firstWeight: Float64Array;
  readonly lastWeight: Float64Array;
}

/**
 * @param width - of a picture
 * @returns its columns
 */
export function inputColumns(width: number): InputColumns {
  const span = width / INPUT_SIDE;
  const first = new Uint32Array(INPUT_SIDE);
  const last = new Uint32Array(INPUT_SIDE);
  const firstWeight = new Float64Array(INPUT_SIDE);
  const lastWeight = new Float64Array(INPUT_SIDE);
  for (let x = 0; x < INPUT_SIDE; x++) {
    const from = x * span;
    const to = from + span;
    first[x] = Math.floor(from);
    last[x] = Math.min(width - 1, Math.ceil(to) - 1);
    firstWeight[x] = Math.min(first[x] + 1, to) - from;
    lastWeight[x] = Math.min(last[x] + 1, to) - Math.max(last[x], from);
  }
  return { first, last, firstWeight, lastWeight };
}

/** Takes a picture row by row and keeps no more than the small copy. */
export class NetworkInput {
  readonly #width: number;
  readonly #height: number;
  readonly #channels: 3 | 4;
  readonly #columns: InputColumns;
  /** INPUT_SIDE x INPUT_SIDE x 3 sums, row-major. */
  readonly #sums = new Float32Array(INPUT_SIDE * INPUT_SIDE * CHANNELS);
  /** A row of the picture, squashed: INPUT_SIDE x 3 sums. */
  readonly #row = new Float32Array(INPUT_SIDE * CHANNELS);
  #rows = 0;

  /**
   * @param width - of the picture in pixels
   * @param height - of the picture in pixels
   * @param channels - 4 for RGBA, of which alpha is not looked at, 3 for RGB
   * @throws RangeError for sides that are no whole numbers above 0
   */
  constructor(width: number, height: number, channels: 3 | 4 = 4) {
    if (!Number.isInteger(width) || width < 1) throw new RangeError("'width' must be a whole number above 0");
    if (!Number.isInteger(height) || height < 1)
      throw new RangeError("'height' must be a whole number above 0");
    this.#width = width;
    this.#height = height;
    this.#channels = channels;
    this.#columns = inputColumns(width);
  }

  /**
   * @param pixels - the next rows, 8 bits a channel, row-major
   * @param count - of rows
   * @throws RangeError for too few bytes or too many rows
   */
  rows(pixels: Uint8Array | Uint8ClampedArray, count: number): void {
    const stride = this.#width * this.#channels;
    if (pixels.length < count * stride) throw new RangeError("'pixels' is shorter than its rows");
    if (this.#rows + count > this.#height) throw new RangeError("'count' goes beyond the picture's height");
    for (let i = 0; i < count; i++, this.#rows++) {
      this.#squashRow(pixels, i * stride);
      this.#addRow(this.#rows);
    }
  }

  /**
   * @returns red, then green, then blue, INPUT_SIDE x INPUT_SIDE each, row-major, from 0 to 1
   * @throws RangeError when rows are missing
   */
  finish(): Float32Array {
    if (this.#rows !== this.#height) throw new RangeError("'rows' were not all given");
    const pixels = INPUT_SIDE * INPUT_SIDE;
    const out = new Float32Array(pixels * CHANNELS);
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < CHANNELS; c++) out[c * pixels + i] = this.#sums[i * CHANNELS + c] / 255;
    }
    return out;
  }

  /** Means over the columns of each column of the input. */
  #squashRow(pixels: Uint8Array | Uint8ClampedArray, start: number): void {
    const row = this.#row;
    const channels = this.#channels;
    const { first, last, firstWeight, lastWeight } = this.#columns;
    const span = this.#width / INPUT_SIDE;
    for (let x = 0, to = 0; x < INPUT_SIDE; x++, to += CHANNELS) {
      let at = start + first[x] * channels;
      const end = start + last[x] * channels;
      let weight = firstWeight[x];
      let red = pixels[at] * weight;
      let green = pixels[at + 1] * weight;
      let blue = pixels[at + 2] * weight;
      // Those between count whole.
      for (at += channels; at < end; at += channels) {
        red += pixels[at];
        green += pixels[at + 1];
        blue += pixels[at + 2];
      }
      if (at === end) {
        weight = lastWeight[x];
        red += pixels[at] * weight;
        green += pixels[at + 1] * weight;
        blue += pixels[at + 2] * weight;
      }
      row[to] = red / span;
      row[to + 1] = green / span;
      row[to + 2] = blue / span;
    }
  }

  /** Adds the squashed row to the rows of the input that it reaches into. */
  #addRow(y: number): void {
    const row = this.#row;
    const sums = this.#sums;
    const span = this.#height / INPUT_SIDE;
    const first = Math.floor(y / span);
    const last = Math.min(INPUT_SIDE - 1, Math.ceil((y + 1) / span) - 1);
    for (let target = first; target <= last; target++) {
      const weight = (Math.min(y + 1, (target + 1) * span) - Math.max(y, target * span)) / span;
      if (weight <= 0) continue;
      const at = target * row.length;
      for (let i = 0; i < row.length; i++) sums[at + i] += row[i] * weight;
    }
  }
}

/**
 * @param pixels - a whole picture, 8 bits a channel, row-major
 * @param width - in pixels
 * @param height - in pixels
 * @param channels - 4 for RGBA, 3 for RGB
 * @returns see {@link NetworkInput.finish}
 */
export function networkInput(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 3 | 4 = 4,
): Float32Array {
  const input = new NetworkInput(width, height, channels);
  input.rows(pixels, height);
  return input.finish();
}

/**
 * What is kept of a picture's pixels while they pass by, for a look at the pictures inside it: its luma, small enough
 * to keep, and a thumbnail in colour. Nothing is read twice for it.
 * @module
 */
import { INPUT_SIDE, NetworkInput } from './network-input.js';

/** Pixels of a survey's luma; of a larger picture every second, third, … pixel of every such row is taken. */
export const MAX_SURVEY_PIXELS = 4 * 1024 * 1024;

/**
 * Along each side the thumbnail is made of all pixels, or of at least so many, evenly spread: four for each pixel of the
 * thumbnail tell what is there.
 */
const THUMBNAIL_SAMPLES = 4 * INPUT_SIDE;

/** Luma, 0 to 255, row-major. */
export interface LumaPlane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** See the module. */
export interface Survey {
  /** Sides of the picture divided by a whole number. */
  readonly luma: LumaPlane;
  /** As src/scan/network-input.ts gives it. */
  readonly thumbnail: Float32Array;
}

/** Makes a survey of one picture from its strips. */
export class Surveyor {
  readonly #width: number;
  readonly #step: number;
  readonly #luma: LumaPlane;
  readonly #columnStep: number;
  readonly #rowStep: number;
  readonly #thumbnail: NetworkInput;
  /** Pixels of a row that are taken for the thumbnail. */
  readonly #samples: Uint32Array;
  #row = 0;

  /** Of a picture of this size. */
  constructor(width: number, height: number) {
    this.#width = width;
    let step = 1;
    while (Math.ceil(width / step) * Math.ceil(height / step) > MAX_SURVEY_PIXELS) step++;
    this.#step = step;
    const planeWidth = Math.ceil(width / step);
    const planeHeight = Math.ceil(height / step);
    this.#luma = { width: planeWidth, height: planeHeight, data: new Uint8Array(planeWidth * planeHeight) };
    this.#columnStep = Math.max(1, Math.floor(width / THUMBNAIL_SAMPLES));
    this.#rowStep = Math.max(1, Math.floor(height / THUMBNAIL_SAMPLES));
    this.#samples = new Uint32Array(Math.ceil(width / this.#columnStep));
    this.#thumbnail = new NetworkInput(this.#samples.length, Math.ceil(height / this.#rowStep));
  }

  /** Takes the next `count` rows of RGBA pixels, as bytes and as words. */
  strip(rgba: Uint8Array | Uint8ClampedArray, words: Uint32Array, count: number): void {
    for (let row = 0; row < count; row++, this.#row++) {
      const start = row * this.#width;
      if (this.#row % this.#step === 0) this.#addLuma(rgba, start * 4);
      if (this.#row % this.#rowStep === 0) this.#addSamples(words, start);
    }
  }

  /** @returns the survey, once all rows were taken */
  end(): Survey {
    return { luma: this.#luma, thumbnail: this.#thumbnail.finish() };
  }

  /** As PDQ weighs the channels. */
  #addLuma(rgba: Uint8Array | Uint8ClampedArray, start: number): void {
    const { width, data } = this.#luma;
    const stride = this.#step * 4;
    let to = (this.#row / this.#step) * width;
    const end = to + width;
    for (let i = start; to < end; to++, i += stride) {
      data[to] = (rgba[i] * 19595 + rgba[i + 1] * 38470 + rgba[i + 2] * 7471 + 32768) >> 16;
    }
  }

  #addSamples(words: Uint32Array, start: number): void {
    const samples = this.#samples;
    for (let i = 0, from = start; i < samples.length; i++, from += this.#columnStep) samples[i] = words[from];
    this.#thumbnail.rows(new Uint8Array(samples.buffer), 1);
  }
}

/**
 * @param plane - luma
 * @param factor - whole, 1 or more
 * @returns the plane with both sides divided by it, each value the mean of its cell
 */
export function shrunk(plane: LumaPlane, factor: number): LumaPlane {
  if (factor === 1) return plane;
  const width = Math.floor(plane.width / factor);
  const height = Math.floor(plane.height / factor);
  const data = new Uint8Array(width * height);
  const sums = new Uint32Array(width);
  const cell = factor * factor;
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let row = 0; row < factor; row++) {
      let at = (y * factor + row) * plane.width;
      for (let x = 0; x < width; x++) for (let i = 0; i < factor; i++) sums[x] += plane.data[at++];
    }
    for (let x = 0; x < width; x++) data[y * width + x] = (sums[x] + cell / 2) / cell;
  }
  return { width, height, data };
}

/**
 * What is kept of a picture's pixels while they pass by, for a look at the pictures inside it: its luma, small enough
 * to keep, and a thumbnail in colour. Nothing is read twice for it.
 * @module
 */
import { INPUT_SIDE, NetworkInput } from './network-input.js';

/** Pixels of a survey's luma; of a larger picture every second, third, … pixel of every such row is taken. */
export const MAX_SURVEY_PIXELS = 4 * 1024 * 1024;

/**
 * Along each side the thumbnail is made of all pixels, or of at least so many, evenly spread: two for each pixel of the
 * thumbnail tell what is there (measured: the network finds as much as with four, or with all).
 */
const THUMBNAIL_SAMPLES = 2 * INPUT_SIDE;

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
  /** As src/kernels/network-input.ts gives it. */
  readonly thumbnail: Float32Array;
}

/** Which pixels a survey is made of. */
export interface SurveyLayout {
  /** Of every so many pixels along each side one is in the luma plane. */
  readonly lumaStep: number;
  readonly lumaWidth: number;
  readonly lumaHeight: number;
  /** Of every so many columns and rows one is in the thumbnail, and how many these are. */
  readonly columnStep: number;
  readonly rowStep: number;
  readonly samplesX: number;
  readonly samplesY: number;
}

/**
 * @param width - of the picture
 * @param height - of the picture
 * @returns which of its pixels a survey is made of
 */
export function surveyLayout(width: number, height: number): SurveyLayout {
  let lumaStep = 1;
  while (Math.ceil(width / lumaStep) * Math.ceil(height / lumaStep) > MAX_SURVEY_PIXELS) lumaStep++;
  const columnStep = Math.max(1, Math.floor(width / THUMBNAIL_SAMPLES));
  const rowStep = Math.max(1, Math.floor(height / THUMBNAIL_SAMPLES));
  return {
    lumaStep,
    lumaWidth: Math.ceil(width / lumaStep),
    lumaHeight: Math.ceil(height / lumaStep),
    columnStep,
    rowStep,
    samplesX: Math.ceil(width / columnStep),
    samplesY: Math.ceil(height / rowStep),
  };
}

/** Makes a survey of one picture from its strips, in plain TypeScript; the PDQ kernel in WebAssembly gives the same. */
export class Surveyor {
  readonly #width: number;
  readonly #layout: SurveyLayout;
  readonly #luma: LumaPlane;
  readonly #thumbnail: NetworkInput;
  /** Pixels of a row that are taken for the thumbnail. */
  readonly #samples: Uint32Array;
  readonly #sampleBytes: Uint8Array;
  #row = 0;

  /** Of a picture of this size. */
  constructor(width: number, height: number) {
    this.#width = width;
    const layout = surveyLayout(width, height);
    const { lumaWidth, lumaHeight, samplesX, samplesY } = layout;
    this.#layout = layout;
    this.#luma = { width: lumaWidth, height: lumaHeight, data: new Uint8Array(lumaWidth * lumaHeight) };
    this.#samples = new Uint32Array(samplesX);
    this.#sampleBytes = new Uint8Array(this.#samples.buffer);
    this.#thumbnail = new NetworkInput(samplesX, samplesY);
  }

  /** Takes the next `count` rows of RGBA pixels, each a word with red in its lowest byte. */
  strip(words: Uint32Array, count: number): void {
    for (let row = 0; row < count; row++, this.#row++) {
      const start = row * this.#width;
      if (this.#row % this.#layout.lumaStep === 0) this.#addLuma(words, start);
      if (this.#row % this.#layout.rowStep === 0) this.#addSamples(words, start);
    }
  }

  /** @returns the survey, once all rows were taken */
  end(): Survey {
    return { luma: this.#luma, thumbnail: this.#thumbnail.finish() };
  }

  /** As PDQ weighs the channels. */
  #addLuma(words: Uint32Array, start: number): void {
    const { width, data } = this.#luma;
    const step = this.#layout.lumaStep;
    // Whole, and told so: as a double it would make the loop slower.
    let to = Math.trunc(this.#row / step) * width;
    const end = to + width;
    for (let i = start; to < end; to++, i += step) {
      const word = words[i];
      const luma = (word & 255) * 19595 + ((word >>> 8) & 255) * 38470 + ((word >>> 16) & 255) * 7471;
      data[to] = (luma + 32768) >> 16;
    }
  }

  #addSamples(words: Uint32Array, start: number): void {
    const samples = this.#samples;
    for (let i = 0, from = start; i < samples.length; i++, from += this.#layout.columnStep)
      samples[i] = words[from];
    this.#thumbnail.rows(this.#sampleBytes, 1);
  }
}

/** Adds each `factor` values of a row to a sum. */
function addRow(data: Uint8Array, start: number, factor: number, sums: Uint32Array): void {
  if (factor === 2) {
    for (let x = 0, at = start; x < sums.length; x++, at += 2) sums[x] += data[at] + data[at + 1];
    return;
  }
  for (let x = 0, at = start; x < sums.length; x++) {
    let sum = 0;
    for (const end = at + factor; at < end; at++) sum += data[at];
    sums[x] += sum;
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
    sums.fill(cell >> 1);
    for (let row = 0; row < factor; row++) addRow(plane.data, (y * factor + row) * plane.width, factor, sums);
    for (let x = 0, to = y * width; x < width; x++, to++) data[to] = sums[x] / cell;
  }
  return { width, height, data };
}

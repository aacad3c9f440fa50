/**
 * What is kept of a picture's pixels while they pass by, for a look at the pictures inside it: its luma, small enough
 * to keep, and a thumbnail in colour. Nothing is read twice for it.
 * @module
 */

/** Pixels of a survey's luma; of a larger picture every second, third, … pixel of every such row is taken. */
export const MAX_SURVEY_PIXELS = 4 * 1024 * 1024;

/** Both sides of the thumbnail, whatever the picture's shape. */
export const THUMBNAIL_SIDE = 256;

/** Pixels along each axis that a cell of the thumbnail is the mean of, at most. */
const SAMPLES = 4;

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
  /** 3 x 256 x 256 means of R, of G, of B, 0 to 255; each row-major, the picture squashed to a square. */
  readonly thumbnail: Float32Array;
}

/** Makes a survey of one picture from its strips. */
export class Surveyor {
  readonly #width: number;
  readonly #height: number;
  readonly #step: number;
  readonly #luma: LumaPlane;
  /** Sums of R, G, B, and how many pixels, for each cell of the thumbnail. */
  readonly #cells = new Float32Array(THUMBNAIL_SIDE * THUMBNAIL_SIDE * 4);
  /** Columns that are sampled for the thumbnail, and their cells. */
  readonly #columns: Uint32Array;
  readonly #rowStep: number;
  #row = 0;

  /** Of a picture of this size. */
  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    let step = 1;
    while (Math.ceil(width / step) * Math.ceil(height / step) > MAX_SURVEY_PIXELS) step++;
    this.#step = step;
    const planeWidth = Math.ceil(width / step);
    const planeHeight = Math.ceil(height / step);
    this.#luma = { width: planeWidth, height: planeHeight, data: new Uint8Array(planeWidth * planeHeight) };
    const columnStep = sampleStep(width);
    this.#columns = Uint32Array.from({ length: Math.ceil(width / columnStep) }, (_, i) => i * columnStep);
    this.#rowStep = sampleStep(height);
  }

  /** Takes the next `count` rows of RGBA bytes. */
  strip(rgba: Uint8Array | Uint8ClampedArray, count: number): void {
    for (let row = 0; row < count; row++, this.#row++) {
      const start = row * this.#width * 4;
      if (this.#row % this.#step === 0) this.#addLuma(rgba, start);
      if (this.#row % this.#rowStep === 0) this.#addSamples(rgba, start);
    }
  }

  /** @returns the survey, once all rows were taken */
  end(): Survey {
    return { luma: this.#luma, thumbnail: this.#thumbnail() };
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

  #addSamples(rgba: Uint8Array | Uint8ClampedArray, start: number): void {
    const row = Math.floor((this.#row * THUMBNAIL_SIDE) / this.#height) * THUMBNAIL_SIDE;
    const cells = this.#cells;
    for (const x of this.#columns) {
      const cell = (row + Math.floor((x * THUMBNAIL_SIDE) / this.#width)) * 4;
      const at = start + x * 4;
      cells[cell] += rgba[at];
      cells[cell + 1] += rgba[at + 1];
      cells[cell + 2] += rgba[at + 2];
      cells[cell + 3]++;
    }
  }

  #thumbnail(): Float32Array {
    const size = THUMBNAIL_SIDE * THUMBNAIL_SIDE;
    const thumbnail = new Float32Array(3 * size);
    for (let y = 0; y < THUMBNAIL_SIDE; y++) {
      const fromRow = cellWithPixels(y, this.#height) * THUMBNAIL_SIDE;
      for (let x = 0; x < THUMBNAIL_SIDE; x++) {
        const from = (fromRow + cellWithPixels(x, this.#width)) * 4;
        const to = y * THUMBNAIL_SIDE + x;
        for (let channel = 0; channel < 3; channel++) {
          thumbnail[channel * size + to] = this.#cells[from + channel] / this.#cells[from + 3];
        }
      }
    }
    return thumbnail;
  }
}

/** Distance of the pixels sampled along a side, so that each cell gets {@link SAMPLES} or somewhat more. */
function sampleStep(side: number): number {
  return Math.max(1, Math.floor(side / (THUMBNAIL_SIDE * SAMPLES)));
}

/** Of a side with fewer pixels than cells, not every cell has one. */
function cellWithPixels(cell: number, side: number): number {
  if (side >= THUMBNAIL_SIDE) return cell;
  return Math.floor((Math.floor((cell * side) / THUMBNAIL_SIDE) * THUMBNAIL_SIDE) / side);
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

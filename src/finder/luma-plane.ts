/**
 * The luma of a whole picture, small enough to keep: what edges are looked for in, and what the pictures found
 * are hashed from. Gathered from strips while they pass by, so that nothing is read twice.
 * @module
 */

/** Pixels that a plane may hold; a larger picture is shrunk by a whole factor. */
export const MAX_PLANE_PIXELS = 4 * 1024 * 1024;

/** Luma, 0 to 255, row-major. */
export interface LumaPlane {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * @param width - of the picture
 * @param height - of it
 * @param maxPixels - of the plane
 * @returns the whole factor by which both sides are divided
 */
export function shrinkFactor(width: number, height: number, maxPixels = MAX_PLANE_PIXELS): number {
  let factor = 1;
  while (Math.floor(width / factor) * Math.floor(height / factor) > maxPixels) factor++;
  return factor;
}

/** Gathers a plane from strips of RGBA. */
export class PlaneCollector {
  readonly factor: number;
  readonly plane: LumaPlane;
  readonly #width: number;
  readonly #sums: Uint32Array;
  #row = 0;

  /** Of a picture of this size; rows and columns beyond the last whole cell are left out. */
  constructor(width: number, height: number, maxPixels = MAX_PLANE_PIXELS) {
    this.factor = shrinkFactor(width, height, maxPixels);
    this.#width = width;
    const planeWidth = Math.floor(width / this.factor);
    const planeHeight = Math.floor(height / this.factor);
    this.plane = { width: planeWidth, height: planeHeight, data: new Uint8Array(planeWidth * planeHeight) };
    this.#sums = new Uint32Array(planeWidth);
  }

  /** Takes the next `count` rows of RGBA bytes. */
  strip(rgba: Uint8Array | Uint8ClampedArray, count: number): void {
    const { factor, plane } = this;
    const sums = this.#sums;
    // Shares of 65536 as PDQ weighs the channels, and over the cell's pixels.
    const cell = factor * factor;
    for (let row = 0; row < count; row++, this.#row++) {
      const y = Math.floor(this.#row / factor);
      if (y >= plane.height) continue;
      let at = row * this.#width * 4;
      if (factor === 1) {
        const to = y * plane.width;
        for (let x = 0; x < plane.width; x++, at += 4) {
          plane.data[to + x] = (rgba[at] * 19595 + rgba[at + 1] * 38470 + rgba[at + 2] * 7471 + 32768) >> 16;
        }
        continue;
      }
      for (let x = 0; x < plane.width; x++) {
        let sum = 0;
        for (let i = 0; i < factor; i++, at += 4) {
          sum += rgba[at] * 19595 + rgba[at + 1] * 38470 + rgba[at + 2] * 7471;
        }
        sums[x] += sum >>> 8;
      }
      if (this.#row % factor === factor - 1) {
        const to = y * plane.width;
        for (let x = 0; x < plane.width; x++) plane.data[to + x] = (sums[x] / cell + 128) >> 8;
        sums.fill(0);
      }
    }
  }
}

/**
 * @param plane - a plane
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

/**
 * Made-up planes, and planes and variants in double precision, without any of the kernels' shortcuts. Shares no
 * code with src/.
 * @module
 */
import type { PdqKernel, PdqVariant } from '../../src/kernels/types.js';
import { type Picture, seeded } from './pictures.js';

/** Cells along each axis, and cells that the extension adds on each side. */
const CELLS = 128;
const MARGIN = 21;

/** @returns 128 x 128 cells from a formula */
export function planeFrom(cell: (x: number, y: number) => number): Float32Array {
  return Float32Array.from({ length: CELLS * CELLS }, (_, i) => cell(i % CELLS, Math.floor(i / CELLS)));
}

/** @returns 128 x 128 cells of noise, 0 to 255 */
export function noisePlane(seed: number): Float32Array {
  const random = seeded(seed);
  return planeFrom(() => (random() / 2 ** 32) * 255);
}

/** @returns something like a photo: waves, an edge and a little noise */
export function photoPlane(seed: number): Float32Array {
  const random = seeded(seed);
  const [a, b, c] = [random() % 30, random() % 30, random() % 128];
  return planeFrom(
    (x, y) =>
      100 +
      50 * Math.sin(x / (10 + a) + y / 37) +
      40 * Math.cos(y / (9 + b)) +
      (x > c ? 30 : 0) +
      (random() >>> 29),
  );
}

/** Mean luma of each cell of a picture, by adding up the area that every pixel shares with it. */
export function naivePlane({ width, height, rgba }: Picture): Float64Array {
  const share = (i: number, c: number, pixels: number) =>
    Math.max(0, Math.min(i + 1, ((c + 1) * pixels) / CELLS) - Math.max(i, (c * pixels) / CELLS));
  const across = new Float64Array(height * CELLS);
  for (let c = 0; c < CELLS; c++) {
    for (let x = Math.floor((c * width) / CELLS); x < Math.min(width, ((c + 1) * width) / CELLS); x++) {
      const weight = (share(x, c, width) * CELLS) / width;
      for (let y = 0, p = x * 4; y < height; y++, p += width * 4) {
        across[y * CELLS + c] += weight * (0.299 * rgba[p] + 0.587 * rgba[p + 1] + 0.114 * rgba[p + 2]);
      }
    }
  }
  const plane = new Float64Array(CELLS * CELLS);
  for (let c = 0; c < CELLS; c++) {
    for (let y = Math.floor((c * height) / CELLS); y < Math.min(height, ((c + 1) * height) / CELLS); y++) {
      const weight = (share(y, c, height) * CELLS) / height;
      for (let j = 0; j < CELLS; j++) plane[c * CELLS + j] += weight * across[y * CELLS + j];
    }
  }
  return plane;
}

/** The next ring's side: each value the weighted mean of five, ends repeated, then drawn to the mean. */
function nextLine(line: number[], mean: number): number[] {
  const smooth = (from: number[]) =>
    from.map((value, i) => (from[Math.max(0, i - 1)] + value + from[Math.min(from.length - 1, i + 1)]) / 3);
  return smooth(smooth(line)).map((value) => 0.92 * value + 0.08 * mean);
}

/** @returns 170 rows of 170 cells */
export function naiveExtension(plane: ArrayLike<number>): number[][] {
  const cells = Array.from(plane);
  const mean = cells.reduce((a, b) => a + b) / cells.length;
  const rings = (line: number[]) => {
    const out = [line];
    for (let ring = 1; ring <= MARGIN; ring++) out.push(nextLine(out[ring - 1], mean));
    return out.slice(1);
  };
  const left = rings(Array.from({ length: CELLS }, (_, y) => cells[y * CELLS]));
  const right = rings(Array.from({ length: CELLS }, (_, y) => cells[y * CELLS + CELLS - 1]));
  const rows = Array.from({ length: CELLS }, (_, y) => [
    ...left.map((line) => line[y]).reverse(),
    ...cells.slice(y * CELLS, (y + 1) * CELLS),
    ...right.map((line) => line[y]),
  ]);
  return [...rings(rows[0]).reverse(), ...rows, ...rings(rows[CELLS - 1])];
}

/**
 * The coefficients of a variant.
 * @param extended - see {@link naiveExtension}
 * @param map - from (u, v) of the variant, 0 to 1, to (x, y) of the picture
 */
export function naiveVariant(
  extended: number[][],
  map: (u: number, v: number) => [x: number, y: number],
): Float64Array {
  const last = extended.length - 1;
  const clamp = (value: number) => Math.min(Math.max(value, 0), last);
  const sample = (u: number, v: number) => {
    const [x, y] = map(u, v).map((position) => clamp((position + 0.001) * CELLS - 0.5 + MARGIN));
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, bottom] = [Math.min(last, left + 1), Math.min(last, top + 1)];
    const across = (row: number[]) => row[left] * (1 - x + left) + row[right] * (x - left);
    return across(extended[top]) * (1 - y + top) + across(extended[bottom]) * (y - top);
  };
  const wave = Array.from({ length: 16 }, (_, i) =>
    Array.from(
      { length: 64 },
      (_, k) => Math.sqrt(2 / 64) * Math.cos((Math.PI / 128) * (i + 1) * (2 * k + 1)),
    ),
  );
  const half = Array.from({ length: 64 }, (_, i) => {
    const row = Array.from({ length: 64 }, (_, j) => sample((j + 0.5) / 64, (i + 0.5) / 64));
    return wave.map((cosines) => cosines.reduce((sum, cosine, j) => sum + cosine * row[j], 0));
  });
  const coefficients = new Float64Array(256);
  for (let u = 0; u < 16; u++) {
    for (let v = 0; v < 16; v++) {
      for (let i = 0; i < 64; i++) coefficients[u * 16 + v] += wave[u][i] * half[i][v];
    }
  }
  return coefficients;
}

/** Where two results differ, in words; empty where every number is the same by `Object.is`. */
export function variantDifferences(a: PdqVariant, b: PdqVariant): string[] {
  const found: string[] = [];
  for (let i = 0; i < 256; i++) {
    if (!Object.is(a.coefficients[i], b.coefficients[i])) {
      found.push(`coefficient ${i}: ${a.coefficients[i]} is not ${b.coefficients[i]}`);
    }
  }
  if (!Object.is(a.median, b.median)) found.push(`median: ${a.median} is not ${b.median}`);
  for (let i = 0; i < 32; i++) if (a.bits[i] !== b.bits[i]) found.push(`byte ${i}`);
  return found;
}

/** Bits in which two hashes differ. */
export function bitDistance(a: Uint8Array, b: Uint8Array): number {
  let count = 0;
  for (let i = 0; i < 32; i++) for (let x = a[i] ^ b[i]; x; x &= x - 1) count++;
  return count;
}

/** Hashes a picture with its plane. `stripRows` are taken in turn. */
export function planeWith(
  kernel: PdqKernel,
  { width, height, rgba }: Picture,
  stripRows: number[] = [height],
): Float32Array {
  kernel.begin(width, height, { plane: true });
  for (let y = 0, i = 0; y < height; i++) {
    const count = Math.min(height - y, stripRows[i % stripRows.length]);
    kernel.rows(rgba.subarray(y * width * 4, (y + count) * width * 4), count);
    y += count;
  }
  kernel.end();
  return kernel.plane();
}

/**
 * A harmless signal for tests: is each of 16 x 16 cells of a picture brighter than the mean of all? It shows the seam and
 * is no good for finding pictures.
 * @module
 */
import type { SignalImage, SignalType } from '../../src/signals.js';

const SIDE = 16;
const STRIP_ROWS = 64;

function meansOf(image: SignalImage): Float64Array {
  const { width, height } = image;
  const sums = new Float64Array(SIDE * SIDE);
  const counts = new Float64Array(SIDE * SIDE);
  for (let top = 0; top < height; top += STRIP_ROWS) {
    const rows = image.readRows(top, Math.min(STRIP_ROWS, height - top));
    for (let i = 0; i < rows.length; i += 4) {
      const pixel = i / 4;
      const y = top + Math.floor(pixel / width);
      const cell = Math.floor((y * SIDE) / height) * SIDE + Math.floor(((pixel % width) * SIDE) / width);
      sums[cell] += rows[i] * 2 + rows[i + 1] * 5 + rows[i + 2];
      counts[cell]++;
    }
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell]));
}

const ones = (byte: number) => byte.toString(2).replaceAll('0', '').length;

export const averageHash: SignalType = {
  name: 'average hash',
  kind: 0x8a00,
  bytes: 32,
  keyPositions: Array.from({ length: 64 }, (_, i) => i * 4),
  sketchPositions: Array.from({ length: 128 }, (_, i) => i * 2 + 1),
  hash(image) {
    const means = meansOf(image);
    const mean = means.reduce((sum, value) => sum + value, 0) / means.length;
    if (means.every((value) => Math.abs(value - mean) < 1)) return undefined;
    const hash = new Uint8Array(32);
    means.forEach((value, j) => {
      if (value > mean) hash[j >> 3] |= 1 << (j & 7);
    });
    return hash;
  },
  *probes(hash) {
    yield hash;
    for (const bit of this.keyPositions) {
      const near = hash.slice();
      near[bit >> 3] ^= 1 << (bit & 7);
      yield near;
    }
  },
  accepts: (a, b) => a.reduce((sum, byte, i) => sum + ones(byte ^ b[i]), 0) <= 8,
};

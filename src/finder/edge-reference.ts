/**
 * The edge kernel in plain TypeScript: the oracle of the one in WebAssembly, and its substitute where that is refused.
 * @module
 */
import { type LumaPlane, shrunk } from '../kernels/survey.js';
import { type ChunkSums, checkStretch, type EdgeKernel, type EdgePlane, type Stretch } from './edge-types.js';

/** The kernel; it has no state. */
export const edgeReference: EdgeKernel = { name: 'typescript', begin: referencePlane };

/**
 * @param luma - 8-bit luma; kept
 * @returns the plane
 */
export function referencePlane(luma: LumaPlane): EdgePlane {
  const { width, height, data } = luma;
  return {
    width,
    height,
    data,
    shrunk: (factor) => referencePlane(shrunk(luma, factor)),
    chunkSums(stretch, cap) {
      checkStretch(stretch, cap);
      return supportsOf(chunkSums(luma, stretch, cap), stretch);
    },
  };
}

/** Means of the capped steps, for each chunk along and each line. */
function chunkSums(
  { width, height, data }: LumaPlane,
  { upright, from, to, chunks, first, last }: Stretch,
  cap: number,
): Float32Array {
  const count = last - first + 1;
  const sums = new Float32Array(chunks * count);
  const lowest = Math.max(1, first);
  const highest = Math.min(last, (upright ? width : height) - 1);
  const [across, along] = upright ? [1, width] : [width, 1];
  for (let chunk = 0; chunk < chunks; chunk++) {
    const start = from + Math.floor((chunk * (to - from)) / chunks);
    const end = from + Math.floor(((chunk + 1) * (to - from)) / chunks);
    const scale = 1 / (cap * Math.max(1, end - start));
    for (let line = lowest; line <= highest; line++) {
      let sum = 0;
      for (let i = start, p = line * across + start * along; i < end; i++, p += along) {
        sum += Math.min(Math.abs(data[p] - data[p - across]), cap);
      }
      sums[chunk * count + line - first] = sum * scale;
    }
  }
  return sums;
}

function supportsOf(sums: Float32Array, stretch: Stretch): ChunkSums {
  return {
    supports(first, last, slant) {
      const supports = new Float64Array(last - first + 1);
      for (let i = 0; i < supports.length; i++)
        supports[i] = support(sums, stretch, first + i - stretch.first, slant);
      return supports;
    },
  };
}

/** Support of the line with its middle at place `middle` of the sums. */
function support(
  sums: Float32Array,
  { chunks, first, last }: Stretch,
  middle: number,
  slant: number,
): number {
  const count = last - first + 1;
  let sum = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    const place = Math.round(middle + slant * ((chunk + 0.5) / chunks - 0.5));
    if (place >= 0 && place < count) sum += sums[chunk * count + place];
  }
  return sum / chunks;
}

/**
 * The picture finder's inner loops with SIMD: planes made smaller, and the steps in luma across the lines that a picture's
 * side may be on. src/finder/edge-reference.ts is the same in TypeScript; the host is src/finder/edge-wasm.ts, which lays
 * everything out from `heapBase()` on. Nothing here checks a size or a pointer.
 *
 * Planes are 8-bit luma, row-major; 48 bytes behind each may be read. Sums over chunks are f32: for each chunk along the
 * lines a row of `pitch` bytes, with a value for each line, and room for 16 more.
 * @module
 */
import { beginLevel, sumLevel, sumUpright } from './edges/chunks';

export { shrink } from './edges/shrink';
export { supports } from './edges/supports';

/** First free byte, a multiple of 16. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}

/**
 * Means of the steps across lines, each counted up to `cap`, over its largest value, for each chunk of a stretch from `from`
 * to before `to` along the lines. Line `first` is the one before pixel (or row) `first`; lines at the plane's own edge have no steps.
 */
export function chunkSums(
  plane: usize,
  width: i32,
  height: i32,
  upright: bool,
  from: i32,
  to: i32,
  chunks: i32,
  first: i32,
  last: i32,
  cap: i32,
  out: usize,
  pitch: usize,
): void {
  const count = last - first + 1;
  const lowest = max(1, first);
  const highest = min(last, (upright ? width : height) - 1);
  const lines = highest - lowest + 1;
  beginLevel();
  for (let chunk: i32 = 0; chunk < chunks; chunk++, out += pitch) {
    const start = from + <i32>((<i64>chunk * (to - from)) / chunks);
    const length = from + <i32>((<i64>(chunk + 1) * (to - from)) / chunks) - start;
    const scale: f64 = 1.0 / <f64>(cap * max(1, length));
    const row = out + ((lowest - first) << 2);
    if (lines > 0) {
      const pixels = upright ? start * width + lowest : lowest * width + start;
      if (upright) sumUpright(plane + pixels, width, length, lines, cap, scale, row);
      else sumLevel(plane + pixels, width, length, lines, cap, scale, row);
    }
    for (let line = first; line < lowest; line++) store<f32>(out + ((line - first) << 2), 0);
    for (let i = max(0, highest + 1 - first); i < count; i++) store<f32>(out + (i << 2), 0);
  }
}

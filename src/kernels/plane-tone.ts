/**
 * Tone curves for a plane: an upload that was brightened or darkened with loss is nearer to its original
 * after a curve that undoes some of it. A curve is a table, so that both kernels and all engines agree.
 * @module
 */

const { fround } = Math;

/** Steps of luma: 0, 1, … 255. */
const STEPS = 256;

/** A curve over luma: its values at 0, 1, … 255, f32; straight lines between them. */
export type ToneCurve = Float32Array;

/**
 * The curve `y + gain · max(0, y − from)`: spreads highlights that were pressed together.
 * @param from - luma, 0 to 255
 * @param gain - at least −1, to keep the order of tones
 * @returns a curve of its own
 */
export function highlightTone(from: number, gain: number): ToneCurve {
  return Float32Array.from({ length: STEPS }, (_, y) => y + gain * Math.max(0, y - from));
}

/**
 * The fifth root by Newton's method: unlike `Math.pow`, the same in every engine to the last bit.
 * @param x - 0 to 1
 */
function fifthRoot(x: number): number {
  if (x === 0) return 0;
  let root = 1;
  // It falls from 1, by a fifth a step at least at first: 1/255 is there within 20 steps.
  for (let i = 0; i < 40; i++) root -= (root - x / (root * root * root * root)) / 5;
  return root;
}

/**
 * The curve `255 · (y / 255)^(fifths / 5)`: darker (above 5) or lighter (below).
 * @param fifths - the exponent, times five; a positive integer
 * @returns a curve of its own
 */
export function powerTone(fifths: number): ToneCurve {
  return Float32Array.from({ length: STEPS }, (_, y) => {
    const root = fifthRoot(y / 255);
    let power = 255;
    for (let i = 0; i < fifths; i++) power *= root;
    return power;
  });
}

/**
 * Applies a curve to a plane: `a + (b − a) · f` in f32 between the values on either side of each cell. Cells
 * outside 0 to 255 are on the first or last line, prolonged.
 * @param plane - luma; not changed
 * @param curve - 256 values
 * @returns a new plane
 * @throws RangeError for a curve of another length
 */
export function applyTone(plane: Float32Array, curve: ToneCurve): Float32Array<ArrayBuffer> {
  if (curve.length !== STEPS) throw new RangeError(`'curve' must have ${STEPS} values, not ${curve.length}`);
  const out = new Float32Array(plane.length);
  for (let i = 0; i < out.length; i++) {
    const step = Math.min(Math.max(Math.floor(plane[i]), 0), STEPS - 2);
    const fraction = fround(plane[i] - step);
    out[i] = fround(curve[step] + fround(fround(curve[step + 1] - curve[step]) * fraction));
  }
  return out;
}

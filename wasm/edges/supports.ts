/**
 * Support of lines, straight or slanted, from the sums of their chunks.
 * @module
 */

/** So near to the middle between two whole numbers a shift is rounded anew for each line. */
const DOUBTFUL: f64 = 1e-6;

/** As `Math.round` of JavaScript: ties go up. */
// @ts-ignore: decorator
@inline
function round(x: f64): f64 {
  const up = ceil(x);
  return up - 0.5 <= x ? up : up - 1;
}

/** Adds to the supports of lines the sums at their places plus `shift`, where there are some: for each its own rounded place. */
function addDoubtful(sums: usize, count: i32, first: i32, lines: i32, shift: f64, out: usize): void {
  for (let i: i32 = 0; i < lines; i++) {
    const place = <i32>round(<f64>(first + i) + shift);
    if (place < 0 || place >= count) continue;
    const at = out + (<usize>i << 3);
    store<f64>(at, load<f64>(at) + <f64>load<f32>(sums + (<usize>place << 2)));
  }
}

/** The same where all places are rounded alike. */
function addShifted(sums: usize, count: i32, first: i32, lines: i32, shift: i32, out: usize): void {
  const place = first + shift;
  const from = max(0, -place);
  const end = min(lines, count - place);
  let i = from;
  for (; i + 4 <= end; i += 4) {
    const at = out + (<usize>i << 3);
    const four = v128.load(sums + (<usize>(place + i) << 2));
    const high = i64x2.shuffle(four, four, 1, 1);
    v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(four)));
    v128.store(at, f64x2.add(v128.load(at, 16), f64x2.promote_low_f32x4(high)), 16);
  }
  for (; i < end; i++) {
    const at = out + (<usize>i << 3);
    store<f64>(at, load<f64>(at) + <f64>load<f32>(sums + (<usize>(place + i) << 2)));
  }
}

/**
 * For `lines` lines with their middles at places `first`, `first` + 1, … of `count`, each `slant` places further at its end
 * than at its beginning: the mean of the sums that it passes; f64.
 */
export function supports(
  sums: usize,
  pitch: usize,
  chunks: i32,
  count: i32,
  first: i32,
  lines: i32,
  slant: f64,
  out: usize,
): void {
  memory.fill(out, 0, <usize>lines << 3);
  for (let chunk: i32 = 0; chunk < chunks; chunk++, sums += pitch) {
    const shift = slant * ((<f64>chunk + 0.5) / <f64>chunks - 0.5);
    const part = shift - floor(shift);
    if (abs(part - 0.5) < DOUBTFUL) addDoubtful(sums, count, first, lines, shift, out);
    else addShifted(sums, count, first, lines, <i32>round(shift), out);
  }
  for (let end = out + (<usize>lines << 3); out < end; out += 8) store<f64>(out, load<f64>(out) / <f64>chunks);
}

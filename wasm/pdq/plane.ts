/**
 * A picture's plane: exact sums over 128 x 128 cells, whatever the size (src/kernels/plane-sums.ts tells what a
 * cell is). Along a side of n pixels, cell boundary c is at pixel p(c) = floor(c · n / 128), after r(c) = c · n
 * mod 128 of its 128 units. So a cell's sum is 128 times that of the pixels from p(c) to p(c + 1) − 1, and
 * r(c + 1) times pixel p(c + 1) less r(c) times pixel p(c): for every pixel one plain addition, and products
 * at the boundaries only. Rows and columns alike.
 *
 * Pixels are added four at a time in two ways: as they are, 32 bits each, which wraps; and with green and alpha
 * masked out, which leaves sums of red and blue in 16 bits each. The difference of the two has the sum of green
 * in bits 8 to 23: three operations for four pixels, and the channels come apart only when all are added.
 *
 * Bounds: 128 pixels add up to less than 2¹⁵ in each channel. A cell has at most ceil(w / 128) · ceil(h / 128) ≤
 * 4104 pixels, so that 1000 times its luma stays below 2³¹; the final sums are in f64 and below 2⁵³.
 * @module
 */

/** Cells along each axis. */
const CELLS: i32 = 128;
/** The sums of a plane, f64: 1000 times luma, times units. */
export const PLANE: usize = memory.data(CELLS * CELLS * 8, 16);
const PLANE_ROW_BYTES: i32 = CELLS * 8;

/**
 * Four neighbouring columns of cells have a record: what is added to their pixels, and to the pixels at the
 * boundaries to their left, since the last `drain`. Sums have a vector for each cell; those of the boundaries have a
 * lane for each.
 */
const RECORD_BYTES: usize = 304;
const RECORDS: usize = memory.data((CELLS / 4) * 304, 16);
/** Sums of pixels, all channels in 32 bits. */
const ALL: usize = 0;
/** Sums of red and blue. */
const RED_BLUE: usize = 64;
/** Sums of luma that were drained, times 1000: i32, in no order. */
const DRAINED: usize = 128;
/** Which bytes of the last four pixels belong to the cell. */
const MASK: usize = 192;
const EDGE_ALL: usize = 256;
const EDGE_RED_BLUE: usize = 272;
/** Where each cell begins: byte offset in a row, u32. */
const OFFSET: usize = 288;

/** 1000 times the luma of the pixel at each boundary, and 0 behind the last cell; i32. */
const EDGES: usize = memory.data(CELLS * 4 + 16, 16);
/** How many of that pixel's units are before the boundary; f64. */
const UNITS: usize = memory.data(CELLS * 8 + 16, 16);
/** A row of cells: 1000 times luma, times 128 units along the row; f64. */
const LUMA: usize = memory.data(CELLS * 8, 16);

/** Additions before a sum of 16 bits gets full. */
const ROOM: i32 = 128;

let width: i32 = 0;
let height: i32 = 0;
let rowBytes: usize = 0;
/** Whole blocks of 4 pixels in each cell; the rest is in its last block. */
let blocks: i32 = 0;
/** Additions that are left until the sums have to be drained. */
let room: i32 = 0;
/** Next row of pixels, and next boundary of rows of cells. */
let row: i32 = 0;
let boundary: i32 = 0;

/** Pixel that boundary `c` is at. */
// @ts-ignore: decorator
@inline
function pixelAt(c: i32, pixels: i32): i32 {
  return <i32>((<i64>c * pixels) >> 7);
}

/** How many of that pixel's units are before it. */
// @ts-ignore: decorator
@inline
function unitsAt(c: i32, pixels: i32): i32 {
  return (c * pixels) & 127;
}

/** Begins a picture within the kernel's bounds; forgets an unfinished one. */
export function beginPlane(newWidth: i32, newHeight: i32): void {
  width = newWidth;
  height = newHeight;
  rowBytes = <usize>width * 4;
  blocks = width >> 9;
  row = 0;
  boundary = 0;
  for (let c = 0; c < CELLS; c++) {
    const record = RECORDS + <usize>(c >> 2) * RECORD_BYTES;
    const cell = <usize>(c & 3);
    store<u32>(record + (cell << 2), pixelAt(c, width) * 4, OFFSET);
    store<f64>(UNITS + (c << 3), <f64>unitsAt(c, width));
    // 0 to 4 pixels.
    const left = pixelAt(c + 1, width) - pixelAt(c, width) - 4 * blocks;
    for (let i = 0; i < 4; i++) store<i32>(record + (cell << 4) + (i << 2), i < left ? -1 : 0, MASK);
  }
  memory.fill(PLANE, 0, CELLS * PLANE_ROW_BYTES);
  // What an unfinished picture may have left.
  drain();
  clearDrained();
}

/** Forgets what was drained. */
function clearDrained(): void {
  const zero = i32x4.splat(0);
  let edges = EDGES;
  for (let record = RECORDS; edges < EDGES + CELLS * 4; record += RECORD_BYTES, edges += 16) {
    for (let cell = record; cell < record + 64; cell += 16) v128.store(cell, zero, DRAINED);
    v128.store(edges, zero);
  }
}

/** 1000 times the luma of the sums in each lane. */
// @ts-ignore: decorator
@inline
function lumaOf(all: v128, redBlue: v128): v128 {
  const green = i32x4.shr_u(i32x4.sub(all, redBlue), 8);
  return i32x4.add(
    i32x4.dot_i16x8_s(redBlue, i16x8(299, 114, 299, 114, 299, 114, 299, 114)),
    // What is left of alpha counts for nothing.
    i32x4.dot_i16x8_s(green, i16x8(587, 0, 587, 0, 587, 0, 587, 0)),
  );
}

/** Turns the sums into luma, and empties them. */
function drain(): void {
  const zero = i32x4.splat(0);
  let edges = EDGES;
  for (let record = RECORDS; edges < EDGES + CELLS * 4; record += RECORD_BYTES, edges += 16) {
    for (let cell = record; cell < record + 64; cell += 16) {
      const luma = lumaOf(v128.load(cell, ALL), v128.load(cell, RED_BLUE));
      v128.store(cell, i32x4.add(v128.load(cell, DRAINED), luma), DRAINED);
      v128.store(cell, zero, ALL);
      v128.store(cell, zero, RED_BLUE);
    }
    const luma = lumaOf(v128.load(record, EDGE_ALL), v128.load(record, EDGE_RED_BLUE));
    v128.store(edges, i32x4.add(v128.load(edges), luma));
    v128.store(record, zero, EDGE_ALL);
    v128.store(record, zero, EDGE_RED_BLUE);
  }
  room = ROOM;
}

/** Red and blue of four pixels. */
// @ts-ignore: decorator
@inline
function redBlueOf(four: v128): v128 {
  return v128.and(four, i32x4.splat(0x00ff00ff));
}

/** Adds the pixels at the boundaries of four cells. */
// @ts-ignore: decorator
@inline
function addEdges(record: usize, a: usize, b: usize, c: usize, d: usize): void {
  let four = v128.load32_zero(a);
  four = v128.load32_lane(b, four, 1);
  four = v128.load32_lane(c, four, 2);
  four = v128.load32_lane(d, four, 3);
  v128.store(record, i32x4.add(v128.load(record, EDGE_ALL), four), EDGE_ALL);
  v128.store(record, i32x4.add(v128.load(record, EDGE_RED_BLUE), redBlueOf(four)), EDGE_RED_BLUE);
}

/** Adds a row of pixels to the sums. Four cells take turns in one loop. */
function addRow(pixels: usize): void {
  if (room <= blocks) drain();
  room -= blocks + 1;
  for (let record = RECORDS; record < RECORDS + <usize>(CELLS / 4) * RECORD_BYTES; record += RECORD_BYTES) {
    let a = pixels + load<u32>(record, OFFSET);
    let b = pixels + load<u32>(record, OFFSET + 4);
    let c = pixels + load<u32>(record, OFFSET + 8);
    let d = pixels + load<u32>(record, OFFSET + 12);
    addEdges(record, a, b, c, d);
    let allA = v128.load(record, ALL);
    let allB = v128.load(record, ALL + 16);
    let allC = v128.load(record, ALL + 32);
    let allD = v128.load(record, ALL + 48);
    let redBlueA = v128.load(record, RED_BLUE);
    let redBlueB = v128.load(record, RED_BLUE + 16);
    let redBlueC = v128.load(record, RED_BLUE + 32);
    let redBlueD = v128.load(record, RED_BLUE + 48);
    for (let left = blocks; left; left--) {
      const fourA = v128.load(a);
      const fourB = v128.load(b);
      const fourC = v128.load(c);
      const fourD = v128.load(d);
      allA = i32x4.add(allA, fourA);
      allB = i32x4.add(allB, fourB);
      allC = i32x4.add(allC, fourC);
      allD = i32x4.add(allD, fourD);
      redBlueA = i32x4.add(redBlueA, redBlueOf(fourA));
      redBlueB = i32x4.add(redBlueB, redBlueOf(fourB));
      redBlueC = i32x4.add(redBlueC, redBlueOf(fourC));
      redBlueD = i32x4.add(redBlueD, redBlueOf(fourD));
      a += 16;
      b += 16;
      c += 16;
      d += 16;
    }
    const lastA = v128.and(v128.load(a), v128.load(record, MASK));
    const lastB = v128.and(v128.load(b), v128.load(record, MASK + 16));
    const lastC = v128.and(v128.load(c), v128.load(record, MASK + 32));
    const lastD = v128.and(v128.load(d), v128.load(record, MASK + 48));
    v128.store(record, i32x4.add(allA, lastA), ALL);
    v128.store(record, i32x4.add(allB, lastB), ALL + 16);
    v128.store(record, i32x4.add(allC, lastC), ALL + 32);
    v128.store(record, i32x4.add(allD, lastD), ALL + 48);
    v128.store(record, i32x4.add(redBlueA, redBlueOf(lastA)), RED_BLUE);
    v128.store(record, i32x4.add(redBlueB, redBlueOf(lastB)), RED_BLUE + 16);
    v128.store(record, i32x4.add(redBlueC, redBlueOf(lastC)), RED_BLUE + 32);
    v128.store(record, i32x4.add(redBlueD, redBlueOf(lastD)), RED_BLUE + 48);
  }
}

/** The same where a cell's part of a row is longer than there is room for. */
function addLongRow(pixels: usize): void {
  for (let record = RECORDS; record < RECORDS + <usize>(CELLS / 4) * RECORD_BYTES; record += RECORD_BYTES) {
    const first = pixels + load<u32>(record, OFFSET);
    addEdges(
      record,
      first,
      pixels + load<u32>(record, OFFSET + 4),
      pixels + load<u32>(record, OFFSET + 8),
      pixels + load<u32>(record, OFFSET + 12),
    );
  }
  room--;
  for (let c = 0; c < CELLS; c++) {
    const record = RECORDS + <usize>(c >> 2) * RECORD_BYTES;
    const cell = record + <usize>((c & 3) << 4);
    let pixel = pixels + load<u32>(record + <usize>((c & 3) << 2), OFFSET);
    let luma = v128.load(cell, DRAINED);
    let left = blocks;
    while (left) {
      let all = i32x4.splat(0);
      let redBlue = all;
      const now = min(left, ROOM);
      for (const end = pixel + <usize>(now << 4); pixel < end; pixel += 16) {
        const four = v128.load(pixel);
        all = i32x4.add(all, four);
        redBlue = i32x4.add(redBlue, redBlueOf(four));
      }
      luma = i32x4.add(luma, lumaOf(all, redBlue));
      left -= now;
    }
    const last = v128.and(v128.load(pixel), v128.load(cell, MASK));
    v128.store(cell, i32x4.add(luma, lumaOf(last, redBlueOf(last))), DRAINED);
  }
  if (!room) drain();
}

// @ts-ignore: decorator
@inline
function addAnyRow(pixels: usize): void {
  if (blocks < ROOM) addRow(pixels);
  else addLongRow(pixels);
}

/** The upper two lanes, below. */
// @ts-ignore: decorator
@inline
function high(v: v128): v128 {
  return i64x2.shuffle(v, v, 1, 1);
}

/** The sum of each vector's lanes. */
// @ts-ignore: decorator
@inline
function sumEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = i32x4.add(i32x4.shuffle(a, b, 0, 4, 1, 5), i32x4.shuffle(a, b, 2, 6, 3, 7));
  const cd = i32x4.add(i32x4.shuffle(c, d, 0, 4, 1, 5), i32x4.shuffle(c, d, 2, 6, 3, 7));
  return i32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
}

/** Stores the luma of cells c and c + 1: their sums, and what their boundaries have and the next ones have. */
// @ts-ignore: decorator
@inline
function storeLuma(c: usize, sums: v128, edges: v128, next: v128): void {
  const whole = f64x2.mul(f64x2.convert_low_i32x4_s(sums), f64x2.splat(128));
  const taken = f64x2.mul(f64x2.convert_low_i32x4_s(edges), v128.load(UNITS + (c << 3)));
  const given = f64x2.mul(f64x2.convert_low_i32x4_s(next), v128.load(UNITS + (c << 3), 8));
  v128.store(LUMA + (c << 3), f64x2.sub(f64x2.add(whole, given), taken));
}

/** Takes the luma of the cells' sums, the boundaries' parts put right. */
function takeLuma(): void {
  drain();
  let record = RECORDS;
  for (let c: usize = 0; c < <usize>CELLS; c += 4, record += RECORD_BYTES) {
    const sums = sumEach(
      v128.load(record, DRAINED),
      v128.load(record, DRAINED + 16),
      v128.load(record, DRAINED + 32),
      v128.load(record, DRAINED + 48),
    );
    const edges = v128.load(EDGES + (c << 2));
    const next = v128.load(EDGES + (c << 2), 4);
    storeLuma(c, sums, edges, next);
    storeLuma(c + 2, high(sums), high(edges), high(next));
  }
}

/** Adds that luma, times a factor, to a row of cells. */
function addToPlane(c: i32, factor: f64): void {
  const target = PLANE + c * PLANE_ROW_BYTES;
  const factors = f64x2.splat(factor);
  for (let i: usize = 0; i < <usize>PLANE_ROW_BYTES; i += 16) {
    const sum = f64x2.add(v128.load(target + i), f64x2.mul(v128.load(LUMA + i), factors));
    v128.store(target + i, sum);
  }
}

/** Gives what was summed to the row of cells before the boundary at hand. */
function closeRow(): void {
  takeLuma();
  addToPlane(boundary - 1, 128);
}

/** Takes a row that boundaries of rows of cells are at: one, or in a low picture several. */
function takeFirstRow(pixels: usize): void {
  if (boundary) closeRow();
  clearDrained();
  addAnyRow(pixels);
  let hasLuma = false;
  do {
    const units = unitsAt(boundary, height);
    if (units) {
      if (!hasLuma) takeLuma();
      hasLuma = true;
      addToPlane(boundary - 1, <f64>units);
      addToPlane(boundary, -<f64>units);
    }
    boundary++;
  } while (boundary < CELLS && pixelAt(boundary, height) == row);
}

/** Takes `count` whole rows at `pixels`; 16 bytes behind them must be readable. */
export function planeRows(pixels: usize, count: i32): void {
  for (const end = row + count; row < end; row++, pixels += rowBytes) {
    if (boundary < CELLS && pixelAt(boundary, height) == row) takeFirstRow(pixels);
    else addAnyRow(pixels);
  }
}

/** Finishes the plane, of which every row was given. */
export function endPlane(): void {
  closeRow();
}

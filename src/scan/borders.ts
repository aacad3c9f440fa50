/**
 * Finds plain borders and letterbox bars, of any colour, also as a lossy codec leaves them, so that the picture
 * inside can be hashed as it was before they were added.
 *
 * A side is looked at line by line (rows from the top, columns from the left, …). The border's colour c is
 * the mean of the outermost three lines; a line differs from it by f = sqrt(mean over channels of E[(x - c)²]). A
 * border begins only where the outermost line is plain (f at most {@link PLAIN_START}), goes on while f is at most
 * {@link PLAIN_INSIDE}, and ends where f crosses half the height of the step that follows.
 * @module
 */
import { inOneGo, type Steps } from './turns.js';
import type { DecodedImage } from './types.js';

/** Root mean square difference, in steps of 255, of an outermost line that may begin a border. */
const PLAIN_START = 9;
/** … of a line inside a border. */
const PLAIN_INSIDE = 12;
/** Height of the step at the border's inner edge from which it is a sharp one. */
const SHARP_STEP = 24;
/** Lines in which the step must happen: the noise of a lossy codec reaches one block, 8 pixels, into the border. */
const STEP_LINES = 8;
/** Outermost lines that give the colour. */
const COLOUR_LINES = 3;
/** Most of a side that can be border, and least of it that is left as the picture. */
const MAX_BORDER_SHARE = 0.45;
const MIN_PICTURE_SHARE = 0.3;
/** Pixels of a line that are looked at, evenly spread: enough to tell plain from pictured. */
const SAMPLES_A_LINE = 512;
/** Share of a side whose lines are looked at first, at either end: bars of cinema and of 4:3 within 16:9 take an eighth. */
const FIRST_SHARE = 1 / 5;
/** Pixels that are read at a time. */
const STRIP_PIXELS = 256 * 1024;

/** A rectangle inside a picture: pixels from (left, top), included, to (right, bottom), excluded. */
export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Of each line the sums of R, G and B, of their squares, and the number of pixels: seven whole numbers a line. */
type LineStatistics = Float64Array;

const CHANNELS = 3;
const SAMPLES = 2 * CHANNELS;
const STRIDE = SAMPLES + 1;

/** Whether a border can be at top or bottom (rows), and at left or right (columns). */
export interface PlainSides {
  rows: boolean;
  columns: boolean;
}

/**
 * Gathers, while a picture's strips pass by, what tells whether it can have a border at all: its outermost rows
 * and columns. Most pictures are done with after that.
 */
export class OuterLines {
  readonly #width: number;
  readonly #height: number;
  readonly #rows: LineStatistics[];
  readonly #columns: LineStatistics[];

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    const lines = () => new Float64Array(COLOUR_LINES * STRIDE);
    this.#rows = [lines(), lines()];
    this.#columns = [lines(), lines()];
  }

  /** Takes `count` rows of RGBA bytes from row `y` on. */
  strip(rgba: Uint8Array | Uint8ClampedArray, y: number, count: number): void {
    const width = this.#width;
    const height = this.#height;
    const lines = Math.min(COLOUR_LINES, width, height);
    for (let row = y; row < y + count; row++) {
      const at = (row - y) * width * 4;
      for (let line = 0; line < lines; line++) {
        addPixel(this.#columns[0], line, rgba, at + line * 4);
        addPixel(this.#columns[1], line, rgba, at + (width - 1 - line) * 4);
        if (row === line) addRow(this.#rows[0], line, rgba, at, width);
        if (row === height - 1 - line) addRow(this.#rows[1], line, rgba, at, width);
      }
    }
  }

  /** Which sides begin with a plain line. */
  get plainSides(): PlainSides {
    const isPlain = (side: LineStatistics) => difference(side, COLOUR_LINES, false)(0) <= PLAIN_START;
    return { rows: this.#rows.some(isPlain), columns: this.#columns.some(isPlain) };
  }
}

/**
 * The rectangles that a picture may have been before a border or bars were added, the likeliest first.
 * @param image - the picture; its pixels are read once more
 * @param sides - where to look; everywhere by default
 * @returns none where there is no border; each smaller than the picture, none twice
 */
export function findBorders(image: DecodedImage, sides?: PlainSides): Rectangle[] {
  return inOneGo(findBordersSteps(image, sides));
}

/**
 * {@link findBorders} strip by strip.
 * @param image - the picture
 * @param sides - where to look; everywhere by default
 * @returns none where there is no border; each smaller than the picture, none twice
 */
export function* findBordersSteps(
  image: DecodedImage,
  sides: PlainSides = { rows: true, columns: true },
): Steps<Rectangle[]> {
  const { width, height } = image;
  if (!sides.rows && !sides.columns) return [];
  const first = (side: number) => {
    const lines = Math.ceil(side * FIRST_SHARE) + 2 * STEP_LINES;
    return 2 * lines < side ? lines : side;
  };
  const depth = { rows: sides.rows ? first(height) : 0, columns: sides.columns ? first(width) : 0 };
  let { rows, columns } = yield* lineStatistics(image, depth);
  let [top, bottom] = innerEdges(rows, height, depth.rows);
  let [left, right] = innerEdges(columns, width, depth.columns);
  const again = {
    rows: top === null || bottom === null ? height : 0,
    columns: left === null || right === null ? width : 0,
  };
  if (again.rows > 0 || again.columns > 0) {
    ({ rows, columns } = yield* lineStatistics(image, again));
    if (again.rows > 0) [top, bottom] = innerEdges(rows, height, height);
    if (again.columns > 0) [left, right] = innerEdges(columns, width, width);
  }
  return rectanglesOf(width, height, { left, top, right, bottom } as Record<keyof Rectangle, Edge>);
}

/** The rectangles that edges make. */
function rectanglesOf(
  width: number,
  height: number,
  { left, top, right, bottom }: Record<keyof Rectangle, Edge>,
): Rectangle[] {
  const found: Rectangle[] = [];
  const add = (l: number, t: number, r: number, b: number) => {
    const rectangle = { left: l, top: t, right: width - r, bottom: height - b };
    const isSmaller = l + t + r + b > 0;
    const isPicture =
      rectangle.right - l >= width * MIN_PICTURE_SHARE && rectangle.bottom - t >= height * MIN_PICTURE_SHARE;
    const isNew = !found.some((other) => JSON.stringify(other) === JSON.stringify(rectangle));
    if (isSmaller && isPicture && isNew) found.push(rectangle);
  };
  const sharp = (edge: Edge) => (edge.step >= SHARP_STEP ? edge.lines : 0);
  add(sharp(left), sharp(top), sharp(right), sharp(bottom));
  add(left.lines, top.lines, right.lines, bottom.lines);
  add(0, top.lines, 0, bottom.lines);
  add(left.lines, 0, right.lines, 0);
  return found;
}

/**
 * A part of a picture as a picture. Closing it does nothing: the whole is still in use.
 * @param image - the whole
 * @param rectangle - a part of it
 */
export function cropped(image: DecodedImage, { left, top, right, bottom }: Rectangle): DecodedImage {
  const width = right - left;
  let buffer = new Uint8Array(0);
  return {
    width,
    height: bottom - top,
    mayHaveAlpha: image.mayHaveAlpha,
    isGrey: image.isGrey === true,
    readRows(y, count) {
      const rows = image.readRows(top + y, count);
      if (width === image.width) return rows;
      // Valid until the next call only: fresh memory each time costs more than the copying (measured).
      if (buffer.length < width * count * 4) buffer = new Uint8Array(width * count * 4);
      const part = buffer.subarray(0, width * count * 4);
      for (let row = 0; row < count; row++) {
        const start = (row * image.width + left) * 4;
        part.set(rows.subarray(start, start + width * 4), row * width * 4);
      }
      return part;
    },
    close: () => {},
  };
}

/** Inner edge of a side's border. */
interface Edge {
  /** Border lines; 0 where there is no border. */
  lines: number;
  /** How much the lines behind it differ from its colour. */
  step: number;
}

/** Lines at either end of an axis of which there are statistics. */
type Depth = Record<keyof PlainSides, number>;

/** The edges from the beginning and from the end, each null where it lies too deep to be told from `depth` lines. */
function innerEdges(statistics: LineStatistics, count: number, depth: number): [Edge | null, Edge | null] {
  return [innerEdge(statistics, count, depth, false), innerEdge(statistics, count, depth, true)];
}

function innerEdge(
  statistics: LineStatistics,
  count: number,
  depth: number,
  fromTheEnd: boolean,
): Edge | null {
  const none = { lines: 0, step: 0 };
  if (depth === 0) return none;
  const f = difference(statistics, count, fromTheEnd);
  if (f(0) > PLAIN_START) return none;
  const limit = Math.floor(count * MAX_BORDER_SHARE);
  let lines = 0;
  // The step behind the border and the end of its search are within so many lines.
  const deepest = depth < count ? depth - 2 * STEP_LINES : count;
  while (lines < limit && lines < deepest && f(lines) <= PLAIN_INSIDE) lines++;
  if (lines === limit) return none;
  if (lines === deepest) return null;
  let step = 0;
  for (let i = lines; i < Math.min(count, lines + STEP_LINES); i++) step = Math.max(step, f(i));
  const end = lines + STEP_LINES;
  while (lines > 0 && f(lines - 1) > step / 2) lines--;
  while (lines < end && f(lines) < step / 2) lines++;
  return { lines, step };
}

/** How much the i-th line from an end differs from the colour of the outermost ones. */
function difference(statistics: LineStatistics, count: number, fromTheEnd: boolean): (i: number) => number {
  const at = (i: number) => (fromTheEnd ? count - 1 - i : i) * STRIDE;
  const lines = Math.min(COLOUR_LINES, count);
  const colour = new Float64Array(CHANNELS);
  for (let i = 0; i < lines; i++) {
    const samples = statistics[at(i) + SAMPLES];
    for (let channel = 0; channel < CHANNELS; channel++)
      colour[channel] += statistics[at(i) + channel] / (samples * lines);
  }
  return (i) => {
    const samples = statistics[at(i) + SAMPLES];
    let sum = 0;
    for (let channel = 0; channel < CHANNELS; channel++) {
      const c = colour[channel];
      const mean = statistics[at(i) + channel] / samples;
      sum += statistics[at(i) + CHANNELS + channel] / samples - 2 * c * mean + c * c;
    }
    return Math.sqrt(Math.max(0, sum / CHANNELS));
  };
}

/** Statistics of the outermost lines, from evenly spread pixels of each; zeros for the others. */
function* lineStatistics(
  image: DecodedImage,
  depth: Depth,
): Steps<{ rows: LineStatistics; columns: LineStatistics }> {
  const { width, height } = image;
  const rows = new Float64Array(depth.rows > 0 ? height * STRIDE : 0);
  const columns = new Float64Array(depth.columns > 0 ? width * STRIDE : 0);
  const everyRow = Math.max(1, Math.floor(height / SAMPLES_A_LINE));
  const greyColumns = image.isGrey && depth.columns > 0 ? new GreyColumns(width) : null;
  const isOuter = (row: number) => row < depth.rows || row >= height - depth.rows;
  const stripRows = Math.max(1, Math.floor(STRIP_PIXELS / width));
  for (let y = 0; y < height; y += stripRows) {
    const count = Math.min(stripRows, height - y);
    if (depth.columns === 0 && !isOuter(y) && !isOuter(y + count - 1)) continue;
    const rgba = image.readRows(y, count);
    for (let row = y; row < y + count; row++) {
      const at = (row - y) * width * 4;
      if (isOuter(row)) addRow(rows, row, rgba, at, width);
      if (row % everyRow !== 0) continue;
      const right = Math.max(depth.columns, width - depth.columns);
      for (const [from, to] of [
        [0, depth.columns],
        [right, width],
      ]) {
        if (greyColumns !== null) greyColumns.add(rgba, at, from, to);
        else for (let x = from; x < to; x++) addPixel(columns, x, rgba, at + x * 4);
      }
    }
    yield;
  }
  greyColumns?.giveTo(columns);
  return { rows, columns };
}

function addRow(
  lines: LineStatistics,
  line: number,
  rgba: Uint8Array | Uint8ClampedArray,
  at: number,
  width: number,
): void {
  const every = Math.max(1, Math.floor(width / SAMPLES_A_LINE));
  let [r, g, b, rr, gg, bb, samples] = [0, 0, 0, 0, 0, 0, 0];
  for (let x = 0; x < width; x += every, samples++) {
    const red = rgba[at + x * 4];
    const green = rgba[at + x * 4 + 1];
    const blue = rgba[at + x * 4 + 2];
    r += red;
    g += green;
    b += blue;
    rr += red * red;
    gg += green * green;
    bb += blue * blue;
  }
  lines.set([r, g, b, rr, gg, bb, samples], line * STRIDE);
}

/** Sums of columns where red, green and blue are the same: one of them is enough, and twice as fast (measured). */
class GreyColumns {
  readonly #sums: Int32Array;
  /** At most 1023 rows are looked at: the sums of squares fit. */
  readonly #squares: Int32Array;
  #samples = 0;

  constructor(width: number) {
    this.#sums = new Int32Array(width);
    this.#squares = new Int32Array(width);
  }

  /** Takes a row's pixels `from` to `to`; the row begins `at` these bytes. */
  add(rgba: Uint8Array | Uint8ClampedArray, at: number, from: number, to: number): void {
    const [sums, squares] = [this.#sums, this.#squares];
    for (let x = from; x < to; x++) {
      const value = rgba[at + x * 4];
      sums[x] += value;
      squares[x] += value * value;
    }
    if (from === 0) this.#samples++;
  }

  giveTo(lines: LineStatistics): void {
    for (let x = 0, at = 0; x < this.#sums.length; x++, at += STRIDE) {
      lines.fill(this.#sums[x], at, at + CHANNELS);
      lines.fill(this.#squares[x], at + CHANNELS, at + SAMPLES);
      lines[at + SAMPLES] = this.#samples;
    }
  }
}

/** Whole numbers: dividing only at the end is exact, and much faster (measured). */
function addPixel(
  lines: LineStatistics,
  line: number,
  rgba: Uint8Array | Uint8ClampedArray,
  at: number,
): void {
  const to = line * STRIDE;
  const red = rgba[at];
  const green = rgba[at + 1];
  const blue = rgba[at + 2];
  lines[to] += red;
  lines[to + 1] += green;
  lines[to + 2] += blue;
  lines[to + 3] += red * red;
  lines[to + 4] += green * green;
  lines[to + 5] += blue * blue;
  lines[to + SAMPLES]++;
}

/**
 * From a decoded picture to what is looked up: its PDQ hash, a small luma plane from which edited forms are
 * sampled, the hash that another PDQ tool would give it, and the pictures inside plain borders.
 *
 * A transparent picture looks different on every background, so it is hashed twice: composited on white and
 * on black. Alpha is only looked for where the format can have it.
 * @module
 */
import { fitsKernel } from '../kernels/pdq-limits.js';
import type { Survey } from '../kernels/survey.js';
import type { PdqHash, PdqKernel } from '../kernels/types.js';
import { cropped, findBordersSteps, OuterLines, type Rectangle } from './borders.js';
import { composited, hasTransparency, pixelWords } from './composite.js';
import { hashSignals, type SignalHash, type SignalsPart } from './signals.js';
import { NearestSquash, SQUASHED_SIDE } from './squash.js';
import { inOneGo, type Steps } from './turns.js';
import { CheckFailure, type DecodedImage } from './types.js';

/** Bytes of pixels in one strip; with the read-back copy, what a picture adds to the worker's memory. */
const STRIP_BYTES = 1024 * 1024;
/** Of a picture that is hashed in steps: about as much as fits into the time between two turns (turns.ts). */
const STEP_BYTES = 256 * 1024;

/** Pictures inside borders that are hashed, the likeliest first (measured: no fourth one was ever the right one). */
const MAX_INNER_PICTURES = 3;

/** One picture, opaque, ready to be looked up. */
export interface HashedPicture {
  width: number;
  height: number;
  /** Of all its pixels. */
  hash: PdqHash;
  /** 128 x 128 means of luma, row-major. */
  plane: Float32Array;
  /** Squashed to 512 x 512 by nearest neighbour, as Meta's tool does where a side is longer; else null. */
  squashed: PdqHash | null;
  /** Pictures inside plain borders, each of all its pixels. */
  inner: { rectangle: Rectangle; hash: PdqHash }[];
  /** Pictures that are seen inside it, in its pixels, the likeliest first: of one that the picture finder found. */
  inside?: readonly Rectangle[];
  /** For the picture finder, where it was asked for. */
  survey?: Survey;
}

/** What became of a file's picture. */
export interface HashedImage {
  /** The picture itself, or composited on white, then on black if it has transparent pixels. */
  pictures: HashedPicture[];
  /** Hashes of licensees' signals, of all of these pictures. */
  signals: SignalHash[];
  /** True where all pixels are the same. */
  uniform: boolean;
}

/** What is wanted of a picture besides its hashes. */
export interface HashImageOptions {
  /** Licensees' signals that a list has entries of. Default: none. */
  signals?: SignalsPart;
  /** Whether to make surveys. Default false. */
  survey?: boolean;
}

/**
 * @param image - the picture
 * @param kernel - the PDQ kernel
 * @param isCancelled - asked between strips
 * @param options - what else is wanted
 * @returns the hashes, or null when cancelled
 * @throws CheckFailure `too-large` beyond the kernel's bounds
 */
export function hashImage(
  image: DecodedImage,
  kernel: PdqKernel,
  isCancelled: () => boolean = () => false,
  options: HashImageOptions = {},
): HashedImage | null {
  return inOneGo(hashImageSteps(image, kernel, isCancelled, options, STRIP_BYTES));
}

/**
 * {@link hashImage} strip by strip. The kernel must not be used for anything else meanwhile.
 * @param image - the picture
 * @param kernel - the PDQ kernel
 * @param isCancelled - asked between strips
 * @param options - what else is wanted
 * @param stripBytes - of pixels in a step
 * @returns the hashes, or null when cancelled
 * @throws CheckFailure `too-large` beyond the kernel's bounds
 */
export function* hashImageSteps(
  image: DecodedImage,
  kernel: PdqKernel,
  isCancelled: () => boolean,
  { signals = [], survey = false }: HashImageOptions = {},
  stripBytes = STEP_BYTES,
): Steps<HashedImage | null> {
  if (!fitsKernel(image.width, image.height)) {
    throw new CheckFailure('too-large', `${image.width} x ${image.height} pixels`);
  }
  const opaque = yield* hashWhole(image, kernel, isCancelled, survey, stripBytes);
  if (opaque === null) return null;
  if (opaque !== 'transparent') {
    const { picture, uniform } = opaque;
    return { pictures: [picture], signals: hashSignals(image, signals), uniform };
  }
  const pictures: HashedPicture[] = [];
  const hashes: SignalHash[] = [];
  let uniform = true;
  for (const background of [255, 0]) {
    const seen = composited(image, background);
    const whole = yield* hashWhole(seen, kernel, isCancelled, survey, stripBytes);
    if (whole === null || whole === 'transparent') return null;
    pictures.push(whole.picture);
    hashes.push(...hashSignals(seen, signals));
    uniform &&= whole.uniform;
  }
  return { pictures, signals: hashes, uniform };
}

/** One pass over the pixels, and one more for each picture inside a border; gives up at a transparent pixel. */
function* hashWhole(
  image: DecodedImage,
  kernel: PdqKernel,
  isCancelled: () => boolean,
  withSurvey: boolean,
  stripBytes: number,
): Steps<{ picture: HashedPicture; uniform: boolean } | 'transparent' | null> {
  const { width, height } = image;
  const outer = new OuterLines(width, height);
  const squash = Math.max(width, height) > SQUASHED_SIDE ? new NearestSquash(width, height) : null;
  let first: number | undefined;
  let uniform = true;
  let transparent = false;
  kernel.begin(width, height, { plane: true, survey: withSurvey });
  const finished = yield* eachStrip(image, isCancelled, stripBytes, (pixels, y, count) => {
    if (image.mayHaveAlpha && hasTransparency(pixels)) {
      transparent = true;
      return false;
    }
    const words = pixelWords(pixels);
    first ??= words[0];
    if (uniform) uniform = allEqual(words, first);
    outer.strip(pixels, y, count);
    squash?.strip(words, y, count);
    kernel.rows(pixels, count);
    return true;
  });
  if (transparent) return 'transparent';
  if (!finished) return null;
  const hash = kernel.end();
  const plane = kernel.plane();
  const survey = withSurvey ? kernel.survey() : null;
  const squashed = squash === null ? null : hashPixels(kernel, SQUASHED_SIDE, SQUASHED_SIDE, squash.pixels);
  yield;
  const inner: HashedPicture['inner'] = [];
  if (!uniform) {
    const rectangles = yield* findBordersSteps(image, outer.plainSides);
    for (const rectangle of rectangles.slice(0, MAX_INNER_PICTURES)) {
      const part = cropped(image, rectangle);
      kernel.begin(part.width, part.height);
      const done = yield* eachStrip(part, isCancelled, stripBytes, (pixels, _y, count) => {
        kernel.rows(pixels, count);
        return true;
      });
      if (!done) return null;
      inner.push({ rectangle, hash: kernel.end() });
    }
  }
  const picture: HashedPicture = { width, height, hash, plane, squashed, inner };
  if (survey !== null) picture.survey = survey;
  return { picture, uniform };
}

function hashPixels(kernel: PdqKernel, width: number, height: number, rgba: Uint8Array): PdqHash {
  kernel.begin(width, height);
  kernel.rows(rgba, height);
  return kernel.end();
}

/** Hands the picture's rows over in strips, until one is refused or the scan is cancelled. */
function* eachStrip(
  image: DecodedImage,
  isCancelled: () => boolean,
  stripBytes: number,
  take: (pixels: Uint8Array | Uint8ClampedArray, y: number, count: number) => boolean,
): Steps<boolean> {
  const stripRows = Math.max(1, Math.floor(stripBytes / (image.width * 4)));
  for (let y = 0; y < image.height; y += stripRows) {
    if (isCancelled()) return false;
    const count = Math.min(stripRows, image.height - y);
    if (!take(image.readRows(y, count), y, count)) return false;
    yield;
  }
  return true;
}

function allEqual(words: Uint32Array, value: number): boolean {
  for (let i = 0; i < words.length; i++) if (words[i] !== value) return false;
  return true;
}

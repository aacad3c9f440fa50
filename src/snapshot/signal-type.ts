/**
 * What a signal is that a licensee adds: see docs/signals.md.
 * @module
 */

/** The lowest kind of section that is a licensee's own (docs/snapshot-format.md, 2.4). */
export const FIRST_LICENSED_KIND = 0x8000;
/** The highest one. */
export const LAST_LICENSED_KIND = 0xffff;

/**
 * A decoded picture, upright and opaque, read in strips: the whole of a large one takes a quarter of a gigabyte.
 * {@link wholePicture} is for hashes that can't do with strips.
 */
export interface SignalImage {
  readonly width: number;
  readonly height: number;
  /**
   * @param y - first row
   * @param count - rows; `y + count <= height`
   * @returns `count` rows of red, green, blue and alpha, a byte each; valid until the next call
   */
  readRows(y: number, count: number): Uint8Array | Uint8ClampedArray;
}

/**
 * @param image - a picture
 * @returns all of its pixels, `width * height * 4` bytes
 */
export function wholePicture(image: SignalImage): Uint8Array {
  const { width, height } = image;
  const rgba = new Uint8Array(width * height * 4);
  const strip = Math.max(1, Math.floor(STRIP_BYTES / (width * 4)));
  for (let y = 0; y < height; y += strip)
    rgba.set(image.readRows(y, Math.min(strip, height - y)), y * width * 4);
  return rgba;
}

const STRIP_BYTES = 1024 * 1024;

/**
 * A perceptual hash, and how it is looked up near. Positions name bits of the hash: bit j is bit `j & 7` of byte
 * `j >> 3`. Everything in it belongs to a list for as long as the list lives.
 */
export interface SignalType {
  /** What a person calls it. */
  readonly name: string;
  /** Kind of its sections, {@link FIRST_LICENSED_KIND} to {@link LAST_LICENSED_KIND}. */
  readonly kind: number;
  /** Bytes of a hash, 1 to 1024. */
  readonly bytes: number;
  /** Bits that an entry is found by, 32 to 512 of them, a multiple of 8. They are never stored, only a keyed hash. */
  readonly keyPositions: readonly number[];
  /** Bits that are compared once it is found, 8 to 8192 of them, a multiple of 8. Stored sealed by the key. */
  readonly sketchPositions: readonly number[];
  /**
   * @param image - not kept
   * @returns `bytes` bytes, or undefined for a picture that has no sound hash
   */
  hash(image: SignalImage): Uint8Array | undefined;
  /**
   * Hashes whose keys are tried for a picture, the likeliest first: its own, and those with bits changed that an edit
   * changes easily.
   * @param hash - of the picture
   */
  probes(hash: Uint8Array): Iterable<Uint8Array>;
  /**
   * The distance rule.
   * @param picture - bits of the picture's hash at `sketchPositions`, side by side
   * @param entry - the same of an entry
   * @returns true where both show the same
   */
  accepts(picture: Uint8Array, entry: Uint8Array): boolean;
}

/**
 * @param type - as a licensee wrote it
 * @throws RangeError where a field has a wrong value
 */
export function checkSignalType({ kind, bytes, keyPositions, sketchPositions }: SignalType): void {
  if (!isWhole(kind, FIRST_LICENSED_KIND, LAST_LICENSED_KIND)) {
    throw new RangeError(`'kind' must be ${FIRST_LICENSED_KIND} to ${LAST_LICENSED_KIND}`);
  }
  if (!isWhole(bytes, 1, 1024)) throw new RangeError("'bytes' must be 1 to 1024");
  checkPositions('keyPositions', keyPositions, 32, 512, bytes * 8);
  checkPositions('sketchPositions', sketchPositions, 8, 8192, bytes * 8);
}

function checkPositions(
  name: string,
  positions: readonly number[],
  min: number,
  max: number,
  bits: number,
): void {
  const { length } = positions;
  if (length < min || length > max || length % 8 !== 0) {
    throw new RangeError(`'${name}' must be ${min} to ${max} bits, a multiple of 8`);
  }
  if (new Set(positions).size !== length || !positions.every((bit) => isWhole(bit, 0, bits - 1))) {
    throw new RangeError(`'${name}' must be different bits of the hash`);
  }
}

function isWhole(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

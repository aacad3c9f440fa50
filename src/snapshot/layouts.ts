/**
 * Layouts: which bits of a PDQ hash make the key and which the sketch (docs/snapshot-format.md, 5.2 to 5.4).
 *
 * The lowest frequencies are the ones that edits change least, and also the ones that pictures composed alike
 * share. A layout trades one against the other.
 * @module
 */

/** Bits of a PDQ hash. */
export const PDQ_BITS = 256;

/** What makes a layout (5.2): an order of all bits, and the place in it of bit i of the key. */
interface Layout {
  readonly frequency: (row: number, column: number) => number;
  readonly place: (i: number) => number;
}

const sum = (row: number, column: number) => row + column;

/**
 * The lowest row and column carry what a strip cut off one side changes most: they count as six later. At equal
 * guesses that finds up to 4 points more of the cropped and captioned copies (docs/near-match.md).
 */
const AXIS_PENALTY = 6;
const sumBeyondAxes = (row: number, column: number) =>
  row + column + (row === 0 || column === 0 ? AXIS_PENALTY : 0);

const LAYOUTS: Readonly<Record<number, Layout>> = {
  1: { frequency: sum, place: (i) => i },
  2: { frequency: sum, place: (i) => 16 + i },
  3: { frequency: sum, place: (i) => 2 * i },
  4: { frequency: sum, place: (i) => 32 + i },
  5: { frequency: sumBeyondAxes, place: (i) => i },
};

/** Positions of the bits of key and sketch in a PDQ hash. */
export interface BitPositions {
  /** Bit i of the key is bit `key[i]` of the hash. */
  readonly key: Uint8Array;
  /** Bit i of the sketch is bit `sketch[i]` of the hash. */
  readonly sketch: Uint8Array;
}

/**
 * @param layout - identifier of a layout
 * @returns whether this version knows it
 */
export function isLayout(layout: number): boolean {
  return Object.hasOwn(LAYOUTS, layout);
}

/**
 * @param layout - identifier of a layout
 * @param keyBits - bits of the key
 * @param sketchBits - bits of the sketch
 * @returns the positions of both
 * @throws RangeError for an unknown layout
 */
export function bitPositions(layout: number, keyBits: number, sketchBits: number): BitPositions {
  if (!isLayout(layout)) throw new RangeError(`'layout' ${layout} is not known`);
  const { frequency, place } = LAYOUTS[layout];
  const order = frequencyOrder(frequency);
  const isKey = new Uint8Array(PDQ_BITS);
  const key = new Uint8Array(keyBits);
  for (let i = 0; i < keyBits; i++) {
    key[i] = order[place(i)];
    isKey[key[i]] = 1;
  }
  const rest = order.filter((j) => isKey[j] === 0);
  const sketch = new Uint8Array(sketchBits);
  for (let i = 0; i < sketchBits; i++) {
    sketch[i] = rest[Math.floor(((2 * i + 1) * rest.length) / (2 * sketchBits))];
  }
  return { key, sketch };
}

/** All positions by their frequency in the matrix of coefficients, then by number (5.2). */
function frequencyOrder(frequency: Layout['frequency']): number[] {
  const of = (j: number) => frequency(j >> 4, j & 15);
  return Array.from({ length: PDQ_BITS }, (_, j) => j).sort((a, b) => of(a) - of(b) || a - b);
}

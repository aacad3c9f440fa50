/**
 * Layouts: which bits of a PDQ hash make the key and which the sketch (docs/snapshot-format.md, 5.2 to 5.4).
 *
 * The lowest frequencies are the ones that edits change least, and also the ones that pictures composed alike
 * share. A layout trades one against the other.
 * @module
 */

/** Bits of a PDQ hash. */
export const PDQ_BITS = 256;

/** Place in the frequency order of bit i of the key, by layout (5.2). */
const KEY_PLACE: Readonly<Record<number, (i: number) => number>> = {
  1: (i) => i,
  2: (i) => 16 + i,
  3: (i) => 2 * i,
  4: (i) => 32 + i,
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
  return Object.hasOwn(KEY_PLACE, layout);
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
  const order = frequencyOrder();
  const isKey = new Uint8Array(PDQ_BITS);
  const key = new Uint8Array(keyBits);
  for (let i = 0; i < keyBits; i++) {
    key[i] = order[KEY_PLACE[layout](i)];
    isKey[key[i]] = 1;
  }
  const rest = order.filter((j) => isKey[j] === 0);
  const sketch = new Uint8Array(sketchBits);
  for (let i = 0; i < sketchBits; i++) {
    sketch[i] = rest[Math.floor(((2 * i + 1) * rest.length) / (2 * sketchBits))];
  }
  return { key, sketch };
}

/** All positions by the sum of their row and column in the matrix of coefficients, then by number (5.2). */
function frequencyOrder(): number[] {
  const frequency = (j: number) => (j >> 4) + (j & 15);
  return Array.from({ length: PDQ_BITS }, (_, j) => j).sort((a, b) => frequency(a) - frequency(b) || a - b);
}

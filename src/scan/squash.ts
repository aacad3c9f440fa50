/**
 * The picture as Meta's PDQ tool prepares it where a side is over 512 pixels: squashed to 512 x 512 by nearest
 * neighbour. Lists were made that way, and it moves the hash of the very same file by 8 bits in the median.
 * @module
 */

/** Side of the squashed picture, and the longest side that is left as it is. */
export const SQUASHED_SIDE = 512;

/** Picks the pixels while a picture's strips pass by. Sample i of 512 is pixel floor(i · side / 512). */
export class NearestSquash {
  readonly #width: number;
  readonly #height: number;
  readonly #words = new Uint32Array(SQUASHED_SIDE * SQUASHED_SIDE);
  readonly #columns: Uint32Array;
  #row = 0;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#columns = Uint32Array.from({ length: SQUASHED_SIDE }, (_, i) => sourceOf(i, width));
  }

  /** Takes `count` rows of RGBA words from row `y` on; strips come from top to bottom. */
  strip(words: Uint32Array, y: number, count: number): void {
    const [columns, squashed] = [this.#columns, this.#words];
    for (; this.#row < SQUASHED_SIDE; this.#row++) {
      const source = sourceOf(this.#row, this.#height);
      if (source >= y + count) return;
      const from = (source - y) * this.#width;
      const to = this.#row * SQUASHED_SIDE;
      for (let i = 0; i < SQUASHED_SIDE; i++) squashed[to + i] = words[from + columns[i]];
    }
  }

  /** 512 x 512 RGBA bytes, row-major, once all strips have passed. */
  get pixels(): Uint8Array {
    return new Uint8Array(this.#words.buffer);
  }
}

const sourceOf = (sample: number, side: number) => Math.floor((sample * side) / SQUASHED_SIDE);

/**
 * Random choices of a composition, all from one seeded source.
 * @module
 */
import type { Random } from '../../../bench/recall/random.js';

/** Draws numbers and picks things. */
export class Dice {
  readonly #random: Random;

  /** @param random - numbers evenly spread over [0, 1) */
  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns a number of [low, high) */
  between(low: number, high: number): number {
    return low + (high - low) * this.#random();
  }

  /** @returns a whole number, `low` and `high` included */
  whole(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1));
  }

  /** @returns true in a share of all cases */
  chance(share: number): boolean {
    return this.#random() < share;
  }

  /** @returns one of the items */
  one<T>(items: readonly T[]): T {
    return items[this.whole(0, items.length - 1)];
  }

  /** @returns the items in another order */
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.whole(0, i);
      [out[i], out[j]] = [out[j], out[i]];
    }
    return out;
  }
}

/**
 * Where a pattern of flips stands in the schedule, by counting, far beyond the budgets that a search could try
 * (docs/snapshot-format.md, 6.2).
 * @module
 */

/** Counts the patterns over the ranks of a key. */
export class PatternCounter {
  readonly keyBits: number;
  /** The largest weight whose patterns are counted. */
  readonly maxWeight: number;
  /** Most ranks of a pattern of that weight. */
  readonly maxRanks: number;
  /** `#upTo[(ranks · (maxWeight + 1) + weight) · (keyBits + 1) + highest]`: patterns, their highest rank no higher. */
  readonly #upTo: Float64Array;
  /** Patterns of a weight below this. */
  readonly #below: Float64Array;

  /**
   * @param keyBits - ranks that there are
   * @param patterns - the patterns that matter are the first so many
   */
  constructor(keyBits: number, patterns: number) {
    this.keyBits = keyBits;
    this.maxWeight = weightOf(keyBits, patterns);
    this.maxRanks = Math.min(keyBits, Math.floor((Math.sqrt(8 * this.maxWeight + 1) - 1) / 2));
    this.#upTo = new Float64Array((this.maxRanks + 1) * (this.maxWeight + 1) * (keyBits + 1));
    for (let highest = 0; highest <= keyBits; highest++) this.#upTo[this.#at(0, 0, highest)] = 1;
    for (let ranks = 1; ranks <= this.maxRanks; ranks++) {
      for (let weight = 1; weight <= this.maxWeight; weight++) {
        for (let highest = 1; highest <= keyBits; highest++) {
          const without = this.#upTo[this.#at(ranks, weight, highest - 1)];
          const withIt =
            weight < highest ? 0 : this.#upTo[this.#at(ranks - 1, weight - highest, highest - 1)];
          this.#upTo[this.#at(ranks, weight, highest)] = without + withIt;
        }
      }
    }
    this.#below = new Float64Array(this.maxWeight + 2);
    for (let weight = 0; weight <= this.maxWeight; weight++) {
      let sum = this.#below[weight];
      for (let ranks = 0; ranks <= this.maxRanks; ranks++)
        sum += this.#upTo[this.#at(ranks, weight, keyBits)];
      this.#below[weight + 1] = sum;
    }
  }

  #at(ranks: number, weight: number, highest: number): number {
    return (ranks * (this.maxWeight + 1) + weight) * (this.keyBits + 1) + highest;
  }

  /**
   * @param ranks - of the flipped bits, 1 to keyBits, from the highest down
   * @returns the pattern's index, or Infinity where its weight is beyond {@link maxWeight}
   */
  indexOf(ranks: readonly number[]): number {
    let weight = ranks.reduce((sum, rank) => sum + rank, 0);
    if (weight > this.maxWeight) return Number.POSITIVE_INFINITY;
    let index = this.#below[weight];
    for (let fewer = 0; fewer < ranks.length; fewer++) {
      index += this.#upTo[this.#at(fewer, weight, this.keyBits)];
    }
    ranks.forEach((rank, i) => {
      index += this.#upTo[this.#at(ranks.length - i, weight, rank - 1)];
      weight -= rank;
    });
    return index;
  }

  /**
   * @param end - index behind the last pattern that counts, no more than the constructor was told
   * @returns how many of the patterns before it flip 0, 1, 2 … bits
   */
  byFlips(end: number): number[] {
    const counts = new Array<number>(this.maxRanks + 1).fill(0);
    let left = end;
    for (let weight = 0; weight <= this.maxWeight && left > 0; weight++) {
      for (let ranks = 0; ranks <= this.maxRanks && left > 0; ranks++) {
        const size = Math.min(left, this.#upTo[this.#at(ranks, weight, this.keyBits)]);
        counts[ranks] += size;
        left -= size;
      }
    }
    return counts;
  }
}

/** The weight of the pattern with index `patterns` - 1. */
function weightOf(keyBits: number, patterns: number): number {
  const most = (keyBits * (keyBits + 1)) / 2;
  const ofWeight = new Float64Array(most + 1);
  ofWeight[0] = 1;
  for (let rank = 1; rank <= keyBits; rank++) {
    for (let weight = most; weight >= rank; weight--) ofWeight[weight] += ofWeight[weight - rank];
  }
  let weight = 0;
  for (let sum = 1; sum < patterns && weight < most; sum += ofWeight[weight]) weight++;
  return weight;
}

/**
 * The rate of false matches of pictures that have nothing to do with a list, computed from what a scan tried.
 * @module
 */
import { accept } from '../../src/snapshot/acceptance.js';
import type { ProbeBudget } from '../../src/snapshot/near-set.js';
import { MAX_BUDGET } from '../../src/snapshot/schedule.js';
import type { ListParameters } from '../../src/snapshot/types.js';
import { PatternCounter } from './patterns.js';
import { binomialTail } from './statistics.js';

/** Computes the rate for a list. */
export class UnrelatedRate {
  readonly #counter: PatternCounter;
  /** P(accepted) of an entry that is met by chance, by flips. */
  readonly #accepted: readonly number[];
  readonly #entryRate: number;
  readonly #ofBudget = new Map<number, number>();

  /**
   * @param parameters - of the list
   * @param entries - of the list
   */
  constructor(parameters: ListParameters, entries: number) {
    const { keyBits, sketchBits, nearFingerprintBits } = parameters;
    this.#counter = new PatternCounter(keyBits, MAX_BUDGET);
    this.#entryRate = entries / 2 ** nearFingerprintBits;
    this.#accepted = Array.from({ length: this.#counter.maxRanks + 1 }, (_, flips) => {
      let most = sketchBits;
      while (most >= 0 && !accept({ flips, rank: 0, sketchDistance: most, keyBits, sketchBits })) most--;
      return most < 0 ? 0 : binomialTail(most, sketchBits, 0.5);
    });
  }

  /**
   * Each pattern meets an entry by chance with a probability of entries / 2^u, and its sketch is then random bits.
   * @param budgets - of all forms that were tried
   * @returns false matches expected
   */
  of(budgets: readonly ProbeBudget[]): number {
    return budgets.reduce((sum, { from, to }) => sum + this.#before(to) - this.#before(from), 0);
  }

  #before(end: number): number {
    let rate = this.#ofBudget.get(end);
    if (rate === undefined) {
      const counts = this.#counter.byFlips(end);
      rate = counts.reduce((sum, count, flips) => sum + count * this.#accepted[flips], 0) * this.#entryRate;
      this.#ofBudget.set(end, rate);
    }
    return rate;
  }
}

/**
 * The statistics that the report needs: moments, tails, bounds.
 * @module
 */

/** Mean and standard deviation of a sample, and its least value. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
}

/**
 * @param values - a sample
 * @returns its moments, the deviation with n - 1; NaN where the sample is too small
 */
export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count,
    mean,
    deviation: Math.sqrt(squares / (count - 1)),
    least: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  };
}

/**
 * @param values - a sample
 * @returns the middle value, NaN for none
 */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0 ? Number.NaN : sorted[sorted.length >> 1];
}

/**
 * The logarithm of the gamma function (Lanczos' approximation, g = 7, 9 terms; about 15 digits).
 * @param x - above 0
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const terms = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const t = x - 1 + 7.5;
  const sum = terms.reduce((total, term, i) => total + term / (x + i), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * P(Z <= z) of a standard normal Z; keeps its relative precision far into the lower tail.
 * @param z - any number
 */
export function normalTail(z: number): number {
  if (z > 0) return 1 - normalTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  if (z > -3) {
    // Power series of the distribution function about 0.
    let term = -z;
    let sum = term;
    for (let i = 1; Math.abs(term) > 1e-17; i++) {
      term *= (z * z) / (2 * i + 1);
      sum += term;
    }
    return 0.5 - density * sum;
  }
  // Laplace's continued fraction of Mills' ratio.
  let fraction = 0;
  for (let i = 60; i > 0; i--) fraction = i / (-z + fraction);
  return density / (-z + fraction);
}

/** A beta-binomial distribution: so many trials, their common probability drawn from a beta distribution. */
export interface BetaBinomial {
  readonly trials: number;
  readonly alpha: number;
  readonly beta: number;
}

/**
 * Fits a beta-binomial by its moments.
 * @param trials - of each value
 * @param moments - of the sample
 * @returns the fit; null where the sample varies no more than a binomial one
 */
export function fitBetaBinomial(trials: number, { mean, deviation }: Moments): BetaBinomial | null {
  const share = mean / trials;
  const spread = deviation ** 2 / (trials * share * (1 - share));
  // spread = 1 + (trials - 1) / (alpha + beta + 1)
  const total = (trials - 1) / (spread - 1) - 1;
  return spread > 1 && total > 0 ? { trials, alpha: share * total, beta: (1 - share) * total } : null;
}

/**
 * P(X <= most) of a beta-binomial X.
 * @param distribution - see {@link fitBetaBinomial}
 * @param most - a whole number
 */
export function betaBinomialTail({ trials, alpha, beta }: BetaBinomial, most: number): number {
  const logBeta = (a: number, b: number) => logGamma(a) + logGamma(b) - logGamma(a + b);
  let sum = 0;
  for (let x = 0; x <= Math.min(most, trials); x++) {
    const choose = logGamma(trials + 1) - logGamma(x + 1) - logGamma(trials - x + 1);
    sum += Math.exp(choose + logBeta(x + alpha, trials - x + beta) - logBeta(alpha, beta));
  }
  return sum;
}

/** Share of a sample that {@link exponentialTail} is fitted to. */
const TAIL_SHARE = 0.1;

/**
 * The share of values at or below a limit under an exponential tail, fitted to the lowest tenth of a sample (peaks over a
 * threshold, with a shape of 0); not tied to the form of the sample's middle, as the other fits are.
 * @param values - a sample
 * @param limit - below the tenth
 * @returns the share, or null where the tenth is fewer than 10 values
 */
export function exponentialTail(values: readonly number[], limit: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted.slice(0, Math.floor(sorted.length * TAIL_SHARE));
  if (low.length < 10) return null;
  const threshold = sorted[low.length];
  const mean = low.reduce((sum, value) => sum + threshold - value, 0) / low.length;
  return mean === 0 ? 0 : Math.min(1, TAIL_SHARE * Math.exp(-(threshold - limit) / mean));
}

/**
 * P(X <= most), X binomial.
 * @param most - a whole number
 * @param trials - how many
 * @param probability - of each
 */
export function binomialTail(most: number, trials: number, probability: number): number {
  if (most >= trials || probability <= 0) return 1;
  if (probability >= 1) return 0;
  let sum = 0;
  for (let x = 0; x <= most; x++) {
    const choose = logGamma(trials + 1) - logGamma(x + 1) - logGamma(trials - x + 1);
    sum += Math.exp(choose + x * Math.log(probability) + (trials - x) * Math.log1p(-probability));
  }
  return sum;
}

/**
 * Clopper and Pearson's bound from above, at 95 % one-sided: with none seen it is the "rule of three", 3 / trials.
 * @param seen - events
 * @param trials - in so many trials
 * @returns the largest rate at which so few are seen with a probability of 5 %
 */
export function upperBound95(seen: number, trials: number): number {
  return trials === 0 || seen >= trials ? 1 : bisect((rate) => binomialTail(seen, trials, rate) > 0.05);
}

/**
 * Clopper and Pearson's bound from below, at 95 % one-sided.
 * @param seen - events
 * @param trials - in so many trials
 * @returns the least rate at which so many are seen with a probability of 5 %
 */
export function lowerBound95(seen: number, trials: number): number {
  return seen === 0 ? 0 : bisect((rate) => binomialTail(seen - 1, trials, rate) > 0.95);
}

/** The rate between 0 and 1 up to which `holds` holds. */
function bisect(holds: (rate: number) => boolean): number {
  let low = 0;
  let high = 1;
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return high;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  betaBinomialTail,
  binomialTail,
  exponentialTail,
  fitBetaBinomial,
  logGamma,
  lowerBound95,
  medianOf,
  momentsOf,
  normalTail,
  upperBound95,
} from '../../bench/recall/statistics.js';

const near = (value: number, expected: number, relative = 1e-6) =>
  expect(Math.abs(value / expected - 1)).toBeLessThan(relative);

describe('moments', () => {
  it('are those of the sample', () => {
    expect(momentsOf([2, 4, 4, 4, 5, 5, 7, 9])).toMatchObject({ count: 8, mean: 5, least: 2 });
    near(momentsOf([2, 4, 4, 4, 5, 5, 7, 9]).deviation ** 2, 32 / 7);
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([])).toBeNaN();
  });
});

describe('logGamma', () => {
  it('knows factorials and the half', () => {
    near(logGamma(5), Math.log(24), 1e-12);
    near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-12);
    near(logGamma(171), 706.5730622457874, 1e-12);
  });
});

describe('normalTail', () => {
  // Values of the standard normal distribution function.
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1.959963984540054, 0.025],
    [-2.999, 0.001354347],
    [-3.001, 0.001345482],
    [-6, 9.865876450376946e-10],
    [-10, 7.619853024160527e-24],
  ])('at %f', (z, tail) => {
    near(normalTail(z), tail, 1e-4);
  });

  it('never falls', () => {
    let last = 0;
    for (let z = -12; z <= 12; z += 0.05) {
      const tail = normalTail(z);
      expect(tail).toBeGreaterThanOrEqual(last);
      last = tail;
    }
  });
});

describe('binomial and beta-binomial tails', () => {
  it('are sums of probabilities', () => {
    near(binomialTail(2, 4, 0.5), 11 / 16);
    near(binomialTail(1, 10, 0.1), 0.9 ** 10 + 10 * 0.1 * 0.9 ** 9);
    expect(binomialTail(4, 4, 0.3)).toBe(1);
    // With alpha = beta = 1 every count is as likely.
    near(betaBinomialTail({ trials: 9, alpha: 1, beta: 1 }, 2), 0.3);
    near(betaBinomialTail({ trials: 64, alpha: 7, beta: 11 }, 64), 1);
  });

  it('fit the moments that they are given', () => {
    const fit = fitBetaBinomial(64, { count: 100, mean: 22, deviation: 6, least: 9 })!;
    near(fit.alpha / (fit.alpha + fit.beta), 22 / 64);
    let [mean, square, last] = [0, 0, 0];
    for (let x = 0; x <= 64; x++) {
      const tail = betaBinomialTail(fit, x);
      mean += x * (tail - last);
      square += x * x * (tail - last);
      last = tail;
    }
    near(mean, 22);
    near(Math.sqrt(square - mean * mean), 6);
  });

  it('do not fit what varies less than coins do', () => {
    expect(fitBetaBinomial(64, { count: 9, mean: 32, deviation: 3, least: 20 })).toBeNull();
  });
});

describe('exponentialTail', () => {
  it('recovers the tail of exponential values', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => Math.log((i + 0.5) / 10_000));
    near(exponentialTail(values, Math.log(0.001))!, 0.001, 0.02);
  });

  it('wants ten values in the tail', () => {
    expect(exponentialTail([1, 2, 3], 0)).toBeNull();
  });
});

describe('bounds at 95 %', () => {
  it('follow the rule of three where nothing was seen', () => {
    for (const trials of [1, 20, 1550]) near(upperBound95(0, trials), 1 - 0.05 ** (1 / trials));
    expect(upperBound95(0, 0)).toBe(1);
    expect(upperBound95(7, 7)).toBe(1);
  });

  it('are those of Clopper and Pearson', () => {
    near(upperBound95(1, 10), 0.3941633, 1e-5);
    near(lowerBound95(9, 10), 1 - 0.3941633, 1e-5);
    expect(lowerBound95(0, 10)).toBe(0);
    near(lowerBound95(10, 10), 0.05 ** 0.1);
  });

  it('enclose the share that was seen', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, share) => {
          const seen = Math.floor(share * trials);
          expect(upperBound95(seen, trials)).toBeGreaterThanOrEqual(seen / trials);
          expect(lowerBound95(seen, trials)).toBeLessThanOrEqual(seen / trials);
        },
      ),
      { numRuns: 50 },
    );
  });
});

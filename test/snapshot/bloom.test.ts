import { describe, expect, it } from 'vitest';
import { addToBloomFilter, makeBloomFilter, mayHave } from '../../src/snapshot/bloom.js';
import { randomWords } from './support.js';

describe('the Bloom filter', () => {
  // Fingerprints of the shortest lists have 20 bits.
  it.each([
    [1000, 20, 0.006],
    [1000, 32, 0.004],
    [100_000, 32, 0.0025],
  ])('of %i values of %i bits has all of them, and few others', (count, bits, rate) => {
    const next = randomWords(91);
    const value = () => next() >>> (32 - bits);
    const values = Array.from({ length: count }, value);
    const filter = makeBloomFilter(count);
    for (const added of values) addToBloomFilter(filter, added);
    expect(values.every((added) => mayHave(filter, added))).toBe(true);
    let passed = 0;
    for (let i = 0; i < 200_000; i++) if (mayHave(filter, value())) passed++;
    expect(passed / 200_000).toBeLessThan(rate);
  });

  it('of no values has none', () => {
    const filter = makeBloomFilter(0);
    const next = randomWords(92);
    for (let i = 0; i < 1000; i++) expect(mayHave(filter, next())).toBe(false);
  });
});

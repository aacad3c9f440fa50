import { describe, expect, it } from 'vitest';
import { halfSipHash, messageBlocks } from '../../src/snapshot/half-sip-hash.js';

/** Key 00 01 … 07, message 00 01 … (length - 1): published by the authors with their reference implementation (CC0). */
const VECTORS: readonly [length: number, output: string][] = [
  [0, '218d1f59b9b83cc8'],
  [1, 'be552412f8387315'],
  [3, 'ce0f1a45f7060679'],
  [4, 'd5e78a175be52ea1'],
  [8, 'edfee820bce4858c'],
  [12, '7bc71f9faef5c799'],
  [16, '7336aad25f7bf3b5'],
  [63, '2ea63c71bf326087'],
];

function hash(length: number, words: number): string {
  const blocks = messageBlocks(Uint8Array.from({ length }, (_, i) => i));
  const output = new Uint32Array(words);
  halfSipHash(0x03020100, 0x07060504, blocks, blocks.length, output);
  return Buffer.from(output.buffer).toString('hex');
}

describe('HalfSipHash-2-4', () => {
  it.each(VECTORS)('gives the published output for %i bytes', (length, output) => {
    expect(hash(length, 2)).toBe(output);
  });

  it.each(VECTORS)(
    'gives the first word alone where there is room for one, for %i bytes',
    (length, output) => {
      expect(hash(length, 1)).toBe(output.slice(0, 8));
    },
  );
});

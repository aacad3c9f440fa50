import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBits } from '../../../src/kernels/pdq-degenerate.js';
import { FOLD_DISTANCE, FOLD_WINDOW, FrameFolder } from '../../../src/publisher/videos/fold.js';
import { flipBits } from '../../snapshot/queries.js';
import { randomBytes } from '../../snapshot/support.js';

const frame = (seed: number) => randomBytes(32, seed + 1);
const distance = (a: Uint8Array, b: Uint8Array) => countBits(a.map((byte, i) => byte ^ b[i]));
const reversed = (hash: Uint8Array) => Uint8Array.from(hash).reverse();

function fold(frames: readonly (readonly [seconds: number, hash: Uint8Array | null])[]) {
  const folder = new FrameFolder();
  for (const [seconds, hash] of frames) folder.add(seconds, hash);
  const { hashes, segments } = folder.finish();
  return {
    segments: [...segments],
    hashes: Array.from(segments, (_, i) => reversed(hashes.subarray(i * 32, i * 32 + 32))),
  };
}

describe('folding', () => {
  it(`keeps a frame more than ${FOLD_DISTANCE} bits from those kept, and no other`, () => {
    const first = frame(1);
    const at = (count: number) =>
      flipBits(
        first,
        Array.from({ length: count }, (_, i) => i * 17),
      );
    const { hashes } = fold([
      [0, first],
      [1, at(8)],
      [2, at(9)],
      [3, first],
    ]);
    expect(hashes).toEqual([first, at(9)]);
  });

  it('has for every frame one that is near, however they follow each other', () => {
    const step = fc.tuple(fc.nat(5), fc.uniqueArray(fc.nat(255), { maxLength: 14 }));
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 60 }), (steps) => {
        const frames = steps.map(([base, flips]) => flipBits(frame(base), flips));
        const { hashes } = fold(frames.map((hash, i) => [i / 30, hash]));
        for (const hash of frames)
          expect(Math.min(...hashes.map((kept) => distance(kept, hash)))).toBeLessThanOrEqual(FOLD_DISTANCE);
        for (const [i, hash] of hashes.entries())
          for (const other of hashes.slice(0, i))
            expect(distance(hash, other)).toBeGreaterThan(FOLD_DISTANCE);
      }),
      { numRuns: 200 },
    );
  });

  it('compares with the last frames kept only', () => {
    const many = Array.from({ length: FOLD_WINDOW }, (_, i) => frame(i + 10));
    const count = (between: readonly Uint8Array[]) =>
      fold([frame(1), ...between, frame(1)].map((hash, i) => [i, hash])).hashes.length;
    expect(count(many.slice(1))).toBe(FOLD_WINDOW);
    expect(count(many)).toBe(FOLD_WINDOW + 2);
  });
});

describe('segments', () => {
  const every = (seconds: number, count: number) =>
    fold(Array.from({ length: count }, (_, i) => [(i * seconds) / (count - 1), frame(i)])).segments;

  it('are sixteen equal parts of a longer video', () => {
    expect(new Set(every(160, 161)).size).toBe(16);
    expect(every(160, 17)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 15]);
  });

  it('are no shorter than a second', () => {
    expect(every(3.9, 4)).toEqual([0, 1, 2, 2]);
    expect(every(0.5, 3)).toEqual([0, 0, 0]);
    expect(fold([[7, frame(1)]]).segments).toEqual([0]);
  });

  it('count the frames that are not listed as time', () => {
    const frames = Array.from({ length: 17 }, (_, i): [number, Uint8Array | null] => [
      100 + i,
      i >= 8 && i < 10 ? frame(i) : null,
    ]);
    expect(fold(frames).segments).toEqual([8, 9]);
  });
});

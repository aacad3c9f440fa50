import { describe, expect, it } from 'vitest';
import { useKnownColorSpaces } from '../../src/video/color-space.js';

class MadeUpColorSpace {
  readonly fullRange = false;
  constructor(
    readonly words: Record<'primaries' | 'transfer' | 'matrix', string | null>,
    readonly asked: string[] = [],
  ) {}
  get primaries() {
    this.asked.push('primaries');
    return this.words.primaries;
  }
  get transfer() {
    return this.words.transfer;
  }
  get matrix() {
    return this.words.matrix;
  }
}

describe('a colour space', () => {
  it('has words of the standard only, however often that is asked for', () => {
    const prototype = MadeUpColorSpace.prototype as unknown as VideoColorSpace;
    useKnownColorSpaces(prototype);
    useKnownColorSpaces(prototype);
    const webkit = new MadeUpColorSpace({
      primaries: 'unspecified',
      transfer: 'unspecified',
      matrix: 'bt709',
    });
    expect([webkit.primaries, webkit.transfer, webkit.matrix]).toEqual([null, null, 'bt709']);
    expect(webkit.asked).toEqual(['primaries']);
    const chromium = new MadeUpColorSpace({ primaries: 'bt2020', transfer: 'pq', matrix: null });
    expect([chromium.primaries, chromium.transfer, chromium.matrix]).toEqual(['bt2020', 'pq', null]);
  });

  it('may be unknown here altogether', () => {
    expect(() => useKnownColorSpaces(undefined)).not.toThrow();
  });
});

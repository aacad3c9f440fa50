import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashToHex, hexToHash } from '../../src/kernels/pdq-hex.js';

describe('the text form of a hash', () => {
  it('has bit 255 first', () => {
    const bits = new Uint8Array(32);
    bits[31] = 0x80;
    expect(hashToHex(bits)).toBe(`8${'0'.repeat(63)}`);
    bits.fill(0)[0] = 1;
    expect(hashToHex(bits)).toBe(`${'0'.repeat(63)}1`);
  });

  it('comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bits) => {
        expect(hexToHash(hashToHex(bits))).toEqual(bits);
        expect(hexToHash(hashToHex(bits).toUpperCase())).toEqual(bits);
      }),
    );
  });

  it('is refused in any other form', () => {
    for (const text of ['', 'f'.repeat(63), 'f'.repeat(65), `g${'f'.repeat(63)}`, ` ${'f'.repeat(63)}`]) {
      expect(() => hexToHash(text)).toThrow(RangeError);
    }
    expect(() => hexToHash(`${'f'.repeat(64)}\n`)).toThrow(RangeError);
    expect(() => hexToHash(7 as unknown as string)).toThrow(TypeError);
    expect(() => hashToHex(new Uint8Array(31))).toThrow(RangeError);
  });
});

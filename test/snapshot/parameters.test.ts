import { describe, expect, it } from 'vitest';
import { checkParameters, defaultParameters, sameParameters } from '../../src/snapshot/parameters.js';

const salt = new Uint8Array(16).fill(1);

describe('parameters', () => {
  it.each([
    [1024, 24, 50],
    [1025, 25, 51],
    [1_000_000, 34, 60],
    [2 ** 20, 34, 60],
    [2 ** 20 + 1, 35, 61],
    [2 ** 24 + 1, 39, 64],
    [2 ** 30, 44, 64],
  ])('of a capacity of %i: fingerprints of %i and %i bits', (capacity, near, exact) => {
    expect(defaultParameters({ capacity, salt })).toEqual({
      salt,
      capacity,
      layout: 5,
      keyBits: 64,
      sketchBits: 96,
      nearFingerprintBits: near,
      exactFingerprintBits: exact,
    });
  });

  it('keep a salt of their own, also where it was in a Buffer', () => {
    const mine = Buffer.from(salt);
    const parameters = defaultParameters({ capacity: 1024, salt: mine });
    mine.fill(0);
    expect(parameters.salt).toEqual(salt);
  });

  it.each([
    { capacity: 1023 },
    { capacity: 2 ** 30 + 1 },
    { capacity: 2000.5 },
    { capacity: Number.NaN },
    { salt: new Uint8Array(15) },
    { layout: 0 },
    { layout: 6 },
    { keyBits: 24 },
    { keyBits: 60 },
    { keyBits: 104 },
    { sketchBits: 16 },
    { sketchBits: 72 },
    { sketchBits: 144 },
    { nearGuardBits: 9 },
    { nearGuardBits: 17 },
  ])('refuse %o', (wrong) => {
    expect(() => defaultParameters({ capacity: 2000, salt, ...wrong })).toThrow(RangeError);
  });

  it('refuse a salt that is text, and a width that does not follow from the capacity', () => {
    expect(() => defaultParameters({ capacity: 2000, salt: 'salt' as unknown as Uint8Array })).toThrow(
      TypeError,
    );
    const parameters = defaultParameters({ capacity: 2000, salt });
    expect(() => checkParameters({ ...parameters, exactFingerprintBits: 64 })).toThrow(RangeError);
  });

  it('are compared value by value', () => {
    const parameters = defaultParameters({ capacity: 2000, salt });
    expect(sameParameters(parameters, { ...parameters, salt: salt.slice() })).toBe(true);
    expect(sameParameters(parameters, { ...parameters, salt: new Uint8Array(16) })).toBe(false);
    expect(sameParameters(parameters, { ...parameters, layout: 2 })).toBe(false);
  });
});

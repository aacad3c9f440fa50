import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SnapshotError } from '../../src/snapshot/errors.js';
import { codeBitsBounds, RiceReader, RiceWriter, riceParameter } from '../../src/snapshot/rice.js';

/** Codes as the format's text has them: a string of '0' and '1', first bit first. */
function codeText(values: readonly bigint[], k: number): string {
  let text = '';
  let before = 0n;
  for (const value of values) {
    const gap = value - before;
    text += '0'.repeat(Number(gap >> BigInt(k))) + '1';
    for (let i = 0; i < k; i++) text += (gap >> BigInt(i)) & 1n;
    before = value;
  }
  return text;
}

function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(text.length / 8));
  for (let i = 0; i < text.length; i++) if (text[i] === '1') bytes[i >> 3] |= 1 << (i & 7);
  return bytes;
}

function write(values: readonly bigint[], bits: number): Uint8Array {
  const writer = new RiceWriter(bits, values.length);
  for (const value of values) writer.write(Number(value & 0xffffffffn), Number(value >> 32n));
  return writer.finish();
}

function read(codes: Uint8Array, bits: number, count: number): bigint[] {
  const reader = new RiceReader(codes, bits, riceParameter(bits, count));
  const values: bigint[] = [];
  for (let i = 0; i < count; i++) {
    reader.next();
    values.push((BigInt(reader.high) << 32n) | BigInt(reader.low));
  }
  reader.end();
  return values;
}

/** Sorted fingerprints of 20 to 64 bits, crowded or far apart. */
const fingerprints = fc
  .integer({ min: 20, max: 64 })
  .chain((bits) =>
    fc
      .array(
        fc.oneof(
          fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }),
          fc.bigInt({ min: 0n, max: 3n }),
          fc.constant((1n << BigInt(bits)) - 1n),
        ),
        { maxLength: 200 },
      )
      .map((values) => ({ bits, values: values.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) })),
  );

describe('Golomb–Rice codes', () => {
  it('are those of the format', () => {
    fc.assert(
      fc.property(fingerprints, ({ bits, values }) => {
        const expected = bytesOf(codeText(values, riceParameter(bits, values.length)));
        expect(Buffer.from(write(values, bits))).toEqual(Buffer.from(expected));
      }),
    );
  });

  it('are read back', () => {
    fc.assert(
      fc.property(fingerprints, ({ bits, values }) => {
        expect(read(write(values, bits), bits, values.length)).toEqual(values);
      }),
    );
  });

  it('are read from any entry on', () => {
    fc.assert(
      fc.property(fingerprints, fc.nat(), ({ bits, values }, nat) => {
        fc.pre(values.length > 0);
        const k = riceParameter(bits, values.length);
        const from = nat % values.length;
        const before = from === 0 ? 0n : values[from - 1];
        const reader = new RiceReader(write(values, bits), bits, k);
        reader.seek(
          codeText(values.slice(0, from), k).length,
          Number(before & 0xffffffffn),
          Number(before >> 32n),
        );
        reader.next();
        expect((BigInt(reader.high) << 32n) | BigInt(reader.low)).toBe(values[from]);
      }),
    );
  });

  it('keep within the bounds that a reader checks first', () => {
    fc.assert(
      fc.property(fingerprints, ({ bits, values }) => {
        const { least, most } = codeBitsBounds(bits, values.length);
        const length = codeText(values, riceParameter(bits, values.length)).length;
        expect(length).toBeGreaterThanOrEqual(least);
        expect(length).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('take at most 0.05 bits an entry more than with the best parameter', () => {
    for (let count = 1024; count < 2 ** 24; count = Math.floor(count * 1.07)) {
      // Geometrically distributed gaps of the mean 2^34 / count.
      const cost = (k: number) => k + 1 + 1 / (Math.exp((2 ** k * count) / 2 ** 34) - 1);
      const best = Math.min(...Array.from({ length: 34 }, (_, k) => cost(k)));
      expect(cost(riceParameter(34, count)) - best).toBeLessThan(0.05);
    }
  });

  it('never give a value that does not fit, and never go on for ever', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 20, max: 64 }), (codes, bits) => {
        const count = 5;
        try {
          for (const value of read(codes, bits, count)) expect(value).toBeLessThan(1n << BigInt(bits));
        } catch (error) {
          expect(error).toBeInstanceOf(SnapshotError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([20, 32, 33, 40, 64])('refuse gaps that add up to more than %i bits can have', (bits) => {
    const k = riceParameter(bits, 5);
    const gap = '0'.repeat(5) + '1' + '0'.repeat(k);
    // Five times 2^k is below 2^bits = 8 x 2^k, twice that is not.
    expect(read(bytesOf(gap + `1${'0'.repeat(k)}`.repeat(4)), bits, 5)[4]).toBe(5n << BigInt(k));
    expect(() => read(bytesOf(gap.repeat(5)), bits, 5)).toThrow(/too large/);
  });

  it('refuse a gap whose product with 2^k would not fit a word', () => {
    const codes = bytesOf('0'.repeat(2 ** 15) + '1' + '0'.repeat(40));
    expect(() => read(codes, 20, 7)).toThrow(/a gap is too large/);
  });

  it('refuse bits and bytes behind the last code', () => {
    const codes = write([1n, 2n, 3n], 20);
    expect(() => read(Uint8Array.of(...codes, 0), 20, 3)).toThrow(SnapshotError);
    const spoilt = codes.slice();
    spoilt[spoilt.length - 1] |= 0x80;
    expect(() => read(spoilt, 20, 3)).toThrow(SnapshotError);
  });
});

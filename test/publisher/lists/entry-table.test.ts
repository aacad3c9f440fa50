import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EntryTable } from '../../../src/publisher/lists/entry-table.js';

/** Hashes of few values, so that repeats come often. */
const entry = fc.tuple(
  fc
    .array(fc.constantFrom(0, 1, 255), { minLength: 16, maxLength: 16 })
    .map((bytes) => Uint8Array.from(bytes)),
  fc.constantFrom(0, 1, 65535),
);

describe('EntryTable', () => {
  it('holds each pair once, in the order of arrival', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 60 }),
        fc.array(fc.nat(), { maxLength: 60 }),
        (entries, again) => {
          const table = new EntryTable(16);
          const expected = new Map<string, [Uint8Array, number]>();
          const arrivals = [
            ...entries,
            ...again.flatMap((i) => (entries.length ? [entries[i % entries.length]] : [])),
          ];
          for (const [hash, label] of arrivals) {
            const key = `${hash} ${label}`;
            expect(table.has(hash, label)).toBe(expected.has(key));
            expect(table.add(hash, label)).toBe(!expected.has(key));
            expected.set(key, [hash, label]);
          }
          expect(table.size).toBe(expected.size);
          expect([...table.hashes]).toEqual([...expected.values()].flatMap(([hash]) => [...hash]));
          expect([...table.labels]).toEqual([...expected.values()].map(([, label]) => label));
        },
      ),
    );
  });

  it.each([16, 20, 32])('grows over many entries of %i bytes and loses none', (hashBytes) => {
    const table = new EntryTable(hashBytes);
    const hash = new Uint8Array(hashBytes);
    const set = (i: number) => new DataView(hash.buffer).setUint32(hashBytes - 4, i * 2654435761);
    const count = 20_000;
    for (let i = 0; i < count; i++) {
      set(i);
      expect(table.add(hash, 3)).toBe(true);
    }
    expect(table.size).toBe(count);
    expect(table.hashes).toHaveLength(count * hashBytes);
    for (let i = 0; i < count; i++) {
      set(i);
      if (!table.has(hash, 3) || table.has(hash, 4)) throw new Error(`entry ${i} is lost`);
    }
    set(count);
    expect(table.has(hash, 3)).toBe(false);
  });
});

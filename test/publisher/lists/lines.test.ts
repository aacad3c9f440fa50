import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/publisher/lists/lines.js';

function split(chunks: Uint8Array[], maxLineBytes = 4096): { lines: [number, string][]; overlong: number[] } {
  const lines: [number, string][] = [];
  const overlong: number[] = [];
  const splitter = new LineSplitter(
    maxLineBytes,
    (bytes, start, end, line) =>
      lines.push([line, Buffer.from(bytes.subarray(start, end)).toString('latin1')]),
    (line) => overlong.push(line),
  );
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return { lines, overlong };
}

function cut(bytes: Uint8Array, at: number[]): Uint8Array[] {
  const places = [...new Set(at.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const bounds = [0, ...places, bytes.length];
  return bounds.slice(1).map((end, i) => bytes.subarray(bounds[i], end));
}

/** Mostly line feeds and a few other bytes, so that empty and long lines come often. */
const text = fc
  .array(fc.constantFrom('\n', 'a', 'bc', 'defgh', '\r\n', '0123456789'), { maxLength: 60 })
  .map((parts) => parts.join(''));

describe('LineSplitter', () => {
  it('gives the lines of the whole text, wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 10 }), (content, places) => {
        const expected = content.split('\n');
        if (expected.at(-1) === '') expected.pop();
        const { lines, overlong } = split(cut(Buffer.from(content), places));
        expect(lines).toEqual(expected.map((line, i) => [i + 1, line]));
        expect(overlong).toEqual([]);
      }),
    );
  });

  it('drops lines over the limit and keeps counting, wherever it is cut', () => {
    fc.assert(
      fc.property(
        text,
        fc.array(fc.nat(), { maxLength: 10 }),
        fc.integer({ min: 1, max: 12 }),
        (content, places, max) => {
          const all = content.split('\n').map((line, i) => [i + 1, line] as [number, string]);
          if (all.at(-1)?.[1] === '') all.pop();
          const { lines, overlong } = split(cut(Buffer.from(content), places), max);
          expect(lines).toEqual(all.filter(([, line]) => line.length <= max));
          expect(overlong).toEqual(all.filter(([, line]) => line.length > max).map(([number]) => number));
        },
      ),
    );
  });
});

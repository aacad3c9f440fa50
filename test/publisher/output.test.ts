import { describe, expect, it } from 'vitest';
import { printable, table } from '../../src/publisher/output.js';

describe('printable', () => {
  it('escapes what could drive a terminal, and nothing else', () => {
    expect(printable('a\u001b[2Jb\nc\u009bd\u202e')).toBe('a\\u001b[2Jb\\u000ac\\u009bd\\u202e');
    expect(printable('Fotos/Ünïcode 日本 – #1.jpg')).toBe('Fotos/Ünïcode 日本 – #1.jpg');
  });
});

describe('table', () => {
  it('aligns its columns', () => {
    const rows = [
      ['a', '1', 'x'],
      ['bbb', '100', ''],
    ];
    expect(table(rows, [1])).toEqual(['a      1  x', 'bbb  100']);
  });
});

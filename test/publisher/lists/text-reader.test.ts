import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_LINE_BYTES, textReader } from '../../../src/publisher/lists/text-reader.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../../src/snapshot/types.js';

interface Read {
  entries: { signal: Signal; hex: string; label: string; line: number }[];
  problems: { line: number; message: string }[];
}

async function read(
  content: string | Uint8Array,
  signals: readonly Signal[] = ['md5'],
  chunkBytes = 1 << 20,
): Promise<Read> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const result: Read = { entries: [], problems: [] };
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  await textReader(signals).read(chunks(), {
    entry: (signal, hash, label, line) =>
      result.entries.push({ signal, hex: Buffer.from(hash).toString('hex'), label, line }),
    problem: (line, message) =>
      result.problems.push({ line, message: typeof message === 'string' ? message : message() }),
  });
  return result;
}

const A = '0123456789abcdef0123456789abcdef';
const B = 'ffffffff00000000ffffffff00000001';
const problemOf = async (content: string | Uint8Array, signals?: readonly Signal[]) => {
  const { entries, problems } = await read(content, signals);
  expect(entries).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0].message;
};

describe('lines that are entries', () => {
  it.each([
    ['a hash', A, ''],
    ['with a label', `${A},A1`, 'A1'],
    ['with spaces and tabs around', `\t ${A} \t,  two words \t`, 'two words'],
    ['in upper case', A.toUpperCase(), ''],
    ['with an empty label', `${A},`, ''],
    ['with an empty quoted label', `${A},""`, ''],
    ['with a quoted label', `${A},"one, ""two"""`, 'one, "two"'],
    ['with both columns quoted', `"${A}","x"`, 'x'],
    ['with a label in other letters', `${A},категория ü 日本`, 'категория ü 日本'],
    ['with a label of 255 bytes', `${A},${'é'.repeat(127)}x`, `${'é'.repeat(127)}x`],
    ['with CRLF', `${A},x\r\n`, 'x'],
    ['with a byte order mark', `\ufeff${A},x`, 'x'],
  ])('%s', async (_, content, label) => {
    const { entries, problems } = await read(content);
    expect(problems).toEqual([]);
    expect(entries).toEqual([{ signal: 'md5', hex: A, label, line: 1 }]);
  });

  it('skips blank lines and comments, and keeps counting', async () => {
    const { entries, problems } = await read(`# made by hand\n\n   \n${A}\r\n\r\n  # the end\n${B},x`);
    expect(problems).toEqual([]);
    expect(entries.map(({ line }) => line)).toEqual([4, 7]);
  });

  it('takes lines of several signals by their number of digits', async () => {
    const lines = SIGNALS.map((signal) => 'ab'.repeat(SIGNAL_BYTES[signal])).join('\n');
    const { entries, problems } = await read(lines, SIGNALS);
    expect(problems).toEqual([]);
    expect(entries.map(({ signal, line }) => `${line} ${signal}`).sort()).toEqual([
      '1 md5',
      '2 sha1',
      '3 pdq',
      '3 sha256',
      '4 pdq',
      '4 sha256',
    ]);
  });

  it.each(SIGNALS)('gives every byte of a %s hash', async (signal) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: SIGNAL_BYTES[signal], maxLength: SIGNAL_BYTES[signal] }),
        async (bytes) => {
          const hex = Buffer.from(bytes).toString('hex');
          expect((await read(hex, [signal])).entries[0]?.hex).toBe(hex);
        },
      ),
    );
  });
});

describe('a header', () => {
  it.each(['hash', 'Hash,Label', 'md5', 'MD5,label', '"hash","label"', '# x\n\nhash,label', '\ufeffhash'])(
    'is skipped as the first line: %j',
    async (header) => {
      const { entries, problems } = await read(`${header}\n${A}`);
      expect(problems).toEqual([]);
      expect(entries).toHaveLength(1);
    },
  );

  it.each([
    ['of another signal', 'sha1,label'],
    ['with another second column', 'hash,quality'],
    ['with three columns', 'hash,label,file'],
    ['of other words', 'value'],
  ])('is refused when it is one %s', async (_, header) => {
    expect((await read(`${header}\n${A}`)).problems.map(({ line }) => line)).toEqual([1]);
  });

  it('is refused anywhere else', async () => {
    expect((await read(`${A}\nhash,label\n${B}`)).problems.map(({ line }) => line)).toEqual([2]);
    expect((await read(`zz\nhash,label\n${B}`)).problems.map(({ line }) => line)).toEqual([1, 2]);
  });
});

describe('lines that are refused', () => {
  it.each([
    ['too few digits', A.slice(1), 'expected 32 hex digits, found 31'],
    ['too many digits', `${A}0`, 'expected 32 hex digits, found 33'],
    ['far too many digits', 'a'.repeat(500), 'expected 32 hex digits, found more than 64'],
    ['another signal', 'ab'.repeat(20), 'expected 32 hex digits, found 40'],
    ['no hash', ',label', 'expected 32 hex digits, found 0'],
    [
      'another character',
      `${A.slice(0, 9)}g${A.slice(10)}`,
      "expected 32 hex digits, found 'g' in column 10",
    ],
    ['a prefix', `0x${A}`, "expected 32 hex digits, found 'x' in column 2"],
    ['an odd byte', `${A}\u0007`, 'expected 32 hex digits, found byte 0x07 in column 33'],
    ['a carriage return within', `${A}\r,x`, 'expected 32 hex digits, found byte 0x0d in column 33'],
    [
      'words after the hash',
      `${A} label`,
      'text after the hash: a label follows a comma (of the output of sha256sum and the like keep the first column)',
    ],
    ['a semicolon', `${A};label`, "expected 32 hex digits, found ';' in column 33"],
    ['an open quote', `"${A}`, 'the hash has no closing quote'],
    ['three columns', `${A},a,b`, 'more than two columns: put a label that holds a comma in quotes'],
    [
      'three quoted columns',
      `${A},"a","b"`,
      'more than two columns: put a label that holds a comma in quotes',
    ],
    ['text after a quoted label', `${A},"a" b`, 'text after the quoted label'],
    ['an open label', `${A},"a`, 'the label has no closing quote'],
    [
      'a quote in a label',
      `${A},a"b`,
      'a quote inside the label: put the whole label in quotes and double it',
    ],
    ['a control character in a label', `${A},a\u0007b`, 'the label has control characters'],
    ['a C1 control character in a label', `${A},a\u009bb`, 'the label has control characters'],
    ['a text direction override in a label', `${A},a\u202eb`, 'the label has control characters'],
    ['a label of 256 bytes', `${A},${'é'.repeat(128)}`, 'the label is longer than 255 bytes'],
    ['an endless line', `${A},${'x'.repeat(MAX_LINE_BYTES)}`, `longer than ${MAX_LINE_BYTES} bytes`],
  ])('%s', async (_, content, message) => {
    expect(await problemOf(content)).toBe(message);
  });

  it('a label that is not UTF-8', async () => {
    expect(await problemOf(Buffer.concat([Buffer.from(`${A},`), Buffer.from([0xff, 0xfe])]))).toBe(
      'the label is not UTF-8',
    );
  });

  it('names every number of digits that would do', async () => {
    expect(await problemOf('abc', SIGNALS)).toBe('expected 32, 40 or 64 hex digits, found 3');
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${A}\n${B}`, 'utf16le'), /UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 10, 1, 10, 2]), /gzip/],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004\n\n\n'), /export it as CSV/],
  ])('a whole file of %s, once', async (_, bytes, message) => {
    const { entries, problems } = await read(bytes);
    expect(entries).toEqual([]);
    expect(problems).toEqual([{ line: 0, message: expect.stringMatching(message) }]);
  });

  it('never repeats the line', async () => {
    for (const content of [`${A.slice(1)}`, `${A} ${B}`, `${A},x,secret`]) {
      expect(await problemOf(content)).not.toMatch(/secret|89abcdef/);
    }
  });
});

/** A slow parser of the same language, written from the documentation. */
function naive(content: string): { entries: string[]; bad: number[] } {
  const entries: string[] = [];
  const bad: number[] = [];
  let first = true;
  content.split('\n').forEach((raw, i) => {
    const line = raw.replace(/\r$/, '').replace(/^[ \t]+|[ \t]+$/g, '');
    if (line === '' || line.startsWith('#')) return;
    const isFirst = first;
    first = false;
    if (isFirst && /^"?(hash|md5)"?\s*(,\s*"?label"?\s*)?$/i.test(line)) return;
    const match = /^("?)([0-9a-fA-F]{32})\1[ \t]*(?:,(.*))?$/s.exec(line);
    const label = match?.[3]?.trim() ?? '';
    const plain = /^[^",]*$/.test(label)
      ? label
      : /^"((?:[^"]|"")*)"$/.exec(label)?.[1].replaceAll('""', '"').trim();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    if (match === null || plain === undefined || /[\u0000-\u001f]/.test(plain)) bad.push(i + 1);
    else entries.push(`${i + 1} ${match[2].toLowerCase()} ${plain}`);
  });
  return { entries, bad };
}

it('does not see what is behind the end of a line', async () => {
  const { entries, problems } = await read(`${A},"a" \n"${B}\n`, ['md5'], 1);
  expect(entries.map(({ line }) => line)).toEqual([1]);
  expect(problems).toEqual([{ line: 2, message: 'the hash has no closing quote' }]);
});

describe('against a slow parser', () => {
  const hash = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((b) => Buffer.from(b).toString('hex')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(A.toUpperCase(), A.slice(1), `${A}0`, `"${A}"`, `"${A}`, 'g'.repeat(32)),
    },
  );
  const rest = fc.constantFrom(
    '',
    '',
    ',',
    ',a',
    ', a b ',
    ',"a"',
    ',"a,b"',
    ',a,b',
    ',"a""b"',
    ',"a',
    ' ',
    ' x',
    '\t',
    ',"a" ',
  );
  const line = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(hash, rest).map((parts) => parts.join('')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('', ' ', '# note', '#', 'hash', 'hash,label', 'md5', 'x', ',', '"'),
    },
  );
  const content = fc
    .array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { maxLength: 12 })
    .map((lines) => lines.flat().join(''));

  it('finds the same entries and the same bad lines, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(content, fc.integer({ min: 1, max: 90 }), async (text, chunkBytes) => {
        const { entries, problems } = await read(text, ['md5'], chunkBytes);
        const expected = naive(text);
        expect(entries.map(({ line: at, hex, label }) => `${at} ${hex} ${label}`)).toEqual(expected.entries);
        expect(problems.map(({ line: at }) => at)).toEqual(expected.bad);
      }),
      { numRuns: 500 },
    );
  });
});

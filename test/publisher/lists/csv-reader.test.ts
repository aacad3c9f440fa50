import { describe, expect, it } from 'vitest';
import { type CsvColumns, csvReader } from '../../../src/publisher/lists/csv-reader.js';
import { MAX_ROW_BYTES } from '../../../src/publisher/lists/csv-rows.js';
import { threatExchangeReader } from '../../../src/publisher/lists/threatexchange-reader.js';
import { MD5, made, PDQ, readList, SHA1, SHA256 } from './read-list.js';

const COLUMNS: CsvColumns = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', label: 'Category' };
const read = (content: string | Uint8Array, columns = COLUMNS, chunkBytes?: number) =>
  readList(csvReader(columns), [content], chunkBytes);
const HEADER = 'Id,MD5,SHA-1,SHA-256,PhotoDNA,Category';
const ALL = [`md5 ${MD5} A`, `sha1 ${SHA1} A`, `sha256 ${SHA256} A`];
const FILE = `${HEADER}\n1,${MD5},${SHA1},${SHA256},,A\n`;

describe('a CSV file with named columns', () => {
  it('gives every hash of a row under its label', async () => {
    expect(await read(FILE)).toEqual({ entries: ALL, problems: [], skipped: {}, notes: [] });
  });

  it.each([1, 2, 5, 64])('is the same in chunks of %i bytes', async (chunkBytes) => {
    expect((await read(FILE, COLUMNS, chunkBytes)).entries).toEqual(ALL);
  });

  it.each([
    ['with a byte order mark', `\ufeff${FILE}`],
    ['with a byte order mark and quotes', `\ufeff${FILE.replace('Id', '"Id"')}`],
    ['with CRLF', FILE.replaceAll('\n', '\r\n')],
    ['with line ends of both kinds', FILE.replace('\n', '\r\n')],
    ['without a last line end', FILE.trimEnd()],
    ['with blank lines', FILE.replaceAll('\n', '\n\n  \n')],
    ['all in quotes', FILE.replace(/[^,\n]+/g, '"$&"')],
    ['with spaces', FILE.replaceAll(',', ' , ')],
    ['with other letters in the header', FILE.replace('MD5', 'md5').replace('Category', 'CATEGORY')],
    ['in upper case', FILE.replace(MD5, MD5.toUpperCase())],
    ['with a line end and a comma in another column', FILE.replace('\n1', '\n"1,\n2 ""x"""')],
  ])('%s is the same', async (_, content) => {
    const { entries, problems } = await read(content);
    expect(problems).toEqual([]);
    expect(entries).toEqual(ALL);
  });

  it('lets cells be empty', async () => {
    expect(await read(`${HEADER}\n1,${MD5},,,x,\n2,,,,x,B\n3,,,,,\n`)).toMatchObject({
      entries: [`md5 ${MD5}`],
      problems: [],
      skipped: { photodna: 2, 'no-hash': 2 },
    });
  });

  it('needs no label and takes PDQ', async () => {
    expect((await read(`a,hash\n,${PDQ}`, { pdq: 'hash' })).entries).toEqual([`pdq ${PDQ}`]);
  });

  it('needs a column of hashes', () => {
    expect(() => csvReader({ label: 'x' })).toThrow(RangeError);
  });

  it('unquotes labels', async () => {
    expect((await read(`m,l\n${MD5},"a, ""b"""`, { md5: 'm', label: 'l' })).entries).toEqual([
      `md5 ${MD5} a, "b"`,
    ]);
  });
});

describe('rows that are refused', () => {
  it.each([
    ['a short hash', `1,${MD5.slice(1)},,,,`, '1:3: MD5: expected 32 hex digits, found 31'],
    ['columns in another order', `1,${SHA1},,,,`, '1:3: MD5: expected 32 hex digits, found 40'],
    [
      'another character',
      `1,${MD5.slice(1)}g,,,,`,
      '1:3: MD5: expected 32 hex digits, found another character',
    ],
    ['too few columns', `1,${MD5}`, '1:3: 2 columns, the header has 6'],
    ['too many columns', `1,${MD5},,,,,`, '1:3: 7 columns, the header has 6'],
    ['semicolons', `1;${MD5};;;;`, '1:3: 1 columns, the header has 6'],
    ['a long label', `1,${MD5},,,,${'x'.repeat(256)}`, '1:3: the label is longer than 255 bytes'],
    ['a line end in a label', `1,${MD5},,,,"a\nb"`, '1:4: the label has control characters'],
  ])('%s, and the others are read', async (_, row, problem) => {
    const { entries, problems } = await read(`${HEADER}\n1,${made(32, 8)},,,,\n${row}\n9,${MD5},,,,\n`);
    expect(problems).toEqual([problem]);
    expect(entries).toEqual([`md5 ${made(32, 8)}`, `md5 ${MD5}`]);
  });
});

describe('files that are refused', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /1:0: is empty/],
    ['white space', '\n \n', /1:0: is empty/],
    ['a missing column', `Id,MD5,SHA-1,Category\n1,${MD5},,`, /no column 'SHA-256', but 'Id', 'MD5'/],
    ['a missing column of labels', `MD5,SHA-1,SHA-256\n${MD5},,`, /no column 'Category'/],
    ['a column twice', `MD5,SHA-1,SHA-256,md5 ,Category\n,,,,`, /two columns 'MD5'/],
    ['no header', `1,${MD5},${SHA1},${SHA256},,A`, /no column 'MD5'/],
    ['a quote without an end', `${HEADER}\n1,"${MD5},,,,\n2,,,,,\n`, /1:\d: a quote that is never closed/],
    ['text after a quote', `${HEADER}\n1,"${MD5}"x,,,,\n`, /1:2: text after a closing quote/],
    ['a quote in a column', `${HEADER}\n1,${MD5}"",,,,\n`, /1:2: a quote inside a column/],
    ['a huge column', `${HEADER}\n${'x'.repeat(MAX_ROW_BYTES + 1)},${MD5},,,,\n`, /1:2: a row longer than/],
    ['a huge column in quotes', `${HEADER}\n"${'x\n'.repeat(MAX_ROW_BYTES)}`, /a row longer than/],
    ['a huge header', 'xy,'.repeat(MAX_ROW_BYTES), /a row longer than/],
    ['endless columns', ','.repeat(2_000_000), /a row longer than/],
    [
      'bytes that are not UTF-8',
      Buffer.concat([Buffer.from(`${HEADER}\n`), Buffer.from([0xff, 0x0a])]),
      /not UTF-8/,
    ],
    ['UTF-16', Buffer.from(`\ufeff${FILE}`, 'utf16le'), /UTF-16/],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004abc'), /export it as CSV/],
  ])('%s', async (_, content, message) => {
    for (const chunkBytes of [1 << 20, 3]) {
      if (chunkBytes === 3 && content.length > 10_000) continue;
      const { entries, problems } = await read(content, COLUMNS, chunkBytes);
      expect(entries).toEqual([]);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(message);
    }
  });

  it('keeps the bad rows before it', async () => {
    const { problems } = await read(`${HEADER}\n1,abc,,,,\n2,"x"y,,,,\n`);
    expect(problems.map((problem) => problem.slice(0, 4))).toEqual(['1:2:', '1:3:']);
  });
});

describe('ThreatExchange', () => {
  const UI = 'td_description,td_status,td_confidence,td_indicator_type,td_raw_indicator,td_subjective_tags';
  const CLI = 'signal_type,signal_str,collab,category,tags';
  const te = (content: string) => readList(threatExchangeReader(), [content]);

  it('reads descriptors, sorts their tags, and takes confirmed ones only', async () => {
    expect(
      await te(
        `${UI}\nx,MALICIOUS,100,HASH_MD5,${MD5},b;a;b\n"x,\ny",MALICIOUS,,HASH_SHA1,${SHA1},\n,MALICIOUS,,HASH_SHA256,${SHA256},c\n` +
          `,MALICIOUS,,HASH_PDQ,${PDQ},c\n,NON_MALICIOUS,,HASH_MD5,${MD5},a\n,UNKNOWN,,HASH_MD5,${MD5},a\n` +
          `,SUSPICIOUS,,HASH_MD5,${MD5},a\n,MALICIOUS,,URI,http://example.com,a\n,MALICIOUS,,HASH_PHOTODNA,"1,2,3",a\n`,
      ),
    ).toEqual({
      entries: [`md5 ${MD5} a;b`, `sha1 ${SHA1}`, `sha256 ${SHA256} c`, `pdq ${PDQ} c`],
      problems: [],
      skipped: { 'not-confirmed': 3, 'other-kind': 1, photodna: 1 },
      notes: [],
    });
  });

  it('reads what the command line prints', async () => {
    expect(
      await te(
        `${CLI}\r\npdq,${PDQ},Sample,POSITIVE_CLASS,b a\r\nvideo_md5,${MD5},Sample,POSITIVE_CLASS,\r\n` +
          `pdq,${PDQ},Sample,NEGATIVE_CLASS,\r\npdq,${PDQ},Sample,INVESTIGATION_SEED,\r\nraw_text,hello,Sample,POSITIVE_CLASS,\r\n`,
      ),
    ).toMatchObject({
      entries: [`pdq ${PDQ} a;b`, `md5 ${MD5}`],
      problems: [],
      skipped: { 'not-confirmed': 2, 'other-kind': 1 },
    });
  });

  it.each([
    ['neither header', `a,b\n1,2`, "1:0: has neither a column 'td_indicator_type' nor 'signal_type'"],
    ['no opinion', 'signal_type,signal_str,tags\n,,', "1:0: has no column 'category'"],
    ['a bad hash', `${CLI}\npdq,${MD5},x,POSITIVE_CLASS,`, '1:2: expected 64 hex digits, found 32'],
    [
      'a bad hash that is not confirmed',
      `${CLI}\npdq,abc,x,NEGATIVE_CLASS,`,
      '1:2: expected 64 hex digits, found 3',
    ],
  ])('refuses %s', async (_, content, problem) => {
    expect(await te(content)).toMatchObject({ entries: [], problems: [problem] });
  });
});

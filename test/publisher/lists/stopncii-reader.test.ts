import { describe, expect, it } from 'vitest';
import {
  MAX_JSON_DEPTH,
  MAX_JSON_RECORD,
  stopNciiReader,
} from '../../../src/publisher/lists/stopncii-reader.js';
import { MD5, made, PDQ, readList } from './read-list.js';

const read = (files: readonly (string | Uint8Array)[], chunkBytes?: number) =>
  readList(stopNciiReader(), files, chunkBytes);

const record = (fields: Record<string, unknown> = {}) => ({
  lastModtimestamp: 1625167804,
  hashValue: PDQ,
  hashStatus: 'Active',
  caseNumbers: { '00000000-0000-4000-8000-000000000000': 'Active' },
  signalType: 'ImagePDQ',
  CSPFeedbacks: [{ source: 'Somebody', feedbackValue: 'Blocked', tags: ['a', 'b'] }],
  ...fields,
});
const page = (records: unknown[], more = false) => ({
  count: records.length,
  nextSetTimestamp: 1625175071,
  nextPageToken: 'W3siY29tcG9zaXRlVG9rZW4i',
  hasMoreRecords: more,
  hashRecords: records,
});
const json = (records: unknown[], more = false) => JSON.stringify(page(records, more), null, 1);
const OTHER = made(64, 7);

describe('pages', () => {
  const two = [record(), record({ hashValue: OTHER, hashStatus: 'Received' })];

  it('give a hash a record', async () => {
    expect(await read([json([...two, record({ signalType: 'VideoMD5', hashValue: MD5 })])])).toEqual({
      entries: [`pdq ${PDQ}`, `pdq ${OTHER}`, `md5 ${MD5}`],
      problems: [],
      skipped: {},
      notes: [],
    });
  });

  it.each([1, 2, 7, 100])('are the same in chunks of %i bytes', async (chunkBytes) => {
    expect((await read([json(two)], chunkBytes)).entries).toEqual([`pdq ${PDQ}`, `pdq ${OTHER}`]);
  });

  it.each([
    ['one after another', `${json([two[0]], true)}\n${json([two[1]])}`],
    [
      'one after another without white space',
      JSON.stringify(page([two[0]])) + JSON.stringify(page([two[1]])),
    ],
    ['with a byte order mark', `\ufeff${json(two)}`],
    ['with other fields', JSON.stringify({ x: { hashRecords: [1] }, ...page(two), y: [[{}], 'é"\\'] })],
    ['with the array first', JSON.stringify({ hashRecords: two, hasMoreRecords: false })],
  ])('may come %s', async (_, content) => {
    expect(await read([content])).toMatchObject({
      entries: [`pdq ${PDQ}`, `pdq ${OTHER}`],
      problems: [],
      notes: [],
    });
  });

  it('may be empty', async () => {
    expect(await read([json([])])).toMatchObject({ entries: [], problems: [] });
  });

  it('say that there are more', async () => {
    expect((await read([json(two, true)])).notes).toHaveLength(1);
    expect((await read([json(two, true), json([])])).notes).toEqual([]);
  });

  it('skip and count other kinds', async () => {
    const others = ['VideoTMK', 'Text', 'URL', 'Unknown', 'toString'].map((signalType) =>
      record({ signalType }),
    );
    expect(await read([json(others)])).toMatchObject({
      entries: [],
      problems: [],
      skipped: { 'other-kind': 5 },
    });
  });
});

describe('the last word on a record', () => {
  it.each(['Withdrawn', 'Deleted'])('counts: %s, in any order', async (hashStatus) => {
    const files = [
      json([record()]),
      json([record({ hashStatus, lastModtimestamp: 1625167805, hashValue: PDQ.toUpperCase() })]),
    ];
    for (const order of [files, [...files].reverse()]) {
      expect(await read(order)).toMatchObject({ entries: [], problems: [], skipped: { deleted: 1 } });
    }
    expect((await read([...files, json([record({ lastModtimestamp: 1625167806 })])])).entries).toEqual([
      `pdq ${PDQ}`,
    ]);
  });

  it('leaves out a state that is not known', async () => {
    expect(await read([json([record({ hashStatus: 'Disputed' })])])).toMatchObject({
      entries: [],
      problems: [],
      skipped: { 'not-confirmed': 1 },
    });
  });
});

describe('records that are refused', () => {
  it.each([
    ['a short hash', record({ hashValue: 'abc' }), 'ImagePDQ: expected 64 hex digits, found 3'],
    ['a hash of another kind', record({ hashValue: MD5 }), 'ImagePDQ: expected 64 hex digits, found 32'],
    ['a hash that is a number', record({ hashValue: 12 }), "ImagePDQ: no 'hashValue'"],
    ['no kind', record({ signalType: null }), "no 'signalType'"],
    ['no state', record({ hashStatus: undefined }), "no 'hashStatus'"],
    ['no time', record({ lastModtimestamp: '1' }), "no 'lastModtimestamp'"],
    ['a string', 'x', 'no object'],
    ['a number', 1, 'no object'],
    ['null', null, 'no object'],
    ['an array', [record()], 'no object'],
  ])('%s', async (_, wrong, message) => {
    const { entries, problems } = await read([
      `{"hashRecords": [\n${JSON.stringify(record({ hashValue: OTHER }))},\n${JSON.stringify(wrong)}\n]}`,
    ]);
    expect(problems).toEqual([`1:3: record 2: ${message}`]);
    expect(entries).toEqual([`pdq ${OTHER}`]);
  });
});

describe('files that are refused', () => {
  it.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /is empty/],
    ['white space', ' \n', /is empty/],
    ['an array', '[]', /no page/],
    ['a string', '"hashRecords"', /no page/],
    ['an object of another kind', '{"hashes": []}', /no page/],
    ['records that are no array', '{"hashRecords": {"a": 1}}', /no page|not well-formed/],
    ['records that are null', '{"hashRecords": null}', /no page/],
    ['a page, then something else', `${json([])}[1]`, /no page/],
    ['a cut off page', json([record()]).slice(0, -3), /too early|not well-formed/],
    ['a cut off record', json([record()]).slice(0, 200), /too early|not well-formed/],
    ['a comma too many', '{"hashRecords": [],}', /not well-formed/],
    ['single quotes', "{'hashRecords': []}", /not well-formed/],
    ['deep nesting', `{"a": ${'['.repeat(1_000_000)}`, new RegExp(`more than ${MAX_JSON_DEPTH} deep`)],
    ['an endless string', `{"a": "${'x'.repeat(MAX_JSON_RECORD + 200_000)}"`, /record longer/],
    [
      'an endless record',
      `{"hashRecords": [{${Array.from({ length: 200_000 }, (_, i) => `"k${i}":0`).join()}`,
      /record longer/,
    ],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff])]), /not UTF-8/],
    ['UTF-16', Buffer.from(`\ufeff${json([])}`, 'utf16le'), /UTF-16/],
  ])('%s', async (_, content, message) => {
    const { problems } = await read([content]);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('does not take an own property for a prototype', async () => {
    const { entries, problems } = await read([
      `{"__proto__": {"hashRecords": []}, "hashRecords": [{"__proto__": ${JSON.stringify(record())}}]}`,
    ]);
    expect(entries).toEqual([]);
    expect(problems).toHaveLength(1);
    expect(({} as Record<string, unknown>).hashValue).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import {
  MAX_XML_ATTRIBUTES,
  MAX_XML_DEPTH,
  MAX_XML_TEXT,
  type NcmecOptions,
  ncmecReader,
} from '../../../src/publisher/lists/ncmec-reader.js';
import { MD5, made, PDQ, readList, SHA1, SHA256 } from './read-list.js';

const read = (files: readonly (string | Uint8Array)[], options?: NcmecOptions, chunkBytes?: number) =>
  readList(ncmecReader(options), files, chunkBytes);

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const ROOT = '<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2">';
const page = (images: string, rest = '') =>
  `${HEAD}${ROOT}\n<images count="1" maxTimestamp="2024-01-01T00:00:00Z">\n${images}\n</images>${rest}</queryResult>`;

interface Entry {
  element?: string;
  id?: string;
  member?: string;
  time?: string;
  label?: string;
  fingerprints?: string;
  more?: string;
}
const entry = ({
  element = 'image',
  id = 'a',
  member = '42',
  time = '2024-01-01T00:00:00Z',
  label = 'A1',
  fingerprints = `<md5>${MD5}</md5>`,
  more = '',
}: Entry = {}) =>
  `<${element}><member id="${member}">Some Member</member><timestamp>${time}</timestamp><id>${id}</id>` +
  `<classification>${label}</classification><fingerprints>${fingerprints}</fingerprints>${more}</${element}>`;
const gone = ({
  element = 'deletedImage',
  id = 'a',
  member = '42',
  time = '2024-01-02T00:00:00Z',
}: Entry = {}) =>
  `<${element}><member id="${member}">Some Member</member><id>${id}</id><timestamp>${time}</timestamp></${element}>`;
const NEGATIVE =
  '<feedback><negativeFeedback type="Sha1"><reasons><reason guid="0-0" name="Example" type="Sha1"/>' +
  '<members timestamp="2024-01-01T00:00:00Z"><member id="43">Other</member></members></reasons></negativeFeedback></feedback>';
const POSITIVE =
  '<feedback><affirmativeFeedback type="Md5"><members><member id="43">Other</member></members></affirmativeFeedback></feedback>';

/** An answer of the form that the documentation shows, with made-up hashes. */
const SAMPLE = `${HEAD}${ROOT}
  <images count="3" maxTimestamp="2023-06-01T12:48:14Z">
    <image>
      <member id="42">Example Member</member>
      <timestamp>2023-06-01T12:48:14Z</timestamp>
      <id>image1</id>
      <classification>A1</classification>
      <fingerprints>
        <md5>${MD5.toUpperCase()}</md5>
        <sha1>
          ${SHA1}
        </sha1>
        <sha256>${SHA256}</sha256>
        <pdq>${PDQ}</pdq>
        <pdna>aaaaaaaaaaaaaaaaaaaaaaaaaaa...</pdna>
        <videntifier rel="self" href="/v2/image1VidentifierUrl" />
      </fingerprints>
      <categorizations><categorization guid="0"/></categorizations>
    </image>
    <deletedImage>
      <member id="43">Example Member 2</member>
      <id>image4</id>
      <timestamp>2023-06-01T12:00:00Z</timestamp>
    </deletedImage>
  </images>
  <videos count="1" maxTimestamp="2023-06-01T12:48:14Z">
    <video>
      <member id="42">Example Member</member>
      <timestamp>2023-06-01T12:48:14Z</timestamp>
      <id>image1</id>
      <fingerprints><md5>${made(32, 9)}</md5></fingerprints>
    </video>
  </videos>
  <paging><next>/v2/entries?start=2001&amp;size=1000</next></paging>
</queryResult>`;

describe('an answer', () => {
  const expected = [
    `md5 ${MD5} A1`,
    `sha1 ${SHA1} A1`,
    `sha256 ${SHA256} A1`,
    `pdq ${PDQ} A1`,
    `md5 ${made(32, 9)}`,
  ];

  it('gives every hash of an entry under its label, and counts what it skips', async () => {
    expect(await read([SAMPLE])).toEqual({
      entries: expected,
      problems: [],
      skipped: { photodna: 1, 'other-kind': 1, deleted: 1 },
      notes: ['every answer given names a next page: the last page seems to be missing'],
    });
  });

  it.each([1, 2, 3, 7, 64])('is the same in chunks of %i bytes', async (chunkBytes) => {
    expect((await read([SAMPLE], {}, chunkBytes)).entries).toEqual(expected);
  });

  it.each([
    ['with a byte order mark', `\ufeff${SAMPLE}`],
    ['with CRLF', SAMPLE.replaceAll('\n', '\r\n')],
    ['without a namespace', SAMPLE.replace(/ xmlns="[^"]*"/, '')],
    ['with a prefix', SAMPLE.replace('xmlns=', 'xmlns:n=').replace(/<(\/?)([a-z])/gi, '<$1n:$2')],
    ['with comments', SAMPLE.replace('<images', '<!-- <image> --><images')],
    ['with CDATA', SAMPLE.replace(SHA1, `<![CDATA[${SHA1}]]>`)],
  ])('%s is the same', async (_, content) => {
    const { entries, problems } = await read([content]);
    expect(problems).toEqual([]);
    expect(entries).toEqual(expected);
  });

  it('says nothing of a missing page when the last one is there', async () => {
    expect((await read([SAMPLE, page(entry({ id: 'z' }))])).notes).toEqual([]);
  });

  it('ignores elements that look like entries elsewhere', async () => {
    const { entries, problems } = await read([
      page(`<extra>${entry()}</extra>`, `<other>${entry()}</other><paging>${entry()}</paging>`),
    ]);
    expect({ entries, problems }).toEqual({ entries: [], problems: [] });
  });

  it('may hold huge fields that are not read', async () => {
    const pdna = `<pdna>${'a'.repeat(500_000)}</pdna>`;
    const { entries, skipped } = await read([page(entry({ fingerprints: `${pdna}<md5>${MD5}</md5>` }))]);
    expect(entries).toEqual([`md5 ${MD5} A1`]);
    expect(skipped).toEqual({ photodna: 1 });
  });
});

describe('the last word on an entry', () => {
  const old = page(entry());
  const deleted = page(gone());
  const changed = page(
    entry({ time: '2024-01-03T00:00:00Z', label: 'B1', fingerprints: `<sha1>${SHA1}</sha1>` }),
  );

  it.each([
    ['a deletion', [old, deleted], []],
    ['a change', [old, changed], [`sha1 ${SHA1} B1`]],
    ['a change after a deletion', [old, deleted, changed], [`sha1 ${SHA1} B1`]],
    ['a deletion at the same time', [old, page(gone({ time: '2024-01-01T00:00:00Z' }))], []],
    ['a time in another zone', [old, page(gone({ time: '2024-01-01T01:00:00+02:00' }))], [`md5 ${MD5} A1`]],
    ['two labels at the same time', [old, page(entry({ label: 'B2' }))], [`md5 ${MD5} A1`, `md5 ${MD5} B2`]],
    ['a deletion by another member', [old, page(gone({ member: '43' }))], [`md5 ${MD5} A1`]],
    ['a deleted video of that id', [old, page(gone({ element: 'deletedVideo' }))], [`md5 ${MD5} A1`]],
    ['the same hash in an entry that stays', [old, deleted, page(entry({ id: 'b' }))], [`md5 ${MD5} A1`]],
  ])('counts: %s, in any order of the files', async (_, files, expected) => {
    for (const order of [files, [...files].reverse()]) {
      const { entries, problems } = await read(order);
      expect(problems).toEqual([]);
      expect(entries.sort()).toEqual(expected);
    }
  });

  it('counts within a file, too', async () => {
    expect(await read([page(gone() + entry())])).toMatchObject({ entries: [], skipped: { deleted: 1 } });
  });

  it('is forgotten when the reader has finished', async () => {
    const reader = ncmecReader();
    await readList(reader, [deleted]);
    expect((await readList(reader, [old])).entries).toEqual([`md5 ${MD5} A1`]);
  });
});

describe('negative feedback', () => {
  const both = page(
    entry({ more: NEGATIVE }) + entry({ id: 'b', fingerprints: `<sha1>${SHA1}</sha1>`, more: POSITIVE }),
  );

  it('changes nothing by default', async () => {
    expect((await read([both])).entries).toHaveLength(2);
  });

  it('leaves the whole entry out where that is asked for', async () => {
    const { entries, skipped } = await read([both], { excludeNegativeFeedback: true });
    expect(entries).toEqual([`sha1 ${SHA1} A1`]);
    expect(skipped).toEqual({ 'negative-feedback': 1 });
  });
});

describe('entries that are refused', () => {
  it.each([
    ['a short hash', { fingerprints: '<md5>abc</md5>' }, 'md5: expected 32 hex digits, found 3'],
    ['a long hash', { fingerprints: `<sha1>${SHA1}0</sha1>` }, 'sha1: expected 40 hex digits, found 41'],
    [
      'another character',
      { fingerprints: `<pdq>${PDQ.slice(1)}g</pdq>` },
      'pdq: expected 64 hex digits, found another character',
    ],
    [
      'letters of full width',
      { fingerprints: `<md5>${MD5.slice(1)}\uff41</md5>` },
      'md5: expected 32 hex digits, found another character',
    ],
    ['elements in a hash', { fingerprints: `<md5>${MD5}<b/></md5>` }, '<md5> has elements in it'],
    ['no id', { id: '' }, 'no <id>'],
    ['no member', { member: '' }, "no <member> with an 'id'"],
    ['no time', { time: '' }, 'no <timestamp>, or one that is no time'],
    ['a day that is none', { time: '2024-13-40T00:00:00Z' }, 'no <timestamp>, or one that is no time'],
    ['a long label', { label: 'x'.repeat(256) }, 'the label is longer than 255 bytes'],
    ['a label with a control character', { label: 'a&#x202e;b' }, 'the label has control characters'],
    ['too many hashes', { fingerprints: `<md5>${MD5}</md5>`.repeat(256) }, 'more than 255 fingerprints'],
  ])('%s', async (_, fields, message) => {
    const { entries, problems } = await read([page(`${entry({ id: 'x' })}\n${entry(fields)}`)]);
    expect(problems).toEqual([`1:5: entry 2: ${message}`]);
    expect(entries).toEqual([`md5 ${MD5} A1`]);
  });
});

describe('documents that are refused', () => {
  const laughs =
    '<!DOCTYPE lolz [<!ENTITY lol "lol">' +
    Array.from({ length: 9 }, (_, i) => `<!ENTITY l${i} "${`&l${i - 1};`.repeat(10)}">`).join('') +
    ']>';
  it.each<[string, string | Uint8Array, RegExp]>([
    ['a billion laughs', `<?xml version="1.0"?>${laughs}${ROOT}&l8;</queryResult>`, /document type/],
    ['an external entity', `<!DOCTYPE q [<!ENTITY x SYSTEM "file:///etc/passwd">]>${page('')}`, /./],
    ['an external document type', '<!DOCTYPE q SYSTEM "http://127.0.0.1/x.dtd"><q/>', /document type/],
    ['a document type without an end', `<!DOCTYPE q [${'<!ENTITY a "b">'.repeat(20_000)}`, /not well-formed/],
    ['an unknown entity', page(entry({ id: '&x;' })), /not well-formed/],
    ['an entity of HTML', page(entry({ id: 'a&nbsp;b' })), /not well-formed/],
    ['another root', '<html></html>', /no <queryResult>/],
    ['version 1', page('').replace('/v2', '/v1'), /no <queryResult>/],
    ['another root element of that name', '<a><queryResult/></a>', /no <queryResult>/],
    ['two documents', page('') + page('').slice(HEAD.length), /second document/],
    ['a document after another', `${page('')}${page('')}`, /second document|not well-formed/],
    ['nothing', '', /is empty/],
    ['white space', '  \n ', /is empty/],
    ['text', 'hello', /not well-formed/],
    ['a cut off element', page(entry()).slice(0, -60), /not well-formed/],
    ['a cut off tag', page(entry()).slice(0, -3), /not well-formed/],
    ['a wrong nesting', `${ROOT}<images><image></images></image></queryResult>`, /not well-formed/],
    ['an unbound prefix', page('<x:y/>'), /not well-formed/],
    ['deep nesting', page('<a>'.repeat(1_000_000)), new RegExp(`more than ${MAX_XML_DEPTH} deep`)],
    [
      'endless attributes',
      page(`<a ${Array.from({ length: 5000 }, (_, i) => `b${i}="c"`).join(' ')}/>`),
      new RegExp(`more than ${MAX_XML_ATTRIBUTES} attributes`),
    ],
    ['an endless attribute', page(`<a b="${'c'.repeat(1_000_000)}"/>`), /not well-formed.*Max buffer length/],
    ['an endless name', page(`<${'a'.repeat(1_000_000)}/>`), /not well-formed.*Max buffer length/],
    ['an endless comment', page(`<!--${'a'.repeat(1_000_000)}-->`), /not well-formed.*Max buffer length/],
    [
      'an endless field',
      page(entry({ label: 'x'.repeat(1_000_000) })),
      new RegExp(`<classification> is longer than ${MAX_XML_TEXT}`),
    ],
    ['bytes that are not UTF-8', Buffer.concat([Buffer.from(ROOT), Buffer.from([0xff, 0x41])]), /not UTF-8/],
    [
      'an encoding that is not UTF-8',
      '<?xml version="1.0" encoding="ISO-8859-1"?><queryResult/>',
      /not UTF-8/,
    ],
    ['UTF-16', Buffer.from(`\ufeff${page('')}`, 'utf16le'), /UTF-16/],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 1]), /gzip/],
  ])('%s', async (_, content, message) => {
    for (const chunkBytes of [1 << 20, 5]) {
      if (chunkBytes === 5 && content.length > 100_000) continue;
      const { entries, problems } = await read([content], {}, chunkBytes);
      expect(entries.length).toBeLessThanOrEqual(1);
      expect(problems).toHaveLength(1);
      expect(problems[0]).toMatch(message);
    }
  });
});

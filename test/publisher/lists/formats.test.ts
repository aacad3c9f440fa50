import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildSnapshot } from '../../../src/publisher/build.js';
import { csvReader } from '../../../src/publisher/lists/csv-reader.js';
import { LatestRecords } from '../../../src/publisher/lists/latest-records.js';
import { ncmecReader } from '../../../src/publisher/lists/ncmec-reader.js';
import { bytesSource } from '../../../src/publisher/lists/source.js';
import { stopNciiReader } from '../../../src/publisher/lists/stopncii-reader.js';
import { textReader } from '../../../src/publisher/lists/text-reader.js';
import { threatExchangeReader } from '../../../src/publisher/lists/threatexchange-reader.js';
import type { ListReader } from '../../../src/publisher/lists/types.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../../../src/snapshot/types.js';

type Hashes = Partial<Record<Signal, string>>;
interface Entry {
  hashes: Hashes;
  label: string;
}

const hex = (signal: Signal) =>
  fc
    .uint8Array({ minLength: SIGNAL_BYTES[signal], maxLength: SIGNAL_BYTES[signal] })
    .map((bytes) => Buffer.from(bytes).toString('hex'));
const hashes = fc
  .record(
    Object.fromEntries(SIGNALS.map((signal) => [signal, hex(signal)])) as Record<
      Signal,
      fc.Arbitrary<string>
    >,
    {
      requiredKeys: [],
    },
  )
  .filter((some) => Object.keys(some).length > 0);
const label = fc.constantFrom('', 'A1', 'B2', 'a, "b" & <c>', 'категория');
const entries = (labels: fc.Arbitrary<string>, some: fc.Arbitrary<Hashes> = hashes) =>
  fc.array(fc.record({ hashes: some, label: labels }), { minLength: 1, maxLength: 12 });

const build = async (files: { content: string; reader: ListReader }[]) => {
  const { bytes } = await buildSnapshot({
    name: 'A list',
    version: 1,
    createdSeconds: 1_700_000_000,
    salt: new Uint8Array(16),
    capacity: 1024,
    inputs: files.map(({ content, reader }) => ({ source: bytesSource('x', Buffer.from(content)), reader })),
  });
  return Buffer.from(bytes).toString('base64');
};
const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;
/** The same entries as plain text lists, one for each signal that turns up. */
const asText = (list: Entry[]) =>
  build(
    SIGNALS.flatMap((signal) => {
      const lines = list.flatMap(({ hashes: some, label: name }) =>
        some[signal] === undefined ? [] : [`${some[signal]},${quoted(name)}`],
      );
      return lines.length === 0 ? [] : [{ content: lines.join('\n'), reader: textReader([signal]) }];
    }),
  );
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const RUNS = { numRuns: 40 };

describe('a list in each format gives the bytes of the same list in plain text', () => {
  it('NCMEC', async () => {
    await fc.assert(
      fc.asyncProperty(entries(label), async (list) => {
        const images = list.map(({ hashes: some, label: name }, i) => {
          const prints = Object.entries(some).map(([signal, hash]) => `<${signal}>${hash}</${signal}>`);
          return `<image><member id="1"/><timestamp>2024-01-01T00:00:00Z</timestamp><id>${i}</id><classification>${escaped(name)}</classification><fingerprints>${prints.join('')}<pdna>x</pdna></fingerprints></image>`;
        });
        const half = Math.floor(list.length / 2);
        const reader = ncmecReader();
        const files = [images.slice(0, half), images.slice(half)].map((some) => ({
          content: `<queryResult><images>${some.join('\n')}</images></queryResult>`,
          reader,
        }));
        expect(await build(files)).toBe(await asText(list));
      }),
      RUNS,
    );
  });

  it('StopNCII', async () => {
    const some = fc.oneof(
      hex('pdq').map((pdq) => ({ pdq })),
      hex('md5').map((md5) => ({ md5 })),
    );
    await fc.assert(
      fc.asyncProperty(entries(fc.constant(''), some), async (list) => {
        const hashRecords = list.map(({ hashes: { pdq, md5 } }, i) => ({
          signalType: pdq === undefined ? 'VideoMD5' : 'ImagePDQ',
          hashValue: pdq ?? md5,
          hashStatus: 'Active',
          lastModtimestamp: i,
        }));
        const content = JSON.stringify({ hashRecords });
        expect(await build([{ content, reader: stopNciiReader() }])).toBe(await asText(list));
      }),
      RUNS,
    );
  });

  it('ThreatExchange', async () => {
    const types: Record<Signal, string> = {
      md5: 'HASH_MD5',
      sha1: 'HASH_SHA1',
      sha256: 'HASH_SHA256',
      pdq: 'HASH_PDQ',
    };
    await fc.assert(
      fc.asyncProperty(entries(label), async (list) => {
        const rows = list.flatMap(({ hashes: some, label: name }) =>
          Object.entries(some).map(([signal, hash]) =>
            [types[signal as Signal], hash, 'MALICIOUS', quoted(name)].join(),
          ),
        );
        const content = ['td_indicator_type,td_raw_indicator,td_status,td_subjective_tags', ...rows].join(
          '\n',
        );
        expect(await build([{ content, reader: threatExchangeReader() }])).toBe(await asText(list));
      }),
      RUNS,
    );
  });

  it('CSV with named columns', async () => {
    await fc.assert(
      fc.asyncProperty(
        entries(label),
        fc.shuffledSubarray([...SIGNALS, 'x'] as const, { minLength: 5 }),
        async (list, order) => {
          // A column of hashes makes a section even where it is empty, as a plain list does.
          const used = SIGNALS.filter((signal) =>
            list.some(({ hashes: some }) => some[signal] !== undefined),
          );
          const row = (some: Record<string, string | undefined>, name: string) =>
            [...order.map((column) => some[column] ?? ''), quoted(name)].join();
          const header = row(
            Object.fromEntries(order.map((column) => [column, column.toUpperCase()])),
            'Label',
          );
          const rows = list.map(({ hashes: some, label: name }) => row({ ...some, x: '"a\n,b"' }, name));
          const columns = Object.fromEntries(used.map((signal) => [signal, signal]));
          const reader = csvReader({ ...columns, label: 'label' });
          expect(await build([{ content: [header, ...rows].join('\r\n'), reader }])).toBe(await asText(list));
        },
      ),
      RUNS,
    );
  });
});

describe('LatestRecords', () => {
  /** Statements on few records at few times, so that they meet. */
  const statement = fc.record({
    key: fc.constantFrom('a', 'b'),
    time: fc.constantFrom(1, 2, 3),
    label: fc.constantFrom('x', 'y'),
    gone: fc.boolean(),
    hash: fc.constantFrom(1, 2),
  });

  it('gives what a slow rule gives, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(statement, { maxLength: 10 }), (statements) => {
        const expected = new Set<string>();
        let gone = 0;
        for (const key of new Set(statements.map((one) => one.key))) {
          const own = statements.filter((one) => one.key === key);
          const last = own.filter(({ time }) => time === Math.max(...own.map((one) => one.time)));
          if (last.some((one) => one.gone)) gone++;
          else for (const one of last) expected.add(`${one.label} ${one.hash}`);
        }
        const records = new LatestRecords();
        const found = new Set<string>();
        let skipped = 0;
        const sink = records.addSink({
          entry: (signal, hash, name) =>
            found.add(`${name} ${signal === 'sha1' && hash.length === 20 ? hash[19] : '?'}`),
          problem: () => {},
          skipped: () => skipped++,
        });
        for (const { key, time, label: name, gone: isGone, hash } of statements) {
          const bytes = new Uint8Array(20);
          bytes[19] = hash;
          const state = { time, label: name, line: 1, hashes: [{ signal: 'sha1' as const, hash: bytes }] };
          records.put(key, isGone ? { ...state, gone: 'deleted' } : state, sink);
        }
        records.emit();
        expect({ found, skipped }).toEqual({ found: expected, skipped: gone });
      }),
    );
  });
});

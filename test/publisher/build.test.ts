import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexToHash } from '../../src/kernels/pdq-hex.js';
import { type BuildOptions, buildSnapshot } from '../../src/publisher/build.js';
import { PublisherError } from '../../src/publisher/errors.js';
import { inspectSnapshot } from '../../src/publisher/inspect.js';
import { defaultCapacity } from '../../src/publisher/list-header.js';
import { bytesSource } from '../../src/publisher/lists/source.js';
import { textReader } from '../../src/publisher/lists/text-reader.js';
import type { ListReader } from '../../src/publisher/lists/types.js';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { SIGNALS, type Signal } from '../../src/snapshot/types.js';
import { makeList, seededBytes } from '../support/lists.js';
import { hexHashes } from './cli-harness.js';

const SALT = seededBytes(16, 9);
const input = (signal: Signal, lines: readonly string[], name = `${signal}.txt`) => ({
  source: bytesSource(name, Buffer.from(lines.join('\n'))),
  reader: textReader([signal]),
});
const exclude = (lines: readonly string[]) => ({
  source: bytesSource('negative.txt', Buffer.from(lines.join('\n'))),
  reader: textReader(SIGNALS),
});
const build = (options: Partial<BuildOptions>) =>
  buildSnapshot({
    name: 'list',
    version: 1,
    createdSeconds: 1_700_000_000,
    salt: SALT,
    inputs: [],
    ...options,
  });

async function failure(options: Partial<BuildOptions>): Promise<PublisherError> {
  const error = await build(options).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PublisherError);
  return error as PublisherError;
}

const PDQ = hexHashes(40, 64, 1);
const MD5 = hexHashes(40, 32, 2);
const SHA1 = hexHashes(40, 40, 3);
const SHA256 = hexHashes(40, 64, 4);

describe('what is built', () => {
  it('is the snapshot that the snapshot room makes of the same entries', async () => {
    const labelled = MD5.slice(0, 3).map((hash, i) => ({ hash, label: ['b', '', 'a'][i] }));
    const { bytes } = await build({
      name: 'test list',
      capacity: 1024,
      salt: seededBytes(16, 7),
      inputs: [
        input('pdq', PDQ),
        input(
          'md5',
          labelled.map(({ hash, label }) => `${hash},${label}`),
        ),
      ],
    });
    expect(bytes).toEqual(makeList({ hashes: { pdq: PDQ, md5: labelled } }));
  });

  it('finds its entries, with their labels, and no others', async () => {
    const lines = SHA256.slice(0, 20).map((hash, i) => `${hash},label ${i % 3}`);
    const snapshot = readSnapshot((await build({ inputs: [input('sha256', lines)] })).bytes);
    const set = openExactSet(snapshot, 'sha256');
    const labelsOf = (hex: string) => set.lookup(Buffer.from(hex, 'hex')).map((id) => snapshot.labels[id]);
    for (const [i, hash] of SHA256.entries())
      expect(labelsOf(hash)).toEqual(i < 20 ? [`label ${i % 3}`] : []);
  });

  it('takes the bits of a PDQ hash in the order of its hex form', async () => {
    const reader: ListReader = {
      signals: ['pdq'],
      async read(_, sink) {
        sink.entry('pdq', hexToHash(PDQ[0]).reverse(), '', 1);
      },
    };
    const source = bytesSource('other format', Buffer.from('x'));
    expect((await build({ inputs: [{ source, reader }] })).bytes).toEqual(
      (await build({ inputs: [input('pdq', [PDQ[0]])] })).bytes,
    );
  });

  it('has a section for each signal that a list was given of, even an empty one', async () => {
    const { inspection } = await build({ inputs: [input('md5', MD5), input('sha1', ['# none yet'])] });
    expect(inspection.sections).toMatchObject({
      md5: { entries: 40 },
      sha1: { entries: 0, bitsPerEntry: 0 },
    });
    expect(Object.keys(inspection.sections)).toEqual(['md5', 'sha1']);
  });

  it('keeps both labels of a hash, and counts a repeated line once', async () => {
    const { inspection, repeated } = await build({
      inputs: [
        input('md5', [`${MD5[0]},a`, `${MD5[0]},b`, `${MD5[0].toUpperCase()},a`, MD5[0]]),
        input('md5', [`${MD5[0]},b`]),
      ],
    });
    expect(inspection.sections.md5).toMatchObject({ entries: 3, labels: { '': 1, a: 1, b: 1 } });
    expect(repeated).toBe(2);
  });

  it('copes with labels that are names of object properties', async () => {
    const { inspection } = await build({
      inputs: [input('md5', [`${MD5[0]},__proto__`, `${MD5[1]},constructor`])],
    });
    expect(JSON.stringify(inspection.sections.md5?.labels)).toBe('{"__proto__":1,"constructor":1}');
  });
});

describe('the same entries', () => {
  it('give the same bytes, whatever their order, their files and their repetition', async () => {
    const entries = [
      ...PDQ.map((hash, i) => ['pdq', `${hash},${['', 'x', 'y'][i % 3]}`] as const),
      ...MD5.map((hash, i) => ['md5', `${hash},${['y', 'z'][i % 2]}`] as const),
    ];
    const inputsOf = (lines: readonly (readonly [Signal, string])[]) => [
      input(
        'pdq',
        lines.filter(([signal]) => signal === 'pdq').map(([, line]) => line),
      ),
      input(
        'md5',
        lines.filter(([signal]) => signal === 'md5').map(([, line]) => line),
      ),
    ];
    const { bytes } = await build({ inputs: inputsOf(entries) });
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(entries, { minLength: entries.length }),
        fc.nat(entries.length),
        fc.subarray(entries),
        async (shuffled, cut, again) => {
          const inputs = [
            ...inputsOf(shuffled.slice(0, cut)),
            ...inputsOf(shuffled.slice(cut)),
            ...inputsOf(again),
          ];
          expect(Buffer.compare((await build({ inputs })).bytes, bytes)).toBe(0);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('under another salt give other bytes, and by default the salt is random', async () => {
    const inputs = [input('md5', MD5)];
    const { salt: _, ...noSalt } = { name: 'l', version: 1, createdSeconds: 1, inputs, salt: SALT };
    const [a, b] = [await buildSnapshot(noSalt), await buildSnapshot(noSalt)];
    expect(a.inspection.salt).not.toBe(b.inspection.salt);
    expect(Buffer.compare(a.bytes, b.bytes)).not.toBe(0);
  });
});

describe('bad lines', () => {
  it('are all collected, from all lists, and nothing is built', async () => {
    const error = await failure({
      inputs: [
        input('md5', ['zz', MD5[0], `${MD5[1]}0`], 'a.txt'),
        input('sha1', [SHA1[0], '', 'x,y'], 'b.csv'),
      ],
      excludes: [exclude(['nothing'])],
    });
    expect(error.code).toBe('input-invalid');
    expect(error.findings?.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'negative.txt:1',
      'a.txt:1',
      'a.txt:3',
      'b.csv:3',
    ]);
  });

  it('are kept to the first 20, and counted', async () => {
    const error = await failure({ inputs: [input('md5', Array(1000).fill('bad'))] });
    expect(error.findings).toHaveLength(20);
    expect(error.findingCount).toBe(1000);
  });

  it('are reported together with lists that cannot be read', async () => {
    const gone = {
      name: 'gone.txt',
      open: async function* () {
        yield Buffer.from(`${MD5[0]}\n`);
        throw new PublisherError('input-unreadable', 'gone.txt: input/output error', {
          cause: Object.assign(new Error(), { code: 'EIO' }),
        });
      },
    };
    const broken = { source: gone, reader: textReader(['md5']) };
    expect(await failure({ inputs: [broken] })).toMatchObject({
      code: 'input-unreadable',
      findings: [{ file: 'gone.txt', line: 0, message: 'input/output error' }],
    });
    expect(await failure({ inputs: [broken, input('md5', ['bad'])] })).toMatchObject({
      code: 'input-invalid',
      findingCount: 2,
    });
  });
});

describe('hashes that would accuse the innocent', () => {
  const lists = [
    input('pdq', [PDQ[0], '0'.repeat(64), 'ffff0000'.repeat(8)]),
    input('md5', ['d41d8cd98f00b204e9800998ecf8427e', MD5[0]]),
  ];

  it('are built and reported', async () => {
    const { accusing, accusingCount, inspection } = await build({ inputs: lists });
    expect(accusing.map(({ file, line }) => `${file}:${line}`)).toEqual([
      'pdq.txt:2',
      'pdq.txt:3',
      'md5.txt:1',
    ]);
    expect(accusingCount).toBe(3);
    expect(inspection.sections.pdq?.entries).toBe(3);
  });

  it('are refused when strict', async () => {
    expect(await failure({ inputs: lists, strict: true })).toMatchObject({
      code: 'accusing-hash',
      findingCount: 3,
    });
    expect(await failure({ inputs: [...lists, input('md5', ['bad'])], strict: true })).toMatchObject({
      code: 'input-invalid',
    });
  });

  it('are not reported when excluded', async () => {
    const excludes = [
      exclude(['0'.repeat(64), 'ffff0000'.repeat(8), 'D41D8CD98F00B204E9800998ECF8427E,why']),
    ];
    const { accusingCount, excluded } = await build({ inputs: lists, excludes, strict: true });
    expect({ accusingCount, excluded }).toEqual({ accusingCount: 0, excluded: 3 });
  });
});

describe('exclusions', () => {
  it('leave out a hash under every label and of every signal of its length', async () => {
    const inputs = [
      input('pdq', [PDQ[0], `${PDQ[0]},x`, PDQ[1]]),
      input('sha256', [PDQ[0], SHA256[0]]),
      input('md5', [MD5[0], MD5[1]]),
      input('sha1', [SHA1[0], SHA1[1]]),
    ];
    const { inspection, excluded } = await build({
      inputs,
      excludes: [exclude([PDQ[0], MD5[0]]), exclude([SHA1[0]])],
    });
    expect(excluded).toBe(5);
    expect(Object.values(inspection.sections).map(({ entries }) => entries)).toEqual([1, 1, 1, 1]);
    const without = await build({
      inputs: [
        input('pdq', [PDQ[1]]),
        input('sha256', [SHA256[0]]),
        input('md5', [MD5[1]]),
        input('sha1', [SHA1[1]]),
      ],
    });
    expect(inspection).toEqual(without.inspection);
  });

  it('that leave nothing refuse the build', async () => {
    const error = await failure({ inputs: [input('md5', [MD5[0]])], excludes: [exclude([MD5[0]])] });
    expect(error.code).toBe('input-empty');
    expect((await failure({ inputs: [input('md5', ['# nothing'])] })).code).toBe('input-empty');
  });
});

describe('name, version, time', () => {
  const inputs = [input('md5', MD5)];

  it('come back', async () => {
    const name = 'ü'.repeat(127) + 'x';
    const { bytes } = await build({ inputs, name, version: 0xffffffff, createdSeconds: 0, demo: true });
    expect(inspectSnapshot(bytes)).toMatchObject({ name, version: 0xffffffff, created: 0, demo: true });
  });

  it.each([
    ['an empty name', { name: '' }],
    ['a name of 256 bytes', { name: 'ü'.repeat(128) }],
    ['a name with a line feed', { name: 'a\nb' }],
    ['version 0', { version: 0 }],
    ['version 1.5', { version: 1.5 }],
    ['version 2^32', { version: 2 ** 32 }],
    ['a time before 1970', { createdSeconds: -1 }],
    ['a time in milliseconds', { createdSeconds: 1_700_000_000_000 }],
    ['a capacity of 0', { capacity: 0 }],
    ['a capacity of 2^31', { capacity: 2 ** 31 }],
    ['a short salt', { salt: new Uint8Array(15) }],
    ['no list', { inputs: [] }],
  ])('%s is refused', async (_, options) => {
    expect((await failure({ inputs, ...options })).code).toBe('usage');
  });
});

describe('capacity', () => {
  it('is by default a power of two with room to double', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 29 }), (entries) => {
        const capacity = defaultCapacity(entries);
        expect(Math.log2(capacity) % 1).toBe(0);
        expect(capacity).toBeGreaterThanOrEqual(2 * entries);
        if (capacity > 65536) expect(capacity).toBeLessThan(4 * entries);
      }),
    );
    expect(defaultCapacity(1)).toBe(65536);
    expect(defaultCapacity(2 ** 30)).toBe(2 ** 30);
  });

  it('counts entries, not lines', async () => {
    const lines = hexHashes(1024, 32, 5);
    const { inspection } = await build({ inputs: [input('md5', [...lines, ...lines])], capacity: 1024 });
    expect(inspection).toMatchObject({ capacity: 1024, sections: { md5: { entries: 1024 } } });
    const error = await failure({ inputs: [input('md5', hexHashes(1025, 32, 5))], capacity: 1024 });
    expect(error.code).toBe('capacity-exceeded');
    expect(error.message).toMatch(/1025 MD5 entries .* capacity of 1024; give a larger --capacity/);
  });
});

describe('a base', () => {
  const first = () =>
    build({
      name: 'carried',
      version: 7,
      capacity: 2000,
      demo: true,
      inputs: [input('pdq', PDQ.slice(0, 30))],
    });
  const inputs = [input('pdq', PDQ)];

  it('gives name, salt, capacity, widths and the demo mark to the next version', async () => {
    const base = await first();
    const next = await buildSnapshot({ version: 8, createdSeconds: 1_700_000_100, base: base.bytes, inputs });
    const carried = ({
      version: _v,
      created: _c,
      bytes: _b,
      sha256: _s,
      sections: _e,
      ...rest
    }: typeof base.inspection) => rest;
    expect(carried(next.inspection)).toEqual(carried(base.inspection));
    expect(next.inspection).toMatchObject({ version: 8, created: 1_700_000_100, demo: true, capacity: 2000 });
    expect(next.notes).toEqual([]);
  });

  it('makes entries that both versions have the same in both', async () => {
    const base = await first();
    const same = { version: 8, createdSeconds: 1_700_000_000, base: base.bytes };
    const next = await buildSnapshot({ ...same, inputs: [input('pdq', PDQ.slice(0, 30))] });
    // All but the version and what depends on it.
    const difference = [...next.bytes.keys()].filter((i) => next.bytes[i] !== base.bytes[i]);
    expect(difference.filter((i) => i !== 20 && i < next.bytes.length - 4)).toEqual([]);
    expect(difference.length).toBeGreaterThan(0);
  });

  it('takes choices that agree with it', async () => {
    const { bytes } = await first();
    const agreeing = { name: 'carried', capacity: 2000, salt: SALT, demo: true, version: 8 };
    expect((await build({ ...agreeing, base: bytes, inputs })).inspection.version).toBe(8);
  });

  it.each([
    ['another name', { name: 'other' }, /the name of a list stays/],
    ['another capacity', { capacity: 4000 }, /leave --capacity out/],
    ['another salt', { salt: seededBytes(16, 1) }, /leave --salt out/],
    ['another demo mark', { demo: false }, /demo list/],
    ['the same version', { version: 7 }, /higher than the base's, which is 7/],
    ['a lower version', { version: 6 }, /higher than the base's, which is 7/],
  ])('refuses %s', async (_, choice, message) => {
    const { bytes } = await first();
    const {
      salt: _salt,
      name: _name,
      ...plain
    } = { version: 8, createdSeconds: 1_700_000_000, base: bytes, inputs, salt: 0, name: 0 };
    const error = await buildSnapshot({ ...plain, ...choice }).catch(
      (reason: unknown) => reason as PublisherError,
    );
    expect(error).toMatchObject({
      name: 'PublisherError',
      code: 'base-conflict',
      message: expect.stringMatching(message),
    });
  });

  it('refuses growth past its capacity, and names the way out', async () => {
    const { bytes } = await first();
    const base = {
      version: 8,
      createdSeconds: 1,
      base: bytes,
      inputs: [input('md5', hexHashes(2001, 32, 8))],
    };
    const error = await buildSnapshot(base).catch((reason: unknown) => reason as PublisherError);
    expect(error).toMatchObject({
      code: 'capacity-exceeded',
      message: expect.stringMatching(/without --base and with a larger --capacity/),
    });
  });

  it('is told from bytes that are none', async () => {
    expect(await failure({ base: Buffer.from('no snapshot'), inputs })).toMatchObject({
      code: 'snapshot-invalid',
      message: expect.stringMatching(/^the base: not a readable snapshot \(not-a-snapshot\)/),
    });
    const { bytes } = await first();
    bytes[bytes.length - 30] ^= 1;
    expect(await failure({ base: bytes, inputs, version: 8 })).toMatchObject({ code: 'snapshot-invalid' });
  });

  it('whose signal is no longer there leaves a note', async () => {
    const { bytes } = await first();
    const next = await buildSnapshot({
      version: 8,
      createdSeconds: 1,
      base: bytes,
      inputs: [input('md5', MD5)],
    });
    expect(next.notes).toEqual([
      expect.stringMatching(/^the base has 30 PDQ entries, and no PDQ list was given/),
    ]);
  });
});

describe('notes', () => {
  it('say that SHA-256 digests were given as PDQ hashes', async () => {
    const digests = Array.from({ length: 60 }, (_, i) => Buffer.from(seededBytes(32, i + 1)).toString('hex'));
    expect((await build({ inputs: [input('pdq', digests)] })).notes).toEqual([
      expect.stringMatching(/^pdq\.txt: only \d+ % of these PDQ hashes have 128 bits set/),
    ]);
    expect((await build({ inputs: [input('pdq', hexHashes(60, 64))] })).notes).toEqual([]);
  });
});

describe('labels', () => {
  it('are at most 65535 different ones', async () => {
    const lines = Array.from({ length: 65_536 }, (_, i) => `${MD5[0]},${i}`);
    const { inspection } = await build({ inputs: [input('md5', lines.slice(1))] });
    expect(Object.keys(inspection.sections.md5?.labels ?? {})).toHaveLength(65_535);
    expect((await failure({ inputs: [input('md5', lines)] })).code).toBe('too-many-labels');
  });
});

describe('progress', () => {
  it('tells of each list and of each section', async () => {
    const steps: string[] = [];
    await build({
      inputs: [input('pdq', PDQ), input('md5', MD5)],
      onProgress: ({ step, item, bytes, totalBytes }) =>
        steps.push(`${step} ${item} ${bytes ?? ''}/${totalBytes ?? ''}`),
    });
    expect(steps).toEqual([
      'reading pdq.txt 2599/2599',
      'reading md5.txt 1319/1319',
      'encoding md5 /',
      'encoding pdq /',
    ]);
  });
});

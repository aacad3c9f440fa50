/** A licensee's signal by the command line: from a list file to a signed repository. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addSignal, bytesSource, PublisherError } from '../../src/publisher/index.js';
import { openLicensedSet } from '../../src/snapshot/licensed-section.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { averageHash } from '../support/average-hash.js';
import { bundleEntry } from '../support/bundle.js';
import { makeList } from '../support/lists.js';
import { Ceremony, LIST } from './ceremony.js';
import { hexHashes } from './cli-harness.js';

const COUNTS = { alpha: 60, beta: 50, gamma: 40 };
const hashes = hexHashes(5, 64, 9);
const bytesOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const source = (text: string) => bytesSource('list', new TextEncoder().encode(text));
const list = makeList({ hashes: { md5: [{ hash: '0'.repeat(32), label: 'A, b' }, '1'.repeat(32)] } });

describe('a list of a signal', () => {
  it('is read by lines, with labels that the snapshot has', async () => {
    const text = `\n# remarks\n${hashes[0]}\r\n ${hashes[1].toUpperCase()} , "A, b"\n${hashes[2]},\n`;
    const bytes = await addSignal(list, averageHash, [source(text), source(hashes[0])]);
    const snapshot = readSnapshot(bytes);
    const set = openLicensedSet(snapshot, averageHash)!;
    expect(set.count).toBe(3);
    const labels = hashes.map((hash) => set.lookup(bytesOf(hash)).map((id) => snapshot.labels[id]));
    expect(labels).toEqual([[''], ['A, b'], [''], [], []]);
    expect(
      await addSignal(list, averageHash, [source([hashes[2], `${hashes[1]},"A, b"`, hashes[0]].join('\n'))]),
    ).toEqual(bytes);
  });

  it.each([
    ['another length', hashes[0].slice(1), /list:1: expected 64 hex digits/],
    ['no hex', `${hashes[0]}\nhello`, /list:2: expected 64 hex digits/],
    ['a third column', `${hashes[0]},A,b`, /list:1: more than two columns/],
    ['an unknown label', `${hashes[0]},C`, /list:1: the snapshot does not have this label/],
    ['a line without end', `${hashes[0]},${'x'.repeat(5000)}`, /list:1: longer than/],
  ])('is refused with %s', async (_what, text, message) => {
    const error = await addSignal(list, averageHash, [source(text)]).catch((reason) => reason);
    expect(error).toBeInstanceOf(PublisherError);
    const [{ file, line, message: said }] = error.findings;
    expect(`${file}:${line}: ${said}`).toMatch(message);
  });

  it('is refused without an entry, on a snapshot that has the signal, and on no snapshot', async () => {
    await expect(addSignal(list, averageHash, [source('# none')])).rejects.toMatchObject({
      code: 'input-empty',
    });
    const once = await addSignal(list, averageHash, [source(hashes[0])]);
    await expect(addSignal(once, averageHash, [source(hashes[1])])).rejects.toMatchObject({ code: 'usage' });
    await expect(addSignal(list.subarray(1), averageHash, [source(hashes[1])])).rejects.toMatchObject({
      code: 'snapshot-invalid',
    });
  });
});

describe('by the command line', () => {
  let code: string;
  let ceremony: Ceremony;
  beforeAll(async () => {
    code = await bundleEntry('average.part.ts');
  });
  beforeEach(() => {
    ceremony = new Ceremony();
  });
  afterEach(() => ceremony.close());

  it('a signer compares what was built elsewhere, and clients take it whole', async () => {
    await ceremony.init();
    const part = ceremony.write('signals.part.mjs', code);
    const inputs = [...ceremony.lists(COUNTS), '--quorum', '2'];
    const add = async (name: string, text: string) => {
      // What the candidate says of itself, and nothing else: its salt and time.
      const plain = await ceremony.build(1, [...inputs, '--salt', '5a'.repeat(16)]);
      const out = ceremony.path(name);
      const from = ceremony.write(`${name}.txt`, text);
      const report = await ceremony.must('add-signal', plain, '--part', part, '--from', from, '--out', out);
      expect(report).toMatchObject({ signal: 'average hash', kind: 0x8a00 });
      return out;
    };
    const made = await add('made.snapshot', hashes.join('\n'));
    await ceremony.must('repo', 'add', ceremony.dir, made);
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
    const other = await add('other.snapshot', hashes.slice(1).join('\n'));
    expect(await ceremony.fails(...sign, '--rebuilt', other)).toContain('not signed');
    expect(await ceremony.fails(...sign, ...inputs)).toContain('not signed');
    expect(await ceremony.fails(...sign, ...inputs, '--rebuilt', made)).toContain('exclude each other');
    const own = await add('own.snapshot', [...hashes].reverse().join('\n'));
    for (const name of ['alpha', 'gamma'])
      expect(await ceremony.sign('targets', name, '--rebuilt', own)).toMatchObject({
        reproduced: [{ path: `${LIST}/1.snapshot` }],
        unseen: [],
      });
    await ceremony.publish();
    const { licensed } = readSnapshot(Uint8Array.from(readFileSync(own)));
    expect(licensed).toMatchObject([{ kind: 0x8a00, count: 5 }]);
  });

  it('a part that is none, and a signal that it has not, are refused', async () => {
    const plain = ceremony.write('plain.snapshot', '');
    const add = ['add-signal', plain, '--from', plain, '--out', plain];
    const none = ceremony.write('none.mjs', 'export const part = { name: "video" };');
    expect(await ceremony.fails(...add, '--part', none)).toContain('no signals part');
    const part = ceremony.write('part.mjs', code);
    expect(await ceremony.fails(...add, '--part', part, '--signal', 'x')).toContain('"average hash"');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectSnapshot } from '../../src/publisher/inspect.js';
import { cli, hexHashes, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
const MD5 = hexHashes(4, 32, 1);
const SHA1 = hexHashes(4, 40, 2);
const PDQ = hexHashes(4, 64, 3);
const image = (id: number, prints: string, more = '') =>
  `<image><member id="1"/><timestamp>2024-01-01T00:00:00Z</timestamp><id>${id}</id><classification>A1</classification><fingerprints>${prints}</fingerprints>${more}</image>`;
const answer = (images: string) =>
  `<queryResult xmlns="https://hashsharing.ncmec.org/hashsharing/v2"><images>${images}</images></queryResult>`;
const ncmec = folder.write(
  '1.xml',
  answer(
    image(1, `<md5>${MD5[0]}</md5><pdna>x</pdna>`) +
      image(2, `<sha1>${SHA1[0]}</sha1>`, '<feedback><negativeFeedback type="Sha1"/></feedback>') +
      image(3, `<md5>${MD5[1]}</md5><pdna>x</pdna>`),
  ),
);
const deletion = folder.write(
  '2.xml',
  answer(
    '<deletedImage><member id="1"/><id>3</id><timestamp>2024-01-02T00:00:00Z</timestamp></deletedImage>',
  ),
);
const stopncii = folder.write(
  'page.json',
  JSON.stringify({
    hashRecords: [{ signalType: 'ImagePDQ', hashValue: PDQ[0], hashStatus: 'Active', lastModtimestamp: 1 }],
  }),
);
const threatexchange = folder.write(
  'te.csv',
  `signal_type,signal_str,collab,category,tags\npdq,${PDQ[1]},x,POSITIVE_CLASS,t\n`,
);
const csv = folder.write('iwf.csv', `MD5,SHA-1,PhotoDNA,Category\n${MD5[2]},${SHA1[2]},x,B\n`);

let outs = 0;
const build = async (...args: string[]) => {
  const out = folder.path(`formats-${outs++}.snapshot`);
  const result = await cli(['build', '--name', 'A list', '--list-version', '3', '--out', out, ...args]);
  const sections = () =>
    Object.fromEntries(
      Object.entries(inspectSnapshot(readFileSync(out)).sections).map(([signal, section]) => [
        signal,
        section?.labels,
      ]),
    );
  return { ...result, sections };
};

describe('presieve build from lists in other formats', () => {
  it('takes all of them together and says what it skipped', async () => {
    const { code, stderr, sections } = await build(
      ...['--ncmec', ncmec, '--ncmec', deletion, '--ncmec-exclude-negative-feedback'],
      ...['--stopncii', stopncii, '--threatexchange', threatexchange],
      ...['--csv', csv, '--column', 'md5=MD5', '--column', 'sha1=SHA-1', '--column', 'label=Category'],
    );
    expect(code).toBe(0);
    expect(sections()).toEqual({ md5: { A1: 1, B: 1 }, sha1: { B: 1 }, pdq: { '': 1, t: 1 } });
    expect(stderr.trim().split('\n')).toEqual([
      '3 PhotoDNA hashes skipped: proprietary, see docs/list-formats.md',
      '1 deleted entry skipped',
      '1 entry with negative feedback skipped',
    ]);
  });

  it('takes deletions of the files of one organisation for its own', async () => {
    const { sections } = await build('--from', `us=ncmec:${ncmec}`, '--from', `uk=ncmec:${deletion}`);
    expect(sections()).toEqual({ md5: { A1: 2 }, sha1: { A1: 1 } });
    const own = await build('--from', `us=ncmec:${ncmec}`, '--from', `us=ncmec:${deletion}`);
    expect(own.sections()).toEqual({ md5: { A1: 1 }, sha1: { A1: 1 } });
  });

  it('counts what was skipped in JSON', async () => {
    const result = await build('--ncmec', ncmec, '--json');
    expect(jsonLines(result)).toEqual([expect.objectContaining({ skipped: { photodna: 2 } })]);
  });

  it('prints the first 20 bad entries with file and line, and how many more there are', async () => {
    const bad = folder.write('bad.xml', answer(`\n${`${image(1, '<md5>abc</md5>')}\n`.repeat(25)}`));
    const { code, stderr } = await build('--ncmec', bad);
    expect(code).toBe(2);
    expect(stderr).toContain(`${bad}:2: entry 1: md5: expected 32 hex digits, found 3`);
    expect(stderr).toContain('… and 5 more');
  });

  it.each([
    ['no column', ['--csv', csv], '--csv needs a column of hashes'],
    ['a label only', ['--csv', csv, '--column', 'label=Category'], '--csv needs a column of hashes'],
    [
      'a column twice',
      ['--csv', csv, '--column', 'md5=a', '--column', 'md5=b'],
      "a column for 'md5' already",
    ],
    ['another kind', ['--csv', csv, '--column', 'photodna=a'], 'It must be WHAT=NAME'],
    ['no name', ['--csv', csv, '--column', 'md5='], 'It must be WHAT=NAME'],
    ['a column without a list', ['--ncmec', ncmec, '--column', 'md5=a'], '--column is for --csv lists'],
    [
      'feedback without a list',
      ['--csv', csv, '--column', 'md5=MD5', '--ncmec-exclude-negative-feedback'],
      'for NCMEC lists',
    ],
    ['a format that is none', ['--from', `us=xml:${ncmec}`], 'it must be ORG=KIND:FILE'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await build(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSnapshot } from '../../src/snapshot/read.js';
import { cli, hexHashes, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
const HASHES = hexHashes(60, 64, 5);
const lines = (hashes: readonly string[], quality = 100) =>
  hashes.map((hash, i) => `${i},${quality},${hash},${i}.000`).join('\n');
const FIRST = folder.write('first clip.txt', lines(HASHES.slice(0, 20)));
const SECOND = folder.write(
  'second.json',
  JSON.stringify(HASHES.slice(20, 30).map((hash, i) => `${hash},90,${i}.000`)),
);
const SAME_AS_FIRST = folder.write(
  'copy.json',
  JSON.stringify(HASHES.slice(0, 20).map((hash, i) => `${hash},100,${i}.000`)),
);

const OUT = folder.path('out.snapshot');
const REPEATABLE = ['--salt', '00'.repeat(16), '--created', '2026-01-01'];
const build = (...options: string[]) =>
  cli(['build', '--name', 'list', '--list-version', '1', '--out', OUT, ...REPEATABLE, ...options]);
const built = () => readSnapshot(readFileSync(OUT));
const labels = () => {
  const { videos, labels } = built();
  return [...videos!.table.labelIds].map((id) => labels[id]).sort();
};

describe('presieve build --vpdq', () => {
  it('makes each file a video under its own name', async () => {
    expect((await build('--vpdq', FIRST, '--vpdq', SECOND)).code).toBe(0);
    expect(labels()).toEqual(['first clip', 'second']);
    expect(built().videos!.frames.count).toBe(30);
    expect([...built().sections.keys()]).toEqual([]);
  });

  it('takes labels, one for all or one for each', async () => {
    await build('--vpdq', FIRST, '--vpdq', SECOND, '--label', 'A1');
    expect(labels()).toEqual(['A1', 'A1']);
    await build('--vpdq', FIRST, '--vpdq', SECOND, '--label', 'A1', '--label', '');
    expect(labels()).toEqual(['', 'A1']);
    const wrong = await build('--vpdq', FIRST, '--label', 'A1', '--label', 'B');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('once for each of the 1') });
    expect((await build('--md5', FIRST, '--label', 'A1')).stderr).toMatch(/--label is for --vpdq/);
  });

  it('is the same bytes in any order and any format, and counts a repeated video once', async () => {
    await build('--vpdq', FIRST, '--vpdq', SECOND, '--label', 'x');
    const bytes = readFileSync(OUT);
    const again = await build('--vpdq', SECOND, '--vpdq', SAME_AS_FIRST, '--vpdq', FIRST, '--label', 'x');
    expect(again.stderr).toMatch(/1 line repeated/);
    expect(readFileSync(OUT)).toEqual(bytes);
  });

  it('stands beside lists of hashes', async () => {
    const pdq = folder.write('pdq.txt', `${HASHES[50]},B\n`);
    await build('--pdq', pdq, '--vpdq', FIRST);
    expect(built().labels).toEqual(['B', 'first clip']);
    expect([...built().sections.keys()]).toEqual(['pdq']);
  });

  it('leaves out frames of little detail, and those of --exclude', async () => {
    const low = folder.write('low.txt', `${lines(HASHES.slice(0, 5), 49)}`);
    const flat = folder.write('flat.txt', `0,100,${'ffff0000'.repeat(8)},0.0\n1,100,${HASHES[40]},1.0`);
    const negative = folder.write('negative.txt', HASHES[1]);
    const result = await build('--vpdq', FIRST, '--vpdq', low, '--vpdq', flat, '--exclude', negative);
    expect(result.stderr).toMatch(/low\.txt: no frame is left to be listed/);
    expect(result.stderr).toMatch(/6 frames of too little detail left out/);
    expect(result.stderr).toMatch(/1 frame left out by --exclude/);
    expect(built().videos!.frames.count).toBe(19 + 1);
    expect((await build('--vpdq', low)).stderr).toMatch(/no entry is left/);
  });

  it('says which lines are bad, and writes nothing', async () => {
    const bad = folder.write('bad.txt', `${lines(HASHES.slice(0, 2))}\n2,100,abc,2.0`);
    const result = await build('--vpdq', FIRST, '--vpdq', bad, '--out', folder.path('never'));
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/bad\.txt:3: expected 64 hex digits, found 3/);
    expect(() => readFileSync(folder.path('never'))).toThrow();
    expect((await build('--vpdq', folder.path('nowhere'))).stderr).toMatch(/no such file/);
  });

  it('takes thresholds, and carries them on from the base', async () => {
    await build('--vpdq', FIRST, '--video-match', 'query=60', '--video-match', 'entry=0');
    expect(built().videos!.thresholds).toMatchObject({ queryPercent: 60, entryPercent: 0, distance: 31 });
    const base = folder.write('base.snapshot', readFileSync(OUT));
    const next = ['build', '--list-version', '2', '--out', OUT, '--base', base];
    await cli([...next, '--vpdq', SECOND]);
    expect(built().videos!.thresholds).toMatchObject({ queryPercent: 60, entryPercent: 0 });
    const none = await cli([...next, '--md5', folder.write('md5.txt', hexHashes(1, 32)[0])]);
    expect(none.stderr).toMatch(/the base has 1 videos, and none was given/);
    expect((await build('--vpdq', FIRST, '--video-match', 'query=101')).stderr).toMatch(
      /'queryPercent' must be/,
    );
    expect((await build('--vpdq', FIRST, '--video-match', 'speed=1')).stderr).toMatch(/WHAT being one of/);
  });

  it('keeps the id of a video from version to version', async () => {
    await build('--vpdq', FIRST);
    const one = Buffer.from(built().videos!.table.ids).toString('hex');
    await build('--vpdq', FIRST, '--vpdq', SECOND);
    const two = Buffer.from(built().videos!.table.ids).toString('hex');
    expect(two).toContain(one);
  });

  it('with a quorum takes in what enough organisations have frame for frame', async () => {
    const nl = ['--from', `nl=vpdq:${FIRST}`, '--from', `nl=vpdq:${SECOND}`];
    const result = await build(...nl, '--from', `us=vpdq:${SAME_AS_FIRST}`, '--quorum', '2', '--json');
    expect(result.code).toBe(0);
    expect(jsonLines(result)[0]).toMatchObject({ belowQuorum: 1, unlabelled: 1, videos: { listed: 1 } });
    expect(labels()).toEqual(['']);
    await build(...nl, '--from', `us=vpdq:${SAME_AS_FIRST}`, '--quorum', '2', '--label', 'A');
    expect(labels()).toEqual(['A']);
    const without = await build('--vpdq', FIRST, '--quorum', '1');
    expect(without.stderr).toMatch(/every list needs the organisation/);
  });

  it('is described by inspect', async () => {
    await build('--vpdq', FIRST, '--vpdq', SECOND, '--label', 'A');
    const [json] = jsonLines(await cli(['inspect', '--json', OUT]));
    expect(json.vpdq).toMatchObject({ videos: 2, entries: 30, labels: { A: 2 } });
    const { stdout } = await cli(['inspect', OUT]);
    expect(stdout).toMatch(/videos +2/);
    expect(stdout).toMatch(/80 % of the file's frames or 80 % of the video's segments, 2 frames at least/);
  });
});

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../../src/outcome.js';
import { ClipFolder } from '../support/clips.js';
import { hexDistance, SHARED } from '../support/photos.js';
import { cli, jsonLines } from './cli-harness.js';

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-an'];

/** Other versions of a clip, by name: options of ffmpeg that make them of `seconds` seconds. */
const VERSIONS: readonly (readonly [what: string, name: string, options: (seconds: number) => string[]])[] = [
  [
    'half the size and bit rate',
    'half.mp4',
    () => ['-vf', 'scale=trunc(iw/4)*2:trunc(ih/4)*2', ...H264, '-b:v', '150k'],
  ],
  ['cropped by 2 %', 'crop.mp4', () => ['-vf', 'crop=trunc(iw*0.49)*2:trunc(ih*0.49)*2', ...H264]],
  ['mirrored', 'mirror.mp4', () => ['-vf', 'hflip', ...H264]],
  ['its middle third', 'third.mp4', (seconds) => ['-ss', `${seconds / 3}`, '-t', `${seconds / 3}`, ...H264]],
  ['in another container', 'other-box.mkv', () => ['-c', 'copy']],
];

/** Making clips takes a while where the machine is busy. */
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

let clips: ClipFolder;
beforeAll(() => {
  clips = new ClipFolder();
});
afterAll(() => clips?.close());

/** Builds a list of one video from text of vPDQ; gives its path. */
async function listOf(name: string, vpdq: string): Promise<string> {
  const list = clips.at(`${name}.snapshot`);
  const result = await cli([
    'build',
    '--name',
    'videos',
    '--list-version',
    '1',
    '--out',
    list,
    '--vpdq',
    vpdq,
  ]);
  expect(result).toMatchObject({ code: 0 });
  return list;
}

async function scan(list: string, file: string, ...options: string[]): Promise<Outcome> {
  const result = await cli(['scan', '--json', '--labels', '--list', list, ...options, file]);
  return jsonLines<{ outcome: Outcome }>(result)[0].outcome;
}

describe('a list made of a clip by presieve hash --vpdq', () => {
  const SECONDS = 12;
  let list: string;
  let lines: string[];
  beforeAll(async () => {
    clips.film(
      'original.mp4',
      ['airplane-from-above', 'nagasaki-boats', 'locomotion-house-cat'],
      SECONDS / 3,
    );
    clips.film(
      'unrelated.mp4',
      ['acanthus-mollis', 'allium-oreophilum', 'french-alpine-landscape'],
      SECONDS / 3,
    );
    const { code, stdout } = await cli(['hash', '--vpdq', clips.at('original.mp4')]);
    expect(code).toBe(0);
    lines = stdout.trimEnd().split('\n');
    clips.write('listed clip.txt', Buffer.from(stdout));
    list = await listOf('own', clips.at('listed clip.txt'));
  });
  const MATCH = {
    verdict: 'match',
    matches: [{ list: 'videos', signal: 'perceptual', label: 'listed clip' }],
  };

  it('has a line for every frame, with its time', () => {
    expect(lines).toHaveLength(SECONDS * 25);
    for (const [i, line] of lines.entries()) {
      const [frame, quality, hash, time] = line.split(',');
      expect([frame, time]).toEqual([`${i}`, (i / 25).toFixed(3)]);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(Number(quality)).toBeGreaterThan(50);
    }
  });

  it('finds the clip, and says how much of it was looked at', async () => {
    const outcome = await scan(list, clips.at('original.mp4'));
    expect(outcome).toMatchObject({
      ...MATCH,
      coverage: { complete: 'all', video: { seconds: SECONDS, codec: 'h264' } },
    });
  });

  it.each(VERSIONS)('finds it %s', async (_, name, options) => {
    clips.ffmpeg('-i', 'original.mp4', ...options(SECONDS), name);
    expect(await scan(list, clips.at(name))).toMatchObject(MATCH);
  });

  it('finds it within a longer video', async () => {
    const join = '[0:v][1:v][0:v]concat=n=3:v=1,setsar=1[v]';
    clips.ffmpeg(
      '-i',
      'unrelated.mp4',
      '-i',
      'original.mp4',
      '-filter_complex',
      join,
      '-map',
      '[v]',
      ...H264,
      'long.mp4',
    );
    expect(await scan(list, clips.at('long.mp4'))).toMatchObject(MATCH);
  });

  it('does not find another clip', async () => {
    const outcome = await scan(list, clips.at('unrelated.mp4'));
    expect(outcome).toMatchObject({ verdict: 'no-known-match', coverage: { complete: 'all' } });
  });
});

describe('presieve with videos', () => {
  const film = () => clips.film('film.mp4', ['nagasaki-boats'], 2);
  let list: string;
  beforeAll(async () => {
    film();
    const { stdout } = await cli(['hash', '--vpdq', clips.at('film.mp4')]);
    clips.write('film.txt', Buffer.from(stdout));
    list = await listOf('film', clips.at('film.txt'));
  });

  it('takes a file by its name, whatever the name says', async () => {
    mkdirSync(clips.at('-y'), { recursive: true });
    for (const name of ['-y/-i.mp4', 'http:x.mp4', "it's a %d $HOME;.mp4", 'concat:a|b.mp4']) {
      clips.write(name, clips.read('film.mp4'));
      expect(await scan(list, clips.at(name)), name).toMatchObject({ verdict: 'match' });
    }
  });

  it('says clearly that ffmpeg is missing, after the digests were looked up', async () => {
    const path = process.env.PATH;
    process.env.PATH = clips.at('nothing');
    try {
      const result = await cli(['scan', '--json', '--list', list, clips.at('film.mp4')]);
      expect(result.code).toBe(1);
      expect(jsonLines<{ outcome: Outcome }>(result)[0].outcome).toMatchObject({
        verdict: 'inconclusive',
        reason: 'unsupported',
      });
      expect(result.stderr).toMatch(/videos need ffmpeg and ffprobe.*apt-get install ffmpeg/);
      const hashed = await cli(['hash', '--vpdq', clips.at('film.mp4')]);
      expect(hashed).toMatchObject({ code: 2, stdout: '' });
      expect(hashed.stderr).toMatch(/videos need ffmpeg/);
    } finally {
      process.env.PATH = path;
    }
  });

  it('refuses an --ffmpeg that is none', async () => {
    const result = await cli([
      'scan',
      '--list',
      list,
      '--ffmpeg',
      clips.at('film.txt'),
      clips.at('film.mp4'),
    ]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/film\.txt: it can't be started/);
  });

  it('never says no-known-match of a video that it could not look at', async () => {
    const whole = clips.read('film.mp4');
    clips.write('cut.mp4', whole.subarray(0, whole.length >> 1));
    const noise = whole.slice();
    noise.fill(0x55, 600);
    clips.write('noise.mp4', noise);
    for (const name of ['cut.mp4', 'noise.mp4']) {
      const { verdict, reason } = await scan(list, clips.at(name));
      expect([name, verdict, reason]).toEqual([name, 'inconclusive', 'undecodable']);
      expect((await cli(['hash', '--vpdq', clips.at(name)])).code).toBe(2);
    }
  });

  it('looks at what there is of one that is cut off, and says that frames are missing', async () => {
    clips.ffmpeg('-i', 'film.mp4', '-c', 'copy', '-an', 'film.mkv');
    const whole = clips.read('film.mkv');
    clips.write('cut.mkv', whole.subarray(0, Math.floor(whole.length * 0.6)));
    const { verdict, coverage } = await scan(list, clips.at('cut.mkv'));
    expect(verdict).toBe('match');
    expect(coverage.notes).toContain('frames-missing');
  });

  it('hashes a video upright and one at a time', async () => {
    clips.ffmpeg('-i', 'film.mp4', '-vf', 'transpose=2', ...H264, 'lying.mp4');
    clips.ffmpeg('-i', 'lying.mp4', '-c', 'copy', '-metadata:s:v:0', 'rotate=270', 'rotated.mp4');
    expect(await scan(list, clips.at('rotated.mp4'))).toMatchObject({ verdict: 'match' });
    expect((await cli(['hash', '--vpdq', clips.at('film.mp4'), clips.at('film.mp4')])).stderr).toMatch(
      /one file/,
    );
    expect((await cli(['hash', '--vpdq', clips.at('nowhere.mp4')])).stderr).toMatch(/no such file/);
    const plain = await cli(['hash', '--json', clips.at('film.mp4')]);
    expect(plain.stderr).toMatch(/a video: --vpdq prints the hashes of its frames/);
    expect(jsonLines(plain)[0]).toMatchObject({ pdq: null, quality: null });
  });

  it('says where its end is not there', async () => {
    clips.film('whole.mp4', ['nagasaki-boats'], 6);
    clips.ffmpeg('-i', 'whole.mp4', '-c', 'copy', '-movflags', '+faststart', 'ordered.mp4');
    clips.ffmpeg('-i', 'whole.mp4', '-c', 'copy', 'whole.mkv');
    clips.ffmpeg('-i', 'whole.mp4', '-c', 'copy', '-an', '-r', '1', 'slow.mkv');
    for (const name of ['whole.mp4', 'ordered.mp4', 'whole.mkv', 'slow.mkv']) {
      expect((await cli(['hash', '--vpdq', clips.at(name)])).stderr, name).not.toContain('the frames end');
    }
    for (const name of ['ordered.mp4', 'whole.mkv']) {
      const bytes = clips.read(name);
      clips.write(`cut-${name}`, bytes.subarray(0, bytes.length * 0.6));
      const { stdout, stderr } = await cli(['hash', '--vpdq', clips.at(`cut-${name}`)]);
      expect(stderr).toMatch(/cut-\w+\.\w+: the frames end at \d\.\d s of 6\.\d s/);
      expect(stdout.trim().split('\n').length).toBeGreaterThan(20);
    }
  });
});

const VPDQ = SHARED === null ? null : `${SHARED}conformance/vpdq/`;
const hasVpdq = VPDQ !== null && existsSync(VPDQ);

describe.skipIf(!hasVpdq)("vPDQ's own clips (../shared/conformance/vpdq)", () => {
  const at = (name: string) => `${VPDQ}${name}`;
  let list: string;
  beforeAll(async () => {
    list = await listOf('chair', at('chair-orig-22-sd-bar.txt'));
  });

  it('have the reference hashes within 10 bits wherever the quality is 80, and within 2 in the median', async () => {
    const rows = [];
    for (const name of [
      'chair-orig-22-sd-bar',
      'doorknob-hd-no-bar',
      'pattern-hd-no-bar',
      'test-padded-dimensions',
    ]) {
      const { code, stdout } = await cli(['hash', '--vpdq', at(`${name}.mp4`)]);
      expect(code).toBe(0);
      const ours = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      const theirs = readFileSync(at(`${name}.txt`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => line.split(','));
      expect(ours.map(([frame, , , time]) => [frame, time])).toEqual(
        theirs.map(([frame, , , time]) => [frame, time]),
      );
      const clear = theirs.flatMap(([, quality], i) => (Number(quality) >= 80 ? [i] : []));
      const distances = clear.map((i) => hexDistance(ours[i][2], theirs[i][2])).sort((a, b) => a - b);
      const quality = Math.max(...theirs.map(([, value], i) => Math.abs(Number(value) - Number(ours[i][1]))));
      rows.push({
        clip: name,
        frames: theirs.length,
        compared: distances.length,
        median: distances[distances.length >> 1],
        most: distances.at(-1)!,
        quality,
      });
    }
    console.table(rows);
    for (const { median, most, quality } of rows) {
      expect(median).toBeLessThanOrEqual(2);
      expect(most).toBeLessThanOrEqual(10);
      expect(quality).toBeLessThanOrEqual(1);
    }
  });

  it.each(['chair-orig-22-sd-bar', 'chair-19-sd-bar', 'chair-22-sd-grey-bar'])(
    'are found as cuts of one recording: %s',
    async (name) => {
      const outcome = await scan(list, at(`${name}.mp4`));
      expect(outcome).toMatchObject({ verdict: 'match', matches: [{ label: 'chair-orig-22-sd-bar' }] });
    },
  );

  it.each(VERSIONS)('are found %s', async (_, name, options) => {
    clips.ffmpeg('-i', at('chair-orig-22-sd-bar.mp4'), ...options(22.4), `chair-${name}`);
    expect(await scan(list, clips.at(`chair-${name}`))).toMatchObject({ verdict: 'match' });
  });

  it.each(['doorknob-hd-no-bar', 'pattern-hd-no-bar', 'test-padded-dimensions'])(
    'are not taken for another recording: %s',
    async (name) => {
      expect(await scan(list, at(`${name}.mp4`))).toMatchObject({ verdict: 'no-known-match', matches: [] });
    },
  );

  it('with a large logo agree in a tenth of their frames: reported', async () => {
    const { verdict } = await scan(list, at('chair-22-with-large-logo-bar.mp4'));
    console.log(`chair-22-with-large-logo-bar against chair-orig-22-sd-bar: ${verdict}`);
    expect(['match', 'no-known-match']).toContain(verdict);
  });

  it('all have their text read', async () => {
    const texts = readdirSync(VPDQ!).filter((name) => name.endsWith('.txt'));
    for (const name of texts) await listOf(name, at(name));
    expect(texts.length).toBeGreaterThan(5);
  });
});

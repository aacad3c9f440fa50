import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { ClipFolder } from '../support/clips.js';
import { hashPhoto } from '../support/hash-photo.js';
import { makeList } from '../support/lists.js';
import { stdlibPhoto } from '../support/photos.js';
import { builtFinder, type CliConditions, cli, jsonLines, workFolder } from './cli-harness.js';

vi.setConfig({ testTimeout: 120_000 });

const folder = workFolder();
/** A listed photo, and a chat with it, of the demo's gallery. */
const gallery = (name: string) =>
  readFileSync(new URL(`../../examples/demo/gallery/${name}`, import.meta.url));
const listed = gallery('airplane.jpg');
let list: string;
let page: string;
let photo: string;

beforeAll(async () => {
  const pdq = hashToHex((await hashPhoto(listed)).bits);
  list = folder.write('list.snapshot', makeList({ hashes: { pdq: [pdq] }, pdqDecoys: 5000 }));
  page = folder.write('page.jpg', gallery('chat.jpg'));
  photo = folder.write('photo.jpg', stdlibPhoto('nagasaki-boats'));
});

async function scan(files: string[], options: string[] = [], conditions: CliConditions = {}) {
  const result = await cli(['scan', '--json', '--list', list, ...options, ...files], conditions);
  const outcomes = jsonLines<{ outcome: Outcome }>(result).map(({ outcome }) => outcome);
  return { ...result, outcomes };
}

describe('presieve scan and pictures inside pictures', () => {
  it('finds a listed photo on a page, and does not tell that it was inside', async () => {
    const { code, stderr, outcomes } = await scan([page]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(outcomes[0]).toMatchObject({ verdict: 'match', matches: [{ signal: 'perceptual' }] });
    expect(outcomes[0].coverage).toEqual({ complete: 'all', notes: [] });
  });

  it('says that it looked inside what is not listed', async () => {
    const { code, outcomes } = await scan([photo]);
    expect(code).toBe(0);
    expect(outcomes[0].coverage).toEqual({ complete: 'all', notes: [], finder: 'ran' });
  });

  it('does not look inside with --no-finder, and says so', async () => {
    const { code, stderr, outcomes } = await scan([page], ['--no-finder']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(outcomes[0].verdict).toBe('no-known-match');
    expect(outcomes[0].coverage).toEqual({ complete: 'all', notes: [], finder: 'off' });
    const plain = await cli(['scan', '--list', list, '--no-finder', page]);
    expect(plain.stdout).toBe(`${page}: no-known-match (finder off)\n`);
  });

  it('loads nothing where the whole picture matches, or no list has perceptual hashes', async () => {
    const missing = builtFinder(pathToFileURL(folder.path('nothing/')));
    const whole = folder.write('listed.jpg', listed);
    const digests = folder.write('digests.snapshot', makeList({ hashes: { md5: ['0'.repeat(32)] } }));
    expect(await scan([whole], [], { finder: missing })).toMatchObject({ code: 1, stderr: '' });
    const { stderr, stdout } = await cli(['scan', '--list', digests, page], { finder: missing });
    expect({ stderr, stdout }).toEqual({ stderr: '', stdout: `${page}: no-known-match (digests-only)\n` });
  });

  it('finds it in a recording of the page, standing still and scrolled through', async () => {
    const clips = new ClipFolder();
    try {
      clips.write('page.jpg', readFileSync(page));
      const film = (name: string, filter: string) => {
        const input = ['-loop', '1', '-framerate', '12', '-t', '6', '-i', 'page.jpg'];
        clips.ffmpeg(
          ...input,
          '-vf',
          `${filter},format=yuv420p`,
          '-c:v',
          'libx264',
          '-preset',
          'ultrafast',
          name,
        );
        return clips.at(name);
      };
      const still = film('still.mp4', 'scale=iw:ih');
      const scrolled = film('scrolled.mkv', 'crop=720:1180:0:16*t');
      const { outcomes, stderr } = await scan([still, scrolled]);
      expect(stderr).toBe('');
      expect(outcomes.map(({ verdict }) => verdict)).toEqual(['match', 'match']);
      for (const { coverage } of outcomes) expect(coverage).not.toHaveProperty('finder');
      const [without] = (await scan([still], ['--no-finder'])).outcomes;
      expect(without).toMatchObject({
        verdict: 'no-known-match',
        coverage: { complete: 'all', notes: [], finder: 'off', video: { codec: 'h264', seconds: 6 } },
      });
    } finally {
      clips.close();
    }
  });

  it.each<[string, (parts: string) => void, RegExp]>([
    [
      'whose model is damaged',
      (parts) => {
        const file = `${parts}/finder/picture-finder.onnx`;
        const bytes = readFileSync(file);
        bytes[bytes.length >> 1] ^= 1;
        writeFileSync(file, bytes);
      },
      /"picture-finder\.onnx" is not the file that belongs to this version/,
    ],
    [
      'whose model is an HTML page',
      (parts) => writeFileSync(`${parts}/finder/picture-finder.onnx`, '<!doctype html>'),
      /"picture-finder\.onnx" is not the file/,
    ],
    [
      'whose code is of something else',
      (parts) =>
        copyFileSync(
          fileURLToPath(new URL('../../dist/version.js', import.meta.url)),
          `${parts}/finder.part.js`,
        ),
      /the code of the part "finder" is something else/,
    ],
  ])('goes on with a finder %s, and says so once', async (what, damage, message) => {
    const parts = folder.path(what.replaceAll(' ', '-'));
    cpSync(fileURLToPath(new URL('../../dist/parts', import.meta.url)), parts, { recursive: true });
    damage(parts);
    const finder = builtFinder(pathToFileURL(`${parts}/`));
    const { code, stderr, outcomes } = await scan([page, photo], [], { finder });
    expect(code).toBe(0);
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(
      /^the picture finder could not be loaded, so that pictures inside pictures are not looked for: .*\n$/,
    );
    for (const { verdict, coverage } of outcomes) {
      expect(verdict).toBe('no-known-match');
      expect(coverage).toEqual({ complete: 'partial', notes: ['part-missing'], finder: 'failed' });
    }
  });
});

/** Motion photos by the command line: the video inside is read where it lies, by ffmpeg. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { ClipFolder } from '../support/clips.js';
import { hashPhoto } from '../support/hash-photo.js';
import { heicFixture } from '../support/heif.js';
import { makeList } from '../support/lists.js';
import { MOTION_KINDS, motionPhoto } from '../support/motion.js';
import { stdlibPhoto } from '../support/photos.js';
import { cli, jsonLines } from './cli-harness.js';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const SECONDS = 3;
let clips: ClipFolder;
let list: string;
let video: Uint8Array;

beforeAll(async () => {
  clips = new ClipFolder();
  clips.film('cat.mp4', ['locomotion-house-cat'], SECONDS);
  video = clips.read('cat.mp4');
  const frames = [0.4, 1.2, 2].map((seconds) => clips.frame('cat.mp4', seconds));
  const pdq = await Promise.all(frames.map(async (png) => hashToHex((await hashPhoto(png)).bits)));
  list = clips.at('frames.snapshot');
  clips.write('frames.snapshot', makeList({ name: 'frames', hashes: { pdq } }));
});
afterAll(() => clips?.close());

async function scan(name: string, bytes: Uint8Array, ...options: string[]): Promise<Outcome> {
  clips.write(name, bytes);
  const result = await cli(['scan', '--json', '--list', list, ...options, clips.at(name)]);
  return jsonLines<{ outcome: Outcome }>(result)[0].outcome;
}

describe('presieve scan of a motion photo', () => {
  const still = (kind: string) => (kind === 'heic' ? heicFixture('boats') : stdlibPhoto('nagasaki-boats'));

  it.each(MOTION_KINDS)('finds what is listed of its video: %s', async (kind) => {
    const outcome = await scan(`${kind}, x,,:.jpg`, motionPhoto(kind, still(kind), video));
    expect(outcome).toMatchObject({
      verdict: 'match',
      matches: [{ list: 'frames', signal: 'perceptual' }],
      coverage: { complete: 'all', notes: [], video: { seconds: SECONDS, codec: 'h264' } },
    });
  });

  it('finds its video on a list of nothing but videos', async () => {
    const { stdout } = await cli(['hash', '--vpdq', clips.at('cat.mp4')]);
    clips.write('cat.vpdq', new TextEncoder().encode(stdout));
    const only = clips.at('videos.snapshot');
    const options = ['--name', 'videos', '--list-version', '1', '--vpdq', clips.at('cat.vpdq')];
    expect(await cli(['build', ...options, '--out', only])).toMatchObject({ code: 0 });
    const outcomes: unknown[] = [];
    clips.write('plain.jpg', still('offset'));
    clips.write('motion.jpg', motionPhoto('offset', still('offset'), video));
    for (const name of ['motion.jpg', 'plain.jpg']) {
      const result = await cli(['scan', '--json', '--list', only, clips.at(name)]);
      outcomes.push(jsonLines<{ outcome: Outcome }>(result)[0].outcome);
    }
    expect(outcomes).toMatchObject([
      {
        verdict: 'match',
        matches: [{ list: 'videos', signal: 'perceptual' }],
        coverage: { complete: 'all' },
      },
      { verdict: 'inconclusive', reason: 'unsupported' },
    ]);
  });

  it('does not find the picture without it', async () => {
    expect(await scan('still.jpg', still('directory'))).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'all', notes: [] },
    });
  });

  it('says that a damaged video was not looked at', async () => {
    const damaged = video.slice().fill(0x55, 200);
    const outcome = await scan('damaged.jpg', motionPhoto('directory', still('directory'), damaged));
    expect(outcome).toMatchObject({
      verdict: 'no-known-match',
      coverage: { complete: 'partial', notes: ['motion-unchecked'] },
    });
  });
});

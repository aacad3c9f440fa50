/**
 * Makes the clips of `examples/demo/gallery` from its pictures, with an installed ffmpeg. They are committed like the pictures; run
 * this only to change them.
 *
 *     node scripts/make-demo-clips.mjs
 *
 * @module
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { findFfmpeg } from './find-ffmpeg.mjs';

const FOLDER = fileURLToPath(new URL('../examples/demo/gallery/', import.meta.url));

/** Clips by name, and the pictures that they show. */
const CLIPS = {
  'slides.webm': ['alps.jpg', 'boats.jpg', 'window.jpg'],
  'evening.webm': ['cat.jpg', 'ink.jpg', 'alps.jpg'],
};

const SECONDS_EACH = 3;
const RATE = 10;
const WIDTH = 400;
const HEIGHT = 300;

/** Royalty-free, and every engine has a decoder. */
const ENCODING = ['-c:v', 'libvpx-vp9', '-crf', '40', '-b:v', '0', '-deadline', 'good', '-cpu-used', '1'];

/** A picture that comes a little nearer while it is shown, between black bars where it has another shape. */
async function shown(picture, input) {
  const { width, height } = await sharp(`${FOLDER}/${picture}`).metadata();
  const scale = Math.min(WIDTH / width, HEIGHT / height);
  const even = (side) => 2 * Math.round((side * scale) / 2);
  return [
    // Larger than it is shown: it moves by whole pixels.
    `[${input}:v]scale=${4 * even(width)}:${4 * even(height)}`,
    `zoompan=z='1+0.03*on/${SECONDS_EACH * RATE}':x='(iw-iw/zoom)/2':y='(ih-ih/zoom)/2':d=1:s=${even(width)}x${even(height)}:fps=${RATE}`,
    `pad=${WIDTH}:${HEIGHT}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p[v${input}]`,
  ].join(',');
}

const ffmpeg = findFfmpeg();
if (ffmpeg === null) throw new Error('no ffmpeg found');

for (const [name, pictures] of Object.entries(CLIPS)) {
  const inputs = pictures.flatMap((picture) => [
    ...['-loop', '1', '-framerate', `${RATE}`, '-t', `${SECONDS_EACH}`, '-i', picture],
  ]);
  const filters = await Promise.all(pictures.map(shown));
  const joined = `${pictures.map((_, i) => `[v${i}]`).join('')}concat=n=${pictures.length}:v=1[v]`;
  const args = [
    ...['-hide_banner', '-loglevel', 'error', '-y', ...inputs],
    ...['-filter_complex', [...filters, joined].join(';'), '-map', '[v]', '-an', ...ENCODING],
    ...['-map_metadata', '-1', '-fflags', '+bitexact', '-flags:v', '+bitexact', name],
  ];
  const { status, stderr } = spawnSync(ffmpeg, args, { cwd: FOLDER, encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg: ${stderr}`);
  console.log(`${name}: ${statSync(`${FOLDER}/${name}`).size} bytes`);
}

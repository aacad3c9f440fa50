/**
 * Builds the fingerprint example into `build/fingerprint` and serves it on this machine.
 *
 *     node scripts/serve-fingerprint.mjs [--port 8124]
 *
 * The built package (`npm run build`) has to be there. Where the port is taken, a free one is used. Ctrl-C ends.
 *
 * @module
 */
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { serveDemo } from './serve-demo.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'examples/fingerprint');

/**
 * Builds the example.
 * @param {string} [outDir] - folder to write to, emptied first
 * @returns {Promise<string>} the folder
 */
export async function buildFingerprintExample(outDir = join(ROOT, 'build/fingerprint')) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  await esbuild.build({
    entryPoints: [join(SOURCE, 'main.ts')],
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  for (const name of ['index.html', 'style.css']) await cp(join(SOURCE, name), join(outDir, name));
  await cp(join(ROOT, 'examples/demo/icon.svg'), join(outDir, 'icon.svg'));
  await cp(join(ROOT, 'dist/fingerprint/fingerprint.worker.js'), join(outDir, 'fingerprint.worker.js'));
  return outDir;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '8124' } } });
  const { url, close } = await serveDemo(await buildFingerprintExample(), Number(values.port));
  console.log(`The fingerprint example: ${url}`);
  console.log('Ctrl-C ends.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
}

/**
 * Bundles a bench for Node, so that it can be written in TypeScript over the sources themselves.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasm } from '../scripts/build-wasm.mjs';

/** Folder of the project, with a closing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the kernels and bundles entries of bench/ into a folder of build/.
 * @param {string} folder - below build/
 * @param {Record<string, string>} entries - name of each bundle to its source below bench/
 * @returns {Promise<(name: string) => URL>} where a bundle is
 */
export async function bundleBench(folder, entries) {
  await buildWasm();
  await esbuild.build({
    entryPoints: Object.fromEntries(
      Object.entries(entries).map(([name, path]) => [name, `${root}/bench/${path}`]),
    ),
    outdir: `${root}/build/${folder}`,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: ['node20'],
    packages: 'external',
    logLevel: 'warning',
  });
  return (name) => pathToFileURL(`${root}/build/${folder}/${name}.mjs`);
}

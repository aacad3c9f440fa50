/**
 * `npm run calibrate [-- --sample N]`: bundles bench/calibrate/ and runs it.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasm } from '../scripts/build-wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await buildWasm();
await esbuild.build({
  entryPoints: [`${root}/bench/calibrate/main.ts`],
  outfile: `${root}/build/calibrate/main.mjs`,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: ['node20'],
  packages: 'external',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(`${root}/build/calibrate/main.mjs`).href);
await main(process.argv.slice(2), root);

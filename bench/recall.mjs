/**
 * `npm run recall [-- --help]`: bundles bench/recall/ and runs it.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasm } from '../scripts/build-wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await buildWasm();
await esbuild.build({
  entryPoints: { main: `${root}/bench/recall/main.ts`, worker: `${root}/bench/recall/worker.ts` },
  outdir: `${root}/build/recall`,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: ['node20'],
  packages: 'external',
  logLevel: 'warning',
});
const { main } = await import(pathToFileURL(`${root}/build/recall/main.mjs`).href);
await main(process.argv.slice(2), root, pathToFileURL(`${root}/build/recall/worker.mjs`));

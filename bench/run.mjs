/**
 * `npm run bench [-- --quick] [-- --json]`: bundles bench/main.ts and runs it. Everything is compared within one
 * run, the contestants taking turns; compare ratios, not milliseconds of different machines.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasm } from '../scripts/build-wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await buildWasm();
await esbuild.build({
  entryPoints: [`${root}/bench/main.ts`],
  outfile: `${root}/build/bench/main.mjs`,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: ['node20'],
  packages: 'external',
  logLevel: 'warning',
  define: { BENCH_ROOT: JSON.stringify(root) },
});
const { main } = await import(pathToFileURL(`${root}/build/bench/main.mjs`).href);
await main(process.argv.slice(2));

/**
 * `npm run bench:scale [-- --quick]`: bundles bench/scale/ and runs it. Needs 2 GB of disk for a while.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { buildWasm } from '../scripts/build-wasm.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await buildWasm();
await esbuild.build({
  entryPoints: { main: `${root}/bench/scale/main.ts`, child: `${root}/bench/scale/child.ts` },
  outdir: `${root}/build/scale`,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: ['node20'],
  packages: 'external',
  logLevel: 'warning',
});
const child = `${root}/build/scale/run-child.mjs`;
writeFileSync(child, "import { main } from './child.mjs';\nawait main(process.argv.slice(2));\n");
const { main } = await import(pathToFileURL(`${root}/build/scale/main.mjs`).href);
await main(process.argv.slice(2), root, child);

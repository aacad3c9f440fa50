/**
 * `npm run bench:delta [-- --large]`: bundles bench/delta/, runs it, and writes docs/delta.json.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const common = { bundle: true, format: 'esm', logLevel: 'warning' };
await esbuild.build({
  ...common,
  entryPoints: [`${root}/bench/delta/page.ts`],
  outfile: `${root}/build/delta/page.js`,
  platform: 'browser',
  target: ['es2022'],
});
await esbuild.build({
  ...common,
  entryPoints: { main: `${root}/bench/delta/main.ts`, memory: `${root}/bench/delta/memory.ts` },
  outdir: `${root}/build/delta`,
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: ['node20'],
  packages: 'external',
});
const { main } = await import(pathToFileURL(`${root}/build/delta/main.mjs`).href);
await main(process.argv.slice(2), root);

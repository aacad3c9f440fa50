/**
 * `node models/picture-finder/evaluate.mjs [--help]`: bundles evaluate.ts and runs it.
 */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
await esbuild.build({
  entryPoints: [`${root}/models/picture-finder/evaluate.ts`],
  outfile: `${root}/build/picture-finder/evaluate.mjs`,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  logLevel: 'warning',
});
const { main } = await import(new URL('../../build/picture-finder/evaluate.mjs', import.meta.url).href);
await main(process.argv.slice(2), root);

/**
 * `node build.js [development]`. esbuild does not follow `new Worker(new URL(…))`, so the workers are entries of their own.
 * @module
 */
import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const here = import.meta.dirname;
const development = process.argv[2] === 'development';

await esbuild.build({
  absWorkingDir: here,
  entryPoints: {
    page: './page.js',
    'scan.worker': 'presieve/worker/scan.worker.js',
    'trust.worker': 'presieve/worker/trust.worker.js',
  },
  outdir: 'out',
  bundle: true,
  format: 'esm',
  minify: !development,
  sourcemap: true,
});
// Parts are found beside the page's bundle, too.
cpSync(join(here, 'node_modules/presieve/dist/parts'), join(here, 'out'), { recursive: true });
copyFileSync(
  join(here, 'node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs'),
  join(here, 'out/libheif-bundle.mjs'),
);
copyFileSync(join(here, 'index.html'), join(here, 'out/index.html'));

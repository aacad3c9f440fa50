/**
 * `node build.js [photos]`: a signed repository of demo lists (build/lists), and the app with the root that it trusts
 * (build/app).
 * @module
 */
import { cpSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as esbuild from 'esbuild';
import { makeLists } from './make-lists.js';

const here = import.meta.dirname;
const at = (...path) => join(here, ...path);

const root = makeLists(at('build'), process.argv[2] ?? at('../demo/gallery'));
const app = at('build/app');
mkdirSync(app, { recursive: true });
for (const file of ['index.html', 'style.css', 'icon.svg']) cpSync(at('renderer', file), join(app, file));
await esbuild.build({
  absWorkingDir: here,
  // esbuild does not follow `new Worker(new URL(…))`, so the workers are entries of their own, beside the page's code.
  entryPoints: {
    main: './renderer/main.ts',
    'scan.worker': 'presieve/worker/scan.worker.js',
    'trust.worker': 'presieve/worker/trust.worker.js',
  },
  define: { LIST_ROOT: root },
  outdir: app,
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  // The workers are imported for their effects alone.
  ignoreAnnotations: true,
});
// Nor does it follow the parts' addresses: they belong beside the page's bundle.
const presieve = dirname(createRequire(import.meta.url).resolve('presieve/package.json'));
cpSync(join(presieve, 'dist/parts'), app, { recursive: true });

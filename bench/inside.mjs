/**
 * `npm run bench:finder [-- --quick]`, after `npm run build`: what the picture finder costs in Chromium.
 */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { bundleBench, root } from './bundle.mjs';

const at = await bundleBench('inside', { main: 'inside/main.ts' });
const worker = await esbuild.build({
  entryPoints: [`${fileURLToPath(new URL('.', import.meta.url))}inside/steps.worker.ts`],
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2022'],
  write: false,
  absWorkingDir: root,
});
const { main } = await import(at('main').href);
await main(worker.outputFiles[0].text, process.argv.includes('--quick'), root);

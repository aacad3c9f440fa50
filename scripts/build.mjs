/**
 * `npm run build`: kernels (AssemblyScript → base64 modules), the demo list, TypeScript → dist/, the
 * self-contained files of the workers and parts, and a size report.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { buildDemoList } from './build-demo-list.mjs';
import { buildWasm } from './build-wasm.mjs';
import { copyFinderFiles, writeFinderFiles } from './finder-files.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => `${root}/${path}`;

/** Bundles one entry into one file that imports nothing. */
async function bundle(entry, outfile) {
  await esbuild.build({
    entryPoints: [at(entry)],
    outfile: at(outfile),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    legalComments: 'linked',
    logLevel: 'warning',
  });
  // The minifier drops the comments that keep an app's bundler from following an import of an address.
  const code = readFileSync(at(outfile), 'utf8');
  const kept = code.replace(/\bimport\((\w+)\)/g, 'import(/*@vite-ignore*//*webpackIgnore:true*/$1)');
  if (kept !== code) writeFileSync(at(outfile), kept);
}

function reportSizes(files) {
  for (const file of files) {
    const bytes = readFileSync(at(file));
    console.log(
      `${file}: ${(bytes.length / 1024).toFixed(1)} KiB, ${(gzipSync(bytes).length / 1024).toFixed(1)} KiB gzipped`,
    );
  }
}

rmSync(at('dist'), { recursive: true, force: true });
await buildWasm();
// Before the demo list: the command line that builds it knows of the parts.
writeFinderFiles();
await buildDemoList();
execFileSync(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.json')], {
  stdio: 'inherit',
});
const WORKERS = ['worker/scan.worker', 'trust/trust.worker', 'fingerprint/fingerprint.worker'];
/** Parts, by the folder of src/ that holds their `*.part.ts`. */
const PARTS = ['video', 'finder', 'heic'];
const BUNDLES = [
  ...WORKERS.map((worker) => [`src/${worker}.ts`, `dist/${worker}.js`]),
  ...PARTS.map((part) => [`src/${part}/${part}.part.ts`, `dist/parts/${part}.part.js`]),
];
for (const [entry, outfile] of BUNDLES) await bundle(entry, outfile);
copyFinderFiles();
// Only their bundles are of use: unbundled they would need what is no dependency of the package. Of HEIC Node has use, too.
for (const part of PARTS.filter((name) => name !== 'heic')) rmSync(at(`dist/${part}`), { recursive: true });
reportSizes(BUNDLES.map(([, outfile]) => outfile));

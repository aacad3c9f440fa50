/**
 * Checks the import rules between the folders of src/ (docs/architecture.md): who may import whom.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));

/** Rooms that a room may import, besides itself; '.' is the files at the top of src/. */
const ALLOWED = {
  snapshot: [],
  kernels: ['snapshot'],
  scan: ['kernels', 'snapshot', '.'],
  worker: ['scan', 'kernels', 'snapshot', '.'],
  database: [],
  trust: ['snapshot', 'database', '.'],
  statistics: ['.'],
  records: ['statistics', 'database', '.'],
  finder: ['scan', 'kernels', '.'],
  demo: [],
  publisher: ['trust', 'statistics', 'heic', 'scan', 'kernels', 'snapshot', '.'],
  '.': ['worker', 'scan', 'trust', 'statistics', 'records', 'parts'],
  parts: ['.'],
  video: ['scan', 'kernels', '.'],
  heic: ['scan', '.'],
  words: ['.'],
  fingerprint: ['worker', 'scan', 'kernels', 'snapshot', '.'],
};
/** The one file in the worker that may import while it runs: the code of declared parts. */
const PART_LOADER = 'worker/part-loader.ts';
/** Rooms that must stay free of any platform: no Node modules. */
const NODE_ONLY = new Set(['publisher']);

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.ts$/.test(entry.name) ? [path] : [];
  });
}

const roomOf = (path) => (path.includes('/') ? path.split('/')[0] : '.');
const problems = [];
for (const file of sources(src)) {
  const path = relative(src, file).replaceAll('\\', '/');
  const room = roomOf(path);
  if (!(room in ALLOWED)) problems.push(`src/${path}: the folder "${room}" has no import rule`);
  const text = readFileSync(file, 'utf8');
  for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
    if (specifier.startsWith('node:')) {
      if (!NODE_ONLY.has(room))
        problems.push(`src/${path} imports ${specifier}: only publisher/ runs in Node alone`);
      continue;
    }
    if (!specifier.startsWith('.')) continue;
    const target = roomOf(posix.normalize(posix.join(dirname(path), specifier)));
    if (target !== room && !ALLOWED[room]?.includes(target)) {
      problems.push(`src/${path} imports ${specifier}: ${room} must not import ${target}`);
    }
  }
  // The records' library is loaded at a scanner's start, on the page, and only where the host asked for records.
  const mayRunInWorker = !NODE_ONLY.has(room) && room !== 'demo' && room !== 'records';
  if (mayRunInWorker && path !== PART_LOADER && /\bimport\(/.test(text)) {
    problems.push(`src/${path}: no import() outside ${PART_LOADER}`);
  }
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('import rules hold');

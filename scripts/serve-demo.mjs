/**
 * Builds the demo page into `build/demo` and serves it on this machine.
 *
 *     node scripts/serve-demo.mjs [--port 8123]
 *
 * The built package (`npm run build`) has to be there: the demo imports it as an app would. Where the port
 * is taken, a free one is used. Ctrl-C ends.
 *
 * @module
 */
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'examples/demo');
const DEFAULT_PORT = 8123;

const STATIC_FILES = ['index.html', 'style.css', 'icon.svg', 'gallery'];

/** Files of the parts that the page declares, where the bundled addresses of `presieve/parts/…` point. */
const PART_FILES = ['finder.part.js', 'finder', 'video.part.js'];

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.webm': 'video/webm',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
};

/** The page's own policy is in index.html; workers and everything else get theirs from here. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
    "img-src 'self' blob:; media-src blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

/**
 * Builds the demo.
 * @param {string} [outDir] - folder to write to, emptied first
 * @returns {Promise<string>} the folder
 */
export async function buildDemo(outDir = join(ROOT, 'build/demo')) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  await esbuild.build({
    entryPoints: [join(SOURCE, 'main.ts'), join(SOURCE, 'counting.worker.ts')],
    outdir: outDir,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    legalComments: 'none',
    // The worker is made of imports for their effects, which package.json's "sideEffects" lets a bundler drop.
    ignoreAnnotations: true,
    logLevel: 'warning',
  });
  for (const name of STATIC_FILES) await cp(join(SOURCE, name), join(outDir, name), { recursive: true });
  for (const name of PART_FILES) {
    await cp(join(ROOT, 'dist/parts', name), join(outDir, name), { recursive: true });
  }
  return outDir;
}

/**
 * Serves a built demo on the loopback interface.
 * @param {string} folder - what {@link buildDemo} returned
 * @param {number} [port] - 0 for any free one
 * @param {(address: string) => void} [onRequest] - told of each request, with its path and query
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} its address, and how to end it
 */
export async function serveDemo(folder, port = 0, onRequest = () => {}) {
  const server = createServer(async (request, response) => {
    onRequest(request.url);
    const { status, headers, body } = await respond(folder, request.method, request.url);
    response.writeHead(status, { ...HEADERS, ...headers });
    response.end(request.method === 'HEAD' ? undefined : body);
  });
  await listen(server, port).catch((error) => {
    if (error.code !== 'EADDRINUSE') throw error;
    return listen(server, 0);
  });
  return {
    url: `http://localhost:${server.address().port}/`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server, port) {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, 'localhost', () => {
      server.off('error', failed);
      done();
    });
  });
}

async function respond(folder, method, address) {
  const plain = (status, body, headers = {}) => ({
    status,
    body,
    headers: { 'content-type': 'text/plain', ...headers },
  });
  if (method !== 'GET' && method !== 'HEAD') return plain(405, 'only GET', { allow: 'GET, HEAD' });
  const file = fileOf(folder, address);
  if (file === null) return plain(404, 'not found');
  try {
    const body = await readFile(file);
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    return { status: 200, body, headers: { 'content-type': type, 'content-length': body.length } };
  } catch {
    return plain(404, 'not found');
  }
}

/** The file of an address, or null where it is malformed or leads out of the folder. */
function fileOf(folder, address) {
  try {
    // Not through URL, which would hide a path that climbs.
    const path = decodeURIComponent(address.split(/[?#]/, 1)[0]);
    if (path.includes('\0')) return null;
    const file = resolve(folder, `.${path.endsWith('/') ? `${path}index.html` : path}`);
    return file.startsWith(resolve(folder) + sep) ? file : null;
  } catch {
    return null;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: 'string', default: String(DEFAULT_PORT) } } });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error('"--port" must be a whole number from 0 to 65535');
    process.exit(2);
  }
  const { url, close } = await serveDemo(await buildDemo(), port);
  console.log(`The demo page: ${url}`);
  console.log('Ctrl-C ends.');
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => close().then(() => process.exit(0)));
}

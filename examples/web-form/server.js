/**
 * Serves the form, and tells what it was sent: `node server.js [port]`. It keeps no file.
 * @module
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript' };
const PRESIEVE = dirname(createRequire(import.meta.url).resolve('presieve/package.json'));

/** What is served: the form's own files, and the packages that its import map names. */
const FOLDERS = {
  '/packages/presieve/': PRESIEVE,
  '/packages/comlink/': packageNear(PRESIEVE, 'comlink'),
  '/': import.meta.dirname,
};

/** A package's folder, looked for as Node does: here, or in a folder above. */
function packageNear(folder, name) {
  const found = join(folder, 'node_modules', name);
  if (existsSync(found)) return found;
  if (dirname(folder) === folder) throw new Error(`"${name}" is not installed`);
  return packageNear(dirname(folder), name);
}

/** @returns {import('node:http').Server} that remembers what was uploaded, as long as it runs */
export function createFormServer() {
  const received = [];
  return createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    if (path === '/upload' && request.method === 'POST') {
      const digest = createHash('sha256');
      let bytes = 0;
      for await (const chunk of request) {
        bytes += chunk.length;
        digest.update(chunk);
      }
      const headers = Object.entries(request.headers).map(([name, value]) => `  ${name}: ${value}`);
      received.push([`POST /upload, ${bytes} bytes, SHA-256 ${digest.digest('hex')}`, ...headers].join('\n'));
      return void response.writeHead(204).end();
    }
    if (path === '/received') {
      return void response
        .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
        .end(received.length > 0 ? received.join('\n\n') : 'Nothing.');
    }
    const [prefix, folder] = Object.entries(FOLDERS).find(([start]) => path.startsWith(start));
    const file = resolve(folder, path === '/' ? 'index.html' : path.slice(prefix.length));
    try {
      if (!file.startsWith(folder + sep)) throw new Error('outside of the folder');
      const body = await readFile(file);
      response
        .writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' })
        .end(body);
    } catch {
      response.writeHead(404).end('not found');
    }
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = createFormServer().listen(Number(process.argv[2] ?? 8124), '127.0.0.1', () =>
    console.log(`http://localhost:${server.address().port}/`),
  );
}

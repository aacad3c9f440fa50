/**
 * What the app's own protocol answers: its files, the lists, and the outbox. Knows nothing of Electron, so that a test
 * can serve a browser the very same responses.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** Of every response. `'self'` is the app's own protocol: the renderer and its workers reach nothing else. */
export const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
    "img-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/**
 * @param {string} folder - what `build.js` made
 * @param {{ fetchList: (path: string) => Promise<Response>, send: (name: string, bytes: Uint8Array) => Promise<void> }} host
 * @returns {(request: Request) => Promise<Response>} the protocol's handler
 */
export function createHandler(folder, host) {
  return async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    const answer = (status, body, headers) =>
      new Response(body, { status, headers: { ...HEADERS, ...headers } });
    try {
      if (path === '/outbox' && request.method === 'POST') {
        const name = decodeURIComponent(request.headers.get('x-file-name') ?? 'file');
        await host.send(name, new Uint8Array(await request.arrayBuffer()));
        return answer(204, null);
      }
      if (request.method !== 'GET') return answer(405, 'only GET');
      if (path.startsWith('/lists/')) {
        const list = await host.fetchList(path.slice('/lists/'.length));
        return answer(list.status, list.body);
      }
      const file = resolve(folder, `.${path.endsWith('/') ? `${path}index.html` : path}`);
      if (!file.startsWith(resolve(folder) + sep)) return answer(404, 'not found');
      return answer(200, await readFile(file), {
        'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      });
    } catch {
      // A list's host that can't be reached, too: the stored list stays in use.
      return answer(path.startsWith('/lists/') ? 503 : 404, 'not there');
    }
  };
}

/**
 * Lists from a folder, in place of a list's host.
 * @param {string} folder - a published repository
 * @returns {(path: string) => Promise<Response>}
 */
export function listsFromFolder(folder) {
  return async (path) => {
    const file = join(folder, path);
    if (!resolve(file).startsWith(resolve(folder) + sep)) return new Response('not found', { status: 404 });
    try {
      return new Response(await readFile(file));
    } catch {
      return new Response('not found', { status: 404 });
    }
  };
}

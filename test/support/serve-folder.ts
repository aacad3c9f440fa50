/**
 * A static server on the loopback interface, with the headers that a test asks for and a record of all requests.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve, sep } from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

/** A running server. */
export interface StaticServer {
  readonly origin: string;
  /** Paths with their queries, in the order in which they were asked for. */
  readonly requests: string[];
  close(): Promise<void>;
}

/**
 * @param content - a folder, or the files themselves by path without a leading slash
 * @param headers - of every response, those that say 404 included
 */
export async function serveFolder(
  content: string | ReadonlyMap<string, Uint8Array>,
  headers: Record<string, string> = {},
): Promise<StaticServer> {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const address = request.url ?? '/';
    // Browsers ask for it when they like.
    if (address === '/favicon.ico') return void response.writeHead(204, headers).end();
    requests.push(address);
    const path = decodeURIComponent(new URL(address, 'http://localhost').pathname);
    const file = path.endsWith('/') ? `${path}index.html` : path;
    try {
      const body = await read(content, file);
      const type = TYPES[extname(file)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, ...headers }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain', ...headers }).end('not found');
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function read(content: string | ReadonlyMap<string, Uint8Array>, path: string): Promise<Uint8Array> {
  if (typeof content === 'string') {
    const file = resolve(content, `.${path}`);
    if (!file.startsWith(resolve(content) + sep)) throw new Error('outside of the folder');
    return readFile(file);
  }
  const body = content.get(path.slice(1));
  if (body === undefined) throw new Error('not found');
  return body;
}

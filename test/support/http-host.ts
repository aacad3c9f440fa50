/**
 * The same host over loopback HTTP, for Node: real sockets, headers and aborted transfers.
 * @module
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bend, type Misbehaviour, type RepositoryHost } from './repository-host.js';

/** @returns a host that listens on a free port */
export async function createHttpHost(files: Map<string, Uint8Array>): Promise<RepositoryHost> {
  const rules: { path: RegExp; how: Misbehaviour }[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.slice(1));
    requests.push(path);
    const how = rules.find((rule) => rule.path.test(path))?.how;
    void answer(response, host.files.get(path), how);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host: RepositoryHost = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    fetch: (...args) => fetch(...args),
    files,
    requests,
    misbehave: (path, how) => rules.unshift({ path, how }),
    behave: () => rules.splice(0),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return host;
}

async function answer(
  response: ServerResponse,
  bytes: Uint8Array | undefined,
  how: Misbehaviour | undefined,
): Promise<void> {
  response.on('error', () => {});
  if (how === 'unreachable') return void response.destroy();
  if (how === 'error') return void response.writeHead(503).end();
  if (how === 'missing' || (bytes === undefined && how === undefined))
    return void response.writeHead(404).end('not here');
  const body = bend(bytes ?? new Uint8Array(), how);
  if (how === 'content-length-too-small') {
    response.writeHead(200, { 'content-length': '7' });
    // Node won't send more than it announced; what is past it goes straight onto the socket.
    response.write(body);
    response.socket?.write(bytes?.subarray(7) ?? '');
    return void response.end();
  }
  if (how === 'content-length-too-large') {
    response.writeHead(200, { 'content-length': '9999999999' });
    response.write(body);
    return void setTimeout(() => response.destroy(), 50);
  }
  if (how === 'hang') {
    response.writeHead(200);
    response.flushHeaders();
    return;
  }
  if (how === 'endless') {
    response.writeHead(200);
    const chunk = Buffer.alloc(4096, 0x20);
    while (!response.destroyed)
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    return;
  }
  if (how === 'slow') {
    response.writeHead(200);
    for (let i = 0; i < body.length && !response.destroyed; i++) {
      response.write(body.subarray(i, i + 1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return void response.end();
  }
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(body);
}

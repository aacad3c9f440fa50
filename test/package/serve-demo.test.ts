/** The demo's server: types, headers, and nothing from outside its folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a plain script
import { serveDemo } from '../../scripts/serve-demo.mjs';

let parent: string;
let folder: string;
let server: { url: string; close(): Promise<void> };

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'presieve-demo-'));
  folder = join(parent, 'site');
  writeFileSync(join(parent, 'secret.txt'), 'secret');
  const { mkdirSync } = await import('node:fs');
  mkdirSync(folder);
  mkdirSync(`${folder}-other`);
  writeFileSync(join(`${folder}-other`, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'a b.webp'), 'picture');
  writeFileSync(join(folder, 'main.js'), '');
  server = await serveDemo(folder);
});

afterAll(async () => {
  await server.close();
  rmSync(parent, { recursive: true });
});

/** A raw request: `fetch` would tidy the path up first. */
function get(path: string, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((done, failed) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path, method }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', failed)
      .end();
  });
}

describe('files', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/index.html?plant=fetch', 'text/html; charset=utf-8'],
    ['/main.js', 'text/javascript; charset=utf-8'],
    ['/a%20b.webp', 'image/webp'],
  ])('serves %s as %s', async (path, type) => {
    const { status, headers } = await get(path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(type);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });

  it('answers HEAD without a body, and refuses other methods', async () => {
    expect(await get('/', 'HEAD')).toMatchObject({ status: 200, body: '' });
    expect((await get('/', 'POST')).status).toBe(405);
  });

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/a/../../secret.txt',
    '/../site-other/secret.txt',
    '//etc/passwd',
    '/..\\secret.txt',
    '/%00',
    '/%zz',
    '/missing.txt',
  ])('has nothing at %s', async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret');
  });
});

it('takes a free port where the wanted one is taken', async () => {
  const taken = Number(new URL(server.url).port);
  const second = await serveDemo(folder, taken);
  expect(Number(new URL(second.url).port)).not.toBe(taken);
  await second.close();
});

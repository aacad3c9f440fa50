/**
 * A package registry on the loopback interface that offers the packages of this checkout's own
 * `node_modules`, so that `npm install` of the packed tarball runs as a user's does, without a network.
 * @module
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';

/** A running registry. */
export interface LocalRegistry {
  /** Its address, with a closing slash. */
  readonly url: string;
  /** Names that were asked for and are not here. */
  readonly missing: readonly string[];
  close(): Promise<void>;
}

interface Manifest {
  name: string;
  version: string;
  [field: string]: unknown;
}

/** Where each version of a package lies; null where it is for another platform and is not installed. */
type Versions = Map<string, { manifest: Manifest; folder: string | null }>;

/**
 * @param root - a checkout after `npm ci`
 * @returns the registry of all its packages that are not for development only
 */
export async function startLocalRegistry(root: string): Promise<LocalRegistry> {
  const packages = readLock(root);
  const missing: string[] = [];
  let url = '';
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname.slice(1));
    const [name, file] = path.split('/-/');
    const versions = packages.get(name);
    const folder = versions?.get(file)?.folder;
    if (versions !== undefined && file === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(packument(name, versions, url)));
    } else if (folder != null) {
      // npm takes tar files that are not compressed as well.
      const tar = spawn('tar', [
        '-cf',
        '-',
        '--exclude',
        'node_modules',
        '-C',
        dirname(folder),
        basename(folder),
      ]);
      response.writeHead(200, { 'content-type': 'application/octet-stream' });
      tar.stdout.pipe(response);
    } else {
      missing.push(path);
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    missing,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function readLock(root: string): Map<string, Versions> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, Manifest & { dev?: boolean }>;
  };
  const packages = new Map<string, Versions>();
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === '' || locked.dev) continue;
    const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const folder = join(root, path);
    const installed = existsSync(join(folder, 'package.json'));
    const manifest = installed
      ? (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest)
      : { ...locked, name };
    const versions: Versions = packages.get(name) ?? new Map();
    versions.set(locked.version, { manifest, folder: installed ? folder : null });
    packages.set(name, versions);
  }
  return packages;
}

function packument(name: string, versions: Versions, url: string): object {
  const offered = [...versions].map(([version, { manifest }]) => [
    version,
    { ...manifest, dist: { tarball: `${url}${name}/-/${version}` } },
  ]);
  return {
    name,
    'dist-tags': { latest: [...versions.keys()].at(-1) },
    versions: Object.fromEntries(offered),
  };
}

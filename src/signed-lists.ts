/**
 * Signed lists as a host names them: the checks, and the repositories that they lie in.
 * @module
 */
import { ScanError } from './errors.js';
import type { RepositoryConfig } from './trust/update-list.js';

/** A list of a signed repository (docs/list-repository.md): fetched, verified, stored and kept up to date. */
export interface SignedListSource {
  /** The list's name, 1 to 64 of `A–Z a–z 0–9 . _ -`. */
  name: string;
  /** The repository's address, metadata below it at `metadata/`, targets at `targets/`. Relative to the page. */
  repository: string | URL;
  /** The root metadata that the app ships: the file's bytes, its text, or the JSON value. */
  root: Uint8Array | ArrayBuffer | string | object;
  /** Versions below it are refused, even by a browser that has lost its storage. */
  minVersion?: number;
}

/** A signed list, checked. */
export interface ResolvedSignedList {
  name: string;
  /** Absolute, with a slash at its end; also the name under which the repository's state is kept. */
  repository: string;
  root: Uint8Array;
  minVersion: number | undefined;
}

const FIELDS = ['name', 'repository', 'root', 'minVersion'];
const LIST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function invalid(message: string): never {
  throw new ScanError('invalid-argument', message);
}

/** @returns true for a plain object: what may be a {@link SignedListSource} */
export function mayBeSigned(value: unknown): value is SignedListSource {
  return typeof value === 'object' && value !== null && 'repository' in value;
}

function resolveAddress(address: unknown, option: string): string {
  if (typeof address !== 'string' && !(address instanceof URL)) invalid(`"${option}" must be a URL`);
  let url: URL;
  try {
    // On a server there is no page to be relative to, and no worker that would fetch.
    url = new URL(address, globalThis.location?.href ?? 'http://localhost/');
  } catch {
    return invalid(`"${option}" must be a URL`);
  }
  // A desktop app is served by a protocol of its own, and so may its lists be.
  const own = url.protocol === globalThis.location?.protocol && url.host === globalThis.location.host;
  if (url.protocol !== 'https:' && url.protocol !== 'http:' && !(own && url.host !== ''))
    invalid(`"${option}" must be an http(s) URL, or of the page's own origin`);
  if (url.search !== '' || url.hash !== '') invalid(`"${option}" must have no query and no fragment`);
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

function resolveRoot(root: unknown, option: string): Uint8Array {
  const bytes = toBytes(root);
  if (bytes === undefined || bytes.length === 0)
    return invalid(`"${option}" must be root metadata: bytes, JSON text or a JSON object`);
  return bytes;
}

function toBytes(root: unknown): Uint8Array | undefined {
  if (root instanceof Uint8Array) return root.slice();
  if (root instanceof ArrayBuffer) return new Uint8Array(root.slice(0));
  if (typeof root === 'string') return new TextEncoder().encode(root);
  // `{ signed, signatures }`: what a bundler makes of an imported root.json.
  if (typeof root !== 'object' || root === null || !('signed' in root)) return undefined;
  try {
    return new TextEncoder().encode(JSON.stringify(root));
  } catch {
    return undefined;
  }
}

/**
 * @param source - what the host passed
 * @param option - its name in messages, for example `lists[0]`
 * @returns the list, checked
 * @throws ScanError `invalid-argument`
 */
export function resolveSignedList(source: SignedListSource, option: string): ResolvedSignedList {
  for (const field of Object.keys(source))
    if (!FIELDS.includes(field)) invalid(`"${option}.${field}" is not an option`);
  const { name, minVersion } = source;
  if (typeof name !== 'string' || !LIST_NAME.test(name)) {
    invalid(`"${option}.name" must be 1 to 64 letters, digits, dots, underscores or hyphens`);
  }
  if (minVersion !== undefined && !(Number.isInteger(minVersion) && minVersion >= 1)) {
    invalid(`"${option}.minVersion" must be an integer, 1 or more`);
  }
  const repository = resolveAddress(source.repository, `${option}.repository`);
  return { name, repository, root: resolveRoot(source.root, `${option}.root`), minVersion };
}

/**
 * @param lists - checked one by one
 * @returns the repositories that they lie in
 * @throws ScanError `invalid-argument` for a list that is there twice, or two roots of one repository
 */
export function repositoriesOf(lists: readonly ResolvedSignedList[]): RepositoryConfig[] {
  const byAddress = new Map<string, ResolvedSignedList[]>();
  for (const list of lists) {
    const others = byAddress.get(list.repository) ?? [];
    if (others.some(({ name }) => name === list.name)) {
      invalid(`"lists" has the list "${list.name}" of ${list.repository} twice`);
    }
    if (others[0] !== undefined && !sameBytes(others[0].root, list.root)) {
      invalid(`"lists" has two different roots of ${list.repository}`);
    }
    byAddress.set(list.repository, [...others, list]);
  }
  return [...byAddress].map(([repository, wanted]) => ({
    repository,
    metadataUrl: `${repository}metadata/`,
    targetsUrl: `${repository}targets/`,
    root: wanted[0].root,
    lists: wanted.map(({ name, minVersion }) => ({ name, minVersion })),
  }));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

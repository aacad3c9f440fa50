/**
 * Which target paths a delegation is about (TUF 4.5), and which paths are safe to make an address of.
 * @module
 */
import { sha256Hex, utf8 } from './bytes.js';
import { TrustError } from './errors.js';
import type { DelegatedRole } from './models.js';

/**
 * Shell-style: `*` is any characters but a slash, `?` one of them. Time is linear in pattern times path.
 * @param path - a target path
 * @param pattern - a PATHPATTERN
 * @returns true if the whole path matches
 */
export function matchesPattern(path: string, pattern: string): boolean {
  let p = 0;
  let q = 0;
  // Where to go on after the last star: the star's place, and the first character not yet given to it.
  let star = -1;
  let retry = 0;
  while (p < path.length) {
    if (q < pattern.length && pattern[q] === '*') {
      star = q++;
      retry = p;
    } else if (q < pattern.length && (pattern[q] === path[p] || (pattern[q] === '?' && path[p] !== '/'))) {
      p++;
      q++;
    } else if (star >= 0 && path[retry] !== '/') {
      p = ++retry;
      q = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[q] === '*') q++;
  return q === pattern.length;
}

/**
 * @param role - a delegation
 * @param path - a target path
 * @returns true if the role is trusted with that path
 */
export function isDelegated(role: DelegatedRole, path: string): boolean {
  if (role.paths !== undefined) return role.paths.some((pattern) => matchesPattern(path, pattern));
  const digest = sha256Hex(utf8(path));
  return role.path_hash_prefixes!.some((prefix) => digest.startsWith(prefix));
}

/**
 * @param path - a target path from metadata
 * @param sha256 - put before the file's name in repositories with consistent snapshots (TUF 6.2)
 * @returns a relative address that stays below its base
 * @throws TrustError `format` for a path that does not
 */
export function targetAddress(path: string, sha256?: string): string {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\')))
    throw new TrustError('format', `"${path}" is not a target path: empty, dotted or backslashed part`);
  if (sha256 !== undefined) parts.push(`${sha256}.${parts.pop()!}`);
  return parts.map(encodeURIComponent).join('/');
}

/**
 * Taking out of what a web server serves what no client asks for any more. The publisher's own folder keeps everything.
 * @module
 */
import type { Folder } from './folder.js';
import { listedTargets, type Repository, targetFile } from './repository.js';

/** Roles whose versions name files. */
const TARGETS_ROLES = ['targets', 'urgent'] as const;

/**
 * Removes snapshots and deltas that none of the last versions of the targets and urgent metadata names, and all but the
 * last versions of the snapshot metadata. Versions of root, targets and urgent metadata stay: clients and audits walk
 * their chains. Files that this repository did not publish are left alone.
 * @param repository - published
 * @param out - what a web server serves; changed
 * @param keep - versions of each role that stay whole, 1 or more
 * @returns paths that were removed
 * @throws PublisherError
 */
export async function pruneOutput(repository: Repository, out: Folder, keep: number): Promise<string[]> {
  const kept = new Set<string>();
  const old = new Set<string>();
  for (const role of TARGETS_ROLES) {
    const newest = (await repository.published(role))?.signed.version ?? 0;
    for (let version = newest; version >= 1; version--)
      for (const { path, sha256 } of listedTargets(await repository.version(role, version)))
        (version > newest - keep ? kept : old).add(targetFile(path, sha256));
  }
  for (const path of await oldSnapshots(repository, keep)) old.add(path);
  const removed: string[] = [];
  for (const path of old) {
    if (kept.has(path) || !(await isThere(out, path))) continue;
    await out.remove(path);
    removed.push(path);
  }
  return removed;
}

/**
 * @param repository - published
 * @param keep - versions that stay
 * @returns paths of the other versions of the snapshot metadata
 * @throws PublisherError
 */
export async function oldSnapshots(repository: Repository, keep: number): Promise<Set<string>> {
  const newest = (await repository.published('snapshot'))?.signed.version ?? 0;
  const paths = new Set<string>();
  for (let version = newest - keep; version >= 1; version--) paths.add(`metadata/${version}.snapshot.json`);
  return paths;
}

async function isThere(folder: Folder, path: string): Promise<boolean> {
  const slash = path.lastIndexOf('/');
  return (await folder.list(path.slice(0, slash))).includes(path.slice(slash + 1));
}

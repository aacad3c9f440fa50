/**
 * What a figure has to say of itself: which source gave it, when, and on which machine.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem, type } from 'node:os';

/** Where a run's figures come from. */
export interface Provenance {
  /** Of the source; "-changed" where the checkout had other changes. */
  readonly commit: string;
  /** ISO 8601. */
  readonly date: string;
  readonly machine: string;
  readonly node: string;
}

/**
 * @param root - of the checkout
 * @param paths - whose changes matter
 * @returns the provenance of a run that begins now
 */
export function provenanceOf(root: string, paths: readonly string[]): Provenance {
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  return {
    commit: commitOf(root, paths),
    date: new Date().toISOString(),
    machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${gigabytes} GB, ${type()} ${release()}`,
    node: process.version,
  };
}

function commitOf(root: string, paths: readonly string[]): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--', ...paths) === '' ? '' : '-changed');
  } catch {
    return 'unknown';
  }
}

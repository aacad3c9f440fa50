/**
 * The chain of a targets role (docs/list-repository.md, section 5): each version names the digests of versions 1, 2, 4,
 * 8, … before it, so that a client that was shown one history can never be led onto another one, and finds that out
 * with few requests however long it was away.
 * @module
 */
import { TrustError } from './errors.js';
import type { TrustLimits } from './limits.js';
import { type Metadata, parseMetadata, signedDigest } from './models.js';

/** The last version of a role that a client took over. */
export interface ChainHead {
  readonly version: number;
  /** SHA-256 of the signed part in canonical form. */
  readonly sha256: string;
  /** `chains` of the root under which the head was kept (5.5). */
  readonly start: number;
}

/** Link to an older version. */
export interface ChainLink {
  readonly version: number;
  readonly sha256: string;
}

/**
 * @param version - of a targets file
 * @param start - first version of the chain
 * @returns versions that the file shall link to, descending (5.2)
 */
export function linkedVersions(version: number, start: number): number[] {
  const versions: number[] = [];
  for (let step = 1; version - step >= start; step *= 2) versions.push(version - step);
  return versions;
}

/**
 * Checks that a new version descends from the known one (5.3, 5.4).
 * @param role - its name
 * @param metadata - its verified metadata
 * @param start - the root's `chains` for this role
 * @param head - the known version, if there is one
 * @param fetchVersion - fetches an older version's file
 * @param limits - depth of JSON, number of files
 * @returns the new head
 * @throws TrustError `fork`, `rollback`, `format`, or what fetching throws
 */
export async function followChain(
  role: string,
  metadata: Metadata<'targets'>,
  start: number,
  head: ChainHead | undefined,
  fetchVersion: (version: number) => Promise<Uint8Array>,
  limits: TrustLimits,
): Promise<ChainHead> {
  const { version } = metadata.signed;
  const newHead: ChainHead = { version, sha256: signedDigest(metadata), start };
  let links = requiredLinks(role, metadata, start);
  // 5.5: another chain was begun by the root's owners.
  if (head === undefined || head.start !== start) return newHead;
  if (version < head.version)
    throw new TrustError('rollback', `"${role}" went back from version ${head.version} to ${version}`);
  if (version === head.version) {
    if (newHead.sha256 !== head.sha256) throw forked(role, version);
    return head;
  }
  for (let hop = 0; hop <= limits.maxChainHops; hop++) {
    // Links descend, so the last one that does not pass the head is the longest way back. The first never passes it.
    const link = links.filter((candidate) => candidate.version >= head.version).at(-1)!;
    if (link.version === head.version) {
      if (link.sha256 !== head.sha256) throw forked(role, head.version);
      return newHead;
    }
    const older = parseMetadata('targets', await fetchVersion(link.version), limits, role);
    if (older.signed.version !== link.version || signedDigest(older) !== link.sha256)
      throw forked(role, link.version);
    links = requiredLinks(role, older, start);
  }
  throw new TrustError('too-large', `"${role}" is more than ${limits.maxChainHops} links from the known one`);
}

function requiredLinks(role: string, { signed }: Metadata<'targets'>, start: number): readonly ChainLink[] {
  const { version } = signed;
  if (version < start)
    throw new TrustError('rollback', `"${role}" has version ${version}, before its chain begins at ${start}`);
  const links = signed['x-presieve']?.links ?? [];
  const expected = linkedVersions(version, start);
  if (links.length !== expected.length || links.some((link, i) => link.version !== expected[i])) {
    throw new TrustError('format', `"${role}" version ${version} does not link to versions ${expected}`);
  }
  return links;
}

function forked(role: string, version: number): TrustError {
  return new TrustError('fork', `"${role}" has two versions ${version}: others may be shown other lists`);
}

/**
 * The record of a repository: every version of every chain, who approved it, what it listed; and whether two places, or a
 * client, were shown the same.
 * @module
 */
import { linkedVersions } from '../../trust/chain.js';
import { TrustError } from '../../trust/errors.js';
import { DEFAULT_TRUST_LIMITS } from '../../trust/limits.js';
import { type Authority, type Metadata, parseMetadata, signedDigest } from '../../trust/models.js';
import { PublisherError } from '../errors.js';
import type { RepositoryAddress } from './folder.js';
import type { TargetsRole } from './metadata.js';
import { type ListedTarget, listedTargets, validSigners } from './repository.js';
import { type Verification, verifyRepository } from './verify.js';

/** One version of a role. */
export interface AuditedVersion {
  readonly role: TargetsRole;
  readonly version: number;
  /** SHA-256 of the signed part: what chains, heads and mirrors are compared by. */
  readonly sha256: string;
  /** ISO 8601. */
  readonly expires: string;
  /** Keys that validly signed. */
  readonly approvals: readonly { readonly keyId: string; readonly organisation?: string | undefined }[];
  readonly threshold: number;
  /** Snapshots and deltas that the version before did not list. */
  readonly added: readonly {
    readonly path: string;
    readonly entries: number;
    readonly bytes: number;
    readonly sha256: string;
    readonly urgentUntil?: string;
  }[];
}

/** A repository's record. */
export interface Audit {
  readonly repository: string;
  /** Oldest first, `targets` before `urgent`. */
  readonly versions: readonly AuditedVersion[];
  /** Versions missing, chains broken, signatures lacking, or what clients refuse. */
  readonly problems: readonly string[];
  readonly verification: Verification;
}

/** A head as a client, or `repo verify --json`, exports it. */
export type ExportedHeads = Readonly<Record<string, { readonly version: number; readonly sha256: string }>>;

/**
 * Reads a repository's whole history.
 * @param address - the repository
 * @param root - root metadata to start from
 * @param now - milliseconds since 1970
 * @returns its record
 * @throws TrustError if the root can't be read
 */
export async function auditRepository(
  address: RepositoryAddress,
  root: Uint8Array,
  now: number,
): Promise<Audit> {
  const verification = await verifyRepository(address, { root, now });
  const problems: string[] = [];
  const { failure, listFailures } = verification;
  for (const { code, message } of [...(failure ? [failure] : []), ...Object.values(listFailures)])
    problems.push(`clients refuse it (${code}): ${message}`);
  const reader = new HistoryReader(address, problems);
  const roots = await reader.roots(root);
  const latest = await reader.latestVersions();
  const targets = await reader.chain('targets', chainStart(roots, 'targets'), latest.targets ?? 0, () =>
    roots.map(({ signed }): Authority => ({ keys: signed.keys, role: signed.roles.targets })),
  );
  const urgent = await reader.chain('urgent', chainStart(roots, 'urgent'), latest.urgent ?? 0, () =>
    targets.flatMap(({ metadata }): Authority[] => {
      const { delegations } = metadata.signed;
      const role = delegations?.roles.find(({ name }) => name === 'urgent');
      return delegations && role ? [{ keys: delegations.keys, role }] : [];
    }),
  );
  const names = Object.assign({}, ...roots.map(({ signed }) => signed['x-presieve']?.organisations));
  const versions = [...targets, ...urgent].map(({ role, metadata, approvals, threshold, before }) => ({
    role,
    version: metadata.signed.version,
    sha256: signedDigest(metadata),
    expires: new Date(metadata.signed.expires).toISOString(),
    approvals: approvals.map((keyId) => ({
      keyId,
      ...(Object.hasOwn(names, keyId) ? { organisation: names[keyId] as string } : {}),
    })),
    threshold,
    added: reader.addedTargets(before, metadata).map(describeTarget),
  }));
  problems.push(...changedFiles(versions));
  return { repository: address.name, versions, problems, verification };
}

/**
 * @param one - a record
 * @param other - that of a mirror
 * @returns how they contradict each other; one that is only behind does not
 */
export function compareAudits(one: Audit, other: Audit): string[] {
  const found: string[] = [];
  for (const { role, version, sha256 } of one.versions) {
    const twin = other.versions.find((candidate) => candidate.role === role && candidate.version === version);
    if (twin !== undefined && twin.sha256 !== sha256)
      found.push(
        `${role} version ${version} is ${sha256} at ${one.repository} and ${twin.sha256} at ${other.repository}`,
      );
  }
  return found;
}

/**
 * @param audit - a record
 * @param heads - what a client keeps
 * @param name - what messages call the client
 * @returns how they contradict each other
 */
export function compareHeads(audit: Audit, heads: ExportedHeads, name: string): string[] {
  return Object.entries(heads).flatMap(([role, { version, sha256 }]) => {
    const same = audit.versions.find((candidate) => candidate.role === role && candidate.version === version);
    if (same === undefined)
      return [`${name} knows ${role} version ${version}, which ${audit.repository} does not have`];
    if (same.sha256 === sha256) return [];
    return [`${role} version ${version} is ${same.sha256} at ${audit.repository} and ${sha256} at ${name}`];
  });
}

interface ReadVersion {
  readonly role: TargetsRole;
  readonly metadata: Metadata<'targets'>;
  readonly before: Metadata<'targets'> | undefined;
  readonly approvals: readonly string[];
  readonly threshold: number;
}

class HistoryReader {
  readonly #address: RepositoryAddress;
  readonly #problems: string[];

  constructor(address: RepositoryAddress, problems: string[]) {
    this.#address = address;
    this.#problems = problems;
  }

  /** The root that was given and all that follow; whether they may follow is the client's judgement. */
  async roots(anchor: Uint8Array): Promise<Metadata<'root'>[]> {
    const roots = [parseMetadata('root', anchor, DEFAULT_TRUST_LIMITS)];
    for (;;) {
      const version = roots.at(-1)!.signed.version + 1;
      const bytes = await this.#fetch(`${version}.root.json`, DEFAULT_TRUST_LIMITS.maxRootBytes);
      if (bytes === undefined || roots.length > DEFAULT_TRUST_LIMITS.maxRootRotations) return roots;
      roots.push(parseMetadata('root', bytes, DEFAULT_TRUST_LIMITS));
    }
  }

  /** Newest versions by role, unverified: where a client refuses a repository, its record is still worth a look. */
  async latestVersions(): Promise<Record<string, number>> {
    try {
      const limits = DEFAULT_TRUST_LIMITS;
      const timestamp = await this.#fetch('timestamp.json', limits.maxTimestampBytes);
      if (timestamp === undefined) return {};
      const { version } = parseMetadata('timestamp', timestamp, limits).signed.meta['snapshot.json'];
      const snapshot = await this.#fetch(`${version}.snapshot.json`, limits.maxSnapshotMetadataBytes);
      if (snapshot === undefined) return {};
      const { meta } = parseMetadata('snapshot', snapshot, limits).signed;
      return Object.fromEntries(
        Object.entries(meta).map(([file, facts]) => [file.replace(/\.json$/, ''), facts.version]),
      );
    } catch (error) {
      if (!(error instanceof TrustError)) throw error;
      this.#problems.push(error.message);
      return {};
    }
  }

  async chain(
    role: TargetsRole,
    start: number,
    latest: number,
    authorities: () => readonly Authority[],
  ): Promise<ReadVersion[]> {
    const read = new Map<number, ReadVersion>();
    const allowed = authorities();
    for (let version = start; version <= latest; version++) {
      const what = `${role} version ${version}`;
      try {
        const bytes = await this.#fetch(`${version}.${role}.json`, DEFAULT_TRUST_LIMITS.maxTargetsBytes);
        if (bytes === undefined) {
          this.#problems.push(`${what} is missing`);
          continue;
        }
        const metadata = parseMetadata('targets', bytes, DEFAULT_TRUST_LIMITS, what);
        this.#checkLinks(what, version, start, metadata, read);
        const { approvals, threshold } = mostApproved(metadata, allowed);
        if (approvals.length < threshold)
          this.#problems.push(
            `${what} is signed by ${approvals.length} of the ${threshold} keys that it takes`,
          );
        read.set(version, { role, metadata, before: read.get(version - 1)?.metadata, approvals, threshold });
      } catch (error) {
        if (!(error instanceof TrustError)) throw error;
        this.#problems.push(`${what}: ${error.message}`);
      }
    }
    return [...read.values()];
  }

  /** What a version lists that the one before did not. */
  addedTargets(before: Metadata<'targets'> | undefined, metadata: Metadata<'targets'>): ListedTarget[] {
    try {
      const known = new Set(listedTargets(before).map(({ path, sha256 }) => `${sha256} ${path}`));
      return listedTargets(metadata).filter(({ path, sha256 }) => !known.has(`${sha256} ${path}`));
    } catch (error) {
      if (!(error instanceof PublisherError)) throw error;
      this.#problems.push(error.message);
      return [];
    }
  }

  #checkLinks(
    what: string,
    version: number,
    start: number,
    { signed }: Metadata<'targets'>,
    read: ReadonlyMap<number, ReadVersion>,
  ): void {
    if (signed.version !== version) this.#problems.push(`${what} says that it is version ${signed.version}`);
    const links = new Map(signed['x-presieve']?.links?.map((link) => [link.version, link.sha256]));
    for (const linked of linkedVersions(version, start)) {
      const before = read.get(linked);
      if (before !== undefined && links.get(linked) !== signedDigest(before.metadata))
        this.#problems.push(`${what} does not name the version ${linked} that is published before it`);
    }
  }

  async #fetch(file: string, maxBytes: number): Promise<Uint8Array | undefined> {
    const { metadataUrl, transport } = this.#address;
    const { fileTimeoutMs: timeoutMs } = DEFAULT_TRUST_LIMITS;
    try {
      return await transport.fetch(new URL(file, metadataUrl).href, { maxBytes, timeoutMs });
    } catch (error) {
      if (error instanceof TrustError && error.code === 'not-found') return undefined;
      throw error;
    }
  }
}

/** Keys may have changed since: the root (or delegation) under which it has its threshold counts, else the closest. */
function mostApproved(
  metadata: Metadata<'targets'>,
  authorities: readonly Authority[],
): { approvals: string[]; threshold: number } {
  const all = authorities.map((authority) => ({
    approvals: validSigners(metadata, authority),
    threshold: authority.role.threshold,
  }));
  const enough = all.filter(({ approvals, threshold }) => approvals.length >= threshold);
  const best = (enough.length > 0 ? enough : all).sort((a, b) => b.approvals.length - a.approvals.length)[0];
  return best ?? { approvals: [], threshold: 1 };
}

function chainStart(roots: readonly Metadata<'root'>[], role: TargetsRole): number {
  const chains = roots.at(-1)!.signed['x-presieve']?.chains ?? {};
  return Object.hasOwn(chains, role) ? chains[role] : 1;
}

function describeTarget({ path, length, sha256, facts }: ListedTarget): AuditedVersion['added'][number] {
  const { entries, urgentUntil } = facts;
  const until = urgentUntil && { urgentUntil: new Date(urgentUntil * 1000).toISOString() };
  return { path, entries, bytes: length, sha256, ...until };
}

/** One path of a snapshot is one file, whatever the role and version that lists it. */
function changedFiles(versions: readonly AuditedVersion[]): string[] {
  const known = new Map<string, string>();
  return versions.flatMap(({ role, version, added }) =>
    added.flatMap(({ path, sha256 }) => {
      const before = known.get(path);
      known.set(path, sha256);
      if (before === undefined || before === sha256) return [];
      return [`${role} version ${version} lists ${path} as another file than before`];
    }),
  );
}

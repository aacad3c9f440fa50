/**
 * Signing on an organisation's own machine: what is staged is checked against what is published, and a snapshot is signed
 * only if the signer's own inputs give the very same bytes.
 * @module
 */
import { sha256Hex } from '../../trust/bytes.js';
import { linkedVersions } from '../../trust/chain.js';
import type { Authority, Metadata } from '../../trust/models.js';
import { readSnapshotFacts } from '../../trust/snapshot-facts.js';
import { type BuildOptions, buildSnapshot } from '../build.js';
import { PublisherError } from '../errors.js';
import { openSnapshot } from '../inspect.js';
import { lastSnapshots } from './add.js';
import { describeRootChanges, describeTargetsChanges } from './changes.js';
import { applyDelta } from './deltas.js';
import type { SigningKey } from './keys.js';
import { addSignature, type TargetsRole } from './metadata.js';
import { type ListedTarget, listedTargets, type Repository, validSigners } from './repository.js';

/** The signer's own lists and rules; name, version, time, salt and widths come from what is rebuilt. */
export type RebuildInputs = Pick<
  BuildOptions,
  'inputs' | 'videos' | 'videoThresholds' | 'excludes' | 'embargoes' | 'quorum'
>;

/** How something is signed. */
export interface SignOptions {
  readonly role: 'root' | TargetsRole;
  readonly key: SigningKey;
  /** Makes inputs to rebuild from. */
  readonly rebuild?: (() => RebuildInputs) | undefined;
  /** Snapshots that the signer has built elsewhere, to be compared instead. */
  readonly rebuilt?: readonly Uint8Array[] | undefined;
  /** Sign snapshots that were not rebuilt. */
  readonly unseen: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was signed. */
export interface SignReport {
  readonly role: SignOptions['role'];
  readonly version: number;
  readonly expires: string;
  readonly keyId: string;
  /** What the signed version changes, as lines for a person. */
  readonly changes: readonly string[];
  /** Snapshots that the signer's own inputs gave. */
  readonly reproduced: readonly { readonly path: string; readonly sha256: string }[];
  /** Snapshots that were signed without that. */
  readonly unseen: readonly string[];
  /** Names of all who have signed. */
  readonly signers: readonly string[];
  readonly threshold: number;
}

const CLOCK_SKEW_SECONDS = 600;

/**
 * Signs a staged role and stores the signature.
 * @param repository - changed
 * @param options - role, key, inputs
 * @returns what was signed
 * @throws PublisherError `usage`, `key-invalid`, `not-reproduced`, `repository-invalid` or what a build throws
 */
export async function signStaged(repository: Repository, options: SignOptions): Promise<SignReport> {
  const { role, key, now } = options;
  const staged: Metadata | undefined = await repository.staged(role);
  if (staged === undefined) throw new PublisherError('usage', `nothing is staged for the role ${role}`);
  const published = await repository.published(role);
  const authority = await repository.authority(role);
  await checkKey(repository, options, authority);
  const { version, expires } = staged.signed;
  if (version !== (published?.signed.version ?? 0) + 1)
    invalid(
      `staged ${role} has version ${version}, and version ${published?.signed.version ?? 0} is published`,
    );
  if (expires <= now) invalid(`staged ${role} expired at ${new Date(expires).toISOString()}`);

  const changes: string[] = [];
  let rebuilt: { reproduced: ListedTarget[]; unseen: string[] } = { reproduced: [], unseen: [] };
  if (role === 'root') {
    const root = staged as Metadata<'root'>;
    changes.push(...describeRootChanges(published as Metadata<'root'> | undefined, root));
  } else {
    const targets = staged as Metadata<'targets'>;
    await checkPublished(repository);
    await checkLinks(repository, role, targets);
    changes.push(...describeTargetsChanges(published as Metadata<'targets'> | undefined, targets));
    rebuilt = await checkTargets(repository, targets, published as Metadata<'targets'> | undefined, options);
  }
  await repository.stage(role, addSignature(role, staged.bytes, key));
  const signed: Metadata = (await repository.staged(role))!;
  const signers = await Promise.all(validSigners(signed, authority).map((id) => repository.keyName(id)));
  return {
    role,
    version,
    expires: new Date(expires).toISOString(),
    keyId: key.id,
    changes,
    reproduced: rebuilt.reproduced.map(({ path, sha256 }) => ({ path, sha256 })),
    unseen: rebuilt.unseen,
    signers: signers.sort(),
    threshold: authority.role.threshold,
  };
}

/** A new root is signed by the old one's keys, too. */
async function checkKey(
  repository: Repository,
  { role, key }: SignOptions,
  authority: Authority,
): Promise<void> {
  const allowed = [...authority.role.keyids];
  if (role === 'root') {
    const old = await repository.published('root');
    allowed.push(...(old?.signed.roles.root.keyids ?? []));
  }
  if (!allowed.includes(key.id))
    throw new PublisherError('key-invalid', `the key ${key.id.slice(0, 16)}… is none of the role ${role}`);
}

/** What the staged version is compared with, and where widths come from, has to be signed itself. */
async function checkPublished(repository: Repository): Promise<void> {
  const root = await repository.published('root');
  const targets = await repository.published('targets');
  if (root === undefined || targets === undefined) return;
  const role = root.signed.roles.targets;
  const signers = validSigners(targets, { keys: root.signed.keys, role });
  if (signers.length < role.threshold)
    invalid(
      `published targets version ${targets.signed.version} is not signed by ${role.threshold} organisations`,
    );
}

async function checkLinks(
  repository: Repository,
  role: TargetsRole,
  { signed }: Metadata<'targets'>,
): Promise<void> {
  const links = signed['x-presieve']?.links ?? [];
  const expected = linkedVersions(signed.version, await repository.chainStart(role));
  if (links.length !== expected.length) invalid(`staged ${role} does not link to versions ${expected}`);
  for (const [i, { version, sha256 }] of links.entries()) {
    if (version !== expected[i] || sha256 !== (await repository.chainDigest(role, version)))
      invalid(`staged ${role} names another version ${version} before it than the one that is published`);
  }
}

async function checkTargets(
  repository: Repository,
  staged: Metadata<'targets'>,
  published: Metadata<'targets'> | undefined,
  options: SignOptions,
): Promise<{ reproduced: ListedTarget[]; unseen: string[] }> {
  const old = new Set(listedTargets(published).map(({ path, sha256 }) => `${sha256} ${path}`));
  const added = listedTargets(staged).filter(({ path, sha256 }) => !old.has(`${sha256} ${path}`));
  const reproduced: ListedTarget[] = [];
  const unseen: string[] = [];
  for (const target of added.filter(({ facts }) => facts.base === undefined)) {
    const bytes = await checkedFile(repository, target);
    checkFacts(target, bytes, options.now);
    if (options.rebuilt !== undefined && options.rebuilt.length > 0) {
      compareRebuilt(target, options.rebuilt);
      reproduced.push(target);
    } else if (options.rebuild !== undefined) {
      await reproduce(repository, target, bytes, options.rebuild());
      reproduced.push(target);
    } else if (options.unseen) {
      unseen.push(target.path);
    } else {
      throw new PublisherError(
        'usage',
        `${target.path} is new: give the lists that it was built from, and it will be rebuilt and compared; ` +
          '--unsafe-sign-unseen signs what nobody here has checked',
      );
    }
  }
  for (const target of added.filter(({ facts }) => facts.base !== undefined))
    await checkDelta(repository, target, staged);
  return { reproduced, unseen };
}

/** The signer's own build, made with whatever `repo sign` can't rebuild by itself: sections of licensees' signals. */
function compareRebuilt(target: ListedTarget, rebuilt: readonly Uint8Array[]): void {
  const digests = rebuilt.map(sha256Hex);
  if (digests.includes(target.sha256)) return;
  throw new PublisherError(
    'not-reproduced',
    `${target.path} has the SHA-256 ${target.sha256}; what you built has ${digests.join(', ')}: not signed`,
  );
}

async function checkedFile(repository: Repository, target: ListedTarget): Promise<Uint8Array> {
  const bytes = await repository.targetBytes(target);
  if (bytes === undefined) return invalid(`${target.path} is staged, and its file is not there`);
  if (bytes.length !== target.length || sha256Hex(bytes) !== target.sha256)
    invalid(`${target.path} is not the file that the staged metadata describes`);
  return bytes;
}

function checkFacts({ path, facts }: ListedTarget, bytes: Uint8Array, now: number): void {
  const { name, version, created, entries } = readSnapshotFacts(bytes);
  if (
    name !== facts.list ||
    version !== facts.version ||
    created !== facts.created ||
    entries !== facts.entries
  )
    invalid(`${path}: the staged metadata says something else of it than its header`);
  if (created > now / 1000 + CLOCK_SKEW_SECONDS) invalid(`${path} was created in the future`);
}

async function reproduce(
  repository: Repository,
  target: ListedTarget,
  bytes: Uint8Array,
  inputs: RebuildInputs,
): Promise<void> {
  const { header } = openSnapshot(bytes, target.path);
  const { name, version, createdSeconds, demo, capacity, salt } = header;
  const options = { ...inputs, version, createdSeconds };
  const base = target.facts.urgentUntil === undefined ? await baseOf(repository, target, salt) : undefined;
  // Widths come from a version that was signed before, or are the usual ones: never from the candidate.
  const { bytes: rebuilt } = await buildSnapshot(
    base === undefined ? { ...options, name, demo, capacity, salt } : { ...options, base },
  );
  const sha256 = sha256Hex(rebuilt);
  if (sha256 === target.sha256) return;
  throw new PublisherError(
    'not-reproduced',
    `${target.path} has the SHA-256 ${target.sha256}; your lists give ${sha256} ` +
      `(${readSnapshotFacts(rebuilt).entries} entries instead of ${target.facts.entries}): not signed`,
  );
}

/** The version before it, if the candidate carries on its salt. */
async function baseOf(
  repository: Repository,
  { facts }: ListedTarget,
  salt: Uint8Array,
): Promise<Uint8Array | undefined> {
  const [before] = await lastSnapshots(repository, facts.list, 1);
  const bytes = before && (await repository.targetBytes(before));
  if (bytes === undefined || sha256Hex(bytes) !== before!.sha256) return undefined;
  const { header } = openSnapshot(bytes, before!.path);
  return header.salt.every((byte, i) => byte === salt[i]) ? bytes : undefined;
}

/** A delta says nothing new: it has to lead from a published snapshot to the staged one. */
async function checkDelta(
  repository: Repository,
  delta: ListedTarget,
  staged: Metadata<'targets'>,
): Promise<void> {
  const { list, version, base: from } = delta.facts;
  const bytes = await checkedFile(repository, delta);
  const known = await lastSnapshots(repository, list, Number.POSITIVE_INFINITY);
  const base = known.find(({ facts }) => facts.version === from);
  const next = listedTargets(staged).find(
    ({ facts }) => facts.list === list && facts.version === version && facts.base === undefined,
  );
  const baseBytes = base && (await repository.targetBytes(base));
  if (baseBytes === undefined || sha256Hex(baseBytes) !== base!.sha256 || next === undefined)
    return invalid(`${delta.path}: the versions that it leads from and to are not both there`);
  let result: Uint8Array;
  try {
    result = applyDelta(baseBytes, bytes);
  } catch (cause) {
    throw new PublisherError('repository-invalid', `${delta.path} can't be applied`, { cause });
  }
  if (sha256Hex(result) !== next.sha256) invalid(`${delta.path} does not lead to ${next.path}`);
}

function invalid(message: string): never {
  throw new PublisherError('repository-invalid', message);
}

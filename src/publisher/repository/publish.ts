/**
 * Publishing: what is signed by enough keys goes out under a new snapshot and timestamp, after a client has tried it.
 * @module
 */
import * as tuf from '@tufjs/models';
import { sha256Hex } from '../../trust/bytes.js';
import { TrustError } from '../../trust/errors.js';
import { type Authority, type Metadata, verifyThreshold } from '../../trust/models.js';
import { MemoryStore } from '../../trust/store.js';
import { PublisherError } from '../errors.js';
import { type Folder, folderAddress, overlayFolder } from './folder.js';
import type { SigningKey } from './keys.js';
import { encodeSigned, expiryAfter, type RoleName, readMetadata, SPEC_VERSION } from './metadata.js';
import { oldSnapshots, pruneOutput } from './prune.js';
import { listedTargets, type Repository, targetFile, validSigners } from './repository.js';
import { isRefused, type Verification, verifyRepository } from './verify.js';

/** What publishing works with. */
export interface PublishOptions {
  /** Keys of the snapshot and timestamp roles. */
  readonly keys: readonly SigningKey[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Versions whose files stay in the output, 1 or more; default: all. */
  readonly keep?: number | undefined;
}

/** What was published. */
export interface PublishReport {
  /** Versions that are new, by role. */
  readonly published: Partial<Record<RoleName, number>>;
  /** Staged roles that still wait for signatures, as lines for a person. */
  readonly waiting: readonly string[];
  /** What a client makes of it. */
  readonly verification: Verification;
  /** Files written to the output folder. */
  readonly files: number;
  /** Files removed from the output folder. */
  readonly removed: readonly string[];
}

/** What will be current. */
interface Current {
  readonly root: Metadata<'root'>;
  readonly targets: Metadata<'targets'>;
  readonly urgent: Metadata<'targets'> | undefined;
}

/**
 * Publishes into the repository's own folder, then copies to the output, timestamp last.
 * @param repository - changed
 * @param out - what a web server serves: `metadata/` and `targets/`
 * @param options - keys and time
 * @returns what was published
 * @throws PublisherError `threshold`, `key-invalid`, `refused`, `repository-invalid`, `output-failed`
 */
export async function publishRepository(
  repository: Repository,
  out: Folder,
  options: PublishOptions,
): Promise<PublishReport> {
  const { keep } = options;
  if (keep !== undefined && (!Number.isSafeInteger(keep) || keep < 1))
    throw new PublisherError('usage', '--keep must be 1 or more versions');
  const waiting: string[] = [];
  const fresh: Partial<Record<RoleName, Uint8Array>> = {};
  const current = await chooseCurrent(repository, fresh, waiting);
  await signOnlineRoles(repository, current, fresh, options);

  const written = new Map<string, Uint8Array>();
  const versions: Partial<Record<RoleName, number>> = {};
  for (const role of ['targets', 'urgent', 'snapshot', 'root', 'timestamp'] as const) {
    const bytes = fresh[role];
    if (bytes === undefined) continue;
    const { version } = readMetadata(role === 'urgent' ? 'targets' : role, bytes, role).signed;
    versions[role] = version;
    written.set(role === 'timestamp' ? 'metadata/timestamp.json' : `metadata/${version}.${role}.json`, bytes);
  }
  const verification = await rehearse(repository, written, options.now);
  // Entries of the map are in the order of safety: nothing is named before it is there.
  for (const [path, bytes] of written) await repository.folder.write(path, bytes);
  const left = keep === undefined ? new Set<string>() : await oldSnapshots(repository, keep);
  const files = await copyTo(repository, out, current, left);
  const removed = keep === undefined ? [] : await pruneOutput(repository, out, keep);
  for (const role of ['root', 'targets', 'urgent'] as const)
    if (fresh[role] !== undefined) await repository.folder.remove(`staged/${role}.json`);
  return { published: versions, waiting, verification, files, removed };
}

async function chooseCurrent(
  repository: Repository,
  fresh: Partial<Record<RoleName, Uint8Array>>,
  waiting: string[],
): Promise<Current> {
  const oldRoot = await repository.published('root');
  const newRoot = await repository.staged('root');
  const rootAuthorities = [oldRoot, newRoot].flatMap((root) => (root ? [rootAuthority(root, 'root')] : []));
  const root = (await takeIfSigned('root', newRoot, rootAuthorities)) ?? oldRoot;
  if (root === undefined) throw new PublisherError('threshold', waiting.join('; ') || 'there is no root');

  const authority = rootAuthority(root, 'targets');
  const targets =
    (await takeIfSigned('targets', await repository.staged('targets'), [authority])) ??
    (await repository.published('targets'));
  if (targets === undefined)
    throw new PublisherError('threshold', waiting.join('; ') || 'there are no targets');
  if (fresh.targets === undefined) checkStillSigned('targets', targets, authority);

  const delegations = targets.signed.delegations;
  const delegated = delegations?.roles.find(({ name }) => name === 'urgent');
  let urgent = await repository.published('urgent');
  if (delegations !== undefined && delegated !== undefined) {
    const staged = await repository.staged('urgent');
    urgent = (await takeIfSigned('urgent', staged, [{ keys: delegations.keys, role: delegated }])) ?? urgent;
  }
  return { root, targets, urgent };

  async function takeIfSigned<M extends Metadata>(
    role: 'root' | 'targets' | 'urgent',
    staged: M | undefined,
    authorities: readonly Authority[],
  ): Promise<M | undefined> {
    if (staged === undefined) return undefined;
    for (const needed of authorities) {
      const signers = validSigners(staged, needed);
      if (signers.length >= needed.role.threshold) continue;
      const names = await Promise.all(signers.map((id) => repository.keyName(id)));
      const who = names.length === 0 ? '' : ` (${names.join(', ')})`;
      waiting.push(
        `${role} version ${staged.signed.version} is signed by ${signers.length}${who} of the ${needed.role.threshold} keys that it takes`,
      );
      return undefined;
    }
    fresh[role] = staged.bytes;
    return staged;
  }
}

function rootAuthority(
  root: Metadata<'root'>,
  role: 'root' | 'targets' | 'snapshot' | 'timestamp',
): Authority {
  return { keys: root.signed.keys, role: root.signed.roles[role] };
}

function checkStillSigned(role: string, metadata: Metadata, authority: Authority): void {
  try {
    verifyThreshold(metadata, authority, role);
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    throw new PublisherError(
      'threshold',
      `under the new root ${cause.message}: stage the role anew (repo renew) and have it signed, too`,
      { cause },
    );
  }
}

/** New snapshot metadata where something changed or half of its time is over; a new timestamp in any case. */
async function signOnlineRoles(
  repository: Repository,
  { root, targets, urgent }: Current,
  fresh: Partial<Record<RoleName, Uint8Array>>,
  { keys, now }: PublishOptions,
): Promise<void> {
  const { expiryDays, pollSeconds } = repository.settings;
  const keyOf = (role: 'snapshot' | 'timestamp') => {
    const key = keys.find(({ id }) => root.signed.roles[role].keyids.includes(id));
    if (key !== undefined) return key;
    throw new PublisherError('key-invalid', `none of the keys in --key is the one of the ${role} role`);
  };
  let snapshot = await repository.published('snapshot');
  const halfDays = expiryDays.snapshot / 2;
  const isStale = (snapshot?.signed.expires ?? 0) < Date.parse(expiryAfter(now, halfDays));
  if (snapshot === undefined || isStale || Object.keys(fresh).length > 0) {
    const meta: Record<string, tuf.MetaFile> = {};
    // TUF 5.5.5: what a snapshot once named stays in all later ones.
    for (const [file, facts] of Object.entries(snapshot?.signed.meta ?? {}))
      meta[file] = new tuf.MetaFile({ version: facts.version, ...lengthAndHashes(facts) });
    meta['targets.json'] = metaFile(targets);
    if (urgent !== undefined) meta['urgent.json'] = metaFile(urgent);
    fresh.snapshot = encodeSigned(
      new tuf.Snapshot({
        specVersion: SPEC_VERSION,
        version: (snapshot?.signed.version ?? 0) + 1,
        expires: expiryAfter(now, expiryDays.snapshot),
        meta,
      }),
      [keyOf('snapshot')],
    );
    snapshot = readMetadata('snapshot', fresh.snapshot, 'snapshot');
  }
  const timestamp = await repository.published('timestamp');
  fresh.timestamp = encodeSigned(
    new tuf.Timestamp({
      specVersion: SPEC_VERSION,
      version: (timestamp?.signed.version ?? 0) + 1,
      expires: expiryAfter(now, expiryDays.timestamp),
      snapshotMeta: metaFile(snapshot),
      unrecognizedFields: { 'x-presieve': { pollSeconds } },
    }),
    [keyOf('timestamp')],
  );
}

function metaFile({ signed, bytes }: Metadata): tuf.MetaFile {
  return new tuf.MetaFile({
    version: signed.version,
    length: bytes.length,
    hashes: { sha256: sha256Hex(bytes) },
  });
}

function lengthAndHashes({
  length,
  hashes,
}: {
  length?: number | undefined;
  hashes?: { sha256?: string | undefined } | undefined;
}) {
  const sha256 = hashes?.sha256;
  return {
    ...(length === undefined ? {} : { length }),
    ...(sha256 === undefined ? {} : { hashes: { sha256 } }),
  };
}

/** Lets a new client, and one that has the version before, update from what is about to be published. */
async function rehearse(
  repository: Repository,
  written: Map<string, Uint8Array>,
  now: number,
): Promise<Verification> {
  const after = overlayFolder(repository.folder, written);
  const root = (await firstRoot(after))!;
  const store = new MemoryStore();
  if ((await repository.published('timestamp')) !== undefined)
    // It may have expired meanwhile; what was trusted of it still counts.
    await verifyRepository(folderAddress(repository.folder), { root, now, store });
  const lists = repository.settings.lists.slice();
  const targets = await targetsLists(after, lists);
  const returning = await verifyRepository(folderAddress(after), { root, now, store, lists: targets });
  const newcomer = await verifyRepository(folderAddress(after), { root, now, lists: targets });
  for (const verification of [returning, newcomer]) {
    const { failure, listFailures, warnings } = verification;
    const delta = Object.entries(warnings).find(([name]) => name.endsWith('(delta)'))?.[1];
    if (!isRefused(verification) && delta === undefined) continue;
    const first = failure ?? Object.values(listFailures)[0] ?? delta!;
    throw new PublisherError(
      'refused',
      `clients would refuse this repository (${first.code}): ${first.message}; nothing was published`,
    );
  }
  return newcomer;
}

/** Lists of the repository that have a version; one may have been named for later. */
async function targetsLists(folder: Folder, lists: readonly string[]): Promise<string[]> {
  const names = new Set<string>();
  const timestamp = readMetadata('timestamp', (await folder.read('metadata/timestamp.json'))!, 'timestamp');
  const { version } = timestamp.signed.meta['snapshot.json'];
  const snapshot = readMetadata(
    'snapshot',
    (await folder.read(`metadata/${version}.snapshot.json`))!,
    'snapshot',
  );
  const file = `metadata/${snapshot.signed.meta['targets.json'].version}.targets.json`;
  for (const { facts } of listedTargets(readMetadata('targets', (await folder.read(file))!, file)))
    names.add(facts.list);
  return lists.filter((name) => names.has(name));
}

/** @returns the oldest root: what the first apps were shipped with */
async function firstRoot(folder: Folder): Promise<Uint8Array | undefined> {
  return folder.read('metadata/1.root.json');
}

/** Targets first, then metadata by version, the timestamp last: at any moment the output is one whole repository. */
async function copyTo(
  repository: Repository,
  out: Folder,
  { targets, urgent }: Current,
  left: ReadonlySet<string>,
): Promise<number> {
  const { folder } = repository;
  let files = 0;
  const copy = async (path: string) => {
    const bytes = await folder.read(path);
    if (bytes === undefined)
      throw new PublisherError('repository-invalid', `${folder.name}/${path} is missing`);
    const there = await out.read(path);
    if (there !== undefined && Buffer.compare(there, bytes) === 0) return;
    await out.write(path, bytes);
    files++;
  };
  for (const { path, sha256 } of [...listedTargets(targets), ...listedTargets(urgent)])
    await copy(targetFile(path, sha256));
  const metadata = (await folder.list('metadata')).filter(
    (name) => /^\d+\.[a-z]+\.json$/.test(name) && !left.has(`metadata/${name}`),
  );
  // A new root before the files that only it makes valid, but after all of them are there.
  const isRoot = (name: string) => name.endsWith('.root.json');
  for (const name of [...metadata.filter((name) => !isRoot(name)), ...metadata.filter(isRoot)])
    await copy(`metadata/${name}`);
  await copy('metadata/timestamp.json');
  return files;
}

/**
 * Staging a new version of a role that lists targets: a new snapshot with its deltas, or the same lists for another
 * term. Nothing is signed here.
 * @module
 */
import * as tuf from '@tufjs/models';
import { sha256Hex } from '../../trust/bytes.js';
import type { Json } from '../../trust/canonical-json.js';
import { linkedVersions } from '../../trust/chain.js';
import { deltaPath, snapshotPath, urgentPath } from '../../trust/list-targets.js';
import type { ListTargetFacts } from '../../trust/models.js';
import { readSnapshotFacts } from '../../trust/snapshot-facts.js';
import { PublisherError } from '../errors.js';
import { openSnapshot } from '../inspect.js';
import { deltaIfSmaller } from './deltas.js';
import {
  encodeSigned,
  expiryAfter,
  type ModelJson,
  modelTargets,
  SPEC_VERSION,
  type TargetsRole,
} from './metadata.js';
import {
  isOrdinarySnapshot,
  type ListedTarget,
  listedTargets,
  type Repository,
  targetFile,
} from './repository.js';

/** How a snapshot is added. */
export interface AddOptions {
  /** As an urgent version. */
  readonly urgent: boolean;
  /** Hours that an urgent version lives; default: as many as its role may. */
  readonly hours?: number | undefined;
  /** Let the targets role list the urgent version, so that its threshold approves it (6.5). */
  readonly approve?: boolean;
  /** Deltas' lengths are made multiples of it. Default 1. */
  readonly padToBytes?: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was staged. */
export interface Staged {
  readonly role: TargetsRole;
  /** Version of the role's metadata. */
  readonly version: number;
  readonly expires: string;
  /** Targets that are new. */
  readonly added: readonly ListedTarget[];
  /** True if signatures on what was staged before are void. */
  readonly voided: boolean;
}

type NewTarget = ListedTarget & { readonly bytes: Uint8Array };

const HOUR_SECONDS = 3600;
const CLOCK_SKEW_SECONDS = 600;

/**
 * Stages a snapshot: copies it under its digest, makes deltas from the versions before, writes unsigned metadata.
 * @param repository - changed
 * @param bytes - the snapshot
 * @param options - urgent or ordinary
 * @returns what was staged
 * @throws PublisherError `usage`, `snapshot-invalid`, `version-conflict` or `repository-invalid`
 */
export async function addSnapshot(
  repository: Repository,
  bytes: Uint8Array,
  options: AddOptions,
): Promise<Staged> {
  openSnapshot(bytes, 'the snapshot');
  const { name: list, version, created, entries } = readSnapshotFacts(bytes);
  if (!repository.settings.lists.includes(list))
    usage(`the snapshot is one of "${list}", which is no list of this repository`);
  if (created > options.now / 1000 + CLOCK_SKEW_SECONDS) usage('the snapshot was created in the future');
  const role: TargetsRole = options.urgent && !options.approve ? 'urgent' : 'targets';
  const facts: ListTargetFacts = { list, version, created, entries };
  const published = listedTargets(await repository.published(role));
  const staged = listedTargets(await repository.staged(role));
  const before = listedTargets(await repository.newest(role));
  checkOneListAtATime(staged, published, list, role);

  const sha256 = sha256Hex(bytes);
  const added: NewTarget[] = [];
  let replaced: (target: ListedTarget) => boolean;
  if (options.urgent) {
    const urgentUntil = await urgentEnd(repository, facts, options);
    const path = urgentPath(list, version);
    const other = published.find((target) => target.path === path && target.sha256 !== sha256);
    if (other !== undefined) throw conflict(`${path} is published with another digest`);
    added.push({ path, length: bytes.length, sha256, facts: { ...facts, urgentUntil }, bytes });
    replaced = ({ facts: old }) => old.list === list && old.urgentUntil !== undefined;
  } else {
    const newest = Math.max(
      0,
      ...published
        .filter(isOrdinarySnapshot)
        .flatMap(({ facts: old }) => (old.list === list ? old.version : [])),
    );
    if (version <= newest)
      throw conflict(
        `version ${newest} of "${list}" is published; the new one must be higher, not ${version}`,
      );
    const path = snapshotPath(list, version);
    added.push({ path, length: bytes.length, sha256, facts, bytes });
    added.push(...(await makeDeltas(repository, facts, bytes, options.padToBytes ?? 1)));
    replaced = ({ facts: old }) => old.list === list && old.urgentUntil === undefined;
  }
  for (const target of added)
    await repository.folder.write(targetFile(target.path, target.sha256), target.bytes);
  return stageTargets(
    repository,
    role,
    options.now,
    (targets) => {
      for (const target of before) if (replaced(target)) delete targets.targets[target.path];
      for (const target of added) targets.addTarget(modelTarget(target));
    },
    { added },
  );
}

/**
 * Stages a role for another term; urgent versions past their end are left out.
 * @param repository - changed
 * @param role - a role that lists targets
 * @param now - milliseconds since 1970
 * @param withdrawUrgent - leave out all urgent versions
 * @returns what was staged
 * @throws PublisherError
 */
export async function renewTargets(
  repository: Repository,
  role: TargetsRole,
  now: number,
  withdrawUrgent = false,
): Promise<Staged> {
  if (role === 'urgent') await repository.authority('urgent');
  const listed = listedTargets(await repository.newest(role));
  return stageTargets(repository, role, now, (targets) => {
    for (const { path, facts } of listed) {
      if (facts.urgentUntil === undefined) continue;
      const isOver = role === 'urgent' && facts.urgentUntil * 1000 <= now;
      if (withdrawUrgent || isOver) delete targets.targets[path];
    }
  });
}

/** What {@link stageTargets} is told besides. */
interface StageOptions {
  /** Targets that are new, for the report. */
  readonly added?: readonly ListedTarget[];
  /** In place of those before. */
  readonly delegations?: Record<string, Json> | undefined;
}

/**
 * Stages the next version of a role with its links (5.2).
 * @param change - alters what is staged, or published, until now
 */
export async function stageTargets(
  repository: Repository,
  role: TargetsRole,
  now: number,
  change: (targets: tuf.Targets) => void,
  { added = [], delegations }: StageOptions = {},
): Promise<Staged> {
  const staged = await repository.staged(role);
  const published = await repository.published(role);
  const before = staged ?? published;
  const version = (published?.signed.version ?? 0) + 1;
  const old = before && modelTargets(before.bytes, delegations);
  const start = await repository.chainStart(role);
  const links = [];
  for (const linked of linkedVersions(version, start))
    links.push({ version: linked, sha256: await repository.chainDigest(role, linked) });
  const expires = expiryAfter(now, repository.settings.expiryDays[role]);
  const targets = new tuf.Targets({
    specVersion: SPEC_VERSION,
    version,
    expires,
    targets: { ...old?.targets },
    ...(old?.delegations && { delegations: old.delegations }),
    unrecognizedFields: { ...old?.unrecognizedFields, 'x-presieve': { links } },
  });
  change(targets);
  await repository.stage(role, encodeSigned(targets));
  return { role, version, expires, added, voided: (staged?.signatures.length ?? 0) > 0 };
}

/** Deltas from the last published versions whose snapshots are still there. */
async function makeDeltas(
  repository: Repository,
  facts: ListTargetFacts,
  next: Uint8Array,
  padToBytes: number,
): Promise<NewTarget[]> {
  const deltas: NewTarget[] = [];
  for (const base of await lastSnapshots(repository, facts.list, repository.settings.deltasFrom)) {
    const bytes = await repository.targetBytes(base);
    if (bytes === undefined || sha256Hex(bytes) !== base.sha256) continue;
    const delta = deltaIfSmaller(bytes, next, padToBytes);
    if (delta === undefined) continue;
    const from = base.facts.version;
    deltas.push({
      path: deltaPath(facts.list, from, facts.version),
      length: delta.length,
      sha256: sha256Hex(delta),
      facts: { ...facts, base: from },
      bytes: delta,
    });
  }
  return deltas;
}

/**
 * @param repository - its published targets metadata is walked backwards
 * @param list - name
 * @param count - versions wanted
 * @returns the last ordinary snapshots of the list, newest first
 * @throws PublisherError
 */
export async function lastSnapshots(
  repository: Repository,
  list: string,
  count: number,
): Promise<ListedTarget[]> {
  const found = new Map<number, ListedTarget>();
  const newest = await repository.published('targets');
  for (let v = newest?.signed.version ?? 0; v >= 1 && found.size < count; v--) {
    const metadata = v === newest?.signed.version ? newest : await repository.version('targets', v);
    for (const target of listedTargets(metadata).filter(isOrdinarySnapshot))
      if (target.facts.list === list && !found.has(target.facts.version))
        found.set(target.facts.version, target);
  }
  return [...found.values()].sort((a, b) => b.facts.version - a.facts.version).slice(0, count);
}

/** Whoever signs rebuilds what is new from one set of inputs, so only one list may be new. */
function checkOneListAtATime(
  staged: readonly ListedTarget[],
  published: readonly ListedTarget[],
  list: string,
  role: TargetsRole,
): void {
  const known = new Set(published.map(({ path, sha256 }) => `${sha256} ${path}`));
  const other = staged.find(
    ({ path, sha256, facts }) => facts.list !== list && !known.has(`${sha256} ${path}`),
  );
  if (other === undefined) return;
  throw conflict(
    `"${other.facts.list}" is staged in ${role}: sign and publish it before "${list}", since signers rebuild one list at a time`,
  );
}

async function urgentEnd(
  repository: Repository,
  { created, entries }: ListTargetFacts,
  { hours, now }: AddOptions,
): Promise<number> {
  const rule = (await repository.urgentRole())?.['x-presieve']?.urgent;
  if (rule === undefined) usage('this repository has no urgent role: see repo init --urgent');
  if (entries > rule.maxEntries)
    throw new PublisherError(
      'urgent-cap',
      `${entries} entries are over the cap of the urgent role, which is ${rule.maxEntries}`,
    );
  const maxHours = Math.min(rule.maxHours, 48);
  const lifetime = hours ?? maxHours;
  if (lifetime < 1 || lifetime > maxHours)
    usage(`an urgent version of this repository lives 1 to ${maxHours} hours`);
  const until = created + lifetime * HOUR_SECONDS;
  if (until * 1000 <= now)
    usage(`the snapshot is too old: its ${lifetime} hours are counted from its creation and are over`);
  return until;
}

function modelTarget({ path, length, sha256, facts }: ListedTarget): tuf.TargetFile {
  return new tuf.TargetFile({
    path,
    length,
    hashes: { sha256 },
    unrecognizedFields: { custom: { presieve: facts as ModelJson } },
  });
}

function conflict(message: string): PublisherError {
  return new PublisherError('version-conflict', message);
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

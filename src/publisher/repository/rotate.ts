/**
 * A new root: other keys, other thresholds. It needs signatures by a threshold of the old root's keys and of its own.
 * @module
 */
import { Root } from '@tufjs/models';
import type { Json } from '../../trust/canonical-json.js';
import type { Metadata } from '../../trust/models.js';
import { PublisherError } from '../errors.js';
import { type Staged, stageTargets } from './add.js';
import { describeRootChanges } from './changes.js';
import { describeRoot, describeUrgent, type Organisation } from './init.js';
import type { IdentifiedKey } from './keys.js';
import { encodeSigned, expiryAfter, type ModelJson, SPEC_VERSION, type TargetsRole } from './metadata.js';
import { type Repository, validSigners } from './repository.js';

/** What changes. Whoever is not named stays. */
export interface RotateOptions {
  /** Organisations that join, or have a new key. */
  readonly organisations?: readonly Organisation[];
  /** Holders of root keys that join, or have a new key. */
  readonly rootKeys?: readonly Organisation[];
  /** Names that leave. */
  readonly remove?: readonly string[];
  readonly threshold?: number | undefined;
  readonly rootThreshold?: number | undefined;
  readonly snapshotKey?: IdentifiedKey | undefined;
  readonly timestampKey?: IdentifiedKey | undefined;
  /** Roles whose history begins anew: clients forget their heads (docs/list-repository.md, 5.5). */
  readonly newHistory?: readonly TargetsRole[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What was staged. */
export interface Rotation {
  readonly version: number;
  readonly expires: string;
  readonly changes: readonly string[];
  /** Other roles that have to be signed anew under the new keys. */
  readonly alsoStaged: readonly Staged[];
}

/**
 * Stages the next root, and the targets and urgent roles where the new keys make that necessary.
 * @param repository - changed; one whose root is published
 * @param options - what changes
 * @returns what was staged
 * @throws PublisherError `usage` or `repository-invalid`
 */
export async function rotateRoot(repository: Repository, options: RotateOptions): Promise<Rotation> {
  const { now, remove = [], newHistory = [] } = options;
  const published = await repository.published('root');
  if (published === undefined)
    throw new PublisherError('usage', 'no root is published yet: init again, or publish first');
  const { signed } = published;
  const oldOrganisations = holders(published, 'targets');
  const oldRootKeys = holders(published, 'root');
  const known = new Set([...oldOrganisations, ...oldRootKeys].map(({ name }) => name));
  const stranger = remove.find((name) => !known.has(name));
  if (stranger !== undefined) throw new PublisherError('usage', `there is no "${stranger}" to remove`);

  const organisations = replaced(oldOrganisations, options.organisations ?? [], remove);
  // Who signs lists and roots with one key changes both.
  const sharing = (options.organisations ?? []).filter(({ name }) => {
    const old = oldOrganisations.find((holder) => holder.name === name);
    return old !== undefined && oldRootKeys.some(({ id, name: other }) => other === name && id === old.id);
  });
  const rootKeys = replaced(oldRootKeys, [...sharing, ...(options.rootKeys ?? [])], remove);
  const chains: Record<string, number> = { ...signed['x-presieve']?.chains };
  for (const role of newHistory) chains[role] = ((await repository.published(role))?.signed.version ?? 0) + 1;
  const parts = describeRoot(
    {
      organisations,
      threshold: options.threshold ?? signed.roles.targets.threshold,
      rootKeys,
      rootThreshold: options.rootThreshold ?? signed.roles.root.threshold,
      snapshotKey: options.snapshotKey ?? keyOf(published, 'snapshot'),
      timestampKey: options.timestampKey ?? keyOf(published, 'timestamp'),
    },
    chains,
  );
  const version = signed.version + 1;
  const expires = expiryAfter(now, repository.settings.expiryDays.root);
  const next = { _type: 'root', spec_version: SPEC_VERSION, version, expires, ...parts };
  await repository.stage('root', encodeSigned(Root.fromJSON(next as ModelJson)));
  const staged = (await repository.staged('root'))!;
  const alsoStaged = await stageFollowers(repository, options, oldOrganisations, organisations);
  return { version, expires, changes: describeRootChanges(published, staged), alsoStaged };
}

/** Targets need new signatures if keys that signed them went, if the urgent role's keys change, or for a new history. */
async function stageFollowers(
  repository: Repository,
  { now, newHistory = [] }: RotateOptions,
  oldOrganisations: readonly Organisation[],
  organisations: readonly Organisation[],
): Promise<Staged[]> {
  const staged: Staged[] = [];
  const published = await repository.newest('targets');
  if (published === undefined) return staged;
  const authority = await repository.authority('targets');
  const urgent = await newUrgentRole(repository, oldOrganisations, organisations);
  const isShort = validSigners(published, authority).length < authority.role.threshold;
  if (isShort || urgent !== undefined || newHistory.includes('targets')) {
    staged.push(await stageTargets(repository, 'targets', now, () => {}, { delegations: urgent }));
  }
  const urgentMetadata = await repository.newest('urgent');
  if (urgentMetadata !== undefined && (await repository.urgentRole()) !== undefined) {
    const allowed = await repository.authority('urgent');
    const tooFew = validSigners(urgentMetadata, allowed).length < allowed.role.threshold;
    if (tooFew || newHistory.includes('urgent'))
      staged.push(await stageTargets(repository, 'urgent', now, () => {}));
  }
  return staged;
}

/** The urgent role with the organisations' new keys in the place of the old ones, if it has any of those. */
async function newUrgentRole(
  repository: Repository,
  oldOrganisations: readonly Organisation[],
  organisations: readonly Organisation[],
): Promise<Record<string, Json> | undefined> {
  const role = await repository.urgentRole();
  const rule = role?.['x-presieve']?.urgent;
  if (role === undefined || rule === undefined) return undefined;
  const { keys } = (await repository.newest('targets'))!.signed.delegations!;
  const kept: Organisation[] = role.keyids.flatMap((id) => {
    const old = oldOrganisations.find((holder) => holder.id === id);
    if (old === undefined) return [{ id, key: keys[id], name: id }];
    return organisations.filter(({ name }) => name === old.name);
  });
  const isSame = kept.length === role.keyids.length && kept.every(({ id }, i) => id === role.keyids[i]);
  if (isSame) return undefined;
  if (kept.length < role.threshold)
    throw new PublisherError('usage', 'too few keys would be left for the urgent role');
  const { threshold } = role;
  return describeUrgent({ organisations: kept, threshold, ...rule }, repository.settings.lists);
}

function holders(root: Metadata<'root'>, role: 'root' | 'targets'): Organisation[] {
  const names = root.signed['x-presieve']?.organisations ?? {};
  return root.signed.roles[role].keyids.map((id) => ({
    id,
    key: root.signed.keys[id],
    name: Object.hasOwn(names, id) ? names[id] : id,
  }));
}

function keyOf(root: Metadata<'root'>, role: 'snapshot' | 'timestamp'): IdentifiedKey {
  const [id] = root.signed.roles[role].keyids;
  return { id, key: root.signed.keys[id] };
}

function replaced(
  old: readonly Organisation[],
  changed: readonly Organisation[],
  remove: readonly string[],
): Organisation[] {
  const holders = new Map(old.map((holder) => [holder.name, holder]));
  for (const name of remove) holders.delete(name);
  for (const holder of changed) holders.set(holder.name, holder);
  return [...holders.values()];
}

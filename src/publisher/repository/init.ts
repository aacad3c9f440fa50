/**
 * A new repository: its root, its organisations and their thresholds, staged to be signed.
 * @module
 */
import { Root, Targets } from '@tufjs/models';
import type { Json } from '../../trust/canonical-json.js';
import { PublisherError } from '../errors.js';
import type { Folder } from './folder.js';
import type { IdentifiedKey } from './keys.js';
import { encodeSigned, expiryAfter, type ModelJson, SPEC_VERSION } from './metadata.js';
import { type ExpiryDays, Repository } from './repository.js';

/** A key and who holds it. */
export interface Organisation extends IdentifiedKey {
  readonly name: string;
}

/** The urgent role (docs/list-repository.md, 6). */
export interface UrgentChoice {
  readonly maxEntries: number;
  /** 1 to 48. */
  readonly maxHours: number;
  /** Keys that have to sign. */
  readonly threshold: number;
  /** Who may sign. */
  readonly organisations: readonly Organisation[];
}

/** Who may sign the root and the targets, and with how many. */
export interface RootChoice {
  /** Hold the targets role. */
  readonly organisations: readonly Organisation[];
  /** Organisations that have to sign a list. */
  readonly threshold: number;
  readonly rootKeys: readonly Organisation[];
  readonly rootThreshold: number;
  readonly snapshotKey: IdentifiedKey;
  readonly timestampKey: IdentifiedKey;
}

/** What a repository begins with. */
export interface InitOptions extends RootChoice {
  readonly lists: readonly string[];
  readonly urgent?: UrgentChoice | undefined;
  readonly expiryDays?: Partial<ExpiryDays>;
  readonly pollSeconds?: number | undefined;
  readonly deltasFrom?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * Days until metadata expires. Root: once a year the keys are looked at. Targets: a month, so that an approval ends soon
 * after the organisations stop giving it. Snapshot and timestamp: as long as a publisher may be out of order.
 */
export const DEFAULT_EXPIRY_DAYS: Readonly<ExpiryDays> = {
  root: 365,
  targets: 30,
  urgent: 30,
  snapshot: 7,
  timestamp: 1,
};
const DEFAULT_POLL_SECONDS = 900;
const DEFAULT_DELTAS_FROM = 8;
const LIST_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Makes a repository with root, targets and urgent metadata of version 1, staged and unsigned.
 * @param folder - an empty one
 * @param options - lists, keys, thresholds
 * @returns the repository
 * @throws PublisherError `usage` or `repository-invalid`
 */
export async function initRepository(folder: Folder, options: InitOptions): Promise<Repository> {
  const { lists, urgent, now } = options;
  checkLists(lists);
  const root = describeRoot(options);
  if (urgent !== undefined) checkUrgent(urgent);
  const expiryDays = { ...DEFAULT_EXPIRY_DAYS, ...options.expiryDays };
  for (const [role, days] of Object.entries(expiryDays))
    if (!Number.isInteger(days) || days < 1 || days > 3650)
      usage(`metadata of ${role} can't expire after ${days} days: give 1 to 3650`);
  const repository = await Repository.create(folder, {
    format: 1,
    lists,
    expiryDays,
    pollSeconds: options.pollSeconds ?? DEFAULT_POLL_SECONDS,
    deltasFrom: options.deltasFrom ?? DEFAULT_DELTAS_FROM,
  });
  const first = { spec_version: SPEC_VERSION, version: 1 };
  const expires = (role: 'root' | 'targets' | 'urgent') => expiryAfter(now, expiryDays[role]);
  const signedRoot = { _type: 'root', ...first, expires: expires('root'), ...root };
  await repository.stage('root', encodeSigned(Root.fromJSON(signedRoot as ModelJson)));
  const empty = { _type: 'targets', ...first, targets: {}, 'x-presieve': { links: [] } };
  const targets = {
    ...empty,
    expires: expires('targets'),
    ...(urgent && { delegations: describeUrgent(urgent, lists) }),
  };
  await repository.stage('targets', encodeSigned(Targets.fromJSON(targets as ModelJson)));
  if (urgent !== undefined) {
    const signedUrgent = { ...empty, expires: expires('urgent') };
    await repository.stage('urgent', encodeSigned(Targets.fromJSON(signedUrgent as ModelJson)));
  }
  return repository;
}

/**
 * @param choice - keys and thresholds
 * @param chains - first versions of chains (docs/list-repository.md, 5.1)
 * @returns keys, roles and names of a root
 * @throws PublisherError `usage`
 */
export function describeRoot(
  choice: RootChoice,
  chains: Readonly<Record<string, number>> = { targets: 1, urgent: 1 },
): Record<string, Json> {
  const { organisations, threshold, rootKeys, rootThreshold, snapshotKey, timestampKey } = choice;
  checkHolders(organisations, threshold, 'the targets role');
  checkHolders(rootKeys, rootThreshold, 'the root role');
  const role = (keys: readonly IdentifiedKey[], count: number) => ({
    keyids: keys.map(({ id }) => id),
    threshold: count,
  });
  return {
    consistent_snapshot: true,
    keys: keysById([...rootKeys, ...organisations, snapshotKey, timestampKey]),
    roles: {
      root: role(rootKeys, rootThreshold),
      timestamp: role([timestampKey], 1),
      snapshot: role([snapshotKey], 1),
      targets: role(organisations, threshold),
    },
    'x-presieve': {
      organisations: Object.fromEntries([...rootKeys, ...organisations].map(({ id, name }) => [id, name])),
      chains: { ...chains },
    },
  };
}

/**
 * @param urgent - holders and limits
 * @param lists - lists that it may add to
 * @returns the delegation
 */
export function describeUrgent(urgent: UrgentChoice, lists: readonly string[]): Record<string, Json> {
  const { organisations, threshold, maxEntries, maxHours } = urgent;
  const role = {
    name: 'urgent',
    keyids: organisations.map(({ id }) => id),
    threshold,
    terminating: false,
    // Not urgent-*: clients look for a list's roles by the path of an ordinary snapshot (4.4).
    paths: lists.map((list) => `${list}/*.snapshot`),
    'x-presieve': { urgent: { maxEntries, maxHours } },
  };
  return { keys: keysById(organisations), roles: [role] };
}

function keysById(keys: readonly IdentifiedKey[]): Record<string, Json> {
  return Object.fromEntries(
    keys.map(({ id, key: { keytype, scheme, keyval } }) => [
      id,
      { keytype, scheme, keyval: { public: keyval.public } },
    ]),
  );
}

function checkLists(lists: readonly string[]): void {
  if (lists.length === 0) usage('a repository needs a list: give --name');
  if (new Set(lists).size !== lists.length) usage('a list is named twice');
  for (const list of lists) {
    if (!LIST_NAME.test(list))
      usage(`"${list}" is no name for a published list: 1 to 64 letters, digits, dots, hyphens, underscores`);
  }
}

function checkHolders(holders: readonly Organisation[], threshold: number, what: string): void {
  const names = new Set(holders.map(({ name }) => name));
  const keys = new Set(holders.map(({ id }) => id));
  if (holders.length === 0) usage(`${what} needs a key`);
  if (names.size !== holders.length) usage(`${what}: an organisation is named twice`);
  if (keys.size !== holders.length) usage(`${what}: two organisations have the same key, which counts once`);
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > holders.length)
    usage(`${what}: the threshold must be from 1 to ${holders.length}, the number of its keys`);
}

function checkUrgent({ organisations, threshold, maxEntries, maxHours }: UrgentChoice): void {
  checkHolders(organisations, threshold, 'the urgent role');
  if (!Number.isSafeInteger(maxEntries) || maxEntries < 1) usage('--urgent must be 1 or more entries');
  if (!Number.isInteger(maxHours) || maxHours < 1 || maxHours > 48)
    usage('--urgent-hours must be from 1 to 48: clients never allow more');
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

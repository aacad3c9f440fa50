/**
 * A publisher's repository: what is published, what is staged to be signed, and who may sign it.
 *
 *     repository.json   lists and defaults; signed by nobody
 *     metadata/         published metadata, every version
 *     targets/          snapshots and deltas under their digests
 *     staged/           metadata that waits for signatures: ROLE.json
 * @module
 */
import { TrustError } from '../../trust/errors.js';
import { targetsOfList } from '../../trust/list-targets.js';
import {
  type Authority,
  type DelegatedRole,
  type ListTargetFacts,
  type Metadata,
  type MetadataKind,
  parseListCustom,
  signedDigest,
  verifyThreshold,
} from '../../trust/models.js';
import { targetAddress } from '../../trust/path-pattern.js';
import { PublisherError } from '../errors.js';
import type { Folder } from './folder.js';
import { kindOf, type RoleName, readMetadata, type TargetsRole } from './metadata.js';

/** Days until metadata expires, by role. */
export type ExpiryDays = Record<RoleName, number>;

/** Defaults of a repository: `repository.json`. */
export interface Settings {
  readonly format: 1;
  readonly lists: readonly string[];
  readonly expiryDays: ExpiryDays;
  /** Clients come back after so many seconds. */
  readonly pollSeconds: number;
  /** Deltas are made from so many versions before the newest. */
  readonly deltasFrom: number;
}

/** A snapshot or delta of a list, as metadata describes it. */
export interface ListedTarget {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
  readonly facts: ListTargetFacts;
}

type MetadataOf<R extends RoleName> = Metadata<R extends 'urgent' ? 'targets' : Extract<R, MetadataKind>>;

const SETTINGS = 'repository.json';

/** See the module. */
export class Repository {
  readonly folder: Folder;
  readonly settings: Settings;

  private constructor(folder: Folder, settings: Settings) {
    this.folder = folder;
    this.settings = settings;
  }

  /**
   * @param folder - holds a repository
   * @throws PublisherError `repository-invalid`
   */
  static async open(folder: Folder): Promise<Repository> {
    const bytes = await folder.read(SETTINGS);
    if (bytes === undefined)
      throw new PublisherError(
        'repository-invalid',
        `${folder.name}: no repository; make one with repo init`,
      );
    try {
      const settings = JSON.parse(new TextDecoder().decode(bytes)) as Settings;
      if (settings.format !== 1 || !Array.isArray(settings.lists) || !settings.expiryDays) throw new Error();
      return new Repository(folder, settings);
    } catch (cause) {
      throw new PublisherError('repository-invalid', `${folder.name}: ${SETTINGS} can't be read`, { cause });
    }
  }

  /**
   * Makes an empty repository.
   * @throws PublisherError `repository-invalid` if there is one
   */
  static async create(folder: Folder, settings: Settings): Promise<Repository> {
    if ((await folder.read(SETTINGS)) !== undefined)
      throw new PublisherError('repository-invalid', `${folder.name}: there is a repository already`);
    await folder.write(SETTINGS, new TextEncoder().encode(`${JSON.stringify(settings, null, 2)}\n`));
    return new Repository(folder, settings);
  }

  /** @returns a role's staged metadata, its signatures unverified, or undefined. @throws PublisherError */
  async staged<R extends RoleName>(role: R): Promise<MetadataOf<R> | undefined> {
    return this.#read(role, `staged/${role}.json`);
  }

  /** Stages a role's metadata in place of what is staged. */
  async stage(role: RoleName, bytes: Uint8Array): Promise<void> {
    readMetadata(kindOf(role), bytes, `staged/${role}.json`);
    await this.folder.write(`staged/${role}.json`, bytes);
  }

  /** @returns a role's newest published metadata, or undefined before the first. @throws PublisherError */
  async published<R extends RoleName>(role: R): Promise<MetadataOf<R> | undefined> {
    if (role === 'root') {
      const version = await this.#newestRoot();
      return version === 0 ? undefined : this.version(role, version);
    }
    const timestamp = await this.#read('timestamp', 'metadata/timestamp.json');
    if (timestamp === undefined || role === 'timestamp') return timestamp as MetadataOf<R> | undefined;
    const snapshotVersion = timestamp.signed.meta['snapshot.json'].version;
    if (role === 'snapshot') return this.#required(role, snapshotVersion);
    const snapshot = await this.#required('snapshot', snapshotVersion);
    const file = `${role}.json`;
    if (!Object.hasOwn(snapshot.signed.meta, file)) return undefined;
    return this.#required(role, snapshot.signed.meta[file].version);
  }

  /** @returns one published version of a role, or undefined. @throws PublisherError */
  async version<R extends RoleName>(role: R, version: number): Promise<MetadataOf<R> | undefined> {
    return this.#read(role, `metadata/${version}.${role}.json`);
  }

  /** @returns staged metadata if there is some, else the published one. @throws PublisherError */
  async newest<R extends RoleName>(role: R): Promise<MetadataOf<R> | undefined> {
    return (await this.staged(role)) ?? (await this.published(role));
  }

  /** @returns the root that is staged or published. @throws PublisherError `repository-invalid` if there is none */
  async root(): Promise<Metadata<'root'>> {
    const root = await this.newest('root');
    if (root === undefined)
      throw new PublisherError('repository-invalid', `${this.folder.name}: there is no root metadata`);
    return root;
  }

  /**
   * @param role - any role
   * @returns who may sign it by the newest metadata, staged ones included
   * @throws PublisherError `repository-invalid` if there is no such role
   */
  async authority(role: RoleName): Promise<Authority> {
    const root = await this.root();
    if (role !== 'urgent') return { keys: root.signed.keys, role: root.signed.roles[role] };
    const targets = await this.newest('targets');
    const delegated = targets?.signed.delegations?.roles.find(({ name }) => name === 'urgent');
    if (!targets?.signed.delegations || delegated === undefined)
      throw new PublisherError('repository-invalid', `${this.folder.name}: there is no urgent role`);
    return { keys: targets.signed.delegations.keys, role: delegated };
  }

  /** @returns the delegation of the urgent role, or undefined. @throws PublisherError */
  async urgentRole(): Promise<DelegatedRole | undefined> {
    const targets = await this.newest('targets');
    return targets?.signed.delegations?.roles.find(({ name }) => name === 'urgent');
  }

  /** @returns what people call a key: its organisation, or the beginning of its id */
  async keyName(id: string): Promise<string> {
    const organisations = (await this.root()).signed['x-presieve']?.organisations ?? {};
    return Object.hasOwn(organisations, id) ? organisations[id] : id.slice(0, 16);
  }

  /**
   * @param role - a role that lists targets
   * @param version - of its metadata
   * @returns digests of older versions of the chain, by version
   * @throws PublisherError `repository-invalid` if one is missing
   */
  async chainDigest(role: TargetsRole, version: number): Promise<string> {
    return signedDigest(await this.#required(role, version));
  }

  /** @returns the first version of a role's chain (docs/list-repository.md, 5.1) */
  async chainStart(role: TargetsRole): Promise<number> {
    const chains = (await this.root()).signed['x-presieve']?.chains ?? {};
    return Object.hasOwn(chains, role) ? chains[role] : 1;
  }

  /** @returns bytes of a target, or undefined. @throws PublisherError */
  targetBytes({ path, sha256 }: Pick<ListedTarget, 'path' | 'sha256'>): Promise<Uint8Array | undefined> {
    return this.folder.read(targetFile(path, sha256));
  }

  async #newestRoot(): Promise<number> {
    const versions = (await this.folder.list('metadata')).map((name) =>
      Number(/^(\d+)\.root\.json$/.exec(name)?.[1] ?? 0),
    );
    return Math.max(0, ...versions);
  }

  async #required<R extends RoleName>(role: R, version: number): Promise<MetadataOf<R>> {
    const metadata = await this.version(role, version);
    if (metadata !== undefined) return metadata;
    throw new PublisherError(
      'repository-invalid',
      `${this.folder.name}: metadata/${version}.${role}.json is missing; every version has to be kept`,
    );
  }

  async #read<R extends RoleName>(role: R, path: string): Promise<MetadataOf<R> | undefined> {
    const bytes = await this.folder.read(path);
    if (bytes === undefined) return undefined;
    return readMetadata(kindOf(role), bytes, `${this.folder.name}/${path}`) as MetadataOf<R>;
  }
}

/** @returns a target's path below the repository, its digest before its name (2.2) */
export function targetFile(path: string, sha256: string): string {
  return `targets/${targetAddress(path, sha256)}`;
}

/**
 * @param metadata - of a role that lists targets
 * @returns its targets that belong to lists, in their order
 * @throws PublisherError `repository-invalid` for one that breaks docs/list-repository.md, 4
 */
export function listedTargets(metadata: Metadata<'targets'> | undefined): ListedTarget[] {
  if (metadata === undefined) return [];
  try {
    return Object.entries(metadata.signed.targets).flatMap(([path, { length, hashes, custom }]) => {
      const facts = parseListCustom(custom, path);
      if (facts === undefined) return [];
      if (hashes.sha256 === undefined) throw new TrustError('format', `"${path}" has no SHA-256`);
      // The client's rules for paths, whatever the delegations.
      targetsOfList({ role: 'targets', delegator: 'root', metadata, signers: [], via: [] }, facts.list);
      return [{ path, length, sha256: hashes.sha256, facts }];
    });
  } catch (cause) {
    throw new PublisherError('repository-invalid', (cause as Error).message, { cause });
  }
}

/** @returns true for the snapshot of an ordinary version */
export function isOrdinarySnapshot({ facts }: ListedTarget): boolean {
  return facts.base === undefined && facts.urgentUntil === undefined;
}

/**
 * @param metadata - any metadata
 * @param authority - who may sign it
 * @returns ids of the role's keys that validly signed; no threshold is asked for
 */
export function validSigners(metadata: Metadata, { keys, role }: Authority): string[] {
  try {
    return verifyThreshold(metadata, { keys, role: { ...role, threshold: 1 } }, 'metadata');
  } catch (error) {
    if (error instanceof TrustError && error.code === 'signature') return [];
    throw error;
  }
}

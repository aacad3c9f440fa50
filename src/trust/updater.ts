/**
 * The TUF client workflow in the specification's order; each step cites its clause (TUF 1.0, section 5). The rules are
 * in `trusted-set.ts`, this file fetches and asks.
 * @module
 */
import { type ChainHead, followChain } from './chain.js';
import { TrustError } from './errors.js';
import type { TrustLimits } from './limits.js';
import { type DelegatedRole, type ExpectedFile, type Signed, verifyTarget } from './models.js';
import { isDelegated, targetAddress } from './path-pattern.js';
import type { Transport } from './transport.js';
import { type MetadataFiles, TrustedSet, type TrustedTargets } from './trusted-set.js';

/** What an updater works with. */
export interface UpdaterOptions {
  /** Where the repository's metadata lies, with a slash at its end. */
  readonly metadataUrl: string;
  /** Where its targets lie, with a slash at its end. */
  readonly targetsUrl: string;
  /** Root metadata that the app came with. */
  readonly anchor: Uint8Array;
  readonly stored?: MetadataFiles | undefined;
  /** Heads of chains that earlier updates kept. */
  readonly heads?: Readonly<Record<string, ChainHead>>;
  readonly transport: Transport;
  /** Time of the whole update, in milliseconds since 1970 (5.1). */
  readonly now: number;
  readonly limits: TrustLimits;
  readonly signal?: AbortSignal | undefined;
}

/** A targets role that a search came to. */
export interface VisitedRole extends TrustedTargets {
  /** Delegations that led to it, the first one made by the top-level role; empty for that role itself. */
  readonly via: readonly DelegatedRole[];
}

/** A target with a signed length and digest. */
export interface TargetFile {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  readonly hashes: NonNullable<ExpectedFile['hashes']>;
}

/** One update of one repository's metadata. Used once. */
export class Updater {
  readonly #options: UpdaterOptions;
  readonly #set: TrustedSet;
  readonly #heads: Record<string, ChainHead>;
  #bytesFetched = 0;

  /** @throws TrustError if the anchor is not validly signed root metadata */
  constructor(options: UpdaterOptions) {
    const { anchor, stored, now, limits } = options;
    this.#options = options;
    this.#set = new TrustedSet(anchor, stored, now, limits);
    this.#heads = { ...options.heads };
  }

  /** The trusted root. */
  get root(): Signed<'root'> {
    return this.#set.root;
  }

  /** The trusted timestamp, once {@link refresh} came so far. */
  get timestamp(): Signed<'timestamp'> {
    return this.#set.timestamp;
  }

  /** The trusted snapshot, once {@link refresh} came so far. */
  get snapshot(): Signed<'snapshot'> {
    return this.#set.snapshot;
  }

  /** Poll interval that the trusted timestamp asks for; undefined before there is one. */
  get pollSeconds(): number | undefined {
    return this.#set.hasTimestamp ? this.#set.timestamp['x-presieve']?.pollSeconds : undefined;
  }

  /** Bytes that were fetched so far. */
  get bytesFetched(): number {
    return this.#bytesFetched;
  }

  /** Everything verified so far, to be kept: also after a failed update, as TUF persists step by step. */
  get files(): MetadataFiles {
    return this.#set.files();
  }

  /** Heads of the chains that were followed, with those known before. */
  get heads(): Readonly<Record<string, ChainHead>> {
    return this.#heads;
  }

  /**
   * Brings the top-level metadata up to date (5.3 to 5.6).
   * @throws TrustError
   */
  async refresh(): Promise<void> {
    await this.#updateRoot();
    await this.#updateTimestamp();
    await this.#updateSnapshot();
    await this.#loadTargets('targets', 'root');
  }

  /** 5.3: walks from the trusted root to the newest, one version at a time. */
  async #updateRoot(): Promise<void> {
    const { maxRootRotations, maxRootBytes } = this.#options.limits;
    for (let i = 0; i < maxRootRotations; i++) {
      let bytes: Uint8Array;
      try {
        bytes = await this.#fetchMetadata(`${this.#set.root.version + 1}.root.json`, maxRootBytes); // 5.3.3
      } catch (error) {
        if (error instanceof TrustError && error.code === 'not-found') break;
        throw error;
      }
      this.#set.updateRoot(bytes); // 5.3.4 to 5.3.8
    }
    this.#set.settleRoot(); // 5.3.10, 5.3.11
  }

  /** 5.4 */
  async #updateTimestamp(): Promise<void> {
    const bytes = await this.#fetchMetadata('timestamp.json', this.#options.limits.maxTimestampBytes); // 5.4.1
    this.#set.updateTimestamp(bytes);
  }

  /** 5.5 */
  async #updateSnapshot(): Promise<void> {
    const facts = this.#set.timestamp.meta['snapshot.json'];
    if (this.#reuse('snapshot', facts, (bytes) => this.#set.updateSnapshot(bytes))) return;
    const file = this.#versioned('snapshot', facts.version);
    const bytes = await this.#fetchMetadata(file, this.#options.limits.maxSnapshotMetadataBytes, facts);
    this.#set.updateSnapshot(bytes);
  }

  /** 5.6, for the top-level role and for delegated ones. */
  async #loadTargets(role: string, delegator: string): Promise<TrustedTargets> {
    const known = this.#set.trustedTargets(role, delegator);
    if (known !== undefined) return known;
    const facts = this.#set.targetsFacts(role);
    let verified: TrustedTargets | undefined;
    const verify = (bytes: Uint8Array) => {
      verified = this.#set.verifyTargets(role, delegator, bytes);
    };
    if (!this.#reuse(role, facts, verify)) {
      const file = this.#versioned(role, facts.version);
      verify(await this.#fetchMetadata(file, this.#options.limits.maxTargetsBytes, facts)); // 5.6.1
    }
    await this.#followChain(verified!);
    this.#set.acceptTargets(verified!); // 5.6.6
    return verified!;
  }

  async #followChain({ role, metadata }: TrustedTargets): Promise<void> {
    const chains = this.#set.root['x-presieve']?.chains ?? {};
    if (!Object.hasOwn(chains, role)) return;
    const { limits } = this.#options;
    const fetchVersion = (version: number) =>
      this.#fetchMetadata(this.#versioned(role, version), limits.maxTargetsBytes);
    const head = Object.hasOwn(this.#heads, role) ? this.#heads[role] : undefined;
    this.#heads[role] = await followChain(role, metadata, chains[role]!, head, fetchVersion, limits);
  }

  /**
   * Visits targets roles in the order in which they are asked for a path: pre-order, depth first, terminating delegations
   * obeyed (5.6.7). The top-level role comes first and is already trusted.
   * @param path - what is looked for
   * @param onFailure - told of a role that can't be trusted or fetched; rethrows to end the search
   * @returns roles, as they are loaded
   */
  async *rolesFor(
    path: string,
    onFailure: (error: unknown, via: readonly DelegatedRole[]) => void = (error) => {
      throw error;
    },
  ): AsyncGenerator<VisitedRole> {
    const pending: { role: string; delegator: string; via: readonly DelegatedRole[] }[] = [
      { role: 'targets', delegator: 'root', via: [] },
    ];
    const visited = new Set<string>();
    while (pending.length > 0) {
      const { role, delegator, via } = pending.pop()!;
      if (visited.has(role)) continue;
      // 5.6.7.1: no more than a limited number of roles.
      if (visited.size >= this.#options.limits.maxDelegations)
        throw new TrustError('too-large', `"${path}" is looked for in more than ${visited.size} roles`);
      visited.add(role);
      let targets: TrustedTargets;
      try {
        targets = await this.#loadTargets(role, delegator);
      } catch (error) {
        onFailure(error, via);
        continue;
      }
      yield { ...targets, via };
      // 5.6.7.2: its delegations, in their order; a terminating one ends the search after its own branch.
      const children: typeof pending = [];
      for (const delegated of targets.metadata.signed.delegations?.roles ?? []) {
        if (!isDelegated(delegated, path)) continue;
        children.push({ role: delegated.name, delegator: role, via: [...via, delegated] });
        if (delegated.terminating) {
          pending.length = 0;
          break;
        }
      }
      pending.push(...children.reverse());
    }
  }

  /**
   * Looks for one target (5.6.7).
   * @param path - its path
   * @returns the target as the first role that has it describes it, or undefined
   * @throws TrustError
   */
  async findTarget(path: string): Promise<(TargetFile & { role: VisitedRole }) | undefined> {
    for await (const role of this.rolesFor(path)) {
      const { targets } = role.metadata.signed;
      if (!Object.hasOwn(targets, path)) continue;
      const { length, hashes } = targets[path]!;
      return { path, length, hashes, role };
    }
    return undefined;
  }

  /**
   * Fetches a target and checks it (5.7).
   * @param target - signed length and digests
   * @returns its bytes
   * @throws TrustError
   */
  async fetchTarget({ path, length, hashes }: TargetFile): Promise<Uint8Array> {
    const { limits, targetsUrl, transport, signal } = this.#options;
    if (hashes.sha256 === undefined)
      throw new TrustError('format', `"${path}" has no SHA-256 in its metadata`);
    if (length > limits.maxTargetBytes)
      throw new TrustError('too-large', `"${path}" has ${length} bytes, over ${limits.maxTargetBytes}`);
    const address = targetAddress(path, this.#set.root.consistent_snapshot ? hashes.sha256 : undefined);
    const bytes = await transport.fetch(new URL(address, targetsUrl).href, {
      maxBytes: length,
      timeoutMs: limits.fileTimeoutMs + (length / limits.minBytesPerSecond) * 1000,
      signal,
    });
    this.#bytesFetched += bytes.length;
    await verifyTarget(bytes, { length, hashes }, path); // 5.7.2
    return bytes;
  }

  /** Takes a kept file instead of fetching it, if its version is the wanted one and it passes the very same checks. */
  #reuse(role: string, facts: { version: number }, take: (bytes: Uint8Array) => void): boolean {
    const bytes = this.#set.storedFile(role);
    if (bytes === undefined) return false;
    try {
      take(bytes);
      return true;
    } catch (error) {
      // Another version, or keys that no longer count: the repository's file decides.
      if (error instanceof TrustError) return false;
      throw new TrustError('internal', `"${role}" version ${facts.version} could not be reused`, {
        cause: error,
      });
    }
  }

  #versioned(role: string, version: number): string {
    const file = `${encodeURIComponent(role)}.json`;
    return this.#set.root.consistent_snapshot ? `${version}.${file}` : file;
  }

  async #fetchMetadata(file: string, maxBytes: number, facts: ExpectedFile = {}): Promise<Uint8Array> {
    const { metadataUrl, transport, limits, signal } = this.#options;
    if (facts.length !== undefined && facts.length > maxBytes)
      throw new TrustError('too-large', `"${file}" has ${facts.length} bytes, over ${maxBytes}`);
    const bytes = await transport.fetch(new URL(file, metadataUrl).href, {
      maxBytes: facts.length ?? maxBytes,
      timeoutMs: limits.fileTimeoutMs,
      signal,
    });
    this.#bytesFetched += bytes.length;
    return bytes;
  }
}

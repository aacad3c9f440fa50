/**
 * The trusted metadata of one update and the rules by which it grows: TUF 1.0, section 5, without its input and output.
 * Nothing is taken over before every check of its step has passed. Clause numbers are those of the TUF specification.
 * @module
 */
import { TrustError } from './errors.js';
import { ed25519KeyHex } from './keys.js';
import type { TrustLimits } from './limits.js';
import {
  type Authority,
  type FileFacts,
  type Metadata,
  parseMetadata,
  type Signed,
  verifyFile,
  verifyThreshold,
} from './models.js';

/** Metadata files as they are kept between updates: bytes that were verified when they were taken over. */
export interface MetadataFiles {
  root: Uint8Array;
  timestamp?: Uint8Array;
  snapshot?: Uint8Array;
  /** By role: `targets` and those delegated. */
  targets: Record<string, Uint8Array>;
}

/** Verified targets metadata of one role. */
export interface TrustedTargets {
  readonly role: string;
  /** The role that delegates to it; `root` for the top-level role. */
  readonly delegator: string;
  readonly metadata: Metadata<'targets'>;
  /** Ids of the keys that signed. */
  readonly signers: readonly string[];
}

/** Trusted metadata; see the module. */
export class TrustedSet {
  readonly #now: number;
  readonly #limits: TrustLimits;
  /** The root that was trusted when the update began: what 5.3.11 compares with. */
  readonly #firstRoot: Metadata<'root'>;
  #root: Metadata<'root'>;
  /** What earlier updates trusted: floors for versions (5.4.3, 5.5.5). */
  #oldTimestamp: Metadata<'timestamp'> | undefined;
  #oldSnapshot: Metadata<'snapshot'> | undefined;
  #timestamp: Metadata<'timestamp'> | undefined;
  #snapshot: Metadata<'snapshot'> | undefined;
  readonly #targets = new Map<string, TrustedTargets>();
  readonly #stored: MetadataFiles | undefined;
  #rootIsFinal = false;

  /**
   * @param anchor - root metadata that the app came with, any version
   * @param stored - what earlier updates left, if anything
   * @param now - time of the whole update, in milliseconds since 1970 (5.1)
   * @param limits - depth of JSON
   * @throws TrustError if the anchor is not validly signed root metadata
   */
  constructor(anchor: Uint8Array, stored: MetadataFiles | undefined, now: number, limits: TrustLimits) {
    this.#now = now;
    this.#limits = limits;
    // 5.2: load the trusted root: the newer one of what the app came with and what was walked to.
    const shipped = this.#selfSignedRoot(anchor);
    const walked = stored && this.#selfSignedRoot(stored.root);
    this.#firstRoot = walked ?? shipped;
    this.#root = walked && walked.signed.version > shipped.signed.version ? walked : shipped;
    this.#stored = stored;
    if (stored?.timestamp) this.#oldTimestamp = parseMetadata('timestamp', stored.timestamp, limits);
    if (stored?.snapshot) this.#oldSnapshot = parseMetadata('snapshot', stored.snapshot, limits);
  }

  /** The trusted root. */
  get root(): Signed<'root'> {
    return this.#root.signed;
  }

  /** True once this update's timestamp is trusted. */
  get hasTimestamp(): boolean {
    return this.#timestamp !== undefined;
  }

  /** @throws TrustError `internal` before it is trusted */
  get timestamp(): Signed<'timestamp'> {
    return loaded(this.#timestamp, 'timestamp').signed;
  }

  /** @throws TrustError `internal` before it is trusted */
  get snapshot(): Signed<'snapshot'> {
    return loaded(this.#snapshot, 'snapshot').signed;
  }

  /**
   * Takes over the next root (5.3.4 to 5.3.7).
   * @param bytes - the file
   * @throws TrustError
   */
  updateRoot(bytes: Uint8Array): void {
    const next = parseMetadata('root', bytes, this.#limits);
    // 5.3.4: signed by a threshold of the trusted root's keys, and by one of its own.
    verifyThreshold(next, rootAuthority(this.#root, 'root'), 'root');
    verifyThreshold(next, rootAuthority(next, 'root'), 'root');
    // 5.3.5: exactly the next version.
    const expected = this.#root.signed.version + 1;
    if (next.signed.version !== expected) {
      const code = next.signed.version < expected ? 'rollback' : 'version-mismatch';
      throw new TrustError(code, `"root" has version ${next.signed.version} instead of ${expected}`);
    }
    // 5.3.6: its expiry does not matter yet. 5.3.7:
    this.#root = next;
  }

  /**
   * Ends the walk of roots (5.3.10, 5.3.11).
   * @throws TrustError `expired`
   */
  settleRoot(): void {
    this.#checkExpiry(this.#root, 'root');
    // 5.3.11: a key of timestamp or snapshot was taken away, so what it signed may have been fast-forwarded.
    if (this.#wasRotated('timestamp') || this.#wasRotated('snapshot')) {
      this.#oldTimestamp = undefined;
      this.#oldSnapshot = undefined;
    }
    this.#rootIsFinal = true;
  }

  /**
   * 5.4.2 to 5.4.5.
   * @param bytes - the file
   * @throws TrustError
   */
  updateTimestamp(bytes: Uint8Array): void {
    if (!this.#rootIsFinal) throw new TrustError('internal', '"timestamp" before the root was settled');
    let next = parseMetadata('timestamp', bytes, this.#limits);
    const authority = rootAuthority(this.#root, 'timestamp');
    verifyThreshold(next, authority, 'timestamp'); // 5.4.2
    const old = this.#oldTimestamp;
    if (old !== undefined) {
      checkNotOlder(next.signed.version, old.signed.version, 'timestamp'); // 5.4.3.1
      const facts = next.signed.meta['snapshot.json'];
      checkNotOlder(facts.version, old.signed.meta['snapshot.json'].version, 'snapshot'); // 5.4.3.2
      // The same version again: the one that was trusted first stays, if its signatures still count.
      if (next.signed.version === old.signed.version && isSigned(old, authority)) next = old;
    }
    this.#checkExpiry(next, 'timestamp'); // 5.4.4
    this.#timestamp = next;
  }

  /**
   * 5.5.2 to 5.5.7.
   * @param bytes - the file
   * @throws TrustError
   */
  updateSnapshot(bytes: Uint8Array): void {
    const facts = this.timestamp.meta['snapshot.json'];
    verifyFile(bytes, facts, 'snapshot'); // 5.5.2
    const next = parseMetadata('snapshot', bytes, this.#limits);
    verifyThreshold(next, rootAuthority(this.#root, 'snapshot'), 'snapshot'); // 5.5.3
    checkVersion(next.signed.version, facts.version, 'snapshot'); // 5.5.4
    // 5.5.5: no targets file may go back to an older version, or vanish.
    for (const [file, { version }] of Object.entries(this.#oldSnapshot?.signed.meta ?? {})) {
      const now = Object.hasOwn(next.signed.meta, file) ? next.signed.meta[file] : undefined;
      if (now === undefined) throw new TrustError('rollback', `"${file}" is no longer in the snapshot`);
      checkNotOlder(now.version, version, file);
    }
    this.#checkExpiry(next, 'snapshot'); // 5.5.6
    this.#snapshot = next;
  }

  /**
   * @param role - a targets role
   * @returns what the snapshot says of its file
   * @throws TrustError `not-found`
   */
  targetsFacts(role: string): FileFacts {
    const { meta } = this.snapshot;
    const file = `${role}.json`;
    if (!Object.hasOwn(meta, file)) throw new TrustError('not-found', `"${file}" is not in the snapshot`);
    return meta[file]!;
  }

  /**
   * 5.6.2 to 5.6.5; takes nothing over yet.
   * @param role - `targets` or a delegated role
   * @param delegator - `root`, or the trusted role that delegates to it
   * @param bytes - the file
   * @returns what {@link acceptTargets} takes over
   * @throws TrustError
   */
  verifyTargets(role: string, delegator: string, bytes: Uint8Array): TrustedTargets {
    const facts = this.targetsFacts(role);
    verifyFile(bytes, facts, role); // 5.6.2
    const metadata = parseMetadata('targets', bytes, this.#limits, role);
    const signers = verifyThreshold(metadata, this.#targetsAuthority(role, delegator), role); // 5.6.3
    checkVersion(metadata.signed.version, facts.version, role); // 5.6.4
    this.#checkExpiry(metadata, role); // 5.6.5
    return { role, delegator, metadata, signers };
  }

  /** Takes verified targets metadata over (5.6.6). */
  acceptTargets(targets: TrustedTargets): void {
    this.#targets.set(targets.role, targets);
  }

  /** @returns the role's metadata if it is trusted as delegated by `delegator` */
  trustedTargets(role: string, delegator: string): TrustedTargets | undefined {
    const found = this.#targets.get(role);
    return found?.delegator === delegator ? found : undefined;
  }

  /** @returns the file of an earlier update, for a role whose version did not change; to be verified again */
  storedFile(role: string): Uint8Array | undefined {
    if (role === 'snapshot') return this.#stored?.snapshot;
    const files = this.#stored?.targets ?? {};
    return Object.hasOwn(files, role) ? files[role] : undefined;
  }

  /** @returns all files to keep: what was taken over, and older files where nothing newer was */
  files(): MetadataFiles {
    const timestamp = (this.#timestamp ?? this.#oldTimestamp)?.bytes;
    const snapshot = (this.#snapshot ?? this.#oldSnapshot)?.bytes;
    const targets = { ...this.#stored?.targets };
    for (const [role, { metadata }] of this.#targets) targets[role] = metadata.bytes;
    if (this.#snapshot !== undefined) {
      for (const role of Object.keys(targets))
        if (!Object.hasOwn(this.#snapshot.signed.meta, `${role}.json`)) delete targets[role];
    }
    return {
      root: this.#root.bytes,
      ...(timestamp && { timestamp }),
      ...(snapshot && { snapshot }),
      targets,
    };
  }

  #targetsAuthority(role: string, delegator: string): Authority {
    if (delegator === 'root') return rootAuthority(this.#root, 'targets');
    const delegations = this.#targets.get(delegator)?.metadata.signed.delegations;
    const delegated = delegations?.roles.find(({ name }) => name === role);
    if (!delegations || !delegated)
      throw new TrustError('not-found', `"${delegator}" does not delegate to "${role}"`);
    return { keys: delegations.keys, role: delegated };
  }

  #selfSignedRoot(bytes: Uint8Array): Metadata<'root'> {
    const root = parseMetadata('root', bytes, this.#limits);
    verifyThreshold(root, rootAuthority(root, 'root'), 'root');
    return root;
  }

  #wasRotated(role: 'timestamp' | 'snapshot'): boolean {
    const now = keySet(rootAuthority(this.#root, role));
    return [...keySet(rootAuthority(this.#firstRoot, role))].some((key) => !now.has(key));
  }

  #checkExpiry({ signed }: Metadata, name: string): void {
    if (signed.expires <= this.#now) {
      const when = new Date(signed.expires).toISOString();
      throw new TrustError('expired', `"${name}" version ${signed.version} expired at ${when}`);
    }
  }
}

function rootAuthority(root: Metadata<'root'>, role: keyof Signed<'root'>['roles']): Authority {
  return { keys: root.signed.keys, role: root.signed.roles[role] };
}

function keySet({ keys, role }: Authority): Set<string> {
  const found = role.keyids.map((id) => (Object.hasOwn(keys, id) ? ed25519KeyHex(keys[id]!) : undefined));
  return new Set(found.filter((key) => key !== undefined));
}

function isSigned(metadata: Metadata, authority: Authority): boolean {
  try {
    verifyThreshold(metadata, authority, 'timestamp');
    return true;
  } catch {
    return false;
  }
}

function checkNotOlder(version: number, trusted: number, name: string): void {
  if (version < trusted)
    throw new TrustError('rollback', `"${name}" went back from version ${trusted} to ${version}`);
}

function checkVersion(version: number, expected: number, name: string): void {
  if (version !== expected)
    throw new TrustError('version-mismatch', `"${name}" has version ${version} instead of ${expected}`);
}

function loaded<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TrustError('internal', `"${name}" is not trusted yet`);
  return value;
}

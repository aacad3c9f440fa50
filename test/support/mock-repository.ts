/**
 * A publisher for tests that can make every kind of bad repository: metadata are plain objects that a test may bend
 * before they are signed, signatures come from an injected crypto (Node's in Node), canonical JSON from the TUF peers'
 * library. It shares no code with the client.
 * @module
 */
import { canonicalize } from '@tufjs/canonical-json';
import { makeList } from './lists.js';

/** What signs and digests. */
export interface MockCrypto {
  createKey(): Promise<MockKey>;
  sha256(bytes: Uint8Array): string;
}

/** A key pair. */
export interface MockKey {
  readonly id: string;
  readonly json: { keytype: string; scheme: string; keyval: { public: string } };
  /** @returns the signature in hex */
  sign(bytes: Uint8Array): string;
}

/** Metadata before it is checked. Loose on purpose: tests put anything in. */
// biome-ignore lint/suspicious/noExplicitAny: hostile metadata has no type
export type Loose = any;

/** A top-level role, or the one delegated role of the mock. */
export type MockRole = 'root' | 'timestamp' | 'snapshot' | 'targets' | 'urgent';

export const LIST = 'hotline';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How one publication differs from an honest one. */
export interface PublishOptions {
  /** Keys that sign a role, instead of all of its keys. */
  readonly signers?: Partial<Record<MockRole, readonly MockKey[]>>;
  /** Bends a role's signed part before it is signed. */
  readonly edit?: Partial<Record<MockRole, (signed: Loose) => void>>;
  /** Bends the envelope after it was signed. */
  readonly editEnvelope?: Partial<Record<MockRole, (envelope: Loose) => void>>;
  /** Bends a role's bytes; snapshot and timestamp vouch for the bent ones. */
  readonly editBytes?: Partial<Record<MockRole, (bytes: Uint8Array) => Uint8Array>>;
  /** Roles whose version stays. */
  readonly keepVersion?: readonly MockRole[];
}

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const clone = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** See the module. Three organisations, of which two must sign; an urgent role of two keys, of which one must. */
export class MockRepository {
  readonly #crypto: MockCrypto;
  /** Files by path below the repository: `metadata/…` and `targets/…`. */
  readonly files = new Map<string, Uint8Array>();
  /** Keys of the root that was published last: the next one needs their signatures. */
  rootSigners: readonly MockKey[] = [];
  readonly keys = {} as Record<MockRole, MockKey[]>;
  /** Time of publication, in milliseconds since 1970. */
  now: number;
  root: Loose;
  timestamp: Loose;
  snapshot: Loose;
  targets: Loose;
  urgent: Loose;
  /** Signed parts of each targets role by version: their digests are the links of a chain. */
  readonly history: Record<string, Map<number, string>> = { targets: new Map(), urgent: new Map() };

  private constructor(crypto: MockCrypto, now: number) {
    this.#crypto = crypto;
    this.now = now;
  }

  /** A repository with version 1 of the list, published. */
  static async create(crypto: MockCrypto, now: number): Promise<MockRepository> {
    const repository = new MockRepository(crypto, now);
    const counts: Record<MockRole, number> = { root: 2, timestamp: 1, snapshot: 1, targets: 3, urgent: 2 };
    for (const [role, count] of Object.entries(counts)) {
      repository.keys[role as MockRole] = [];
      for (let i = 0; i < count; i++) repository.keys[role as MockRole].push(await crypto.createKey());
    }
    repository.#initialise();
    repository.setList(1);
    repository.publishRoot();
    repository.publish();
    return repository;
  }

  /** The anchor that an app ships: root version 1. */
  get anchor(): Uint8Array {
    return this.files.get('metadata/1.root.json')!;
  }

  createKey(): Promise<MockKey> {
    return this.#crypto.createKey();
  }

  sha256(bytes: Uint8Array): string {
    return this.#crypto.sha256(bytes);
  }

  /** Takes a copy of all files, to be served again or put back. */
  copyFiles(): Map<string, Uint8Array> {
    return new Map(this.files);
  }

  /** @returns a repository with the same keys and history that goes its own way from now on */
  fork(): MockRepository {
    const copy = new MockRepository(this.#crypto, this.now);
    for (const [path, bytes] of this.files) copy.files.set(path, bytes);
    copy.rootSigners = this.rootSigners;
    for (const role of Object.keys(this.keys) as MockRole[]) copy.keys[role] = [...this.keys[role]];
    for (const role of ['root', 'timestamp', 'snapshot', 'targets', 'urgent'] as const)
      copy[role] = clone(this[role]);
    for (const [role, versions] of Object.entries(this.history)) copy.history[role] = new Map(versions);
    return copy;
  }

  /** Puts a version of the list into the ordinary role, in place of the one before. @returns its bytes */
  setList(version: number, entries = 20 + version): Uint8Array {
    for (const path of Object.keys(this.targets.targets))
      if (path.endsWith('.snapshot')) delete this.targets.targets[path];
    return this.addTarget('targets', `${LIST}/${version}.snapshot`, version, entries);
  }

  /** Puts an urgent list into the urgent role. @returns its bytes */
  setUrgent(version: number, entries: number, hours = 48, custom: Loose = {}): Uint8Array {
    this.urgent.targets = {};
    const until = Math.floor((this.now + hours * HOUR) / 1000);
    return this.addTarget('urgent', `${LIST}/urgent-${version}.snapshot`, version, entries, {
      urgentUntil: until,
      ...custom,
    });
  }

  /** Adds a snapshot made for the purpose. `facts.entries` may lie. @returns its bytes */
  addTarget(
    role: 'targets' | 'urgent',
    path: string,
    version: number,
    entries: number,
    facts: Loose = {},
  ): Uint8Array {
    const created = Math.floor(this.now / 1000);
    const bytes = makeList({ name: LIST, version, createdSeconds: created, pdqDecoys: entries });
    this.addFile(role, path, bytes, { presieve: { list: LIST, version, created, entries, ...facts } });
    return bytes;
  }

  /** Adds any file as a target. */
  addFile(role: 'targets' | 'urgent', path: string, bytes: Uint8Array, custom?: Loose): void {
    const sha256 = this.sha256(bytes);
    this[role].targets[path] = { length: bytes.length, hashes: { sha256 }, ...(custom && { custom }) };
    const parts = path.split('/');
    parts.push(`${sha256}.${parts.pop()!}`);
    this.files.set(`targets/${parts.join('/')}`, bytes);
  }

  /** Signs and writes the present root under its version. `also` sign as well: the keys of the root before. */
  publishRoot(options: PublishOptions = {}, also: readonly MockKey[] = []): void {
    this.root.expires = iso(this.now + 365 * DAY);
    const keys = [...(options.signers?.root ?? this.keys.root), ...also];
    this.files.set(`metadata/${this.root.version}.root.json`, this.#seal('root', this.root, keys, options));
    this.rootSigners = [...this.keys.root];
  }

  /** A new root version after `change`, signed by the old root's keys and the new ones. */
  rotateRoot(change: (root: Loose) => void = () => {}, options: PublishOptions = {}): void {
    const before = this.rootSigners;
    this.root.version++;
    change(this.root);
    this.#describeRoles();
    this.publishRoot(
      options,
      options.signers?.root ? [] : before.filter((key) => !this.keys.root.includes(key)),
    );
  }

  /** Signs and writes all but the root, each with its version raised. */
  publish(options: PublishOptions = {}): void {
    this.targets.delegations = this.#delegations();
    const meta: Loose = {};
    for (const role of ['urgent', 'targets'] as const) {
      const bytes = this.#publishRole(role, 30 * DAY, options);
      meta[`${role}.json`] = this.#facts(this[role].version, bytes);
    }
    this.snapshot.meta = meta;
    const snapshot = this.#publishRole('snapshot', 7 * DAY, options);
    this.timestamp.meta = { 'snapshot.json': this.#facts(this.snapshot.version, snapshot) };
    this.#publishRole('timestamp', DAY, options);
  }

  /** Signs and writes the urgent role, snapshot and timestamp: what can be done in minutes. */
  publishUrgentOnly(options: PublishOptions = {}): void {
    const bytes = this.#publishRole('urgent', 30 * DAY, options);
    this.snapshot.meta = { ...this.snapshot.meta, 'urgent.json': this.#facts(this.urgent.version, bytes) };
    const snapshot = this.#publishRole('snapshot', 7 * DAY, options);
    this.timestamp.meta = { 'snapshot.json': this.#facts(this.snapshot.version, snapshot) };
    this.#publishRole('timestamp', DAY, options);
  }

  #publishRole(role: Exclude<MockRole, 'root'>, lifetime: number, options: PublishOptions): Uint8Array {
    const signed = this[role];
    if (!options.keepVersion?.includes(role)) signed.version++;
    signed.expires = iso(this.now + lifetime);
    if (role === 'targets' || role === 'urgent') signed['x-presieve'] = { links: this.#links(role) };
    const bytes = this.#seal(role, signed, options.signers?.[role] ?? this.keys[role], options);
    this.files.set(`metadata/${role === 'timestamp' ? '' : `${signed.version}.`}${role}.json`, bytes);
    return bytes;
  }

  #seal(role: MockRole, signed: Loose, keys: readonly MockKey[], options: PublishOptions): Uint8Array {
    const bent = clone(signed);
    options.edit?.[role]?.(bent);
    // Edits of versions and the like hold for what is said of the file elsewhere.
    if (options.edit?.[role] && typeof bent.version === 'number') signed.version = bent.version;
    const canonical = new TextEncoder().encode(canonicalize(bent));
    this.history[role]?.set(bent.version, this.sha256(canonical));
    const envelope: Loose = {
      signatures: keys.map((key) => ({ keyid: key.id, sig: key.sign(canonical) })),
      signed: bent,
    };
    options.editEnvelope?.[role]?.(envelope);
    const bytes = encode(envelope);
    return options.editBytes?.[role]?.(bytes) ?? bytes;
  }

  #links(role: 'targets' | 'urgent'): Loose[] {
    const links = [];
    const { version } = this[role];
    for (let step = 1; version - step >= 1; step *= 2) {
      const sha256 = this.history[role]!.get(version - step);
      links.push({ version: version - step, sha256: sha256 ?? '0'.repeat(64) });
    }
    return links;
  }

  #facts(version: number, bytes: Uint8Array): Loose {
    return { version, length: bytes.length, hashes: { sha256: this.sha256(bytes) } };
  }

  #initialise(): void {
    const common = { spec_version: '1.0.31', version: 0, expires: iso(this.now) };
    this.root = { _type: 'root', ...common, version: 1, consistent_snapshot: true };
    this.timestamp = { _type: 'timestamp', ...common, meta: {}, 'x-presieve': { pollSeconds: 300 } };
    this.snapshot = { _type: 'snapshot', ...common, meta: {} };
    this.targets = { _type: 'targets', ...common, targets: {} };
    this.urgent = { _type: 'targets', ...common, targets: {} };
    this.#describeRoles();
    const organisations = Object.fromEntries(
      this.keys.targets.map((key, i) => [key.id, `organisation ${i + 1}`]),
    );
    this.root['x-presieve'] = { organisations, chains: { targets: 1, urgent: 1 } };
  }

  #describeRoles(): void {
    const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const;
    const keys = roles.flatMap((role) => this.keys[role]);
    this.root.keys = Object.fromEntries(keys.map((key) => [key.id, key.json]));
    const thresholds = { root: 2, timestamp: 1, snapshot: 1, targets: 2 };
    this.root.roles = Object.fromEntries(
      roles.map((role) => [
        role,
        { keyids: this.keys[role].map(({ id }) => id), threshold: thresholds[role] },
      ]),
    );
  }

  #delegations(): Loose {
    return {
      keys: Object.fromEntries(this.keys.urgent.map((key) => [key.id, key.json])),
      roles: [
        {
          name: 'urgent',
          keyids: this.keys.urgent.map(({ id }) => id),
          threshold: 1,
          terminating: false,
          paths: [`${LIST}/*.snapshot`],
          'x-presieve': { urgent: { maxEntries: 50, maxHours: 48 } },
        },
      ],
    };
  }
}

function iso(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * Metadata files as values: parsed within limits, not yet trusted. {@link verifyThreshold} is what makes them so.
 * @module
 */
import * as v from 'valibot';
import { bytesToHex, DIGESTS, type DigestName, digestHex, sha256Hex } from './bytes.js';
import { canonicalBytes, type Json, parseJson } from './canonical-json.js';
import { TrustError } from './errors.js';
import { ed25519KeyHex, keyIdOf, type PublicKey, verifyEd25519 } from './keys.js';
import type { TrustLimits } from './limits.js';
import { Envelope, ListCustom, SIGNED } from './schema.js';

/** The four types of metadata. */
export type MetadataKind = keyof typeof SIGNED;
/** The `signed` part of one kind; `expires` in milliseconds since 1970. */
export type Signed<K extends MetadataKind> = v.InferOutput<(typeof SIGNED)[K]>;
/** A delegated role as its delegator describes it. */
export type DelegatedRole = NonNullable<Signed<'targets'>['delegations']>['roles'][number];
/** Version, and perhaps length and digests, of a metadata file. */
export type FileFacts = Signed<'timestamp'>['meta']['snapshot.json'];
/** Length and digests that were signed, both optional for metadata files. */
export type ExpectedFile = Pick<FileFacts, 'length' | 'hashes'>;
/** What a target's custom field says of a list (docs/list-repository.md, 4.3). */
export type ListTargetFacts = v.InferOutput<typeof ListCustom>;

/** One metadata file. */
export interface Metadata<K extends MetadataKind = MetadataKind> {
  readonly signed: Signed<K>;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
  /** Canonical form of the whole signed part, unknown fields included. */
  readonly signedBytes: Uint8Array;
  /** The file as it came. */
  readonly bytes: Uint8Array;
}

/** Who may sign what: keys by id, and a role of them. */
export interface Authority {
  readonly keys: Readonly<Record<string, PublicKey>>;
  readonly role: { readonly keyids: readonly string[]; readonly threshold: number };
}

/**
 * @param kind - which type it has to be
 * @param bytes - the file; kept, must not change
 * @param limits - for its depth; its length was limited when it was fetched
 * @param name - for messages
 * @returns the metadata, its signatures unverified
 * @throws TrustError `format` or `too-large`
 */
export function parseMetadata<K extends MetadataKind>(
  kind: K,
  bytes: Uint8Array,
  limits: Pick<TrustLimits, 'maxJsonDepth'>,
  name: string = kind,
): Metadata<K> {
  const envelope = checked(Envelope, parseJson(bytes, limits.maxJsonDepth, name), name);
  const signed = checked(SIGNED[kind], envelope.signed, name) as Signed<K>;
  const signedBytes = canonicalBytes(envelope.signed as Json);
  return { signed, signatures: envelope.signatures, signedBytes, bytes };
}

/**
 * @param custom - the `custom` of a target
 * @param path - the target's path, for messages
 * @returns what it says of a list, or undefined if the target belongs to no list
 * @throws TrustError `format` if it has a `presieve` part of a wrong shape
 */
export function parseListCustom(custom: unknown, path: string): ListTargetFacts | undefined {
  if (typeof custom !== 'object' || custom === null || !Object.hasOwn(custom, 'presieve')) return undefined;
  return checked(ListCustom, (custom as { presieve: unknown }).presieve, path);
}

function checked<S extends v.GenericSchema>(schema: S, value: unknown, name: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new TrustError('format', `"${name}": ${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
}

/**
 * Counts distinct keys, not key ids: one key under two ids counts once. Signatures by keys that the role does not have,
 * and keys that are not Ed25519, count nothing.
 * @param metadata - what was signed
 * @param authority - keys and role
 * @param name - for messages
 * @returns ids (see `keyIdOf`) of the keys that signed, sorted
 * @throws TrustError `signature` if none of the role's keys signed, `threshold` if too few did
 */
export function verifyThreshold(metadata: Metadata, { keys, role }: Authority, name: string): string[] {
  const signers = new Map<string, string>();
  for (const { keyid, sig } of metadata.signatures) {
    if (!role.keyids.includes(keyid) || !Object.hasOwn(keys, keyid)) continue;
    const key = keys[keyid]!;
    const hex = ed25519KeyHex(key);
    if (hex === undefined || signers.has(hex)) continue;
    if (verifyEd25519(hex, sig, metadata.signedBytes)) signers.set(hex, keyIdOf(key));
  }
  if (signers.size === 0)
    throw new TrustError('signature', `"${name}" has no valid signature by a key of its role`);
  if (signers.size < role.threshold) {
    throw new TrustError(
      'threshold',
      `"${name}" is signed by ${signers.size} of the ${role.threshold} keys that it takes`,
    );
  }
  return [...signers.values()].sort();
}

/**
 * For metadata files, which are small.
 * @param bytes - a file
 * @param expected - length and digests that were signed
 * @param name - for messages
 * @throws TrustError `length` or `hash`
 */
export function verifyFile(bytes: Uint8Array, expected: ExpectedFile, name: string): void {
  for (const [algorithm, digest] of signedDigests(bytes, expected, name))
    if (bytesToHex(DIGESTS[algorithm](bytes)) !== digest) throw wrongDigest(algorithm, name);
}

/**
 * The same for lists and deltas, which are large: hashed by the platform where it can ({@link digestHex}).
 * @throws TrustError (by rejection) `length` or `hash`
 */
export async function verifyTarget(bytes: Uint8Array, expected: ExpectedFile, name: string): Promise<void> {
  for (const [algorithm, digest] of signedDigests(bytes, expected, name))
    if ((await digestHex(algorithm, bytes)) !== digest) throw wrongDigest(algorithm, name);
}

/** @returns what to compare, once the length is right */
function signedDigests(
  bytes: Uint8Array,
  { length, hashes }: ExpectedFile,
  name: string,
): (readonly [DigestName, string])[] {
  if (length !== undefined && bytes.length !== length)
    throw new TrustError('length', `"${name}" has ${bytes.length} bytes instead of ${length}`);
  return (['sha256', 'sha512'] as const).flatMap((algorithm) => {
    const digest = hashes?.[algorithm];
    return digest === undefined ? [] : [[algorithm, digest] as const];
  });
}

function wrongDigest(algorithm: DigestName, name: string): TrustError {
  return new TrustError('hash', `"${name}" does not have the ${algorithm} that was signed`);
}

/**
 * @param metadata - any metadata
 * @returns SHA-256 of its signed part in canonical form: what links of a chain name (5.2)
 */
export function signedDigest(metadata: Metadata): string {
  return sha256Hex(metadata.signedBytes);
}

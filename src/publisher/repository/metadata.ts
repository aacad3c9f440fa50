/**
 * Writing metadata: values of `@tufjs/models` to files, and signatures onto files. Reading is the client's own parser, so
 * that nothing is signed which a client would not read.
 * @module
 */
import * as tuf from '@tufjs/models';
import { DEFAULT_TRUST_LIMITS } from '../../trust/limits.js';
import { type Metadata, type MetadataKind, parseMetadata } from '../../trust/models.js';
import { PublisherError } from '../errors.js';
import type { IdentifiedKey, SigningKey } from './keys.js';

/** Roles of a repository that the commands make. */
export type RoleName = 'root' | 'timestamp' | 'snapshot' | 'targets' | 'urgent';
/** Roles that list targets. */
export type TargetsRole = 'targets' | 'urgent';

/** Version of TUF that is written. */
export const SPEC_VERSION = '1.0.31';

const DAY_MS = 86_400_000;

/** @returns which type of metadata a role has */
export function kindOf(role: RoleName): MetadataKind {
  return role === 'urgent' ? 'targets' : role;
}

/**
 * @param now - milliseconds since 1970
 * @param days - from then
 * @returns an expiry as metadata has it
 */
export function expiryAfter(now: number, days: number): string {
  return new Date(now + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** @returns a key as the models have it */
export function modelKey({ id, key }: IdentifiedKey): tuf.Key {
  const { keytype, scheme, keyval } = key;
  return new tuf.Key({ keyID: id, keyType: keytype, scheme, keyVal: { public: keyval.public } });
}

/**
 * @param signed - the signed part
 * @param keys - sign it
 * @returns a metadata file
 */
export function encodeSigned(
  signed: tuf.Root | tuf.Timestamp | tuf.Snapshot | tuf.Targets,
  keys: readonly SigningKey[] = [],
): Uint8Array {
  const metadata = new tuf.Metadata(signed);
  for (const key of keys) metadata.sign(signerOf(key));
  return encode(metadata);
}

/**
 * @param bytes - a metadata file
 * @param key - signs it; a signature that it has by the same key is replaced
 * @returns the file with the signature
 */
export function addSignature(role: RoleName, bytes: Uint8Array, key: SigningKey): Uint8Array {
  const data = JSON.parse(new TextDecoder().decode(bytes)) as Parameters<typeof tuf.Metadata.fromJSON>[1];
  // The same call whatever the type: its declaration has one overload for each.
  const metadata = tuf.Metadata.fromJSON(kindOf(role) as tuf.MetadataKind.Targets, data);
  metadata.sign(signerOf(key));
  return encode(metadata);
}

/**
 * @param bytes - a targets file that was read by {@link readMetadata} before
 * @returns it as a value that may be changed
 */
export function modelTargets(bytes: Uint8Array): tuf.Targets {
  const data = JSON.parse(new TextDecoder().decode(bytes)) as Parameters<typeof tuf.Metadata.fromJSON>[1];
  return tuf.Metadata.fromJSON(tuf.MetadataKind.Targets, data).signed;
}

/**
 * @param bytes - a root file that was read by {@link readMetadata} before
 * @returns it as a value that may be changed
 */
export function modelRoot(bytes: Uint8Array): tuf.Root {
  const data = JSON.parse(new TextDecoder().decode(bytes)) as Parameters<typeof tuf.Metadata.fromJSON>[1];
  return tuf.Metadata.fromJSON(tuf.MetadataKind.Root, data).signed;
}

/**
 * @param kind - type of metadata
 * @param bytes - a file
 * @param file - what messages call it
 * @returns the metadata as clients read it, its signatures unverified
 * @throws PublisherError `repository-invalid`
 */
export function readMetadata<K extends MetadataKind>(kind: K, bytes: Uint8Array, file: string): Metadata<K> {
  try {
    return parseMetadata(kind, bytes, DEFAULT_TRUST_LIMITS, file);
  } catch (cause) {
    throw new PublisherError('repository-invalid', (cause as Error).message, { cause });
  }
}

function signerOf(key: SigningKey): (data: Buffer) => tuf.Signature {
  return (data) => new tuf.Signature({ keyID: key.id, sig: key.sign(data) });
}

function encode(metadata: { toJSON(): unknown }): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(metadata.toJSON()));
}

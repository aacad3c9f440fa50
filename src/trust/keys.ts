/**
 * Keys and signatures. One verifier everywhere: `@noble/ed25519` in its strict mode (RFC 8032), made stricter, so that
 * every signature accepted here is also accepted by OpenSSL (Node, python-cryptography), libsodium and WebCrypto.
 *
 * Engines disagree where A or R has a part of small order: the equation of RFC 8032 may be checked with or without
 * the cofactor. Such points come from no honest signer, so they are refused and the question does not arise.
 * @module
 */
import * as ed25519 from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, sha256Hex } from './bytes.js';
import { canonicalBytes, type Json } from './canonical-json.js';

/** A public key as TUF metadata has it (TUF 4.2). */
export interface PublicKey {
  readonly keytype: string;
  readonly scheme: string;
  /** For Ed25519 `public` is 64 hexadecimal digits. */
  readonly keyval: { readonly public: string };
}

const HEX_32 = /^[0-9a-f]{64}$/i;
const HEX_64 = /^[0-9a-f]{128}$/i;

/**
 * @param key - a public key
 * @returns its key id as TUF peers make it: SHA-256 over the canonical form of keytype, keyval and scheme, in hex
 */
export function keyIdOf(key: PublicKey): string {
  const { keytype, scheme, keyval } = key;
  return sha256Hex(canonicalBytes({ keytype, scheme, keyval: { public: keyval.public } } satisfies Json));
}

/**
 * @param key - a public key
 * @returns the 32 bytes of an Ed25519 key in lower-case hex, or undefined for any other type of key
 */
export function ed25519KeyHex(key: PublicKey): string | undefined {
  if (key.keytype !== 'ed25519' || key.scheme !== 'ed25519') return undefined;
  return HEX_32.test(key.keyval.public) ? key.keyval.public.toLowerCase() : undefined;
}

/**
 * Verifies one signature. Never throws.
 * @param keyHex - 32 bytes of public key in hex
 * @param signatureHex - 64 bytes in hex
 * @param message - the signed bytes
 * @returns true if the signature is valid, S is below the group's order, and A and R are canonical, on the curve, not
 *   of small order and without a part of small order
 */
export function verifyEd25519(keyHex: string, signatureHex: string, message: Uint8Array): boolean {
  if (!HEX_32.test(keyHex) || !HEX_64.test(signatureHex)) return false;
  const key = hexToBytes(keyHex);
  const signature = hexToBytes(signatureHex);
  // Set at use: nothing happens at import, and another user of the library may not have set it.
  ed25519.hashes.sha512 ??= sha512;
  try {
    return (
      ed25519.verify(signature, message, key, { zip215: false }) &&
      isStrictKey(key) &&
      isStrict(signature.subarray(0, 32))
    );
  } catch {
    return false;
  }
}

/** Keys by their hex. A repository has few, and each signs again and again; the check costs as much as a signature's. */
const strictKeys = new Map<string, boolean>();
const MAX_STRICT_KEYS = 256;

function isStrictKey(key: Uint8Array): boolean {
  const hex = bytesToHex(key);
  const known = strictKeys.get(hex);
  if (known !== undefined) return known;
  const strict = isStrict(key);
  if (strictKeys.size >= MAX_STRICT_KEYS) strictKeys.clear();
  strictKeys.set(hex, strict);
  return strict;
}

function isStrict(encoded: Uint8Array): boolean {
  const point = ed25519.Point.fromBytes(encoded, false);
  return (
    !point.isSmallOrder() && point.isTorsionFree() && bytesToHex(point.toBytes()) === bytesToHex(encoded)
  );
}

/**
 * Hexadecimal and SHA-2. Metadata is small and is hashed by one implementation in every engine; whole lists are hashed by
 * the platform where it can ({@link digestHex}).
 * @module
 */
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';

export { bytesToHex, hexToBytes };

/** Digest algorithms that the client can check, of those that TUF metadata may name. */
export const DIGESTS = { sha256, sha512 } as const;

/** Name of one of them, as TUF metadata writes it. */
export type DigestName = keyof typeof DIGESTS;

/** The same as Web Crypto calls them (Web Cryptography Level 2, 30). */
const WEB_CRYPTO_NAMES = { sha256: 'SHA-256', sha512: 'SHA-512' } as const satisfies Record<
  DigestName,
  string
>;

/**
 * @param bytes - any bytes
 * @returns SHA-256 in 64 lower-case hexadecimal digits
 */
export function sha256Hex(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

/**
 * Web Crypto's digest, which uses the processor's own instructions; outside of secure contexts there is none, and
 * JavaScript computes it, at a sixth of the speed (measured, Node 20).
 * @param algorithm - which digest
 * @param bytes - any number of bytes; must not change meanwhile
 * @returns lower-case hexadecimal digits
 */
export async function digestHex(algorithm: DigestName, bytes: Uint8Array): Promise<string> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return bytesToHex(DIGESTS[algorithm](bytes));
  // Typed as if it could be shared memory, which neither the network nor the store gives.
  const source = bytes as Uint8Array<ArrayBuffer>;
  return bytesToHex(new Uint8Array(await subtle.digest(WEB_CRYPTO_NAMES[algorithm], source)));
}

/**
 * @param text - well-formed text
 * @returns its bytes in UTF-8
 */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

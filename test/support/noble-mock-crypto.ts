/**
 * Keys and digests of the mock publisher where there is no Node: by the noble libraries.
 * @module
 */
import * as ed25519 from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { canonicalize } from '@tufjs/canonical-json';
import type { MockCrypto, MockKey } from './mock-repository.js';

export const NOBLE_MOCK_CRYPTO: MockCrypto = {
  sha256: (bytes) => bytesToHex(sha256(bytes)),
  async createKey(): Promise<MockKey> {
    ed25519.hashes.sha512 = sha512;
    const { secretKey, publicKey } = ed25519.keygen();
    const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: bytesToHex(publicKey) } };
    return {
      id: bytesToHex(sha256(new TextEncoder().encode(canonicalize(json)))),
      json,
      sign: (bytes) => bytesToHex(ed25519.sign(bytes, secretKey)),
    };
  },
};

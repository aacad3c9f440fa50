/**
 * Keys and digests of the mock publisher by Node's crypto: OpenSSL, an implementation of its own.
 * @module
 */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalize } from '@tufjs/canonical-json';
import type { MockCrypto, MockKey } from './mock-repository.js';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const NODE_MOCK_CRYPTO: MockCrypto = {
  sha256,
  async createKey(): Promise<MockKey> {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    // The last 32 bytes of the DER form are the key itself.
    const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex');
    const json = { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: raw } };
    return {
      id: sha256(Buffer.from(canonicalize(json))),
      json,
      sign: (bytes) => sign(null, bytes, privateKey).toString('hex'),
    };
  },
};

import { createHash, createPublicKey, verify } from 'node:crypto';
import * as ed25519 from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesToHex, hexToBytes } from '../../src/trust/bytes.js';
import { ed25519KeyHex, keyIdOf, verifyEd25519 } from '../../src/trust/keys.js';

/** What OpenSSL says, as Node's and Python's TUF clients ask it. */
function openssl(key: string, signature: string, message: Uint8Array): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
  try {
    const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return verify(null, message, publicKey, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

/** RFC 8032, 7.1: key, message, signature. */
const RFC_8032 = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
] as const;

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
/** The eight points of small order, and encodings of them that are not canonical. */
const SMALL_ORDER = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  '0100000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

function littleEndian(value: bigint): string {
  return bytesToHex(Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n)));
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Signs with a secret scalar and points of a forger's choice: [S]B = R + [k]A up to small order. */
function forge(message: Uint8Array, torsionOfA: ed25519.Point, torsionOfR: ed25519.Point) {
  const a = 1234567890123456789n;
  const r = 987654321987654321n;
  const A = ed25519.Point.BASE.multiply(a).add(torsionOfA).toBytes();
  const R = ed25519.Point.BASE.multiply(r).add(torsionOfR).toBytes();
  const k = fromLittleEndian(sha512(Uint8Array.from([...R, ...A, ...message]))) % L;
  return { key: bytesToHex(A), signature: bytesToHex(R) + littleEndian((r + k * a) % L) };
}

describe('verifyEd25519', () => {
  test.each(RFC_8032)('RFC 8032 vector %#', (key, message, signature) => {
    expect(verifyEd25519(key, signature, hexToBytes(message))).toBe(true);
    expect(verifyEd25519(key.toUpperCase(), signature.toUpperCase(), hexToBytes(message))).toBe(true);
    expect(verifyEd25519(key, signature, Uint8Array.of(1))).toBe(false);
  });

  test('every flipped bit of key and signature is refused', () => {
    const [key, message, signature] = RFC_8032[1];
    for (let bit = 0; bit < 256 + 512; bit += 3) {
      const bytes = hexToBytes(key + signature);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const hex = bytesToHex(bytes);
      expect(verifyEd25519(hex.slice(0, 64), hex.slice(64), hexToBytes(message))).toBe(false);
    }
  });

  test('S of the group’s order and above is refused', () => {
    const [key, message, signature] = RFC_8032[1];
    const S = fromLittleEndian(hexToBytes(signature.slice(64)));
    for (const more of [L, 2n * L, 8n * L]) {
      const bent = signature.slice(0, 64) + littleEndian(S + more);
      expect(verifyEd25519(key, bent, hexToBytes(message))).toBe(false);
    }
  });

  test.each(SMALL_ORDER)('a key of small order is refused: %s', (key) => {
    // With A and R of small order and S = 0 the equation with the cofactor holds for any message.
    for (const R of SMALL_ORDER.slice(0, 8))
      expect(verifyEd25519(key, R + '0'.repeat(64), Uint8Array.of(1, 2, 3))).toBe(false);
  });

  test.each(SMALL_ORDER)('R of small order is refused: %s', (R) => {
    // R = identity and S = k·a is what an honest key holder could make, and no honest signer does.
    const a = 77n;
    const A = ed25519.Point.BASE.multiply(a).toBytes();
    const k = fromLittleEndian(sha512(Uint8Array.from([...hexToBytes(R), ...A, 5]))) % L;
    expect(verifyEd25519(bytesToHex(A), R + littleEndian((k * a) % L), Uint8Array.of(5))).toBe(false);
  });

  test('parts of small order are refused, on which engines disagree', () => {
    const zero = ed25519.Point.ZERO;
    const torsion = SMALL_ORDER.slice(1, 8).map((hex) => ed25519.Point.fromHex(hex, true));
    const message = Uint8Array.of(9);
    const honest = forge(message, zero, zero);
    expect(verifyEd25519(honest.key, honest.signature, message)).toBe(true);
    expect(openssl(honest.key, honest.signature, message)).toBe(true);
    let disagreements = 0;
    for (const T of torsion) {
      for (const { key, signature } of [
        forge(message, T, zero),
        forge(message, zero, T),
        forge(message, T, T),
      ]) {
        expect(verifyEd25519(key, signature, message)).toBe(false);
        const cofactored = ed25519.verify(hexToBytes(signature), message, hexToBytes(key), { zip215: false });
        if (cofactored !== openssl(key, signature, message)) disagreements++;
      }
    }
    // The reason for being stricter than either.
    expect(disagreements).toBeGreaterThan(0);
  });

  test('agrees with OpenSSL on honest and on altered signatures', () => {
    ed25519.hashes.sha512 = sha512;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ maxLength: 100 }),
        fc.option(fc.nat({ max: 511 })),
        (secret, message, flip) => {
          const key = bytesToHex(ed25519.getPublicKey(secret));
          const signature = ed25519.sign(message, secret);
          if (flip !== null) signature[flip >> 3]! ^= 1 << (flip & 7);
          const hex = bytesToHex(signature);
          const accepted = verifyEd25519(key, hex, message);
          expect(accepted).toBe(flip === null);
          expect(accepted).toBe(openssl(key, hex, message));
        },
      ),
      { numRuns: 40 },
    );
  });

  test.each(['', 'zz', '00'.repeat(31), '00'.repeat(33)])('never throws: key %j', (key) => {
    expect(verifyEd25519(key, '00'.repeat(64), new Uint8Array())).toBe(false);
    expect(verifyEd25519('00'.repeat(32), key, new Uint8Array())).toBe(false);
  });
});

describe('keys', () => {
  const json = (hex: string) => ({ keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex } });

  test('the key id is the SHA-256 of the canonical form', () => {
    const canonical = `{"keytype":"ed25519","keyval":{"public":"${RFC_8032[0][0]}"},"scheme":"ed25519"}`;
    expect(keyIdOf(json(RFC_8032[0][0]))).toBe(createHash('sha256').update(canonical).digest('hex'));
  });

  test('only Ed25519 keys of 32 bytes count', () => {
    const hex = RFC_8032[0][0];
    expect(ed25519KeyHex(json(hex.toUpperCase()))).toBe(hex);
    expect(ed25519KeyHex(json(hex + '00'))).toBeUndefined();
    expect(ed25519KeyHex({ ...json(hex), keytype: 'rsa' })).toBeUndefined();
    expect(ed25519KeyHex({ ...json(hex), scheme: 'ed25519ph' })).toBeUndefined();
  });
});

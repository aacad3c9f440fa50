/**
 * Ed25519 key files. The private key is PKCS#8 in PEM, encrypted if a passphrase is given, so that OpenSSL reads it, too;
 * the public key is the key of TUF metadata (TUF 4.2) with its id.
 * @module
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto';
import { chmod, open, rm, stat } from 'node:fs/promises';
import { parseJson } from '../../trust/canonical-json.js';
import { ed25519KeyHex, keyIdOf, type PublicKey } from '../../trust/keys.js';
import { PublisherError, systemReason } from '../errors.js';
import { readWhole } from '../read-whole.js';

/** A public key and its id (docs/list-repository.md, 1.5). */
export interface IdentifiedKey {
  readonly id: string;
  readonly key: PublicKey;
}

/** A key that signs. */
export interface SigningKey extends IdentifiedKey {
  /** @returns the signature in hex */
  sign(bytes: Uint8Array): string;
}

/** A new key pair as files' contents. */
export interface NewKey extends IdentifiedKey {
  readonly privatePem: string;
  readonly publicJson: string;
}

const MAX_JSON_DEPTH = 8;

/**
 * @param passphrase - encrypts the private key (AES-256-CBC under PBKDF2, OpenSSL's rounds: a short passphrase is none)
 * @returns a new key pair
 */
export function generateKey(passphrase?: string): NewKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const privatePem = privateKey.export({
    type: 'pkcs8',
    format: 'pem',
    ...(passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase }),
  }) as string;
  const identified = identify(privateKey);
  const publicJson = `${JSON.stringify({ keyid: identified.id, ...identified.key }, null, 2)}\n`;
  return { ...identified, privatePem, publicJson };
}

/**
 * Writes a key pair: the private key so that only its owner can read it. Never replaces a file.
 * @param path - of the private key; the public one lies beside it as `PATH.pub`
 * @param key - the pair
 * @throws PublisherError `output-failed`
 */
export async function writeKeyPair(path: string, key: NewKey): Promise<void> {
  await writeNew(path, key.privatePem, 0o600);
  try {
    await writeNew(`${path}.pub`, key.publicJson, 0o644);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  try {
    const file = await open(path, 'wx', mode);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // An unusual umask may have taken the owner's rights away.
    await chmod(path, mode);
  } catch (cause) {
    const { code } = cause as { code?: string };
    const why = code === 'EEXIST' ? 'is there already, and a key is never overwritten' : systemReason(cause);
    throw new PublisherError('output-failed', `${path}: ${why}`, { cause });
  }
}

/**
 * @param path - a private key file; refused if others may read it
 * @param passphrase - called if the file is encrypted
 * @returns the key
 * @throws PublisherError `input-unreadable` or `key-invalid`
 */
export async function readPrivateKey(
  path: string,
  passphrase: () => Promise<string | undefined>,
): Promise<SigningKey> {
  const pem = Buffer.from(await readWhole(path)).toString('latin1');
  const { mode } = await stat(path);
  // Windows has no such bits.
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw keyInvalid(`${path}: others can read this private key; chmod 600 and think of making a new one`);
  const isEncrypted = pem.includes('ENCRYPTED');
  const phrase = isEncrypted ? await passphrase() : undefined;
  if (isEncrypted && phrase === undefined)
    throw keyInvalid(`${path}: the key is encrypted; give --passphrase-file or PRESIEVE_PASSPHRASE`);
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey({ key: pem, ...(phrase === undefined ? {} : { passphrase: phrase }) });
  } catch (cause) {
    const why = isEncrypted ? 'the passphrase is wrong, or the file is damaged' : 'not a private key in PEM';
    throw new PublisherError('key-invalid', `${path}: ${why}`, { cause });
  }
  if (privateKey.asymmetricKeyType !== 'ed25519') throw keyInvalid(`${path}: not an Ed25519 key`);
  return { ...identify(privateKey), sign: (bytes) => signBytes(null, bytes, privateKey).toString('hex') };
}

/**
 * @param path - a public key file, as `keygen` writes it
 * @returns the key
 * @throws PublisherError `input-unreadable` or `key-invalid`
 */
export async function readPublicKey(path: string): Promise<IdentifiedKey> {
  const bytes = await readWhole(path);
  if (Buffer.from(bytes).toString('latin1').includes('PRIVATE KEY'))
    throw keyInvalid(`${path}: this is a private key; give the .pub file, and keep this one to yourself`);
  let value: Partial<PublicKey & { keyid: string }> | null;
  try {
    value = parseJson(bytes, MAX_JSON_DEPTH, path) as typeof value;
  } catch (cause) {
    throw new PublisherError('key-invalid', `${path}: not a public key file`, { cause });
  }
  const { keytype, scheme, keyval, keyid } = value ?? {};
  const key = { keytype, scheme, keyval: { public: keyval?.public } } as PublicKey;
  if (typeof key.keyval.public !== 'string' || ed25519KeyHex(key) === undefined)
    throw keyInvalid(`${path}: not an Ed25519 public key`);
  const id = keyIdOf(key);
  if (keyid !== undefined && keyid !== id) throw keyInvalid(`${path}: the key id is not this key's`);
  return { id, key };
}

function identify(privateKey: KeyObject): IdentifiedKey {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8410: the last 32 bytes are the key itself.
  const key = {
    keytype: 'ed25519',
    scheme: 'ed25519',
    keyval: { public: der.subarray(-32).toString('hex') },
  };
  return { id: keyIdOf(key), key };
}

function keyInvalid(message: string): PublisherError {
  return new PublisherError('key-invalid', message);
}

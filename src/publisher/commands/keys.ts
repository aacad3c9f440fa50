/**
 * Keys as options name them: always files, never values, since a command line can be read by others.
 * @module
 */
import { InvalidArgumentError } from 'commander';
import { PublisherError } from '../errors.js';
import type { CliIo } from '../output.js';
import { readWhole } from '../read-whole.js';
import type { Organisation } from '../repository/init.js';
import { readPrivateKey, readPublicKey, type SigningKey } from '../repository/keys.js';

/** A name and the file of its public key. */
export interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** Environment variable that may hold the passphrase. */
export const PASSPHRASE_VARIABLE = 'PRESIEVE_PASSPHRASE';
const MAX_NAME_LENGTH = 255;

/**
 * @param file - holds the passphrase in its first line
 * @param io - its environment counts where there is no file
 * @returns the passphrase, or undefined
 * @throws PublisherError `usage` for an empty one
 */
export async function readPassphrase(file: string | undefined, io: CliIo): Promise<string | undefined> {
  const text =
    file === undefined ? io.env?.[PASSPHRASE_VARIABLE] : Buffer.from(await readWhole(file)).toString();
  const [passphrase] = text?.split(/\r?\n/, 1) ?? [];
  if (passphrase === '') throw new PublisherError('usage', 'the passphrase is empty');
  return passphrase;
}

/**
 * @param files - private keys
 * @param passphraseFile - of those that are encrypted
 * @param io - its environment may hold the passphrase
 * @returns the keys
 * @throws PublisherError
 */
export async function readSigningKeys(
  files: readonly string[],
  passphraseFile: string | undefined,
  io: CliIo,
): Promise<SigningKey[]> {
  const keys: SigningKey[] = [];
  for (const file of files) keys.push(await readPrivateKey(file, () => readPassphrase(passphraseFile, io)));
  return keys;
}

/**
 * @param named - names and public key files
 * @returns who holds which key
 * @throws PublisherError
 */
export async function readOrganisations(named: readonly NamedFile[]): Promise<Organisation[]> {
  const found: Organisation[] = [];
  for (const { name, file } of named) found.push({ name, ...(await readPublicKey(file)) });
  return found;
}

/** Collects options of the form NAME=FILE. @throws InvalidArgumentError */
export function collectNamedFiles(value: string, previous: readonly NamedFile[] | undefined): NamedFile[] {
  const equals = value.indexOf('=');
  if (equals < 1 || equals > MAX_NAME_LENGTH || equals === value.length - 1)
    throw new InvalidArgumentError('It must be NAME=FILE, the file being a public key.');
  return [...(previous ?? []), { name: value.slice(0, equals), file: value.slice(equals + 1) }];
}

/**
 * `presieve keygen`: a key pair to sign lists with.
 * @module
 */
import { Command } from 'commander';
import { printable } from '../output.js';
import { generateKey, writeKeyPair } from '../repository/keys.js';
import type { CommandContext } from './context.js';
import { readPassphrase } from './keys.js';

interface Options {
  out: string;
  passphraseFile?: string;
  json?: true;
}

/** Makes the command. */
export function keygenCommand({ io, output }: CommandContext): Command {
  return new Command('keygen')
    .description('make an Ed25519 key pair to sign lists with')
    .requiredOption('--out <file>', 'the private key to write; the public key is written to FILE.pub')
    .option('--passphrase-file <file>', 'encrypt the private key with the first line of this file')
    .option('--json', 'print one JSON value')
    .action(async ({ out, passphraseFile, json }: Options) => {
      const passphrase = await readPassphrase(passphraseFile, io);
      const key = generateKey(passphrase);
      await writeKeyPair(out, key);
      if (passphrase === undefined)
        output.note('the private key is not encrypted: whoever has the file can sign (--passphrase-file)');
      const publicKey = key.key.keyval.public;
      await (json
        ? output.json({ file: out, publicFile: `${out}.pub`, keyId: key.id, publicKey })
        : output.text(
            `private key  ${printable(out)}`,
            `public key   ${printable(out)}.pub`,
            `             ${publicKey}`,
            `key id       ${key.id}`,
          ));
    });
}

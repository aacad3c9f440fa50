/**
 * `presieve repo sign DIR --role ROLE --key FILE`: one organisation's signature, on its own machine.
 * @module
 */
import { Command, Option } from 'commander';
import { PublisherError } from '../errors.js';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import { diskFolder } from '../repository/folder.js';
import { Repository } from '../repository/repository.js';
import { type SignOptions, signStaged } from '../repository/sign.js';
import { type CommandContext, collectValues } from './context.js';
import { readSigningKeys } from './keys.js';
import { addListOptions, type ListOptions, namesLists, toListInputs } from './list-options.js';

interface Options extends ListOptions {
  role: SignOptions['role'];
  key: string;
  passphraseFile?: string;
  unsafeSignUnseen?: true;
  rebuilt?: string[];
  json?: true;
}

/** Makes the command. */
export function repoSignCommand(context: CommandContext): Command {
  const command = new Command('sign')
    .description('sign what is staged, after rebuilding new snapshots from your own lists')
    .argument('<dir>', "the publisher's folder, or a copy of it")
    .addOption(
      new Option('--role <role>', 'what to sign')
        .choices(['root', 'targets', 'urgent'])
        .makeOptionMandatory(),
    )
    .requiredOption('--key <file>', 'your private key')
    .option('--passphrase-file <file>', 'holds the passphrase of the key in its first line')
    .option(
      '--rebuilt <file>',
      'a snapshot that you built yourself from your own lists, in place of the lists; repeated',
      collectValues,
    )
    .option('--unsafe-sign-unseen', 'sign a new snapshot without having rebuilt it')
    .option('--json', 'print one JSON value');
  return addListOptions(command).action((dir: string, options: Options) => sign(dir, options, context));
}

async function sign(dir: string, options: Options, { io, output }: CommandContext): Promise<void> {
  const hasLists = namesLists(options);
  const unseen = options.unsafeSignUnseen === true;
  const { rebuilt = [] } = options;
  if ([hasLists, unseen, rebuilt.length > 0].filter(Boolean).length > 1)
    throw new PublisherError(
      'usage',
      'lists to rebuild from, --rebuilt and --unsafe-sign-unseen exclude each other',
    );
  if ((hasLists || rebuilt.length > 0) && options.role === 'root')
    throw new PublisherError('usage', 'nothing is rebuilt to sign a root: leave the lists out');
  const repository = await Repository.open(diskFolder(dir));
  const [key] = await readSigningKeys([options.key], options.passphraseFile, io);
  const report = await signStaged(repository, {
    role: options.role,
    key,
    rebuild: hasLists ? () => toListInputs(options, io) : undefined,
    rebuilt: await Promise.all(rebuilt.map(readWhole)),
    unseen,
    now: io.now(),
  });
  for (const path of report.unseen)
    output.note(`warning: ${printable(path)} was signed unseen: your signature says that you checked it`);
  if (options.json) return output.json(report);
  const { role, version, expires, changes, reproduced, signers, threshold } = report;
  await output.text(
    `signed ${role} version ${version}, valid until ${expires}`,
    ...changes.map((line) => `  ${printable(line)}`),
    ...reproduced.map(({ path }) => `rebuilt ${printable(path)} from your lists: the same bytes`),
    `${signers.length} of ${threshold} signatures: ${printable(signers.join(', '))}`,
  );
}

/**
 * `presieve repo rotate-root DIR`: other keys, other thresholds.
 * @module
 */
import { Command, InvalidArgumentError } from 'commander';
import { PublisherError } from '../errors.js';
import { printable } from '../output.js';
import { diskFolder } from '../repository/folder.js';
import { readPublicKey } from '../repository/keys.js';
import type { TargetsRole } from '../repository/metadata.js';
import { Repository } from '../repository/repository.js';
import { rotateRoot } from '../repository/rotate.js';
import { type CommandContext, collectValues, wholeNumber } from './context.js';
import { collectNamedFiles, type NamedFile, readOrganisations } from './keys.js';

interface Options {
  org?: NamedFile[];
  rootKey?: NamedFile[];
  remove?: string[];
  threshold?: number;
  rootThreshold?: number;
  snapshotKey?: string;
  timestampKey?: string;
  newHistory?: TargetsRole[];
  renew?: true;
  json?: true;
}

/** Makes the command. */
export function repoRotateRootCommand(context: CommandContext): Command {
  return new Command('rotate-root')
    .description('stage the next root, to be signed by the old keys and the new ones')
    .argument('<dir>', "the publisher's folder")
    .option(
      '--org <name=pubfile>',
      'an organisation that joins or has a new key; repeated',
      collectNamedFiles,
    )
    .option('--root-key <name=pubfile>', 'a root key that is new or replaced; repeated', collectNamedFiles)
    .option('--remove <name>', 'an organisation or holder of a root key that leaves; repeated', collectValues)
    .option('--threshold <k>', 'organisations that have to sign a list', wholeNumber)
    .option('--root-threshold <n>', 'root keys that have to sign', wholeNumber)
    .option('--snapshot-key <pubfile>', 'the new key of the snapshot role')
    .option('--timestamp-key <pubfile>', 'the new key of the timestamp role')
    .option('--new-history <role>', 'targets or urgent: clients forget its chain; repeated', collectRoles)
    .option('--renew', 'the same keys for another term')
    .option('--json', 'print one JSON value')
    .action((dir: string, options: Options) => rotate(dir, options, context));
}

async function rotate(dir: string, options: Options, { io, output }: CommandContext): Promise<void> {
  const { json, renew, snapshotKey, timestampKey, ...rest } = options;
  if (Object.keys(options).every((name) => name === 'json'))
    throw new PublisherError('usage', 'nothing changes: name keys or thresholds, or give --renew');
  const repository = await Repository.open(diskFolder(dir));
  const { version, expires, changes, alsoStaged } = await rotateRoot(repository, {
    organisations: await readOrganisations(rest.org ?? []),
    rootKeys: await readOrganisations(rest.rootKey ?? []),
    remove: rest.remove ?? [],
    threshold: rest.threshold,
    rootThreshold: rest.rootThreshold,
    snapshotKey: snapshotKey === undefined ? undefined : await readPublicKey(snapshotKey),
    timestampKey: timestampKey === undefined ? undefined : await readPublicKey(timestampKey),
    newHistory: rest.newHistory ?? [],
    now: io.now(),
  });
  const also = alsoStaged.map((staged) => ({ role: staged.role, version: staged.version }));
  if (json) return output.json({ role: 'root', version, expires, changes, alsoStaged: also });
  await output.text(
    `staged root version ${version}, valid until ${expires}`,
    ...changes.map((line) => `  ${printable(line)}`),
    ...also.map(
      (staged) => `staged ${staged.role} version ${staged.version}, to be signed under the new root`,
    ),
  );
}

function collectRoles(value: string, previous: TargetsRole[] | undefined): TargetsRole[] {
  if (value !== 'targets' && value !== 'urgent')
    throw new InvalidArgumentError('It must be targets or urgent.');
  return [...(previous ?? []), value];
}

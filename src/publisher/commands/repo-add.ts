/**
 * `presieve repo add DIR X.snapshot` and `presieve repo renew DIR`: stage what is to be signed.
 * @module
 */
import { Command, Option } from 'commander';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import { addSnapshot, renewTargets, type Staged } from '../repository/add.js';
import { diskFolder } from '../repository/folder.js';
import type { TargetsRole } from '../repository/metadata.js';
import { Repository } from '../repository/repository.js';
import { type CommandContext, wholeNumber } from './context.js';

interface AddOptions {
  urgent?: true;
  hours?: number;
  approve?: true;
  padTo?: number;
  json?: true;
}

/** Makes the command `add`. */
export function repoAddCommand({ io, output }: CommandContext): Command {
  return new Command('add')
    .description('stage a new version of a list, with deltas from the versions before')
    .argument('<dir>', "the publisher's folder")
    .argument('<snapshot>', 'the new version')
    .option('--urgent', 'as an urgent version, beside the ordinary one')
    .option('--hours <n>', 'life of the urgent version, counted from its creation', wholeNumber)
    .option('--approve', 'let the targets role list the urgent version, so that it needs no hours')
    .option('--pad-to <bytes>', "make deltas' lengths multiples of it, so that they tell less", wholeNumber)
    .option('--json', 'print one JSON value')
    .action(async (dir: string, file: string, options: AddOptions) => {
      const repository = await Repository.open(diskFolder(dir));
      const staged = await addSnapshot(repository, await readWhole(file), {
        urgent: options.urgent === true,
        hours: options.hours,
        approve: options.approve === true,
        padToBytes: options.padTo ?? 1,
        now: io.now(),
      });
      await report(staged, options, output);
    });
}

/** Makes the command `renew`. */
export function repoRenewCommand({ io, output }: CommandContext): Command {
  return new Command('renew')
    .description('stage the same lists for another term; urgent versions that are over are left out')
    .argument('<dir>', "the publisher's folder")
    .addOption(
      new Option('--role <role>', 'whose metadata').choices(['targets', 'urgent']).default('targets'),
    )
    .option('--withdraw-urgent', 'leave out every urgent version that the role lists')
    .option('--json', 'print one JSON value')
    .action(async (dir: string, options: { role: TargetsRole; withdrawUrgent?: true; json?: true }) => {
      const repository = await Repository.open(diskFolder(dir));
      const withdraw = options.withdrawUrgent === true;
      await report(await renewTargets(repository, options.role, io.now(), withdraw), options, output);
    });
}

async function report(
  { role, version, expires, added, voided }: Staged,
  { json }: { json?: true },
  output: CommandContext['output'],
): Promise<void> {
  if (voided) output.note('signatures on what was staged before are void');
  if (json) {
    const files = added.map(({ path, length, sha256 }) => ({ path, bytes: length, sha256 }));
    await output.json({ role, version, expires, added: files });
    return;
  }
  await output.text(
    `staged ${role} version ${version}, valid until ${expires}`,
    ...added.map(({ path, length, sha256 }) => `  ${printable(path)}  ${length} bytes  SHA-256 ${sha256}`),
  );
}

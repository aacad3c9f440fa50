/**
 * `presieve repo verify URL|DIR --root root.json`: what a client accepts.
 * @module
 */
import { Command } from 'commander';
import { printable, table } from '../output.js';
import { readWhole } from '../read-whole.js';
import { isRefused, repositoryAddress, type Verification, verifyRepository } from '../repository/verify.js';
import { type CommandContext, collectValues } from './context.js';

interface Options {
  root: string;
  list?: string[];
  json?: true;
}

/** Makes the command. */
export function repoVerifyCommand({ io, output, finish }: CommandContext): Command {
  return new Command('verify')
    .description('update a client from a published repository, and say what it accepts')
    .argument('<place>', 'address or folder that holds metadata/ and targets/')
    .requiredOption('--root <file>', 'root metadata that the app is shipped with')
    .option('--list <name>', 'a list that the app wants; may be repeated; default: all', collectValues)
    .option('--json', 'print one JSON value')
    .action(async (place: string, options: Options) => {
      const root = await readWhole(options.root);
      const address = repositoryAddress(place);
      const verification = await verifyRepository(address, { root, lists: options.list, now: io.now() });
      if (isRefused(verification)) finish(1);
      if (options.json) {
        const { rootVersion, status, heads, failure, listFailures, warnings } = verification;
        const refused = isRefused(verification);
        const { lists } = status;
        await output.json({
          repository: place,
          refused,
          rootVersion,
          lists,
          heads,
          ...(failure && { failure }),
          listFailures,
          warnings,
        });
        return;
      }
      await output.text(...describeVerification(verification));
    });
}

/**
 * @param verification - what a client came to
 * @returns it as lines for a person
 */
export function describeVerification(verification: Verification): string[] {
  const { rootVersion, status, heads, failure, listFailures, warnings } = verification;
  const lines: string[] = [];
  if (failure !== undefined) lines.push(`refused (${failure.code}): ${failure.message}`);
  for (const [name, { code, message }] of Object.entries(listFailures))
    lines.push(`${name}: refused (${code}): ${message}`);
  for (const [name, { code, message }] of Object.entries(warnings))
    lines.push(`${name}: warning (${code}): ${message}`);
  for (const list of status.lists) {
    if (list.version === undefined) continue;
    const approved = list.approvingKeys?.map(({ keyId, organisation }) => organisation ?? keyId).join(', ');
    lines.push(
      ...table([
        ['list', `${list.name}${list.urgent ? ' (urgent)' : ''}`],
        ['version', `${list.version}, ${list.entries} entries`],
        ['approved by', approved ?? ''],
        ['valid until', list.expires ?? ''],
        ['fresh until', list.freshUntil ?? ''],
        ['SHA-256', list.sha256 ?? ''],
      ]),
    );
  }
  for (const [role, { version, sha256 }] of Object.entries(heads))
    lines.push(`head of ${role}: version ${version}, ${sha256}`);
  lines.push(`root version ${rootVersion}`);
  return lines.map((line) => printable(line));
}

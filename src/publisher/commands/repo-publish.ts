/**
 * `presieve repo publish DIR OUT`: what is signed goes to the folder that a web server serves.
 * @module
 */
import { Command } from 'commander';
import { printable } from '../output.js';
import { diskFolder } from '../repository/folder.js';
import { publishRepository } from '../repository/publish.js';
import { Repository } from '../repository/repository.js';
import { type CommandContext, collectValues, wholeNumber } from './context.js';
import { readSigningKeys } from './keys.js';
import { describeVerification } from './repo-verify.js';

interface Options {
  key: string[];
  passphraseFile?: string;
  keep?: number;
  json?: true;
}

/** Makes the command. */
export function repoPublishCommand({ io, output, finish }: CommandContext): Command {
  return new Command('publish')
    .description('publish what enough organisations have signed; also renews the timestamp')
    .argument('<dir>', "the publisher's folder")
    .argument('<out>', 'the folder that a web server serves')
    .requiredOption('--key <file>', 'private key of the snapshot or timestamp role; repeated', collectValues)
    .option('--passphrase-file <file>', 'holds the passphrase of the keys in its first line')
    .option(
      '--keep <n>',
      'remove from OUT what none of the last n versions names; default: nothing',
      wholeNumber,
    )
    .option('--json', 'print one JSON value')
    .action(async (dir: string, out: string, options: Options) => {
      const repository = await Repository.open(diskFolder(dir));
      const keys = await readSigningKeys(options.key, options.passphraseFile, io);
      const report = await publishRepository(repository, diskFolder(out), {
        keys,
        keep: options.keep,
        now: io.now(),
      });
      const { published, waiting, verification, files, removed } = report;
      // The old version stays fresh meanwhile, but whoever waits for the new one should notice.
      if (waiting.length > 0) finish(1);
      for (const line of waiting) output.note(`not published: ${printable(line)}`);
      for (const [what, { message }] of Object.entries(verification.warnings))
        output.note(`warning: ${printable(`${what}: ${message}`)}`);
      if (options.json) {
        const { lists } = verification.status;
        return output.json({ out, published, waiting, files, removed, lists, heads: verification.heads });
      }
      const versions = Object.entries(published).map(([role, version]) => `${role} ${version}`);
      await output.text(
        `published ${versions.join(', ')} to ${printable(out)} (${files} files written, ${removed.length} removed); a client accepts:`,
        ...describeVerification(verification),
      );
    });
}

/**
 * `presieve repo init DIR`: a new repository, staged to be signed.
 * @module
 */
import { Command } from 'commander';
import { PublisherError } from '../errors.js';
import { printable } from '../output.js';
import { describeRootChanges, describeTargetsChanges } from '../repository/changes.js';
import { diskFolder } from '../repository/folder.js';
import { initRepository, type UrgentChoice } from '../repository/init.js';
import { readPublicKey } from '../repository/keys.js';
import type { ExpiryDays } from '../repository/repository.js';
import { type CommandContext, collectValues, wholeNumber } from './context.js';
import { collectNamedFiles, type NamedFile, readOrganisations } from './keys.js';

interface Options {
  name: string[];
  org: NamedFile[];
  threshold: number;
  rootKey?: NamedFile[];
  rootThreshold?: number;
  snapshotKey: string;
  timestampKey: string;
  urgent?: number;
  urgentHours?: number;
  urgentThreshold?: number;
  urgentKey?: NamedFile[];
  pollSeconds?: number;
  deltas?: number;
  rootDays?: number;
  targetsDays?: number;
  snapshotDays?: number;
  timestampDays?: number;
  json?: true;
}

const MAX_URGENT_HOURS = 48;

/** Makes the command. */
export function repoInitCommand(context: CommandContext): Command {
  return new Command('init')
    .description('make a repository: lists, organisations, thresholds')
    .argument('<dir>', "the publisher's folder; not what a web server serves")
    .requiredOption('--name <list>', 'a list that it will have; may be repeated', collectValues)
    .requiredOption('--org <name=pubfile>', 'an organisation and its public key; repeated', collectNamedFiles)
    .requiredOption('--threshold <k>', 'organisations that have to sign a list', wholeNumber)
    .requiredOption('--snapshot-key <pubfile>', "public key of the publisher's snapshot role")
    .requiredOption('--timestamp-key <pubfile>', "public key of the publisher's timestamp role")
    .option(
      '--root-key <name=pubfile>',
      "a root key; repeated; default: the organisations' keys",
      collectNamedFiles,
    )
    .option('--root-threshold <n>', 'root keys that have to sign; default: more than half', wholeNumber)
    .option('--urgent <entries>', 'have an urgent role that may add so many entries', wholeNumber)
    .option('--urgent-hours <n>', 'life of an urgent version, 1 to 48; default 48', wholeNumber)
    .option('--urgent-threshold <n>', 'keys that have to sign an urgent version; default 1', wholeNumber)
    .option(
      '--urgent-key <name=pubfile>',
      "a key of the urgent role; repeated; default: the organisations' keys",
      collectNamedFiles,
    )
    .option('--poll-seconds <n>', 'how often clients come back; default 900', wholeNumber)
    .option('--deltas <n>', 'make deltas from so many versions; default 8', wholeNumber)
    .option('--root-days <n>', 'days until root metadata expires; default 365', wholeNumber)
    .option('--targets-days <n>', 'days until an approval of lists expires; default 30', wholeNumber)
    .option('--snapshot-days <n>', 'days until snapshot metadata expires; default 7', wholeNumber)
    .option('--timestamp-days <n>', 'days until a timestamp expires; default 1', wholeNumber)
    .option('--json', 'print one JSON value')
    .action((dir: string, options: Options) => init(dir, options, context));
}

async function init(dir: string, options: Options, { io, output }: CommandContext): Promise<void> {
  const organisations = await readOrganisations(options.org);
  const rootKeys = options.rootKey ? await readOrganisations(options.rootKey) : organisations;
  const now = io.now();
  const repository = await initRepository(diskFolder(dir), {
    lists: options.name,
    organisations,
    threshold: options.threshold,
    rootKeys,
    rootThreshold: options.rootThreshold ?? Math.floor(rootKeys.length / 2) + 1,
    snapshotKey: await readPublicKey(options.snapshotKey),
    timestampKey: await readPublicKey(options.timestampKey),
    urgent: await urgentChoice(options, organisations),
    expiryDays: expiryDays(options),
    pollSeconds: options.pollSeconds,
    deltasFrom: options.deltas,
    now,
  });
  if (options.threshold === 1)
    output.note(
      'warning: one organisation alone can publish any list: a threshold of 1 protects nobody from it',
    );
  const root = (await repository.staged('root'))!;
  const targets = (await repository.staged('targets'))!;
  if (options.json) {
    const roles = Object.entries(root.signed.roles).map(([role, { keyids, threshold }]) => [
      role,
      { keyIds: keyids, threshold },
    ]);
    await output.json({
      repository: dir,
      lists: options.name,
      roles: Object.fromEntries(roles),
      organisations: root.signed['x-presieve']?.organisations ?? {},
      expires: new Date(root.signed.expires).toISOString(),
      staged: ['root', 'targets', ...(options.urgent === undefined ? [] : ['urgent'])],
    });
    return;
  }
  await output.text(
    `made ${printable(dir)}; staged and to be signed:`,
    ...[...describeRootChanges(undefined, root), ...describeTargetsChanges(undefined, targets)].map(
      (line) => `  ${printable(line)}`,
    ),
  );
}

async function urgentChoice(
  options: Options,
  organisations: UrgentChoice['organisations'],
): Promise<UrgentChoice | undefined> {
  const { urgent, urgentHours, urgentThreshold, urgentKey } = options;
  if (urgent === undefined) {
    if (urgentHours ?? urgentThreshold ?? urgentKey)
      throw new PublisherError('usage', 'there is no urgent role without --urgent ENTRIES');
    return undefined;
  }
  return {
    maxEntries: urgent,
    maxHours: urgentHours ?? MAX_URGENT_HOURS,
    threshold: urgentThreshold ?? 1,
    organisations: urgentKey ? await readOrganisations(urgentKey) : organisations,
  };
}

function expiryDays(options: Options): Partial<ExpiryDays> {
  const { rootDays, targetsDays, snapshotDays, timestampDays } = options;
  return {
    ...(rootDays === undefined ? {} : { root: rootDays }),
    ...(targetsDays === undefined ? {} : { targets: targetsDays, urgent: targetsDays }),
    ...(snapshotDays === undefined ? {} : { snapshot: snapshotDays }),
    ...(timestampDays === undefined ? {} : { timestamp: timestampDays }),
  };
}

/**
 * `presieve scan --list X.snapshot FILE…`: what a client would make of files.
 * @module
 */
import { Command, Option } from 'commander';
import { createPdqKernel } from '../../kernels/pdq.js';
import { createVariantKernel } from '../../kernels/variants.js';
import type { Match, Outcome } from '../../outcome.js';
import { DEFAULT_POLICY } from '../../policy.js';
import { listsInUse, notScanned } from '../../scan/decide.js';
import { type OpenedList, openList } from '../../scan/lists.js';
import { scanFile } from '../../scan/pipeline.js';
import { SEARCH_PLANS, type SearchPreset } from '../../scan/search-plan.js';
import type { ScanContext } from '../../scan/types.js';
import { NodeVideos } from '../ffmpeg/index.js';
import { findFfmpeg } from '../ffmpeg/tools.js';
import { invalidSnapshot } from '../inspect.js';
import { createNodeDecoder } from '../node-decoder.js';
import { NodeHeic } from '../node-heic.js';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import { requireSharp } from '../require-sharp.js';
import { CLI_LIMITS, type CommandContext, collectValues, forEachFile } from './context.js';

interface Options {
  list: string[];
  labels?: true;
  search: SearchPreset;
  ffmpeg?: string;
  json?: true;
}

/** Makes the command. */
export function scanCommand(context: CommandContext): Command {
  return new Command('scan')
    .description('scan files against snapshots by the pipeline of the client')
    .argument('<file...>', 'files of any kind')
    .requiredOption('--list <snapshot>', 'a snapshot to scan against; may be repeated', collectValues)
    .option('--labels', 'put the labels of the entries into the matches')
    .addOption(
      new Option('--search <preset>', 'how much a perceptual look-up may try')
        .choices(Object.keys(SEARCH_PLANS))
        .default('normal'),
    )
    .option('--ffmpeg <path>', 'the ffmpeg for videos, with ffprobe beside it; default: on the PATH')
    .option('--json', 'print one JSON value a line')
    .addHelpText('after', '\nExit code: 0 no known match, 1 a match or an inconclusive file, 2 an error.')
    .action((files: string[], options: Options) => scanFiles(files, options, context));
}

async function scanFiles(files: readonly string[], options: Options, context: CommandContext): Promise<void> {
  const { io, output, finish } = context;
  await requireSharp();
  const scanContext: ScanContext = {
    lists: await openLists(options.list),
    kernel: await createPdqKernel(),
    variants: await createVariantKernel(),
    search: options.search,
    decoder: createNodeDecoder(CLI_LIMITS),
    policy: DEFAULT_POLICY,
    limits: CLI_LIMITS,
    labels: options.labels === true,
  };
  const { lists, policy } = scanContext;
  if (options.ffmpeg !== undefined) await findFfmpeg(options.ffmpeg);
  const videos = new NodeVideos(options.ffmpeg, (message) => output.note(message));
  const heic = new NodeHeic((message) => output.note(message));
  const nowSeconds = Math.floor(io.now() / 1000);
  let unreadable = false;
  let findings = false;
  const print = async (file: string, outcome: Outcome) => {
    if (outcome.reason === 'aborted' && output.closed) return;
    if (outcome.verdict !== 'no-known-match') findings = true;
    await (options.json ? output.json({ file, outcome }) : output.text(describeOutcome(file, outcome)));
  };
  await forEachFile(
    files,
    context,
    async (file, blob) => {
      const parts = heic.addTo(videos.partsFor(file, CLI_LIMITS.maxPixels));
      const outcome = await scanFile(
        blob,
        { ...scanContext, parts },
        {
          nowSeconds,
          isCancelled: () => output.closed,
          onProgress: (fraction) => output.progress(() => `${file}: ${Math.round(fraction * 100)} %`),
        },
      );
      if (outcome.reason === 'unreadable') {
        unreadable = true;
        output.note(`${printable(file)}: could not be read to its end`);
      }
      await print(file, outcome);
    },
    async (file) => {
      unreadable = true;
      await print(file, notScanned('unreadable', listsInUse(lists, nowSeconds), policy));
    },
  );
  finish(unreadable ? 2 : findings ? 1 : 0);
}

/** Opens all lists before anything is scanned: without one of them, "no known match" would say too much. */
async function openLists(paths: readonly string[]): Promise<OpenedList[]> {
  const lists: OpenedList[] = [];
  for (const path of paths) {
    const bytes = await readWhole(path);
    try {
      lists.push(await openList(bytes));
    } catch (error) {
      throw invalidSnapshot(error, path);
    }
  }
  return lists;
}

function describeOutcome(file: string, { verdict, reason, matches, coverage }: Outcome): string {
  const details =
    verdict === 'match'
      ? matches.map(describeMatch).join('; ')
      : [reason, coverage.complete === 'all' ? undefined : coverage.complete, ...coverage.notes]
          .filter((detail) => detail !== undefined)
          .join(', ');
  return `${printable(file)}: ${verdict}${details === '' ? '' : ` (${details})`}`;
}

function describeMatch({ list, signal, label }: Match): string {
  return `${printable(list)}, ${signal}${label === undefined ? '' : `, ${printable(label)}`}`;
}

/**
 * `presieve build`: a snapshot from lists of hashes.
 * @module
 */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type BuildOptions, type BuildProgress, type BuildResult, buildSnapshot } from '../build.js';
import { PublisherError } from '../errors.js';
import { displayName } from '../findings.js';
import { printable } from '../output.js';
import {
  DEFAULT_PRESET,
  KEY_BITS,
  LIST_PRESETS,
  type ListPreset,
  type ListWidths,
  SKETCH_BITS,
} from '../presets.js';
import { readWhole } from '../read-whole.js';
import { writeFileAtomically } from '../write-file.js';
import { type CommandContext, wholeNumber } from './context.js';
import { describeInspection } from './inspect.js';
import { describeSkipped } from './list-formats.js';
import { addListOptions, type ListOptions, toListInputs } from './list-options.js';
import { parseTime } from './time.js';

interface Options extends ListOptions {
  name?: string;
  listVersion: number;
  out: string;
  base?: string;
  capacity?: number;
  preset?: ListPreset;
  keyBits?: string;
  sketchBits?: string;
  created?: number;
  salt?: Uint8Array;
  demo?: true;
  strict?: true;
  json?: true;
}

/** Makes the command. */
export function buildCommand(context: CommandContext): Command {
  const command = new Command('build')
    .description('build a snapshot from lists of hashes')
    .option('--name <name>', "the list's name; with --base it may be left out")
    .requiredOption('--list-version <n>', 'the version of the list, higher than the one before', wholeNumber)
    .requiredOption('--out <file>', 'the snapshot to write; - is standard output');
  return addListOptions(command)
    .option('--base <snapshot>', 'the version before: its name, salt, capacity and widths are carried on')
    .option('--capacity <n>', 'entries that a signal may ever grow to, fixed at the first build', wholeNumber)
    .addOption(
      new Option(
        '--preset <name>',
        `widths of PDQ entries, fixed at the first build; default ${DEFAULT_PRESET}. ${PRESETS_IN_A_LINE}`,
      ).choices(Object.keys(LIST_PRESETS)),
    )
    .addOption(
      new Option(
        '--key-bits <n>',
        'bits of a PDQ key instead of the preset: more hide more, and find less',
      ).choices(KEY_BITS.map(String)),
    )
    .addOption(
      new Option(
        '--sketch-bits <n>',
        'bits of a PDQ sketch instead of the preset: fewer are smaller, and find less',
      ).choices(SKETCH_BITS.map(String)),
    )
    .option(
      '--created <time>',
      'time of creation, in seconds since 1970 or as an ISO 8601 time; default now',
      parseTime,
    )
    .option('--salt <hex>', '32 hex digits, for a reproducible first build; default random', salt)
    .option('--demo', 'mark the list as a demo of harmless pictures')
    .option('--strict', 'refuse hashes that would accuse the innocent, instead of warning of them')
    .option('--json', 'print one JSON value')
    .action((options: Options) => build(options, context));
}

/** Who wants which. */
const PRESETS_IN_A_LINE =
  'precise tells pictures that are composed alike apart; compact is a quarter smaller, finds nearly as much, and mixes more of them up.';

async function build(options: Options, { io, output }: CommandContext): Promise<void> {
  const toStdout = options.out === '-';
  if (toStdout && options.json) usage("--json and '--out -' both want standard output");
  if (toStdout && output.isTerminal) usage("'--out -' does not write to a terminal");
  if (options.name === undefined && options.base === undefined) usage('--name is needed without --base');

  const result = await buildSnapshot(await toBuildOptions(options, io, output));
  report(result, output);
  if (toStdout) return output.bytes(result.bytes);
  await writeFileAtomically(options.out, result.bytes);
  const { repeated, excluded, heldBack, belowQuorum, unlabelled, accusingCount, inspection, videos } = result;
  if (options.json) {
    await output.json({
      file: options.out,
      ...inspection,
      repeated,
      excluded,
      ...(options.embargo === undefined ? {} : { heldBack }),
      ...(options.quorum === undefined ? {} : { belowQuorum, unlabelled }),
      ...(result.skipped.size === 0 ? {} : { skipped: Object.fromEntries(result.skipped) }),
      ...(videos.listed === 0 ? {} : { videos }),
      warnings: accusingCount,
    });
  } else {
    await output.text(`wrote ${printable(options.out)}`, '', ...describeInspection(inspection));
  }
}

async function toBuildOptions(
  options: Options,
  io: CommandContext['io'],
  output: CommandContext['output'],
): Promise<BuildOptions> {
  const { name, capacity, salt, demo, strict } = options;
  return {
    ...toListInputs(options, io),
    version: options.listVersion,
    createdSeconds: options.created ?? Math.floor(io.now() / 1000),
    strict: strict === true,
    onProgress: (progress) => output.progress(() => describeProgress(progress)),
    ...(options.base === undefined ? {} : { base: await readWhole(options.base) }),
    ...(name === undefined ? {} : { name }),
    ...(capacity === undefined ? {} : { capacity }),
    ...(salt === undefined ? {} : { salt }),
    ...widthsOf(options),
    ...(demo === undefined ? {} : { demo }),
  };
}

/** The widths asked for: those of the preset, then each by itself. Commander has checked the choices. */
function widthsOf({ preset, keyBits, sketchBits }: Options): Partial<ListWidths> {
  return {
    ...(preset === undefined ? {} : LIST_PRESETS[preset]),
    ...(keyBits === undefined ? {} : { keyBits: Number(keyBits) }),
    ...(sketchBits === undefined ? {} : { sketchBits: Number(sketchBits) }),
  };
}

function report(result: BuildResult, output: CommandContext['output']): void {
  const { accusing, accusingCount, excluded, heldBack, belowQuorum, unlabelled, repeated, notes } = result;
  if (accusingCount > 0) {
    output.note(
      'warning: hashes that would accuse the innocent (--strict refuses them, --exclude leaves them out):',
    );
    output.findings(accusing, accusingCount);
  }
  for (const note of notes) output.note(`warning: ${printable(note)}`);
  const say = (count: number, one: string, many: string, what: string) => {
    if (count > 0) output.note(`${count} ${count === 1 ? one : many} ${what}`);
  };
  for (const line of describeSkipped(result.skipped)) output.note(line);
  say(excluded, 'hash', 'hashes', 'left out by --exclude');
  say(heldBack, 'hash', 'hashes', 'held back by --embargo');
  say(belowQuorum, 'hash', 'hashes', 'left out: supplied by fewer organisations than the quorum');
  say(unlabelled, 'entry', 'entries', 'without a label: the organisations agree on none');
  const { lowDetailFrames, leftOutFrames } = result.videos;
  say(lowDetailFrames, 'frame', 'frames', 'of too little detail left out');
  say(leftOutFrames, 'frame', 'frames', 'left out by --exclude or --embargo');
  say(repeated, 'line', 'lines', 'repeated, counted once');
}

function describeProgress({ step, item, bytes, totalBytes }: BuildProgress): string {
  if (step === 'encoding') return `encoding ${item}`;
  const share = totalBytes ? `${Math.floor((100 * (bytes ?? 0)) / totalBytes)} %` : `${bytes ?? 0} bytes`;
  return `reading ${displayName(item)}: ${share}`;
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

function salt(value: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/i.test(value)) throw new InvalidArgumentError('It must be 32 hex digits.');
  return new Uint8Array(Buffer.from(value, 'hex'));
}

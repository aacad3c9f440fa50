/**
 * The options that name lists of hashes: of `build`, and of `repo sign`, which builds the same once more.
 * @module
 */
import { type Command, InvalidArgumentError } from 'commander';
import { SIGNALS, type Signal } from '../../snapshot/types.js';
import type { BuildOptions, Embargo, ListInput } from '../build.js';
import { PublisherError } from '../errors.js';
import { fileSource, stdinSource } from '../lists/source.js';
import { textReader } from '../lists/text-reader.js';
import type { ListReader } from '../lists/types.js';
import type { CliIo } from '../output.js';
import { SIGNAL_NAMES } from '../signal-names.js';
import { collectValues, wholeNumber } from './context.js';
import { parseTime } from './time.js';

/** Values of the options. */
export interface ListOptions extends Partial<Record<Signal, string[]>> {
  from?: string[];
  quorum?: number;
  exclude?: string[];
  embargo?: { file: string; untilSeconds: number }[];
}

const FORMATS = `
A list is a text or CSV file with one hash a line, in hex digits, and an optional label after a comma. Blank lines
and lines that begin with # are skipped.`;

/**
 * @param command - is given the options
 * @returns the command
 */
export function addListOptions(command: Command): Command {
  for (const signal of SIGNALS) {
    const name = `${SIGNAL_NAMES[signal]} ${signal === 'pdq' ? 'hashes' : 'digests'}`;
    command.option(
      `--${signal} <file>`,
      `a list of ${name}; may be repeated; - is standard input`,
      collectValues,
    );
  }
  return command
    .option(
      '--from <org=signal:file>',
      'a list that an organisation supplied, such as nl=pdq:nl.csv; may be repeated',
      collectValues,
    )
    .option('--quorum <k>', 'take in only what k of the organisations in --from supplied', wholeNumber)
    .option(
      '--exclude <file>',
      'a list of hashes to leave out, of any signal; may be repeated',
      collectValues,
    )
    .option(
      '--embargo <file,date>',
      'a list of hashes to leave out of builds created before a date; may be repeated',
      collectEmbargoes,
    )
    .addHelpText('after', FORMATS);
}

/**
 * @param options - as parsed
 * @returns true if a list to build from was named
 */
export function namesLists(options: ListOptions): boolean {
  return options.from !== undefined || SIGNALS.some((signal) => options[signal] !== undefined);
}

/**
 * @param options - as parsed
 * @param io - gives standard input
 * @returns that part of a build's options
 * @throws PublisherError `usage`
 */
export function toListInputs(
  options: ListOptions,
  io: CliIo,
): Pick<BuildOptions, 'inputs' | 'excludes' | 'embargoes' | 'quorum'> {
  const inputs = [
    ...SIGNALS.flatMap((signal) =>
      (options[signal] ?? []).map((file) => listInput(file, textReader([signal]), io)),
    ),
    ...(options.from ?? []).map((value) => suppliedInput(value, io)),
  ];
  const excludes = (options.exclude ?? []).map((file) => listInput(file, textReader(SIGNALS), io));
  const embargoes = (options.embargo ?? []).map(
    ({ file, untilSeconds }): Embargo => ({ ...listInput(file, textReader(SIGNALS), io), untilSeconds }),
  );
  if (inputs.length === 0) {
    const lists = SIGNALS.map((signal) => `--${signal}`);
    usage(`no list to build from: give ${lists.join(', ')} or several of them, or --from`);
  }
  if ([...inputs, ...excludes, ...embargoes].filter(({ source }) => source.name === '-').length > 1)
    usage("standard input ('-') can be read only once");
  const { quorum } = options;
  return { inputs, excludes, embargoes, ...(quorum === undefined ? {} : { quorum }) };
}

function listInput(file: string, reader: ListReader, io: CliIo): ListInput {
  const source = file === '-' ? stdinSource(() => io.stdin()) : fileSource(file);
  return { source, reader };
}

function suppliedInput(value: string, io: CliIo): ListInput {
  const [, organisation, signal, file] = /^([^=]+)=([^:]+):(.+)$/s.exec(value) ?? [];
  if (organisation === undefined || !SIGNALS.includes(signal as Signal)) {
    usage(`--from ${value}: it must be ORG=SIGNAL:FILE, with the signal ${SIGNALS.join(', ')}`);
  }
  return { ...listInput(file, textReader([signal as Signal]), io), organisation };
}

function collectEmbargoes(
  value: string,
  previous: { file: string; untilSeconds: number }[] | undefined,
): { file: string; untilSeconds: number }[] {
  const comma = value.lastIndexOf(',');
  if (comma < 1) throw new InvalidArgumentError('It must be a file and a date, such as held.txt,2026-01-31.');
  const untilSeconds = parseTime(value.slice(comma + 1));
  return [...(previous ?? []), { file: value.slice(0, comma), untilSeconds }];
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

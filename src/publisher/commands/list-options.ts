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
import type { ListReader, ListSource } from '../lists/types.js';
import type { CliIo } from '../output.js';
import { SIGNAL_NAMES } from '../signal-names.js';
import type { VideoInput } from '../videos/collect-videos.js';
import { collectValues, wholeNumber } from './context.js';
import {
  addFormatOptions,
  FORMATS,
  type Format,
  type FormatOptions,
  formatReaders,
  isFormat,
} from './list-formats.js';
import { parseTime } from './time.js';
import { addVideoOptions, labelsOf, type VideoOptions } from './video-options.js';

/** Values of the options. */
export interface ListOptions extends Partial<Record<Signal, string[]>>, FormatOptions, VideoOptions {
  from?: string[];
  quorum?: number;
  exclude?: string[];
  embargo?: { file: string; untilSeconds: number }[];
}

const HELP = `
A list is a text or CSV file with one hash a line, in hex digits, and an optional label after a comma. Blank lines
and lines that begin with # are skipped. docs/list-formats.md tells of the other formats.`;

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
  return addVideoOptions(addFormatOptions(command))
    .option(
      '--from <org=kind:file>',
      'a list that an organisation supplied, such as nl=pdq:nl.csv or us=ncmec:1.xml; may be repeated',
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
    .addHelpText('after', HELP);
}

/**
 * @param options - as parsed
 * @returns true if a list to build from was named
 */
export function namesLists(options: ListOptions): boolean {
  return (
    options.from !== undefined ||
    options.vpdq !== undefined ||
    [...SIGNALS, ...FORMATS].some((list) => options[list] !== undefined)
  );
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
): Pick<BuildOptions, 'inputs' | 'videos' | 'videoThresholds' | 'excludes' | 'embargoes' | 'quorum'> {
  const supplied = (options.from ?? []).map(parseSupplied);
  const videos = videoInputs(options, supplied, io);
  const from = supplied.filter(isList);
  const used = [...FORMATS.filter((format) => options[format]), ...from.map(({ kind }) => kind)];
  const readerOf = formatReaders(options, new Set(used));
  const inputs: ListInput[] = [
    ...SIGNALS.flatMap((signal) =>
      (options[signal] ?? []).map((file) => listInput(file, textReader([signal]), io)),
    ),
    ...FORMATS.flatMap((format) =>
      (options[format] ?? []).map((file) => listInput(file, readerOf(format), io)),
    ),
    ...from.map(({ organisation, kind, file }) => ({
      ...listInput(file, isFormat(kind) ? readerOf(kind, organisation) : textReader([kind]), io),
      organisation,
    })),
  ];
  const excludes = (options.exclude ?? []).map((file) => listInput(file, textReader(SIGNALS), io));
  const embargoes = (options.embargo ?? []).map(
    ({ file, untilSeconds }): Embargo => ({ ...listInput(file, textReader(SIGNALS), io), untilSeconds }),
  );
  if (inputs.length === 0 && videos.length === 0) {
    const lists = [...SIGNALS, ...FORMATS, 'vpdq'].map((signal) => `--${signal}`);
    usage(`no list to build from: give ${lists.join(', ')} or several of them, or --from`);
  }
  if (
    [...inputs, ...videos, ...excludes, ...embargoes].filter(({ source }) => source.name === '-').length > 1
  )
    usage("standard input ('-') can be read only once");
  const { quorum, videoMatch } = options;
  return {
    inputs,
    excludes,
    embargoes,
    ...(videos.length === 0 ? {} : { videos }),
    ...(videoMatch === undefined ? {} : { videoThresholds: videoMatch }),
    ...(quorum === undefined ? {} : { quorum }),
  };
}

/** Files of vPDQ with their labels, those of --from last. */
function videoInputs(options: ListOptions, supplied: readonly Supplied[], io: CliIo): VideoInput[] {
  const files: { file: string; organisation?: string }[] = [
    ...(options.vpdq ?? []).map((file) => ({ file })),
    ...supplied.filter((value) => !isList(value)),
  ];
  const labels = labelsOf(
    files.map(({ file }) => file),
    options,
  );
  return files.map(({ file, organisation }, i) => ({
    source: sourceOf(file, io),
    label: labels[i],
    ...(organisation === undefined ? {} : { organisation }),
  }));
}

function listInput(file: string, reader: ListReader, io: CliIo): ListInput {
  return { source: sourceOf(file, io), reader };
}

function sourceOf(file: string, io: CliIo): ListSource {
  return file === '-' ? stdinSource(() => io.stdin()) : fileSource(file);
}

/** A value of --from. */
interface Supplied {
  organisation: string;
  kind: Signal | Format | 'vpdq';
  file: string;
}

function isList(supplied: Supplied): supplied is Supplied & { kind: Signal | Format } {
  return supplied.kind !== 'vpdq';
}

function parseSupplied(value: string): Supplied {
  const [, organisation, kind, file] = /^([^=]+)=([^:]+):(.+)$/s.exec(value) ?? [];
  const kinds: readonly string[] = [...SIGNALS, ...FORMATS, 'vpdq'];
  if (organisation === undefined || !kinds.includes(kind)) {
    usage(`--from ${value}: it must be ORG=KIND:FILE, with the kind ${kinds.join(', ')}`);
  }
  return { organisation, kind: kind as Supplied['kind'], file };
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

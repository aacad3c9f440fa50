/**
 * The options that name the hashes of videos.
 * @module
 */
import { basename, extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { VideoThresholds } from '../../snapshot/types.js';
import { PublisherError } from '../errors.js';
import { labelProblem } from '../lists/label-parser.js';
import { collectValues } from './context.js';

/** What {@link addVideoOptions} adds. */
export interface VideoOptions {
  vpdq?: string[];
  label?: string[];
  videoMatch?: Partial<VideoThresholds>;
}

/** Names of the thresholds on the command line. */
const THRESHOLDS: Readonly<Record<string, keyof VideoThresholds>> = {
  query: 'queryPercent',
  entry: 'entryPercent',
  distance: 'distance',
  quality: 'quality',
  frames: 'leastFrames',
};

/** Adds the options. */
export function addVideoOptions(command: Command): Command {
  return command
    .option(
      '--vpdq <file>',
      'the vPDQ hashes of one video, as text or JSON; may be repeated; - is standard input',
      collectValues,
    )
    .option(
      '--label <text>',
      "the label of all --vpdq files, or once for each in their order; default each file's name",
      collectValues,
    )
    .option(
      '--video-match <what=n>',
      `when a file counts as a copy of a listed video; what is ${Object.keys(THRESHOLDS).join(', ')}; may be repeated`,
      threshold,
    );
}

/**
 * @param files - of vPDQ, as named
 * @param options - with their labels
 * @returns the label of each
 * @throws PublisherError `usage`
 */
export function labelsOf(files: readonly string[], { label: labels }: VideoOptions): string[] {
  if (labels === undefined) return files.map(nameOf);
  if (files.length === 0) usage('--label is for --vpdq files, and there is none');
  if (labels.length !== 1 && labels.length !== files.length)
    usage(`--label must be given once, or once for each of the ${files.length} --vpdq files`);
  for (const label of labels) {
    const problem = labelProblem(label);
    if (problem !== undefined) usage(`--label: ${problem}`);
  }
  return files.map((_, i) => labels[labels.length === 1 ? 0 : i]);
}

/** The name of the file, without folders and without its extension; none for standard input. */
function nameOf(file: string): string {
  if (file === '-') return '';
  const name = basename(file, extname(file));
  const problem = labelProblem(name);
  if (problem !== undefined) usage(`${file}: its name can't be its label, ${problem}: give one with --label`);
  return name;
}

function threshold(value: string, previous: Partial<VideoThresholds> | undefined): Partial<VideoThresholds> {
  const [, what, digits] = /^([a-z]+)=(\d{1,3})$/.exec(value) ?? [];
  if (what === undefined || !Object.hasOwn(THRESHOLDS, what)) {
    throw new InvalidArgumentError(
      `It must be WHAT=N, WHAT being one of ${Object.keys(THRESHOLDS).join(', ')}.`,
    );
  }
  return { ...previous, [THRESHOLDS[what]]: Number(digits) };
}

function usage(message: string): never {
  throw new PublisherError('usage', message);
}

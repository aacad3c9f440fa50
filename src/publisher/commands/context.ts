/**
 * What the commands share.
 * @module
 */
import { InvalidArgumentError } from 'commander';
import { DEFAULT_LIMITS } from '../../limits.js';
import { PublisherError } from '../errors.js';
import { type OpenFile, openFile } from '../file-blob.js';
import { type CliIo, type Output, printable } from '../output.js';

/** 0: fine. 1: findings. 2: wrong usage, or something that can't be read or written. */
export type ExitCode = 0 | 1 | 2;

/** What every command is given. */
export interface CommandContext {
  readonly io: CliIo;
  readonly output: Output;
  /** Takes the exit code; without a call it is 0. */
  finish(code: ExitCode): void;
}

/** Limits of `hash` and `scan`. Nobody waits for them in front of a page, so none on time. */
export const CLI_LIMITS = { ...DEFAULT_LIMITS, maxFileBytes: Number.MAX_SAFE_INTEGER };

/** Collects a repeatable option. */
export function collectValues(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value];
}

/** Parses a whole number. @throws InvalidArgumentError */
export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('It must be a whole number.');
  }
  return number;
}

/**
 * Opens each file in turn, in the order of the arguments; stops when nobody reads the results any more.
 * @param files - paths as given
 * @param context - output and progress
 * @param useFile - works on one open file
 * @param cannotRead - told of a file that can't be opened or read, after the reason was printed
 */
export async function forEachFile(
  files: readonly string[],
  { output }: CommandContext,
  useFile: (file: string, blob: Blob) => Promise<void>,
  cannotRead: (file: string) => Promise<void>,
): Promise<void> {
  for (const [i, file] of files.entries()) {
    if (output.closed) return;
    output.progress(() => `${i + 1} of ${files.length}: ${file}`);
    let opened: OpenFile | undefined;
    try {
      opened = await openFile(file);
      await useFile(file, opened.blob);
    } catch (error) {
      if (!(error instanceof PublisherError) || error.code !== 'input-unreadable') throw error;
      output.note(printable(error.message));
      await cannotRead(file);
    } finally {
      await opened?.close();
    }
  }
}

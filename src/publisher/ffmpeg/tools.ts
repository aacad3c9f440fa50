/**
 * Runs an installed `ffmpeg` and `ffprobe`: argument arrays, no shell, no input, nothing but the one file.
 * @module
 */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { FilePart } from '../../scan/embedded-video.js';
import { PublisherError } from '../errors.js';

/** The two programs. */
export interface FfmpegTools {
  readonly ffmpeg: string;
  readonly ffprobe: string;
}

/** A program that says nothing for so long is ended. */
export const STALL_TIMEOUT_MS = 60_000;

/** What a program may write to standard error before the rest is dropped. */
const MAX_STDERR_CHARACTERS = 64 * 1024;
/** What {@link readOutput} takes. */
const MAX_OUTPUT_BYTES = 1024 * 1024;

const NOT_THERE =
  'videos need ffmpeg and ffprobe, which were not found: install them (Debian: apt-get install ffmpeg), or say where they are with --ffmpeg';

/**
 * Finds the programs and starts each once.
 * @param ffmpeg - path of ffmpeg, with ffprobe beside it; default: both on the PATH
 * @returns the programs
 * @throws PublisherError `usage` where one can't be started
 */
export async function findFfmpeg(ffmpeg?: string): Promise<FfmpegTools> {
  const tools =
    ffmpeg === undefined
      ? { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' }
      : { ffmpeg: resolve(ffmpeg), ffprobe: join(dirname(resolve(ffmpeg)), 'ffprobe') };
  for (const tool of [tools.ffmpeg, tools.ffprobe]) {
    try {
      await readOutput(tool, ['-version']);
    } catch (cause) {
      const message = ffmpeg === undefined ? NOT_THERE : `${tool}: it can't be started`;
      throw new PublisherError('usage', message, { cause });
    }
  }
  return tools;
}

/** A path, or a part of the file there. */
export type FfmpegInput = string | (FilePart & { path: string });

/**
 * @param input - a file; the programs shall take it for nothing else: no URL, no option, no list of other files
 * @returns arguments that name it as input
 */
export function inputArguments(input: FfmpegInput): string[] {
  if (typeof input === 'string') return ['-protocol_whitelist', 'file', '-i', `file:${resolve(input)}`];
  const { path, start, end } = input;
  const address = `subfile,,start,${start},end,${end},,:file:${resolve(path)}`;
  return ['-protocol_whitelist', 'subfile,file', '-i', address];
}

/** A running program. */
export interface RunningTool {
  /** Chunks of standard output. */
  readonly stdout: Readable;
  /** From now on the program is waited for; the time that it may say nothing begins anew. */
  alive(): void;
  /** For now nobody waits for the program. */
  pause(): void;
  /** Ends the program, if it still runs. */
  stop(): void;
  /** @returns its exit code, null where it was ended, once it is gone */
  readonly exit: Promise<number | null>;
  /** What it said on standard error, its end cut off. */
  stderr(): string;
}

/**
 * Starts a program.
 * @param tool - its path
 * @param args - its arguments
 * @param onStderr - told of standard error, line by line
 */
export function startTool(
  tool: string,
  args: readonly string[],
  onStderr: (line: string) => void = () => {},
): RunningTool {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(tool, [...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let said = '';
  let line = '';
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(timer);
    child.kill('SIGKILL');
  };
  const pause = () => clearTimeout(timer);
  const alive = () => {
    pause();
    timer = setTimeout(stop, STALL_TIMEOUT_MS);
  };
  child.stderr.setEncoding('utf8');
  child.stderr.on('data', (text: string) => {
    if (said.length < MAX_STDERR_CHARACTERS) said += text;
    const lines = (line + text).split('\n');
    line = (lines.pop() as string).slice(0, MAX_STDERR_CHARACTERS);
    for (const each of lines) onStderr(each);
  });
  const exit = new Promise<number | null>((done, fail) => {
    child.once('error', (error) => {
      clearTimeout(timer);
      fail(error);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      done(code);
    });
  });
  // Whoever stops reading early may never ask for the exit.
  exit.catch(() => {});
  alive();
  return { stdout: child.stdout, alive, pause, stop, exit, stderr: () => said };
}

/**
 * @param tool - its path
 * @param args - its arguments
 * @returns its standard output
 * @throws Error where it can't be started, fails, or says too much
 */
export async function readOutput(tool: string, args: readonly string[]): Promise<string> {
  const running = startTool(tool, args);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of running.stdout) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_OUTPUT_BYTES) throw new Error(`${tool}: too much output`);
      chunks.push(chunk as Buffer);
    }
  } finally {
    if (bytes > MAX_OUTPUT_BYTES) running.stop();
  }
  const code = await running.exit;
  if (code !== 0) throw new Error(running.stderr().trim().split('\n').at(-1) ?? `exit code ${code}`);
  return Buffer.concat(chunks).toString();
}

/**
 * Runs the command line inside the test's process, with streams of its own.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll } from 'vitest';
import { FINDER_FILES } from '../../src/parts/generated/finder-files.js';
import type { Part } from '../../src/parts.js';
import { runCli } from '../../src/publisher/program.js';

/** Clock of the runs: 2026-01-02T03:04:05Z. */
export const NOW_SECONDS = 1_767_323_045;

/** What a run printed and returned. */
export interface CliResult {
  code: number;
  stdout: string;
  stderr: string;
  stdoutBytes: Buffer;
}

/** What differs from a plain run. */
export interface CliConditions {
  stdin?: string | Uint8Array;
  /** Standard output fails with this error code, after so many writes. */
  stdoutError?: { code: string; afterWrites: number };
  stdoutIsTerminal?: boolean;
  stderrIsTerminal?: boolean;
  /** Milliseconds since 1970; default: {@link NOW_SECONDS}. */
  now?: number;
  env?: Record<string, string>;
  /** Default: the built one. */
  finder?: Part;
}

/** The picture finder of `npm run build`: these tests run the sources, beside which there is none. */
export function builtFinder(folder = new URL('../../dist/parts/', import.meta.url)): Part {
  const files = FINDER_FILES.map(({ path, ...file }) => ({ ...file, url: new URL(path, folder) }));
  return { name: 'finder', code: new URL('finder.part.js', folder), files };
}

class Sink extends Writable {
  readonly chunks: Buffer[] = [];
  isTTY = false;
  #error: CliConditions['stdoutError'];

  constructor(error?: CliConditions['stdoutError']) {
    super();
    this.#error = error;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    if (this.#error && this.chunks.length >= this.#error.afterWrites) {
      done(Object.assign(new Error(`write ${this.#error.code}`), { code: this.#error.code }));
      return;
    }
    this.chunks.push(chunk);
    done();
  }
}

/** Runs `presieve ARGV…`. */
export async function cli(argv: readonly string[], conditions: CliConditions = {}): Promise<CliResult> {
  const stdout = new Sink(conditions.stdoutError);
  const stderr = new Sink();
  stdout.isTTY = conditions.stdoutIsTerminal === true;
  stderr.isTTY = conditions.stderrIsTerminal === true;
  let clock = conditions.now ?? NOW_SECONDS * 1000;
  const code = await runCli(argv, {
    async *stdin() {
      if (conditions.stdin === undefined) throw new Error('nobody said that this reads standard input');
      yield conditions.stdin;
    },
    stdout,
    stderr,
    now: () => (conditions.stderrIsTerminal ? (clock += 150) : clock),
    env: conditions.env ?? {},
    finder: conditions.finder ?? builtFinder(),
  });
  const stdoutBytes = Buffer.concat(stdout.chunks);
  return {
    code,
    stdout: stdoutBytes.toString(),
    stderr: Buffer.concat(stderr.chunks).toString(),
    stdoutBytes,
  };
}

/** The values of JSON Lines. Throws where a line is no compact JSON. */
export function jsonLines<T = Record<string, unknown>>({ stdout }: CliResult): T[] {
  if (stdout === '') return [];
  if (!stdout.endsWith('\n')) throw new Error('the last line has no end');
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => {
      const value = JSON.parse(line) as T;
      if (JSON.stringify(value) !== line) throw new Error(`not compact: ${line}`);
      return value;
    });
}

/** A folder that goes away after the file's tests, and a function that writes files into it. */
export function workFolder(): {
  path: (name: string) => string;
  write: (name: string, content: string | Uint8Array) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'presieve-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write(name, content) {
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}

/** `count` seeded hashes in hex; PDQ ones when `digits` is 64, with 128 bits set as real ones have. */
export function hexHashes(count: number, digits: number, seed = 1): string[] {
  let state = seed * 2654435761 || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return Array.from({ length: count }, () => {
    const bits = Array.from({ length: digits * 4 }, (_, i) => i % 2);
    for (let i = bits.length - 1; i > 0; i--) {
      const j = next() % (i + 1);
      [bits[i], bits[j]] = [bits[j], bits[i]];
    }
    return BigInt(`0b${bits.join('')}`)
      .toString(16)
      .padStart(digits, '0');
  });
}

/**
 * The command line `presieve`: from arguments to an exit code.
 *
 * 0: fine. 1: findings (`scan`: a match or an inconclusive file; `repo verify`: refused; `repo publish`: something
 * staged still waits for signatures; `audit`: a problem or a
 * disagreement). 2: wrong usage, or an input, a list or
 * the output that could not be read or written.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { addSignalCommand } from './commands/add-signal.js';
import { auditCommand } from './commands/audit.js';
import { buildCommand } from './commands/build.js';
import type { ExitCode } from './commands/context.js';
import { hashCommand } from './commands/hash.js';
import { inspectCommand } from './commands/inspect.js';
import { keygenCommand } from './commands/keygen.js';
import { repoCommand } from './commands/repo.js';
import { reportCommand } from './commands/report.js';
import { scanCommand } from './commands/scan.js';
import { PublisherError, systemReason } from './errors.js';
import { type CliIo, Output, printable } from './output.js';

/**
 * Runs the command line once. Starts nothing that outlives it and never ends the process.
 * @param argv - arguments, without the interpreter and the script
 * @param io - streams and clock
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const output = new Output(io);
  let exitCode: ExitCode = 0;
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  const program = newProgram(io);
  for (const newCommand of [
    hashCommand,
    buildCommand,
    addSignalCommand,
    inspectCommand,
    scanCommand,
    keygenCommand,
    repoCommand,
    auditCommand,
    reportCommand,
  ]) {
    // Commands made apart from the program don't take on its settings by themselves.
    const command = newCommand({ io, output, finish }).copyInheritedSettings(program);
    for (const subcommand of command.commands) subcommand.copyInheritedSettings(program);
    program.addCommand(command);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    report(error, output);
    return 2;
  } finally {
    output.clearProgress();
  }
  if (output.failure !== undefined) {
    output.note(`presieve: standard output: ${systemReason(output.failure)}`);
    return 2;
  }
  return exitCode;
}

function report(error: unknown, output: Output): void {
  if (!(error instanceof PublisherError)) {
    output.note(`presieve: internal error: ${error instanceof Error ? error.stack : String(error)}`);
    return;
  }
  output.note(`presieve: ${printable(error.message)}`);
  if (error.findings !== null) output.findings(error.findings, error.findingCount);
}

function newProgram(io: CliIo): Command {
  return (
    new Command('presieve')
      .description('Fingerprints files, and builds, inspects, tries, signs and publishes hash lists')
      .version(packageVersion(), '-V, --version')
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        getOutHasColors: () => false,
        getErrHasColors: () => false,
      })
      .exitOverride()
      // The program's own --version stands before a command: `build --version 1` is a slip, not a question.
      .enablePositionalOptions()
      .showHelpAfterError('(presieve --help lists commands and options)')
  );
}

function packageVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/**
 * `presieve add-signal X.snapshot --part FILE --from LIST --out Y.snapshot`: a section of a licensee's signal.
 * @module
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import type { PartModule } from '../../scan/parts.js';
import type { SignalsPart } from '../../scan/signals.js';
import type { SignalType } from '../../snapshot/signal-type.js';
import { PublisherError } from '../errors.js';
import { inspectSnapshot } from '../inspect.js';
import { addSignal } from '../licensed.js';
import { fileSource, stdinSource } from '../lists/source.js';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import { writeFileAtomically } from '../write-file.js';
import { type CommandContext, collectValues } from './context.js';

interface Options {
  part: string;
  signal?: string;
  from: string[];
  out: string;
  json?: true;
}

/** Makes the command. */
export function addSignalCommand({ io, output }: CommandContext): Command {
  return new Command('add-signal')
    .description("add entries of a licensee's signal to a snapshot, before it is signed")
    .argument('<snapshot>', 'a snapshot, as build wrote it')
    .requiredOption('--part <file>', "the signals part: the code that apps give as their part 'signals'")
    .option('--signal <name>', 'which of its signals; needed where it has several')
    .requiredOption(
      '--from <file>',
      'hashes in hex, one a line, and perhaps a label; repeated',
      collectValues,
    )
    .requiredOption('--out <file>', 'where the snapshot goes')
    .option('--json', 'print one JSON value')
    .action(async (file: string, { part, signal, from, out, json }: Options) => {
      const type = chooseSignal(await loadSignals(part), signal);
      const sources = from.map((path) => (path === '-' ? stdinSource(() => io.stdin()) : fileSource(path)));
      const bytes = await addSignal(await readWhole(file), type, sources);
      await writeFileAtomically(out, bytes);
      const { sha256 } = inspectSnapshot(bytes);
      if (json) return output.json({ out, signal: type.name, kind: type.kind, bytes: bytes.length, sha256 });
      await output.text(
        `wrote ${printable(out)} with a section of ${printable(type.name)}`,
        `SHA-256 ${sha256}`,
      );
    });
}

async function loadSignals(path: string): Promise<SignalsPart> {
  try {
    const { part } = (await import(pathToFileURL(resolve(path)).href)) as { part?: PartModule<'signals'> };
    if (part?.name !== 'signals') throw new Error('it exports no signals part');
    return await part.create(new Map());
  } catch (cause) {
    throw new PublisherError('usage', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function chooseSignal(signals: SignalsPart, wanted: string | undefined): SignalType {
  const named = wanted === undefined ? signals : signals.filter(({ name }) => name === wanted);
  if (named.length === 1) return named[0];
  const names = signals.map(({ name }) => `"${name}"`).join(', ');
  throw new PublisherError('usage', `choose one of the part's signals with --signal: ${names}`);
}

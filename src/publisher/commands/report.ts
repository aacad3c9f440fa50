/**
 * `presieve report FILE…`: exports of statistics into one table for a transparency report.
 * @module
 */
import { Command, Option } from 'commander';
import { PublisherError } from '../errors.js';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import { mergeExports, PERIODS, type Period } from '../report/merge.js';
import { readExport } from '../report/read-export.js';
import { reportCsv, reportMarkdown, reportText } from '../report/render.js';
import type { CommandContext } from './context.js';

const FORMATS = ['text', 'markdown', 'csv', 'json'] as const;

interface Options {
  period: Period;
  format: (typeof FORMATS)[number];
  demo?: true;
}

/** Makes the command. */
export function reportCommand(context: CommandContext): Command {
  return new Command('report')
    .description('merge exports of scanner.statistics() into one table')
    .argument('<file...>', 'exports, as JSON or CSV')
    .addOption(new Option('--period <period>', 'length of a column').choices(PERIODS).default('half-year'))
    .addOption(new Option('--format <format>', 'what to print').choices(FORMATS).default('text'))
    .option('--demo', 'report what only demo lists saw, instead of everything else')
    .action((files: string[], options: Options) => report(files, options, context));
}

async function report(
  files: readonly string[],
  { period, format, demo = false }: { period: Period; format: string; demo?: boolean },
  { output }: CommandContext,
): Promise<void> {
  const exports = [];
  for (const [i, file] of files.entries()) {
    output.progress(() => `${i + 1} of ${files.length}: ${file}`);
    exports.push(readExport(await readWhole(file), file));
  }
  if (exports.every((rows) => rows.length === 0))
    throw new PublisherError('input-empty', 'no export has a row: they hold the days before today only');
  const merged = mergeExports(exports, period, demo);
  const leftOut = exports.flat().filter((row) => (row.demo === true) !== demo).length;
  if (leftOut > 0) output.note(`${leftOut} rows left out: ${demo ? 'not of a demo list' : 'of demo lists'}`);
  if (format === 'json') return output.json(merged);
  const render = { text: reportText, markdown: reportMarkdown, csv: reportCsv }[format as 'text'];
  const lines = render(merged);
  await output.text(...(format === 'csv' ? lines : lines.map((line) => printable(line))));
}

/**
 * `presieve inspect X.snapshot`: what a snapshot holds.
 * @module
 */
import { Command } from 'commander';
import { type Inspection, inspectSnapshot, type SectionInspection } from '../inspect.js';
import { printable, table } from '../output.js';
import { readWhole } from '../read-whole.js';
import type { CommandContext } from './context.js';

/** Makes the command. */
export function inspectCommand({ output }: CommandContext): Command {
  return new Command('inspect')
    .description(
      'describe a snapshot: name, version, widths, and for each signal entries, labels, sizes, rates',
    )
    .argument('<snapshot>', 'a snapshot file')
    .option('--json', 'print one JSON value')
    .action(async (file: string, { json }: { json?: true }) => {
      const inspection = inspectSnapshot(await readWhole(file), file);
      await (json ? output.json({ file, ...inspection }) : output.text(...describeInspection(inspection)));
    });
}

const count = (value: number) => value.toLocaleString('en-US');

/**
 * @param inspection - of a snapshot
 * @returns it as lines for a person
 */
export function describeInspection(inspection: Inspection): string[] {
  const created = new Date(inspection.created * 1000).toISOString().replace('.000Z', 'Z');
  const sections = Object.entries(inspection.sections);
  const lines = table([
    ['list', `${printable(inspection.name)}${inspection.demo ? '  (demo list of harmless pictures)' : ''}`],
    ['version', String(inspection.version)],
    ['created', created],
    ['salt', inspection.salt],
    ['capacity', `${count(inspection.capacity)} entries a signal`],
    [
      'PDQ',
      `layout ${inspection.layout}, key ${inspection.keyBits} bits, sketch ${inspection.sketchBits} bits, ` +
        `fingerprint ${inspection.nearFingerprintBits} bits`,
    ],
    ['digests', `fingerprint ${inspection.exactFingerprintBits} bits`],
    ['file', `${count(inspection.bytes)} bytes, SHA-256 ${inspection.sha256}`],
  ]);
  lines.push('', ...table([SECTION_HEAD, ...sections.map(sectionRow)], [1, 2, 3, 4]));
  const labels = sections.flatMap(([signal, section]) =>
    Object.entries(section.labels).map(([label, entries]) => [
      signal,
      count(entries),
      label === '' ? '(no label)' : printable(label),
    ]),
  );
  if (labels.length > 0) lines.push('', ...table([['signal', 'entries', 'label'], ...labels], [1]));
  return lines;
}

const SECTION_HEAD = ['signal', 'entries', 'bytes', 'bits an entry', 'false positives a file'];

function sectionRow([signal, section]: [string, SectionInspection]): string[] {
  return [
    signal,
    count(section.entries),
    count(section.bytes),
    section.bitsPerEntry.toFixed(1),
    section.expectedFalsePositiveRate.toExponential(1),
  ];
}

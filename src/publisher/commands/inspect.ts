/**
 * `presieve inspect X.snapshot`: what a snapshot holds.
 * @module
 */
import { Command } from 'commander';
import {
  type Inspection,
  inspectSnapshot,
  type PdqInspection,
  type SectionInspection,
  type VideoInspection,
} from '../inspect.js';
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
  if (inspection.sections.pdq !== undefined) lines.push('', ...table(describePdq(inspection.sections.pdq)));
  const { vpdq } = inspection;
  if (vpdq !== undefined) lines.push('', ...table(describeVideos(vpdq)));
  const labels = [...sections, ...(vpdq === undefined ? [] : [['videos', vpdq] as const])].flatMap(
    ([signal, section]) =>
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

/** Rows like those of {@link describePdq}. */
function describeVideos({ videos, entries, bytes, bitsPerEntry, thresholds }: VideoInspection): string[][] {
  const { queryPercent, entryPercent, distance, quality, leastFrames } = thresholds;
  const ways = [
    ...(queryPercent === 0 ? [] : [`${queryPercent} % of the file's frames`]),
    ...(entryPercent === 0 ? [] : [`${entryPercent} % of the video's segments`]),
  ];
  return [
    ['videos', count(videos)],
    ['frames', count(entries), `${count(bytes)} bytes, ${bitsPerEntry.toFixed(1)} bits a frame`],
    ['match', `${ways.join(' or ')}, ${leastFrames} frames at least`],
    ['frames agree', `up to a distance of ${distance}, from a quality of ${quality} on`],
  ];
}

/** What the widths mean: rows of the value's name in JSON, the value, and what it is. */
function describePdq(pdq: PdqInspection): string[][] {
  const { expectedRecall, workForTheList, workPerEntry, falseFindsPerTrueOne } = pdq;
  return [
    [
      'expectedRecall',
      expectedRecall === null ? 'not measured' : `${(expectedRecall * 100).toFixed(1)} %`,
      'of edited copies, by the normal search',
    ],
    ['workForTheList', `2^${workForTheList}`, 'probes to try every key'],
    ['workPerEntry', workPerEntry === null ? '–' : `2^${workPerEntry.toFixed(1)}`, 'probes for each entry'],
    [
      'falseFindsPerTrueOne',
      falseFindsPerTrueOne === 0 ? '0' : `2^${Math.log2(falseFindsPerTrueOne).toFixed(1)}`,
      "keys that open an entry without being its picture's",
    ],
  ];
}

/**
 * The tables of docs/near-match.md, "Widths and presets", made from docs/calibration.json.
 * @module
 */
import { disclosureOf } from '../../src/publisher/disclosure.js';
import { defaultCapacity } from '../../src/publisher/list-header.js';
import { KEY_BITS, LIST_PRESETS, SKETCH_BITS } from '../../src/publisher/presets.js';
import { formBudgets, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { nearFalsePositiveRate } from '../../src/snapshot/rates.js';
import type { CalibrationFile } from './main.js';

/** Entries that rates and disclosure are computed for. */
const ENTRIES = 1_000_000;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/**
 * @param file - of a calibration
 * @returns recall, false positives, what a list gives away, and recall by edit of the presets, as Markdown
 */
export function calibrationTables({ lists, edits, exhaustive31 }: CalibrationFile): string {
  const resultOf = (keyBits: number, sketchBits: number) =>
    lists.find((list) => list.keyBits === keyBits && list.sketchBits === sketchBits)!;
  const [compact, precise] = [LIST_PRESETS.compact, LIST_PRESETS.precise].map((widths) =>
    resultOf(widths.keyBits, widths.sketchBits),
  );
  return [
    grid('found', (keyBits, sketchBits) => percent(resultOf(keyBits, sketchBits).recall)),
    grid('false positives a file', (keyBits, sketchBits) =>
      nearFalsePositiveRate(
        parametersOf(keyBits, sketchBits),
        ENTRIES,
        formBudgets(SEARCH_PLANS.normal),
      ).toExponential(1),
    ),
    table(
      ['key', '`workForTheList`', '`workPerEntry`', '`falseFindsPerTrueOne`'],
      KEY_BITS.map((keyBits) => {
        const disclosure = disclosureOf(parametersOf(keyBits, 96), ENTRIES);
        const { workForTheList, workPerEntry, falseFindsPerTrueOne } = disclosure;
        return [
          String(keyBits),
          `2^${workForTheList}`,
          `2^${workPerEntry!.toFixed(1)}`,
          `2^${Math.log2(falseFindsPerTrueOne).toFixed(1)}`,
        ];
      }),
    ),
    table(
      ['edit', 'exhaustive PDQ-31', '`compact`', '`precise`'],
      [
        ...edits.map((name, e) => [
          name,
          ...[exhaustive31[e], compact.byEdit[e], precise.byEdit[e]].map(percent),
        ]),
        ['all', percent(mean(exhaustive31)), percent(compact.recall), percent(precise.recall)],
      ],
    ),
  ].join('\n\n');
}

function parametersOf(keyBits: number, sketchBits: number) {
  const salt = new Uint8Array(16);
  return defaultParameters({ capacity: defaultCapacity(ENTRIES), salt, keyBits, sketchBits });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** A row for each key, a column for each sketch. */
function grid(what: string, cell: (keyBits: number, sketchBits: number) => string): string {
  return table(
    [`${what}: key \\ sketch`, ...SKETCH_BITS.map(String)],
    KEY_BITS.map((keyBits) => [
      String(keyBits),
      ...SKETCH_BITS.map((sketchBits) => cell(keyBits, sketchBits)),
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

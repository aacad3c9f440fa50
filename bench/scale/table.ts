/**
 * The table of docs/near-match.md, "Scale", made from docs/scale.json.
 * @module
 */
import type { ScaleRow } from './main.js';

const HEAD = `| preset | entries | bits an entry | file | build | its peak memory | opening | memory, open | look-up |
|---|---|---|---|---|---|---|---|---|`;

/**
 * @param rows - a row for each list
 * @returns them as Markdown, and how many times the smallest's figures the largest's are, both `precise`
 */
export function scaleTable(rows: readonly ScaleRow[]): string {
  const precise = rows.filter(({ preset }) => preset === 'precise');
  const [small, large] = [figures(precise[0]), figures(precise[precise.length - 1])];
  const growth = small.map((value, i) => `x ${(large[i] / value).toFixed(2)}`);
  return [HEAD, ...rows.map(scaleRow), `| growth | ${growth.join(' | ')} |`].join('\n');
}

function scaleRow(row: ScaleRow): string {
  const [entries, bits, file, build, peak, opening, used, lookup] = figures(row);
  return (
    `| \`${row.preset}\` | ${entries.toLocaleString('en')} | ${bits.toFixed(1)} | ${file.toFixed(1)} MB | ${build.toFixed(1)} s | ` +
    `${peak.toFixed(0)} MB | ${opening.toFixed(0)} ms | ${used.toFixed(0)} MB | ${lookup.toFixed(1)} ms |`
  );
}

function figures({ entries, bitsAnEntry, build, open, lookup }: ScaleRow): number[] {
  return [
    entries,
    bitsAnEntry,
    open.fileBytes / 1e6,
    build.processorMs / 1000,
    build.peakBytes / 1e6,
    open.opening.processorMs,
    open.usedBytes / 1e6,
    lookup.processorMs,
  ];
}
